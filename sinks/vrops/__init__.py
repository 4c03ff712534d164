"""``type: vrops``: a host that enters or leaves maintenance does so in VMware Aria Operations, too."""

from __future__ import annotations

from sinks.vrops.config import VropsConfig as VropsConfig
from sinks.vrops.sink import VropsSink as VropsSink
