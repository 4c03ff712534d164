"""What goes over the wire to a vCenter, with faults on the way: pyvmomi's own stub, seen from behind."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pyVmomi import vim
from pyVmomi.SoapAdapter import SoapStubAdapter

if TYPE_CHECKING:
    import pytest

READING = frozenset(
    {
        "ContinueRetrievePropertiesEx",
        "CreateContainerView",
        "CreateFilter",
        "CreatePropertyCollector",
        "CurrentTime",
        "DestroyPropertyCollector",
        "DestroyView",
        "Fetch",
        "Login",
        "Logout",
        "QueryEvents",
        "RetrievePropertiesEx",
        "RetrieveServiceContent",
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
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.changing: list[str] = []
        self.arguments: list[tuple[Any, ...]] = []
        self.denied = self.lost = self.cut = False
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
            answer = original(stub, mo, info, args, *rest)
            if self.cut:
                while isinstance(answer, vim.Task) and answer.info.state in {"queued", "running"}:
                    time.sleep(0.01)
                raise ConnectionResetError("cut")
            return answer

        monkeypatch.setattr(SoapStubAdapter, "InvokeMethod", invoke)
