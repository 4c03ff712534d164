from __future__ import annotations

from schemas.acls import Acl, acls
from schemas.config import CommandsConfig, Config, KafkaConfig, RouteConfig, Secret, SinkConfig, WebhookConfig
from sinks.analytics import AnalyticsConfig
from tests.support import slack

CONFIG = Config(
    kafka=KafkaConfig(bootstrap="localhost:9092", prefix="dc"),
    sinks={name: SinkConfig(name=name, type="http") for name in ("functions", "audit")},
)

STORM = RouteConfig.model_validate({"name": "storm", "to": "audit", "throttle": {"once_within": "5m"}})
THROTTLED = CONFIG.model_copy(update={"routes": (STORM,)})

ROWS = AnalyticsConfig.model_validate({"name": "rows", "type": "analytics", "counts": {"window": "1m"}})
COUNTED = CONFIG.model_copy(update={"sinks": {"rows": ROWS}})


def granted(component: str, config: Config = CONFIG) -> dict[tuple[str, str, str], set[str]]:
    return {
        (acl.resource, acl.name, acl.pattern): set(acl.operations) for acl in acls(config) if acl.component == component
    }


SEE = {"Describe", "DescribeConfigs"}


def test_vcenter_ingest_writes_in_transactions_reads_its_checkpoints_and_shares_shards() -> None:
    expected = {
        ("topic", "dc.events", "literal"): {"Read", "Write"} | SEE,
        ("topic", "dc.checkpoints", "literal"): {"Read", "Write"} | SEE,
        ("topic", "dc.assignments", "literal"): {"Read"} | SEE,
        ("topic", "dc.dlq.ingest", "literal"): {"Write"} | SEE,
        ("transactional-id", "dc.ingest-vcenter", "prefixed"): {"Write", "Describe"},
        ("group", "dc.ingest-vcenter", "literal"): {"Read", "Describe"},
    }
    assert expected == granted("ingest-vcenter")


def test_the_webhook_writes_events_in_transactions_and_may_look_whether_they_are_there() -> None:
    expected = {
        ("topic", "dc.events", "literal"): {"Read", "Write"} | SEE,
        ("transactional-id", "dc.ingest-webhook", "prefixed"): {"Write", "Describe"},
        ("group", "dc.ingest-webhook", "literal"): {"Describe"},
    }
    assert expected == granted("ingest-webhook")


def test_the_webhook_writes_commands_where_an_endpoint_takes_some_and_nobody_else_may_touch_them() -> None:
    webhook = WebhookConfig.model_validate({"endpoints": {"slack": slack.endpoint()}})
    commanded = CONFIG.model_copy(update={"webhook": webhook})
    commands = ("topic", "dc.commands", "literal")

    assert {commands: {"Write"} | SEE} == {
        name: operations for name, operations in granted("ingest-webhook", commanded).items() if name == commands
    }
    assert ["ingest-webhook"] == [acl.component for acl in acls(commanded) if acl.name == "dc.commands"]


def test_the_inventory_is_written_and_read_back_and_nothing_else() -> None:
    expected = {
        ("topic", "dc.inventory", "literal"): {"Read", "Write"} | SEE,
        ("group", "dc.ingest-inventory", "literal"): {"Describe"},
    }
    assert expected == granted("ingest-inventory")


def test_the_router_reads_events_and_inventory_and_writes_to_sinks() -> None:
    expected = {
        ("topic", "dc.events", "literal"): {"Read", "Write"} | SEE,
        ("topic", "dc.sink.", "prefixed"): {"Write"} | SEE,
        ("topic", "dc.dlq.router", "literal"): {"Write"} | SEE,
        ("topic", "dc.audit", "literal"): {"Write"} | SEE,
        ("topic", "dc.inventory", "literal"): {"Read"} | SEE,
        ("group", "dc.router", "literal"): {"Read", "Describe"},
    }
    assert expected == granted("worker-router")


