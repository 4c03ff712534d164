"""Routes that change under a running router: taken over whole, told to the audit, and refused where they are wrong."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import yaml

from tests.support import topics
from tests.support.flow import Flow, wait

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack


def routed(flow: Flow) -> list[tuple[str, str]]:
    """Id and routes of every record in the sink's topic."""
    records = topics.everything(flow.bootstrap, f"{flow.prefix}.sink.events")
    headers = [dict(record.headers() or ()) for record in records]
    return [(each["ce_id"].decode(), each["reflexarc_routes"].decode()) for each in headers]


def audited(flow: Flow) -> list[dict[str, Any]]:
    """What the audit was told of routes, in order."""
    records = sorted(topics.everything(flow.bootstrap, f"{flow.prefix}.audit"), key=lambda each: each.timestamp()[1])
    return [orjson.loads(record.value() or b"{}") for record in records]


def test_a_router_follows_its_files_and_keeps_to_the_last_good_ones(stack: Status, tmp_path: Path, prefix: str) -> None:
    with Flow(tmp_path, stack, prefix) as flow:
        router = flow.start("router")
        (first,) = flow.produce(1)
        wait(lambda: routed(flow) == [(first, "ticks")])

        config = yaml.safe_load(flow.scene.config.read_text())
        config["routes"].append({"name": "second", "match": {"subject": "T*"}, "to": "events"})
        flow.scene.config.write_text(yaml.safe_dump(config))
        os.kill(router.pid, signal.SIGHUP)
        wait(lambda: len(audited(flow)) == 2)
        (second,) = flow.produce(1, first=1)
        wait(lambda: len(routed(flow)) == 2)

        config["routes"].append({"name": "third", "match": {"cesql": "type ="}, "to": "events"})
        flow.scene.config.write_text(yaml.safe_dump(config))
        wait(lambda: "the new routes are not followed" in router.log.read_text())
        (third,) = flow.produce(1, first=2)
        wait(lambda: len(routed(flow)) == 3)

        assert [(first, "ticks"), (second, "ticks,second"), (third, "ticks,second")] == sorted(routed(flow))
        assert [["ticks"], ["second"]] == [told["added"] for told in audited(flow)]
        assert audited(flow)[0]["hash"] == audited(flow)[1]["previous"]
        assert "routes[2].match.cesql: is no CESQL expression: line 1, column 7" in router.log.read_text()
