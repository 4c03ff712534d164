from __future__ import annotations

from typing import Any

from ops.vcenter.wanted import wanted
from schemas.config import Config, KafkaConfig
from sinks.remediation import RemediationSinkConfig
from sinks.vsphere.config import VsphereConfig
from tests.support.vcenter import vcenter


def config(*sinks: Any) -> Config:
    return Config(
        kafka=KafkaConfig(bootstrap="localhost:9092", prefix="dc"),
        vcenters={name: vcenter(name) for name in ("vc1", "vc2")},
        sinks={sink.name: sink for sink in sinks},
    )


OLD = VsphereConfig.model_validate({"name": "old", "type": "vsphere", "action": "power-on", "vcenters": ["vc1"]})
NEW = RemediationSinkConfig.model_validate({"name": "new", "type": "remediation", "action": "disconnect-vnic"})


def test_a_sink_of_type_remediation_acts_as_the_actor_and_one_of_type_vsphere_as_the_reader() -> None:
    """Each in the vCenters that it names, or in all."""
    found = wanted(config(OLD, NEW), "vc1")
    assert {"sink old": ("VirtualMachine.Interact.PowerOn",)} == found.by_reader
    assert {"sink new"} == found.by_actor.keys()
    assert (True, False) == (found.acts, wanted(config(OLD, NEW), "vc2").acts)
    assert {"sink old", "sink new"} == found.all.keys()


def test_who_only_reads_needs_nothing_more() -> None:
    """No sink, no privilege."""
    assert ({}, {}, False) == wanted(config(), "vc1")
