"""Every metric the stream roles export, in one place."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

ROUTER_EVENTS = Counter("reflexarc_router_events_total", "Events read and routed.")
ROUTER_RECORDS = Counter("reflexarc_router_records_total", "Records written to sink and dead-letter topics.")
ROUTER_DEAD_LETTERS = Counter("reflexarc_router_dead_letters_total", "Records that the router could not pass on.")
ROUTES = Gauge("reflexarc_router_routes", "Routes that the router follows.")
ROUTES_HASH = Gauge("reflexarc_router_configuration", "1 for the set of routes that the router follows.", ["hash"])
ROUTER_RELOADS = Counter(
    "reflexarc_router_reloads_total", "Times the routes were read again, by what came of it.", ["result"]
)
THROTTLED = Counter(
    "reflexarc_throttled_total",
    "Events of throttled routes: passed to their sinks, held back for a while, dropped with none that stands for them.",
    ["route", "result"],
)
COUNTED = Counter("reflexarc_counted_total", "Events read by the role that counts, those that came again included.")
COUNTS = Counter("reflexarc_counts_total", "Rows written: counts of one type and entity in one window.")
DECISIONS = Counter(
    "reflexarc_remediation_decisions_total",
    "Requests for actions, by the sink that asks, the verdict, and the rule that refused or parked.",
    ["sink", "verdict", "rule"],
)
ACTIONS = Counter(
    "reflexarc_remediation_actions_total", "Actions that ended, by how they did.", ["sink", "action", "state"]
)
