"""Who may do what in Kafka: the least each component needs, by the brokers' own table of protocol requests.

Write and Read include Describe on Apache Kafka; it is named all the same, because other authorizers do not infer it.
IDEMPOTENT_WRITE on the cluster is not needed: since Kafka 2.8 (KIP-679) Write on any topic, and Write on the
transactional id, allow an idempotent producer. DescribeConfigs lets a component refuse to start on drift.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.config import Config

WORKER_ROUTER: Final = f"worker-{topics.ROUTER}"
WORKER_THROTTLE: Final = f"worker-{topics.THROTTLE}"
WORKER_DELIVER: Final = f"worker-{topics.DELIVER}"
WORKER_ANALYTICS: Final = f"worker-{topics.ANALYTICS}"
WORKER_DECIDE: Final = f"worker-{topics.DECIDE}"
WORKER_EXECUTE: Final = f"worker-{topics.EXECUTE}"
WORKER_COMMAND: Final = f"worker-{topics.COMMAND}"
OPERATOR: Final = topics.OPERATOR

Operation = Literal["Create", "Delete", "Describe", "DescribeConfigs", "Read", "Write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acl:
    """One permission.

    Attributes:
        component: the process that needs it.
        principal: whom it is granted to; a broker may know the component by another name.
        resource: kind of resource, as ``kafka-acls`` names its option.
        name: the resource, or how its names begin.
        pattern: how ``name`` is meant.
    """

    component: str
    principal: str
    resource: Literal["topic", "group", "transactional-id"]
    name: str
    pattern: Literal["literal", "prefixed"] = "literal"
    operations: tuple[Operation, ...]


def principal(prefix: str, component: str) -> str:
    """Kafka's name of a component: with SASL the user it logs in as."""
    return f"User:{prefix}-{component}"


def acls(config: Config) -> tuple[Acl, ...]:
    """Everything a Kafka administrator has to grant, component by component."""
    return (
        *_ingest_vcenter(config.kafka.prefix),
        *_ingest_webhook(config.kafka.prefix, commanded=topics.commanded(config)),
        *_ingest_inventory(config.kafka.prefix),
        *_worker_router(
            config.kafka.prefix,
            throttles=bool(topics.throttled(config)),
            leaves_out=bool(topics.reading_events(config)),
        ),
        *(_worker_throttle(config.kafka.prefix) if topics.throttled(config) else ()),
        *_worker_deliver(
            config.kafka.prefix,
            reading_events=bool(topics.reading_events(config)),
            analyses=topics.analysed(config),
            remedies=topics.remedied(config),
        ),
        *(_worker_analytics(config.kafka.prefix) if topics.counted(config) else ()),
        *(_worker_command(config.kafka.prefix, topics.answering(config)) if topics.obeyed(config) else ()),
        *(_acting(config) if topics.remedied(config) else ()),
        *_operator(config.kafka.prefix, remedies=topics.remedied(config), commands=topics.typed(config)),
        *_replay(config.kafka.prefix),
        *_tap(config.kafka.prefix),
    )


def _ingest_vcenter(prefix: str) -> tuple[Acl, ...]:
    component = topics.INGEST_VCENTER
    return (
        # Read when a checkpoint is lost: the vCenter's last event is looked for.
        _topic(prefix, component, topics.events(prefix), "Read", "Write"),
        _topic(prefix, component, topics.checkpoints(prefix), "Read", "Write"),
        _topic(prefix, component, topics.assignments(prefix), "Read"),
        _topic(prefix, component, topics.dead_letter(prefix, topics.UNDECODABLE), "Write"),
        _transactions(prefix, component, component),
        _group(prefix, component, component, "Read", "Describe"),
    )


def _ingest_webhook(prefix: str, *, commanded: bool) -> tuple[Acl, ...]:
    component = topics.INGEST_WEBHOOK
    commands = (_topic(prefix, component, topics.commands(prefix), "Write"),)
    return (
        # Read when the answer to a commit is lost: whether the events are there is looked up.
        _topic(prefix, component, topics.events(prefix), "Read", "Write"),
        *(commands if commanded else ()),
        _transactions(prefix, component, component),
        # A group without members: librdkafka looks for its coordinator all the same.
        _group(prefix, component, component, "Describe"),
    )


