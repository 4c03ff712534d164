"""Every metric that connectors export themselves, in one place."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

UNCLAIMED = Counter(
    "reflexarc_openfaas_unclaimed_total", "Events accepted although no function asks for their subject.", ["sink"]
)

INVOCATIONS = Counter(
    "reflexarc_openfaas_invocations_total",
    "Calls of functions by whose failure it was: accepted (none), function, gateway, silence (no answer, no callback).",
    ["sink", "by"],
)
CALLBACKS = Counter(
    "reflexarc_openfaas_callbacks_total",
    "Callbacks by what came of them: taken, unknown (no such call waits here), malformed, refused (wrong address).",
    ["sink", "outcome"],
)
SUBSCRIPTIONS = Gauge(
    "reflexarc_openfaas_subscriptions", "Subjects that functions ask for, counted for each function.", ["sink"]
)
SUBSCRIPTION_CHANGES = Counter(
    "reflexarc_openfaas_subscription_changes_total",
    "Subjects that a function began or ceased to ask for, by change: appeared, vanished.",
    ["sink", "change"],
)
FUNCTIONS_READ = Gauge(
    "reflexarc_openfaas_functions_read_timestamp_seconds", "When the functions were last read, Unix time.", ["sink"]
)
EXECUTIONS = Counter(
    "reflexarc_vro_executions_total",
    "Workflow executions that events were given: started, or found (started for the event before).",
    ["sink", "how"],
)
REPLIES = Counter(
    "reflexarc_knative_replies_total",
    "Events in answers by what came of them: taken, malformed, looping (a reply to a reply, too many times).",
    ["sink", "outcome"],
)
