"""When each alert must fire and when it must not, as series of one value a minute in promtool's notation."""

from __future__ import annotations

from typing import Final, NamedTuple

Series = dict[str, str]


class Case(NamedTuple):
    """One alert; time begins at 0.

    Attributes:
        minutes: when to look.
        labels: which of the metrics' labels the alert has.
        firing: series that make it fire.
        quiet: series, as like those as can be, that do not.
    """

    minutes: int
    labels: dict[str, str]
    firing: Series
    quiet: Series


VC1: Final = {"vcenter": "vc1"}
LAST_READ: Final = 'reflexarc_ingest_last_read_timestamp_seconds{vcenter="vc1",instance="a"}'
OWNER: Final = 'reflexarc_ingest_owner{vcenter="vc1",instance="a"}'
LAG: Final = 'reflexarc_ingest_lag_seconds{vcenter="vc1"}'
EVENTS: Final = 'reflexarc_ingest_events_total{vcenter="vc1"}'
CANARY: Final = 'reflexarc_ingest_canary_success_timestamp_seconds{vcenter="vc1"}'
EVERY: Final = 'reflexarc_ingest_canary_interval_seconds{vcenter="vc1"}'
INVENTORY_AGE: Final = 'reflexarc_inventory_age_seconds{vcenter="vc1"}'
STALLS: Final = 'reflexarc_ingest_notices_total{kind="stall",vcenter="vc1"}'

SINK: Final = {"sink": "s"}
OLDEST: Final = 'reflexarc_delivery_oldest_seconds{sink="s"}'
RETENTION: Final = 'reflexarc_delivery_retention_seconds{sink="s"}'

FOLLOWED: Final = 'reflexarc_router_configuration{{hash="{}",instance="{}"}}'


def grows(metric: str, labels: str) -> tuple[Series, Series]:
    """A counter that has grown by 5, and one that is high, but stands still."""
    name = f"{metric}{{{labels}}}"
    return {name: "0x9 5x20"}, {name: "5x30"}


def ends(what: str) -> tuple[Series, Series]:
    """In thirteen days, and in fifteen."""
    name = f'reflexarc_ingest_{what}_expiry_timestamp_seconds{{vcenter="vc1"}}'
    return {name: f"{13 * 86400}x30"}, {name: f"{15 * 86400}x30"}


CASES: Final = {
    "ReflexarcVcenterWithoutOwner": Case(
        20,
        VC1,
        {OWNER: "1x5 0x20"},
        {OWNER: "1x5 stale", OWNER.replace('"a"', '"b"'): "0x5 1x20"},
    ),
    "ReflexarcVcenterUnread": Case(20, VC1, {LAST_READ: "0+60x9 540x20"}, {LAST_READ: "0+60x30"}),
    "ReflexarcIngestLag": Case(25, VC1, {LAG: "90x30", EVENTS: "0+100x30"}, {LAG: "90x30", EVENTS: "0+100x5 500x25"}),
    "ReflexarcIngestStalls": Case(
        30,
        VC1,
        {STALLS: "0+1x30"},
        {STALLS: "0x9 2x30"},
    ),
    "ReflexarcEventsMissing": Case(20, VC1, *grows("reflexarc_ingest_missing_events_total", 'vcenter="vc1"')),
    "ReflexarcLoginRefused": Case(20, VC1, *grows("reflexarc_ingest_logins_total", 'vcenter="vc1",outcome="failed"')),
    "ReflexarcCertificateExpires": Case(20, VC1, *ends("certificate")),
    "ReflexarcPasswordExpires": Case(20, VC1, *ends("password")),
    "ReflexarcClockOffset": Case(
        30,
        VC1,
        {'reflexarc_ingest_clock_offset_seconds{vcenter="vc1"}': "-45x40"},
        {'reflexarc_ingest_clock_offset_seconds{vcenter="vc1"}': "-15x40"},
    ),
    "ReflexarcIngestDeadLetters": Case(20, VC1, *grows("reflexarc_ingest_dead_letters_total", 'vcenter="vc1"')),
    "ReflexarcTransactionsUndone": Case(
        30,
        {},
        {'reflexarc_ingest_transactions_total{outcome="aborted"}': "0+1x40"},
        {'reflexarc_ingest_transactions_total{outcome="committed"}': "0+1x40"},
    ),
    "ReflexarcCanaryLate": Case(30, VC1, {CANARY: "600x40", EVERY: "300x40"}, {CANARY: "0+60x40", EVERY: "300x40"}),
    "ReflexarcInventoryOld": Case(20, VC1, {INVENTORY_AGE: "0+60x30"}, {INVENTORY_AGE: "240x30"}),
    "ReflexarcRecordsLost": Case(
        20,
        {"topic": "t", "partition": "3"},
        {'reflexarc_transport_lost_records_total{topic="t",partition="3"}': "_x9 7x20"},
        {'reflexarc_transport_lost_records_total{topic="t",partition="3"}': "0x30"},
    ),
    "ReflexarcPartitionStalled": Case(
        20,
        {"topic": "t", "partition": "3"},
        {'reflexarc_transport_stalled_offset{topic="t",partition="3"}': "0x30"},
        {'reflexarc_transport_stalled_offset{topic="t",partition="3"}': "0x18 stale"},
    ),
    "ReflexarcCircuitOpen": Case(
        20,
        {"sink": "s", "status": "401"},
        {'reflexarc_circuit_status{sink="s",status="401"}': "_x5 1x20"},
        {'reflexarc_circuit_status{sink="s",status="401"}': "1x18 stale"},
    ),
    "ReflexarcEventsExpire": Case(
        20,
        SINK,
        {OLDEST: "310000x30", RETENTION: "604800x30"},
        {OLDEST: "290000x30", RETENTION: "604800x30"},
    ),
    "ReflexarcSinkPaused": Case(
        90,
        SINK,
        {'reflexarc_sink_paused{sink="s"}': "0x9 1x90"},
        {'reflexarc_sink_paused{sink="s"}': "1x45 0x9 1x90"},
    ),
    "ReflexarcDeadLetters": Case(20, {"sink": "s"}, *grows("reflexarc_dead_letters_total", 'sink="s"')),
    "ReflexarcRouterDeadLetters": Case(20, {}, *grows("reflexarc_router_dead_letters_total", 'instance="a"')),
    "ReflexarcRoutesRefused": Case(20, {}, *grows("reflexarc_router_reloads_total", 'result="refused"')),
    "ReflexarcRoutesDiffer": Case(
        20,
        {},
        {FOLLOWED.format("1", "a"): "1x30", FOLLOWED.format("2", "b"): "1x30"},
        {
            FOLLOWED.format("1", "a"): "1x30",
            FOLLOWED.format("2", "b"): "1x6 stale",
            FOLLOWED.format("1", "b"): "_x6 1x30",
        },
    ),
    "ReflexarcActionUnknown": Case(
        20,
        {"sink": "s", "action": "scale"},
        *grows("reflexarc_remediation_actions_total", 'sink="s",action="scale",state="unknown"'),
    ),
    "ReflexarcActionsFail": Case(
        20,
        {"sink": "s", "action": "scale"},
        *grows("reflexarc_remediation_actions_total", 'sink="s",action="scale",state="failed"'),
    ),
}