def _ingest_inventory(prefix: str) -> tuple[Acl, ...]:
    component = topics.INGEST_INVENTORY
    return (
        # Read at the start: only what differs is written again.
        _topic(prefix, component, topics.inventory(prefix), "Read", "Write"),
        # A group without members: librdkafka looks for its coordinator all the same.
        _group(prefix, component, component, "Describe"),
    )


def _worker_router(prefix: str, *, throttles: bool, leaves_out: bool) -> tuple[Acl, ...]:
    throttled = (_topic(prefix, WORKER_ROUTER, topics.throttle(prefix, ""), "Write", pattern="prefixed"),)
    return (
        # Written to it, too, is what the role has to tell: events that were lost.
        _topic(prefix, WORKER_ROUTER, topics.events(prefix), "Read", "Write"),
        _topic(
            prefix,
            WORKER_ROUTER,
            topics.sink(prefix, ""),
            *(("Read",) if leaves_out else ()),
            "Write",
            pattern="prefixed",
        ),
        *(throttled if throttles else ()),
        _topic(prefix, WORKER_ROUTER, topics.dead_letter(prefix, topics.UNROUTABLE), "Write"),
        _topic(prefix, WORKER_ROUTER, topics.audit(prefix), "Write"),
        _topic(prefix, WORKER_ROUTER, topics.inventory(prefix), "Read"),
        _group(prefix, WORKER_ROUTER, topics.ROUTER, "Read", "Describe"),
        # A sink that reads the events begins where the router leaves it.
        *((_deliver_groups(prefix, WORKER_ROUTER),) if leaves_out else ()),
    )


def _deliver_groups(prefix: str, component: str) -> Acl:
    """The groups of the sinks that read the events."""
    return Acl(
        component=component,
        principal=principal(prefix, component),
        resource="group",
        name=topics.deliver_group(prefix, ""),
        pattern="prefixed",
        operations=("Read", "Describe"),
    )


def _worker_throttle(prefix: str) -> tuple[Acl, ...]:
    return (
        _topic(prefix, WORKER_THROTTLE, topics.events(prefix), "Write"),
        # Written to it, too, are ticks: they tell the time.
        _topic(prefix, WORKER_THROTTLE, topics.throttle(prefix, ""), "Read", "Write", pattern="prefixed"),
        _topic(prefix, WORKER_THROTTLE, topics.throttle_marks(prefix), "Read", "Write"),
        _topic(prefix, WORKER_THROTTLE, topics.sink(prefix, ""), "Write", pattern="prefixed"),
        _topic(prefix, WORKER_THROTTLE, topics.dead_letter(prefix, topics.UNROUTABLE), "Write"),
        _transactions(prefix, WORKER_THROTTLE, topics.THROTTLE),
        _group(prefix, WORKER_THROTTLE, topics.THROTTLE, "Read", "Describe"),
    )


def _worker_deliver(prefix: str, *, reading_events: bool, analyses: bool, remedies: bool) -> tuple[Acl, ...]:
    analysed = (_topic(prefix, WORKER_DELIVER, topics.analytics(prefix), "Write"),)
    asking = (_topic(prefix, WORKER_DELIVER, topics.requests(prefix), "Write", pattern="prefixed"),)
    return (
        _topic(prefix, WORKER_DELIVER, topics.events(prefix), *(("Read",) if reading_events else ()), "Write"),
        _topic(prefix, WORKER_DELIVER, topics.sink(prefix, ""), "Read", pattern="prefixed"),
        _topic(prefix, WORKER_DELIVER, topics.dead_letter(prefix, ""), "Write", pattern="prefixed"),
        # Which sinks are paused; read in no group, but under the name of the one below.
        _topic(prefix, WORKER_DELIVER, topics.control(prefix), "Read"),
        *(analysed if analyses else ()),
        *(asking if remedies else ()),
        _group(prefix, WORKER_DELIVER, topics.DELIVER, "Read", "Describe"),
        # Asked at each start: has a sink read the events itself, and has it come as far as the router?
        _deliver_groups(prefix, WORKER_DELIVER),
        _group(prefix, WORKER_DELIVER, topics.ROUTER, "Describe"),
        *(_choosing(prefix) if reading_events else ()),
    )


