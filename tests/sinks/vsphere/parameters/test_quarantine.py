"""Which paths may be said."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sinks.vsphere.parameters.quarantine import QuarantineParameters

MARK = "0123456789abcdef"


@pytest.mark.parametrize("path", ["[ds] web/web.vmx", '[my ds-1] a b/o\'x "1".vmx', "[ds] a/b/c.vmx", "[ds] ..a/b.vmx"])
def test_a_path_is_as_the_vcenter_writes_it(path: str) -> None:
    assert path == QuarantineParameters.model_validate({"path": path, "mark": MARK}).path


@pytest.mark.parametrize(
    "path",
    ["", "web.vmx", "[ds] web.vmx", "[ds] ../web.vmx", "[ds] a/../web.vmx", "[ds] ./web.vmx", "[ds] a/web.vmdk",
     "[../ds] a/web.vmx", "[ds] /a/web.vmx", "[ds] a//web.vmx", "[ds] a/web.vmx\n", "[ds]a/web.vmx",
     f"[ds] {'a' * 512}/b.vmx"],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(ValidationError, match="path"):
        QuarantineParameters.model_validate({"path": path, "mark": MARK})


@pytest.mark.parametrize("folder", ["", ".", "..", "a/b", "a\\b", "/a", "a\n", ".hidden", "a" * 65])
def test_the_quarantine_is_one_folder_at_the_top(folder: str) -> None:
    with pytest.raises(ValidationError, match="folder"):
        QuarantineParameters.model_validate({"path": "[ds] a/b.vmx", "mark": MARK, "folder": folder})
