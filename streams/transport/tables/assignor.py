"""What Faust asks about the place of tables: a changelog partition is where the source partition of its number is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faust.exceptions import ImproperlyConfigured
from faust.types import TP
from faust.types.assignor import PartitionAssignorT

if TYPE_CHECKING:
    from typing import NoReturn

    from faust.types import AppT


def _elsewhere() -> NoReturn:
    raise ImproperlyConfigured("this transport does not know which member holds another partition of a table")


class Assignor(PartitionAssignorT):
    """Reports what the transport has assigned; the broker's group decides by ``range``."""

    def __init__(self, app: AppT, replicas: int = 0) -> None:
        self.app = app
        self.replicas = replicas

    def assigned_actives(self) -> set[TP]:
        """The changelog partitions of every table."""
        numbers = {tp.partition for tp in self.app.consumer.assignment()}
        return {TP(topic, number) for topic in self.app.tables.changelog_topics for number in numbers}

    def assigned_standbys(self) -> set[TP]:
        """None: a table is rebuilt where it is needed."""
        return set()

    def is_active(self, tp: TP) -> bool:
        """Whether the table's partition is here."""
        return tp in self.assigned_actives()

    def is_standby(self, tp: TP) -> bool:  # noqa: ARG002 - Faust's signature
        """Never."""
        return False

    def group_for_topic(self, topic: str) -> int:  # noqa: ARG002 - Faust's signature
        """All topics of an app move together."""
        return 0

    def key_store(self, topic: str, key: bytes) -> NoReturn:  # noqa: ARG002 - Faust's signature
        """Refuse."""
        _elsewhere()

    def table_metadata(self, topic: str) -> NoReturn:  # noqa: ARG002 - Faust's signature
        """Refuse."""
        _elsewhere()

    def tables_metadata(self) -> NoReturn:
        """Refuse."""
        _elsewhere()