def _choosing(prefix: str) -> tuple[Acl, ...]:
    """What delivery needs besides when a sink chooses among the events itself, as the router does."""
    return (
        _topic(prefix, WORKER_DELIVER, topics.audit(prefix), "Write"),
        _topic(prefix, WORKER_DELIVER, topics.inventory(prefix), "Read"),
    )


def _worker_analytics(prefix: str) -> tuple[Acl, ...]:
    return (
        # Written to it, too, is what the role has to tell: events that were lost.
        _topic(prefix, WORKER_ANALYTICS, topics.events(prefix), "Read", "Write"),
        _topic(prefix, WORKER_ANALYTICS, topics.counts(prefix), "Write"),
        _topic(prefix, WORKER_ANALYTICS, topics.open_counts(prefix), "Read", "Write"),
        _transactions(prefix, WORKER_ANALYTICS, topics.ANALYTICS),
        _group(prefix, WORKER_ANALYTICS, topics.ANALYTICS, "Read", "Describe"),
    )


def _worker_command(prefix: str, answering: Sequence[str]) -> tuple[Acl, ...]:
    return (
        _topic(prefix, WORKER_COMMAND, topics.commands(prefix), "Read"),
        # What is asked for, and in the urgent one what people answer.
        _topic(prefix, WORKER_COMMAND, topics.requests(prefix), "Write", pattern="prefixed"),
        # Read for who asks how a command stands.
        _topic(prefix, WORKER_COMMAND, topics.audit(prefix), "Read", "Write"),
        *(_topic(prefix, WORKER_COMMAND, topics.sink(prefix, name), "Write") for name in answering),
        # Written to it is only what was lost.
        _topic(prefix, WORKER_COMMAND, topics.events(prefix), "Write"),
        _group(prefix, WORKER_COMMAND, topics.COMMAND, "Read", "Describe"),
    )


def _acting(config: Config) -> tuple[Acl, ...]:
    prefix, answering = config.kafka.prefix, topics.answering(config)
    return *_worker_decide(prefix, (*topics.asking(config), *answering)), *_worker_execute(prefix, answering)


def _worker_decide(prefix: str, speaking: Sequence[str]) -> tuple[Acl, ...]:
    return (
        # What does not last is taken back as an operator would; who has given a command hears what becomes of it.
        *(_topic(prefix, WORKER_DECIDE, topics.sink(prefix, name), "Write") for name in speaking),
        # Written to it, too, is what the role has to tell: what waits for a person, and events that were lost.
        _topic(prefix, WORKER_DECIDE, topics.events(prefix), "Write"),
        _topic(prefix, WORKER_DECIDE, topics.requests(prefix), "Read", pattern="prefixed"),
        # Written to it is only what wakes the role up; to the other one what follows an action after some time.
        _topic(prefix, WORKER_DECIDE, topics.requests(prefix, urgent=True), "Write"),
        _topic(prefix, WORKER_DECIDE, topics.requests(prefix), "Write"),
        _topic(prefix, WORKER_DECIDE, topics.decisions(prefix), "Read", "Write"),
        _topic(prefix, WORKER_DECIDE, topics.appointments(prefix), "Read", "Write"),
        _topic(prefix, WORKER_DECIDE, topics.actions(prefix), "Write"),
        _topic(prefix, WORKER_DECIDE, topics.audit(prefix), "Write"),
        # The kill switch, and that it was seen.
        _topic(prefix, WORKER_DECIDE, topics.control(prefix), "Read", "Write"),
        *_knowing(prefix, WORKER_DECIDE),
        _transactions(prefix, WORKER_DECIDE, topics.DECIDE),
        _group(prefix, WORKER_DECIDE, topics.DECIDE, "Read", "Describe"),
    )


def _worker_execute(prefix: str, answering: Sequence[str]) -> tuple[Acl, ...]:
    return (
        *(_topic(prefix, WORKER_EXECUTE, topics.sink(prefix, name), "Write") for name in answering),
        # Written to it, too, is what the role has to tell: what has failed, and events that were lost.
        _topic(prefix, WORKER_EXECUTE, topics.events(prefix), "Write"),
        _topic(prefix, WORKER_EXECUTE, topics.actions(prefix), "Read"),
        _topic(prefix, WORKER_EXECUTE, topics.journal(prefix), "Read", "Write"),
        _topic(prefix, WORKER_EXECUTE, topics.requests(prefix, urgent=True), "Write"),
        _topic(prefix, WORKER_EXECUTE, topics.audit(prefix), "Write"),
        # The kill switch, and that it was seen.
        _topic(prefix, WORKER_EXECUTE, topics.control(prefix), "Read", "Write"),
        _transactions(prefix, WORKER_EXECUTE, topics.EXECUTE),
        _group(prefix, WORKER_EXECUTE, topics.EXECUTE, "Read", "Describe"),
    )


