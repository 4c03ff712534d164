"""A distributed switch with an MTU: simulators take its change for done, and forget it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pyVmomi import vim
from pyVmomi.SoapAdapter import SoapStubAdapter

if TYPE_CHECKING:
    import pytest


class Switch:
    """Every switch of the simulators; as strict about its version as real ones.

    Attributes:
        mtu: of them.
        version: of their configuration.
    """

    _installed: ClassVar[Switch]

    @classmethod
    def installed(cls) -> Switch:
        """The one of the running test."""
        return cls._installed

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.mtu, self.version = 1500, 1
        Switch._installed = self
        original = SoapStubAdapter.InvokeMethod

        def invoke(stub: Any, mo: Any, info: Any, args: Any, *rest: Any) -> Any:
            if info.wsdlName == "ReconfigureDvs_Task":
                self._take(args[0])
            answer = original(stub, mo, info, args, *rest)
            if info.wsdlName == "RetrievePropertiesEx":
                for each in (each for found in answer.objects for each in found.propSet):
                    if isinstance(each.val, vim.dvs.VmwareDistributedVirtualSwitch.ConfigInfo):
                        each.val.maxMtu, each.val.configVersion = self.mtu, str(self.version)
            return answer

        monkeypatch.setattr(SoapStubAdapter, "InvokeMethod", invoke)

    def _take(self, spec: Any) -> None:
        assert isinstance(spec, vim.dvs.VmwareDistributedVirtualSwitch.ConfigSpec)
        if spec.configVersion != str(self.version):
            raise vim.fault.ConcurrentAccess(msg="changed")
        self.mtu, self.version = int(spec.maxMtu), self.version + 1
