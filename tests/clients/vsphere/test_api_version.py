from __future__ import annotations

import pytest

from clients.vsphere.api_version import newest_common, offered

VCENTER_8 = b"""<?xml version="1.0" encoding="UTF-8"?>
<namespaces version="1.0">
 <namespace><name>urn:vim25</name><version>8.0.2.0</version>
  <priorVersions><version>8.0.1.0</version><version>6.5</version></priorVersions>
 </namespace>
</namespaces>"""


def test_the_newest_version_that_both_know_is_spoken() -> None:
    assert "vim.version.v8_0_2_0" == newest_common(offered(VCENTER_8))


def test_a_server_newer_than_we_are_is_spoken_to_in_what_it_spoke_before() -> None:
    assert "vim.version.v8_0_1_0" == newest_common({"99.0.0.0", "8.0.1.0", "6.5"})


@pytest.mark.parametrize("document", [b"", b"<html></html>", b"not xml", b"<namespaces><version>99</version>"])
def test_something_else_offers_no_common_version(document: bytes) -> None:
    assert newest_common(offered(document)) is None
