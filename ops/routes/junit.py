"""Verdicts in the XML that build servers read (the format of JUnit's Ant task)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.routes.verdict import Verdict


def document(suite: str, verdicts: Sequence[Verdict]) -> bytes:
    """One test suite with a test case per verdict; a complaint is a failure."""
    failed = sum(bool(verdict.complaints) for verdict in verdicts)
    root = ET.Element("testsuites", tests=str(len(verdicts)), failures=str(failed), errors="0")
    within = ET.SubElement(
        root, "testsuite", name=suite, tests=str(len(verdicts)), failures=str(failed), errors="0", skipped="0"
    )
    for verdict in verdicts:
        case = ET.SubElement(within, "testcase", name=verdict.name, classname=suite)
        if verdict.complaints:
            ET.SubElement(case, "failure", message=verdict.complaints[0]).text = "\n".join(verdict.complaints)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
