"""A simulator's answers, completed or contradicted: what it cannot be brought to say by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyVmomi import vmodl
from pyVmomi.SoapAdapter import SoapStubAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest


def tell(monkeypatch: pytest.MonkeyPatch, told: Mapping[str, Mapping[str, Any]]) -> None:
    """Have properties of objects, by moref and path, read like this wherever they are asked for."""
    original = SoapStubAdapter.InvokeMethod

    def invoke(stub: Any, mo: Any, info: Any, args: Any, *rest: Any) -> Any:
        answer = original(stub, mo, info, args, *rest)
        if info.wsdlName == "RetrievePropertiesEx":
            wanted = {path for spec in args[0] for leaves in spec.propSet for path in leaves.pathSet}
            for found in answer.objects if answer is not None else ():
                given = {path: value for path, value in told.get(found.obj._moId, {}).items() if path in wanted}
                kept = [each for each in found.propSet if each.name not in given]
                found.propSet = kept + [vmodl.DynamicProperty(name=path, val=val) for path, val in given.items()]
        return answer

    monkeypatch.setattr(SoapStubAdapter, "InvokeMethod", invoke)
