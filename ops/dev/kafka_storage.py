"""Formatting the data folders of Kafka's nodes."""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

from ops.dev import tool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.dev.kafka_node import Node


def format_storage(new: Sequence[Node], every: Sequence[Node], java: Sequence[str], options: Sequence[str]) -> None:
    """Format the nodes of ``new``, for the cluster that others of ``every`` are in already, else for a new one.

    Args:
        new: nodes that are configured and have no data.
        every: all nodes of the cluster.
        java: how to start a Java program from Kafka's jars.
        options: further arguments of the formatter; they may hold secrets.

    Raises:
        Unobtainable: the formatter failed.
    """
    known = next(filter(None, (node.cluster() for node in every)), None)
    cluster = known or urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
    for node in new:
        # Through a file: arguments are visible to every user of the machine.
        file = node.folder / "format.arguments"
        file.touch(mode=0o600)
        file.write_text("\n".join(["format", f"--cluster-id={cluster}", f"--config={node.config}", *options]))
        tool.run([*java, "kafka.tools.StorageTool", f"@{file}"], limit=120)
        file.unlink()