def _operator(prefix: str, *, remedies: bool, commands: bool) -> tuple[Acl, ...]:
    asking = (
        # What waits for a person, and the answer.
        _topic(prefix, OPERATOR, topics.decisions(prefix), "Read"),
        _topic(prefix, OPERATOR, topics.requests(prefix, urgent=True), "Write"),
    )
    return (
        *(asking if remedies else ()),
        *((_topic(prefix, OPERATOR, topics.commands(prefix), "Write"),) if commands else ()),
        _topic(prefix, OPERATOR, f"{prefix}.", "Create", pattern="prefixed"),
        # The desk of dead letters: reads them, notes what became of each, deletes what is settled, sends it again.
        _topic(prefix, OPERATOR, topics.dead_letter(prefix, ""), "Read", "Write", "Delete", pattern="prefixed"),
        _topic(prefix, OPERATOR, topics.sink(prefix, ""), "Read", "Write", pattern="prefixed"),
        _topic(prefix, OPERATOR, topics.events(prefix), "Write"),
        _topic(prefix, OPERATOR, topics.control(prefix), "Read", "Write"),
        _topic(prefix, OPERATOR, topics.audit(prefix), "Read", "Write"),
        # Letters are chosen by conditions, too, which may ask it.
        *_knowing(prefix, OPERATOR),
        # A group without members: librdkafka looks for its coordinator all the same.
        _group(prefix, OPERATOR, topics.OPERATOR, "Describe"),
        # How far delivery is.
        _group(prefix, OPERATOR, topics.DELIVER, "Describe"),
        Acl(
            component=OPERATOR,
            principal=principal(prefix, OPERATOR),
            resource="group",
            name=topics.deliver_group(prefix, ""),
            pattern="prefixed",
            operations=("Describe",),
        ),
    )


def _replay(prefix: str) -> tuple[Acl, ...]:
    component = topics.REPLAY
    return (
        _topic(prefix, component, topics.events(prefix), "Read"),
        *_knowing(prefix, component),
        _topic(prefix, component, topics.sink(prefix, ""), "Write", pattern="prefixed"),
        _topic(prefix, component, topics.audit(prefix), "Write"),
        # A group without members: librdkafka looks for its coordinator all the same.
        _group(prefix, component, component, "Describe"),
    )


def _tap(prefix: str) -> tuple[Acl, ...]:
    component = topics.TAP
    return (
        _topic(prefix, component, topics.events(prefix), "Read"),
        *_knowing(prefix, component),
        # A group without members: librdkafka looks for its coordinator all the same.
        _group(prefix, component, component, "Describe"),
    )


def _knowing(prefix: str, component: str) -> tuple[Acl, ...]:
    """What conditions on the inventory need: it is read in no group, but under the name of the router's."""
    return (
        _topic(prefix, component, topics.inventory(prefix), "Read"),
        _group(prefix, component, topics.ROUTER, "Describe"),
    )


def _topic(
    prefix: str,
    component: str,
    name: str,
    *operations: Operation,
    pattern: Literal["literal", "prefixed"] = "literal",
) -> Acl:
    return Acl(
        component=component,
        principal=principal(prefix, component),
        resource="topic",
        name=name,
        pattern=pattern,
        operations=(*operations, "Describe", "DescribeConfigs"),
    )


def _group(prefix: str, component: str, role: str, *operations: Operation) -> Acl:
    return Acl(
        component=component,
        principal=principal(prefix, component),
        resource="group",
        name=topics.group(prefix, role),
        operations=operations,
    )


def _transactions(prefix: str, component: str, role: str) -> Acl:
    return Acl(
        component=component,
        principal=principal(prefix, component),
        resource="transactional-id",
        name=topics.transactional_id(prefix, role),
        pattern="prefixed",
        operations=("Write", "Describe"),
    )
