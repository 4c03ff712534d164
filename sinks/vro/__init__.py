"""``type: vro``: an event starts a workflow of VMware Aria Automation Orchestrator, which is followed to its end."""

from __future__ import annotations

from sinks.vro.config import VroConfig as VroConfig
from sinks.vro.sink import VroSink as VroSink