def test_a_throttle_reads_what_its_routes_chose_remembers_in_transactions_and_writes_to_sinks() -> None:
    expected = {
        ("topic", "dc.events", "literal"): {"Write"} | SEE,
        ("topic", "dc.throttle.", "prefixed"): {"Read", "Write"} | SEE,
        ("topic", "dc.throttle-marks-changelog", "literal"): {"Read", "Write"} | SEE,
        ("topic", "dc.sink.", "prefixed"): {"Write"} | SEE,
        ("topic", "dc.dlq.router", "literal"): {"Write"} | SEE,
        ("transactional-id", "dc.throttle", "prefixed"): {"Write", "Describe"},
        ("group", "dc.throttle", "literal"): {"Read", "Describe"},
    }
    assert expected == granted("worker-throttle", THROTTLED)


def test_the_router_writes_to_throttles_when_there_are_some() -> None:
    without = granted("worker-router")
    more = {key: what for key, what in granted("worker-router", THROTTLED).items() if key not in without}
    assert {("topic", "dc.throttle.", "prefixed"): {"Write"} | SEE} == more


def test_without_a_throttle_nobody_may_touch_one() -> None:
    assert {} == granted("worker-throttle")


def test_delivery_reads_from_sinks_and_writes_dead_letters() -> None:
    expected = {
        ("topic", "dc.events", "literal"): {"Write"} | SEE,
        ("topic", "dc.sink.", "prefixed"): {"Read"} | SEE,
        ("topic", "dc.dlq.", "prefixed"): {"Write"} | SEE,
        ("topic", "dc.control", "literal"): {"Read"} | SEE,
        ("group", "dc.deliver", "literal"): {"Read", "Describe"},
        ("group", "dc.deliver.", "prefixed"): {"Read", "Describe"},
        ("group", "dc.router", "literal"): {"Describe"},
    }
    assert expected == granted("worker-deliver")


def test_a_sink_that_reads_the_events_chooses_as_the_router_does() -> None:
    sinks = {"lake": SinkConfig(name="lake", type="http", read_from="events")}
    expected = {
        ("topic", "dc.events", "literal"): {"Read", "Write"} | SEE,
        ("topic", "dc.audit", "literal"): {"Write"} | SEE,
        ("topic", "dc.inventory", "literal"): {"Read"} | SEE,
        ("group", "dc.deliver.", "prefixed"): {"Read", "Describe"},
        ("group", "dc.router", "literal"): {"Describe"},
    }
    found = granted("worker-deliver", CONFIG.model_copy(update={"sinks": sinks}))
    assert expected.items() <= found.items()


def test_the_router_lets_a_sink_that_reads_the_events_begin() -> None:
    sinks = {"lake": SinkConfig(name="lake", type="http", read_from="events")}
    without = granted("worker-router")
    found = granted("worker-router", CONFIG.model_copy(update={"sinks": sinks}))
    assert {
        ("topic", "dc.sink.", "prefixed"): {"Read", "Write"} | SEE,
        ("group", "dc.deliver.", "prefixed"): {"Read", "Describe"},
    } == {key: what for key, what in found.items() if without.get(key) != what}


def test_the_operator_creates_topics_settles_dead_letters_and_pauses_sinks() -> None:
    expected = {
        ("topic", "dc.", "prefixed"): {"Create"} | SEE,
        ("topic", "dc.dlq.", "prefixed"): {"Read", "Write", "Delete"} | SEE,
        ("topic", "dc.sink.", "prefixed"): {"Read", "Write"} | SEE,
        ("topic", "dc.events", "literal"): {"Write"} | SEE,
        ("topic", "dc.control", "literal"): {"Read", "Write"} | SEE,
        ("topic", "dc.audit", "literal"): {"Read", "Write"} | SEE,
        ("topic", "dc.inventory", "literal"): {"Read"} | SEE,
        ("group", "dc.operator", "literal"): {"Describe"},
        ("group", "dc.deliver", "literal"): {"Describe"},
        ("group", "dc.deliver.", "prefixed"): {"Describe"},
        ("group", "dc.router", "literal"): {"Describe"},
    }
    assert expected == granted("operator")


def test_the_operator_reads_what_waits_for_an_answer_and_writes_it_where_actions_are_asked_for() -> None:
    sinks = {"isolate": SinkConfig(name="isolate", type="remediation")}
    without = granted("operator")
    found = granted("operator", CONFIG.model_copy(update={"sinks": sinks}))
    assert {
        ("topic", "dc.decide-decisions-changelog", "literal"): {"Read"} | SEE,
        ("topic", "dc.requests.urgent", "literal"): {"Write"} | SEE,
    } == {key: what for key, what in found.items() if without.get(key) != what}


