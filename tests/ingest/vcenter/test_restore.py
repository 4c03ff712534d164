from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ingest.vcenter.checkpoint import Checkpoint
from ingest.vcenter.restore import restore
from schemas import topics
from schemas.errors import Refused
from tests.ingest.vcenter.events import START
from tests.support.topics import produce
from tests.support.vcenter import installation, read

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.config import KafkaConfig, VcenterConfig

pytestmark = pytest.mark.stack

STORED = Checkpoint(vcenter="vc1", instance_uuid="4c", time=START, since=START).dumps()


@pytest.fixture
def config(kafka: str, vcenters: dict[str, VcenterConfig], prefix: str, tmp_path: Path) -> KafkaConfig:
    return read(installation(tmp_path, kafka, prefix, vcenters)).kafka


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        (b"\xff\xfe", STORED, r"key .*xff.*another vCenter, 'vc1'"),
        (b"vc2", STORED, r"key 'vc2': the checkpoint of another vCenter, 'vc1'"),
        (b"vc1", b"\xff", r"key 'vc1': a damaged checkpoint"),
    ],
)
def test_a_record_that_is_no_checkpoint_is_refused_with_its_place(
    config: KafkaConfig, key: bytes, value: bytes, said: str
) -> None:
    topic = topics.checkpoints(config.prefix)
    produce(config.bootstrap, topic, [STORED], key=b"vc1")
    produce(config.bootstrap, topic, [value], key=key)
    with pytest.raises(Refused, match=f"{topic}, offset 1, {said}"):
        restore(config)


def test_a_foreign_record_with_a_tombstone_behind_it_is_forgotten(config: KafkaConfig) -> None:
    topic = topics.checkpoints(config.prefix)
    tombstone: Any = None
    produce(config.bootstrap, topic, [STORED, tombstone], key=b"\xff")
    produce(config.bootstrap, topic, [STORED], key=b"vc1")
    assert {"vc1"} == set(restore(config))
