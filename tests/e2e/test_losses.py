"""What Kafka's retention takes before it was delivered is told: an event, a metric, a red /ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest
from confluent_kafka import Consumer, TopicPartition

from tests.support import topics
from tests.support.flow import Flow, wait

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack


def test_a_loss_before_delivery_is_an_event_a_metric_and_a_red_state(
    stack: Status, tmp_path: Path, prefix: str
) -> None:
    sink, group = f"{prefix}.sink.events", f"{prefix}.deliver"
    with Flow(tmp_path, stack, prefix) as flow:
        router = flow.start("router")
        flow.produce(200)
        wait(lambda: topics.ends(flow.bootstrap, sink) == 200)
        router.stop()
        committed = Consumer({"bootstrap.servers": flow.bootstrap, "group.id": group, "enable.auto.commit": False})
        committed.commit(offsets=[TopicPartition(sink, 0, 0)], asynchronous=False)
        committed.close()
        topics.delete_before(flow.bootstrap, sink, 0, 5)
        deliver = flow.scene.begin("deliver", "worker", "--role", "deliver")
        told: list[dict[str, object]] = []

        def is_told() -> bool:
            told[:] = [
                orjson.loads(record.value())
                for record in topics.everything(flow.bootstrap, f"{prefix}.events")
                if dict(record.headers())["ce_type"] == b"com.reflexarc.stream.lost"
            ]
            return bool(told)

        wait(is_told)
        ready, metrics = deliver.ask("/ready"), deliver.ask("/metrics")
        assert deliver.alive
    assert [(sink, 0, 0, 4)] == [(loss["topic"], loss["partition"], loss["first"], loss["last"]) for loss in told]
    assert (503, f"{sink}/0 has lost records 0 to 4: deleted unread\n") == ready
    assert f'reflexarc_transport_lost_records_total{{partition="0",topic="{sink}"}} 5.0' in metrics[1]
