"""From Kafka's error codes to our instructions: wait, call a person, or give this record up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from confluent_kafka import KafkaException

from clients.kafka.log import LOGGER, concise
from schemas.errors import ReflexarcError, Refused, Unreachable

if TYPE_CHECKING:
    from confluent_kafka import KafkaError

    from schemas.config import KafkaConfig

_CREDENTIALS: Final = "check kafka.security.mechanism, kafka.security.username and kafka.security.password_file"
_ENCRYPTION: Final = "check kafka.security.protocol and kafka.security.ca_file"
_PERMISSION: Final = "grant what `reflexarc topics create --print` lists"
_TOPIC: Final = "run `reflexarc topics create`"

UNKNOWN: Final = frozenset({"UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION"})
"""Names of what is said of a topic that is not there, or not known yet to the broker that was asked."""

# The other side said no; the value is what cures it. Names as librdkafka has them, a local one with underscore.
_REFUSALS: Final = {
    "_AUTHENTICATION": _CREDENTIALS,
    "SASL_AUTHENTICATION_FAILED": _CREDENTIALS,
    "UNSUPPORTED_SASL_MECHANISM": _CREDENTIALS,
    "ILLEGAL_SASL_STATE": _CREDENTIALS,
    "_SSL": _ENCRYPTION,
    "SECURITY_DISABLED": _ENCRYPTION,
    "TOPIC_AUTHORIZATION_FAILED": _PERMISSION,
    "GROUP_AUTHORIZATION_FAILED": _PERMISSION,
    "CLUSTER_AUTHORIZATION_FAILED": _PERMISSION,
    "TRANSACTIONAL_ID_AUTHORIZATION_FAILED": _PERMISSION,
    **dict.fromkeys(UNKNOWN, _TOPIC),
    "INVALID_REPLICATION_FACTOR": "write kafka.replication: at most the number of brokers",
    "INVALID_PARTITIONS": "write another kafka.partitions",
    "INVALID_CONFIG": "ask the administrator of the cluster",
    "POLICY_VIOLATION": "ask the administrator of the cluster",
    "TOPIC_EXCEPTION": "write another kafka.prefix",
}

# Of the refusals those that another topic of the same cluster would not meet.
_OF_THE_TOPIC: Final = UNKNOWN | {"TOPIC_AUTHORIZATION_FAILED", "TOPIC_EXCEPTION"}

# A partition or a coordinator is being created, moved or elected: whoever has seen that it exists waits for it.
_MOVES: Final = UNKNOWN | frozenset(
    {
        "COORDINATOR_LOAD_IN_PROGRESS",
        "COORDINATOR_NOT_AVAILABLE",
        "FENCED_LEADER_EPOCH",
        "KAFKA_STORAGE_ERROR",
        "LEADER_NOT_AVAILABLE",
        "NOT_COORDINATOR",
        "NOT_LEADER_FOR_PARTITION",
        "OFFSET_NOT_AVAILABLE",
        "REPLICA_NOT_AVAILABLE",
        "UNKNOWN_LEADER_EPOCH",
        "UNKNOWN_TOPIC_ID",
        "UNSTABLE_OFFSET_COMMIT",
        "_WAIT_COORD",
    }
)

# Nobody is away and nothing is misconfigured: this one record will never be accepted as it is.
_REJECTIONS: Final = frozenset(
    {
        "MSG_SIZE_TOO_LARGE",
        "RECORD_LIST_TOO_LARGE",
        "INVALID_RECORD",
        "INVALID_MSG",
        "INVALID_MSG_SIZE",
        "INVALID_TIMESTAMP",
    }
)


class PublishRejected(ReflexarcError):  # noqa: N818 - reads as the state it names
    """This record will never be accepted as it is (too large, no key on a compacted topic); others are not affected."""


class TopicRefused(Refused):
    """One topic is not there, or not for us; others are not affected."""


class Fenced(Refused):
    """Another process, or a later life of this one, has taken our name; this client will never work again."""


class Connection:
    """The last thing librdkafka said about the connection itself: why the requests on it fail or time out.

    Pass ``heard`` as ``error_cb``. A fatal error comes by another way: ``poll`` raises it.
    """

    def __init__(self) -> None:
        self.trouble: KafkaError | None = None

    @property
    def ended(self) -> bool:
        """Whether a fatal error was heard: this client will never work again."""
        return self.trouble is not None and self.trouble.fatal()

    def heard(self, error: KafkaError) -> None:
        """Keep the reason; that all brokers are down, or that a connection is closed then, is only its consequence."""
        LOGGER.debug("%s: %s", error.name(), error.str())
        if error.name() == "_ALL_BROKERS_DOWN" or self.ended:
            return
        if error.name() == "_TRANSPORT" and self.trouble is not None and self.trouble.name() in _REFUSALS:
            return
        self.trouble = error

    def works(self) -> None:
        """Something went through: what was said before explains nothing any more."""
        if not self.ended:
            self.trouble = None


def explain(error: KafkaError, *, doing: str, config: KafkaConfig, connection: Connection) -> ReflexarcError:
    """What the caller must do about ``error``.

    Args:
        error: what a call or a delivery report returned.
        doing: the interrupted act, such as ``publish to reflexarc.events``.
        config: names the brokers in the message.
        connection: explains what is only a consequence, such as a time-out.

    Returns:
        ``PublishRejected``, ``Refused``, its ``TopicRefused`` or ``Unreachable``; a bare ``ReflexarcError`` when this
        client has ended.
    """
    if error.name() in _REJECTIONS:
        return PublishRejected(f"cannot {doing}: {concise(error.str())}")
    root = error
    consequence = connection.ended if error.name() == "_FATAL" else _is_local(error) and error.name() not in _REFUSALS
    if connection.trouble is not None and consequence:
        root = connection.trouble
    message = f"cannot {doing} at {config.bootstrap}: {concise(root.str())}"
    # To a consumer a fatal error comes as ``_FATAL``, with its reason in words only.
    if root.name() == "FENCED_INSTANCE_ID" or (root.name() == "_FATAL" and "group.instance.id" in root.str()):
        return Fenced(message, cure="give each process an --instance of its own")
    if cure := _cure(root):
        return (TopicRefused if root.name() in _OF_THE_TOPIC else Refused)(message, cure=cure)
    if root.fatal() or root.name() == "_FATAL":
        return ReflexarcError(message, cure="start the process again")
    return Unreachable(message, cure="check kafka.bootstrap, and that a broker runs there")


def _is_local(error: KafkaError) -> bool:
    """Whether librdkafka gave up by itself; what a broker has answered needs no other reason."""
    return error.name().startswith("_") and not error.fatal()


def passes(error: KafkaError) -> bool:
    """Whether ``error`` passes by itself: a partition or coordinator is being created, moved or elected.

    Only for who has verified that its topics exist: ``explain`` calls an unknown topic ``Refused``. Errors of the
    connection are not among these; ``explain`` calls those that waiting may cure ``Unreachable``.
    """
    return error.name() in _MOVES and not error.fatal()


def reason(raised: KafkaException | SystemError) -> KafkaError:
    """What went wrong in a call that hands out delivery reports.

    A fatal error is raised while reports are handed out, and the next report makes it the cause of a SystemError
    (confluent-kafka 2.16).

    Raises:
        SystemError: ``raised`` itself, when Kafka is not behind it.
    """
    error: BaseException | None = raised
    while error is not None and not isinstance(error, KafkaException):
        error = error.__cause__
    if error is None:
        raise raised
    found: KafkaError = error.args[0]
    return found


def _cure(error: KafkaError) -> str | None:
    """What a person must change, or None when waiting may do."""
    if error.name() == "_TRANSPORT" and "PLAINTEXT broker listener" in error.str():
        return _ENCRYPTION
    return _REFUSALS.get(error.name())
