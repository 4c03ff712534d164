from __future__ import annotations

from typing import TYPE_CHECKING

from clients.kafka.group import Member
from ingest.vcenter.sharing.shards import shard
from ops.vcenter import owners as module
from schemas import topics
from schemas.config import KafkaConfig

if TYPE_CHECKING:
    import pytest

CONFIG = KafkaConfig.model_validate({"bootstrap": "127.0.0.1:9092"})


def test_a_vcenter_falls_to_who_has_its_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ((topics.assignments(CONFIG.prefix), shard(name, topics.SHARDS)) for name in ("vc1", "vc2"))
    group = [Member("ingest-a", frozenset({first})), Member("ingest-b", frozenset({second}))]
    monkeypatch.setattr(module, "members", lambda *_args, **_options: group)
    assert {"vc1": "ingest-a", "vc2": "ingest-b"} == module.owners(CONFIG, ["vc1", "vc2", "vc3"])
