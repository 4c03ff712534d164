from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
import trustme

from schemas.config import Fault
from sinks import tls
from tests.sinks.destination import ca_file

if TYPE_CHECKING:
    from pathlib import Path


def test_authorities_have_an_effect_only_where_certificates_are_verified(tmp_path: Path) -> None:
    tls.check_authority(None, insecure=True)
    tls.check_authority(tmp_path, insecure=False)

    with pytest.raises(Fault, match="has no effect with insecure: true") as caught:
        tls.check_authority(tmp_path, insecure=True, field="oauth2.ca_file")

    assert "oauth2.ca_file" == caught.value.field


def test_certificates_and_names_are_verified_unless_told_otherwise(tmp_path: Path) -> None:
    authority = trustme.CA()

    strict, lax = tls.context(ca_file(authority, tmp_path), insecure=False), tls.context(None, insecure=True)

    assert (ssl.CERT_REQUIRED, True, 1) == (strict.verify_mode, strict.check_hostname, len(strict.get_ca_certs()))
    assert (ssl.CERT_NONE, False) == (lax.verify_mode, lax.check_hostname)
