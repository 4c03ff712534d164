"""A vCenter that is dead in any way is no other's concern, and everybody is told."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from clients.vsphere.session import Session
from ops.demo.child import free_port
from tests.support.vcenter import Ingest, installation, post, texts, vcenter, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack


@pytest.fixture
def mute() -> Iterator[str]:
    """The URL of a server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"https://127.0.0.1:{server.getsockname()[1]}/sdk"


def test_the_dead_touch_no_other_and_are_named(
    kafka: str, vcenters: dict[str, VcenterConfig], prefix: str, tmp_path: Path, mute: str
) -> None:
    alive = vcenters["vc1"]
    dead = {"mute": mute, "shut": f"https://127.0.0.1:{free_port()}/sdk"}
    configs = {"vc1": alive} | {name: vcenter(name, url=url, insecure=True) for name, url in dead.items()}
    process = Ingest(installation(tmp_path, kafka, prefix, configs))
    try:
        up = 'reflexarc_ingest_up{vcenter="%s"} %s'
        wait_for(lambda: up % ("vc1", "1.0") in process.metrics(), explain=process.said)
        with Session(alive) as session:
            post(session, ["still here"])
        wait_for(lambda: texts(kafka, prefix) == ["still here"], explain=process.said)
        assert {"mute", "shut"} == {name for name in configs if up % (name, "0.0") in process.metrics()}
        assert None is process._answer("/ready")
        wait_for(lambda: "vCenter shut cannot be reached" in process.said(), explain=process.said)
    finally:
        process.end()