def test_the_operator_writes_commands_where_they_are_signed_at_a_command_line() -> None:
    key = Secret.from_env("K", {"K": "c" * 44})
    without = granted("operator", CONFIG.model_copy(update={"commands": CommandsConfig()}))
    found = granted("operator", CONFIG.model_copy(update={"commands": CommandsConfig(key=key)}))
    assert {("topic", "dc.commands", "literal"): {"Write"} | SEE} == {
        name: what for name, what in found.items() if without.get(name) != what
    }


def test_who_decides_or_acts_says_beside_the_kill_switch_that_it_lives() -> None:
    sinks = {"isolate": SinkConfig(name="isolate", type="remediation")}
    config = CONFIG.model_copy(update={"sinks": sinks})
    control = ("topic", "dc.control", "literal")
    for component in ("worker-decide", "worker-execute"):
        assert {"Read", "Write"} | SEE == granted(component, config)[control]


ENDS = ("appointments-changelog", "requests", "urgent", "isolate")


def test_who_decides_remembers_what_is_due_and_asks_the_sink_for_it() -> None:
    sinks = {"isolate": SinkConfig(name="isolate", type="remediation"), "mail": SinkConfig(name="mail", type="smtp")}
    found = granted("worker-decide", CONFIG.model_copy(update={"sinks": sinks}))
    assert {
        ("topic", "dc.decide-appointments-changelog", "literal"): {"Read", "Write"} | SEE,
        ("topic", "dc.sink.isolate", "literal"): {"Write"} | SEE,
        ("topic", "dc.requests.urgent", "literal"): {"Write"} | SEE,
        ("topic", "dc.requests", "literal"): {"Write"} | SEE,
        ("topic", "dc.requests", "prefixed"): {"Read"} | SEE,
    } == {key: what for key, what in found.items() if key[1].endswith(ENDS)}


def test_a_replay_reads_events_and_inventory_writes_to_sinks_and_joins_no_group() -> None:
    expected = {
        ("topic", "dc.events", "literal"): {"Read"} | SEE,
        ("topic", "dc.inventory", "literal"): {"Read"} | SEE,
        ("topic", "dc.sink.", "prefixed"): {"Write"} | SEE,
        ("topic", "dc.audit", "literal"): {"Write"} | SEE,
        ("group", "dc.replay", "literal"): {"Describe"},
        ("group", "dc.router", "literal"): {"Describe"},
    }
    assert expected == granted("replay")


def test_a_tap_reads_events_and_inventory_writes_nothing_and_joins_no_group() -> None:
    expected = {
        ("topic", "dc.events", "literal"): {"Read"} | SEE,
        ("topic", "dc.inventory", "literal"): {"Read"} | SEE,
        ("group", "dc.tap", "literal"): {"Describe"},
        ("group", "dc.router", "literal"): {"Describe"},
    }
    assert expected == granted("tap")


def test_delivery_writes_rows_when_a_sink_is_for_analysts() -> None:
    without = granted("worker-deliver")
    more = {key: what for key, what in granted("worker-deliver", COUNTED).items() if key not in without}
    assert {("topic", "dc.analytics", "literal"): {"Write"} | SEE} == more


def test_who_counts_reads_events_remembers_in_transactions_and_writes_counts() -> None:
    expected = {
        ("topic", "dc.events", "literal"): {"Read", "Write"} | SEE,
        ("topic", "dc.analytics.counts", "literal"): {"Write"} | SEE,
        ("topic", "dc.analytics-counts-changelog", "literal"): {"Read", "Write"} | SEE,
        ("transactional-id", "dc.analytics", "prefixed"): {"Write", "Describe"},
        ("group", "dc.analytics", "literal"): {"Read", "Describe"},
    }
    assert expected == granted("worker-analytics", COUNTED)
    assert {} == granted("worker-analytics")


def test_every_component_has_a_principal_of_its_own() -> None:
    principals = {acl.component: acl.principal for acl in acls(CONFIG)}
    assert {f"User:dc-{component}" for component in principals} == set(principals.values())


def test_nobody_touches_what_does_not_start_with_the_prefix() -> None:
    def outside(acl: Acl) -> bool:
        return not acl.name.startswith("dc.")

    assert [] == list(filter(outside, acls(CONFIG)))
