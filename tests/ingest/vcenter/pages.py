"""Pages of events as a vCenter sends them."""

from __future__ import annotations

import gzip
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures" / "vcenter-json"

BASE = "<key>7</key><chainId>6</chainId><createdTime>2026-11-20T09:37:25.120Z</createdTime><userName>root</userName>"
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<soapenv:Body>{}</soapenv:Body></soapenv:Envelope>"
)


def fixture(name: str) -> bytes:
    """A recorded file, unpacked."""
    return gzip.decompress((FIXTURES / f"{name}.gz").read_bytes())


def answer(content: str) -> bytes:
    """A SOAP answer around ``content``."""
    return ENVELOPE.format(content).encode()


def page(*events: str) -> bytes:
    """An answer of ReadNextEvents."""
    return answer(f'<ReadNextEventsResponse xmlns="urn:vim25">{"".join(events)}</ReadNextEventsResponse>')


def event(cls: str, rest: str = "", *, base: str = BASE, tag: str = "returnval") -> str:
    """One event of class ``cls`` with its base properties."""
    return f'<{tag} xsi:type="{cls}">{base}{rest}</{tag}>'
