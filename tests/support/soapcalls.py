"""What goes over the wire to a vCenter, with faults on the way: pyvmomi's own stub, seen from behind."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pyVmomi import vim, vmodl
from pyVmomi.SoapAdapter import SoapStubAdapter

from clients.vsphere import exchange

if TYPE_CHECKING:
    import pytest

READING = frozenset(
    {
        "ContinueRetrievePropertiesEx",
        "CreateCollectorForTasks",
        "CreateContainerView",
        "CreateFilter",
        "CreatePropertyCollector",
        "CurrentTime",
        "DestroyCollector",
        "DestroyPropertyCollector",
        "DestroyView",
        "Fetch",
        "FindByDatastorePath",
        "FindByInventoryPath",
        "GetCustomizationSpec",
        "Login",
        "Logout",
        "QueryEvents",
        "ReadNextTasks",
        "RecommendDatastores",
        "RetrievePropertiesEx",
        "RetrieveServiceContent",
        "SearchDatastore_Task",
        "WaitForUpdatesEx",
    }
)
"""Calls that change nothing but sessions and collectors."""


class SoapCalls:
    """Records calls that change something, and lets them fail.

    Attributes:
        changing: names of those that were made, in order.
        arguments: what was given with each of them.
        denied: answer them with ``NoPermission``; they do not arrive.
        lost: the connection breaks before they arrive.
        cut: they arrive, and the connection breaks before the answer.
        spared: names of those whose answers arrive all the same.
        failing: another task is begun in their place, one that fails; without a task, a fault comes at once.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.changing: list[str] = []
        self.arguments: list[tuple[Any, ...]] = []
        self.spared: frozenset[str] = frozenset()
        self.denied = self.lost = self.cut = self.failing = False
        original = SoapStubAdapter.InvokeMethod

        def invoke(stub: Any, mo: Any, info: Any, args: Any, *rest: Any) -> Any:
            if info.wsdlName in READING:
                return original(stub, mo, info, args, *rest)
            self.changing.append(info.wsdlName)
            self.arguments.append(tuple(args))
            if self.denied:
                raise vim.fault.NoPermission(msg="no", privilegeId="some.privilege")
            if self.lost:
                raise ConnectionResetError("lost")
            if self.failing:
                self.failing = False
                return _failing(stub, info.wsdlName)
            answer = original(stub, mo, info, args, *rest)
            if self.cut and info.wsdlName not in self.spared:
                while isinstance(answer, vim.Task) and _state(stub, answer) in {"queued", "running"}:
                    time.sleep(0.01)
                raise ConnectionResetError("cut")
            return answer

        monkeypatch.setattr(SoapStubAdapter, "InvokeMethod", invoke)
        self._watch_rest(monkeypatch)

    def _watch_rest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The same for the REST API of tags: an action in the query that does not only list is a change."""
        original = exchange.call

        def call(stub: Any, request: tuple[str, str, Any, Any], *, limit: int) -> tuple[int, bytes]:
            action = request[1].partition("action=")[2]
            if not action or action.startswith("list-"):
                return original(stub, request, limit=limit)
            self.changing.append(action)
            if self.denied:
                return 403, b""
            if self.lost:
                raise ConnectionResetError("lost")
            if self.failing:
                return 400, b""
            answer = original(stub, request, limit=limit)
            if self.cut:
                raise ConnectionResetError("cut")
            return answer

        monkeypatch.setattr(exchange, "call", call)


def _state(stub: Any, task: Any) -> str:
    """Of a task; nothing else of it, for it may be about what pyvmomi takes for no entity."""
    spec = vmodl.query.PropertyCollector
    leaf = spec.PropertySpec(type=vim.Task, pathSet=["info.state"])
    wanted = spec.FilterSpec(objectSet=[spec.ObjectSpec(obj=task)], propSet=[leaf])
    collector = vim.ServiceInstance("ServiceInstance", stub).content.propertyCollector
    (found,) = collector.RetrievePropertiesEx([wanted], spec.RetrieveOptions()).objects
    return str(found.propSet[0].val)


def _failing(stub: Any, name: str) -> Any:
    """A task of the simulator that fails for good: a machine without files cannot be made."""
    if not name.endswith("_Task"):
        raise vmodl.fault.NotSupported(msg="no")
    datacenter = vim.ServiceInstance("ServiceInstance", stub).content.rootFolder.childEntity[0]
    pool = datacenter.hostFolder.childEntity[0].resourcePool
    return datacenter.vmFolder.CreateVM_Task(vim.vm.ConfigSpec(name="without-files"), pool)
