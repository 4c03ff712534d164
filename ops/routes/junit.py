"""Verdicts in the XML that build servers read (the format of JUnit's Ant task)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.routes.verdict import Verdict

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def document(suite: str, verdicts: Sequence[Verdict]) -> bytes:
    """One test suite with a test case per verdict; a complaint is a failure.

    What XML has no way to write, such as a control character, stands there as its escape.
    """
    failed = sum(bool(verdict.complaints) for verdict in verdicts)
    root = ET.Element("testsuites", tests=str(len(verdicts)), failures=str(failed), errors="0")
    within = ET.SubElement(
        root, "testsuite", name=_written(suite), tests=str(len(verdicts)), failures=str(failed), errors="0", skipped="0"
    )
    for verdict in verdicts:
        case = ET.SubElement(within, "testcase", name=_written(verdict.name), classname=_written(suite))
        if verdict.complaints:
            complaints = [_written(complaint) for complaint in verdict.complaints]
            ET.SubElement(case, "failure", message=complaints[0]).text = "\n".join(complaints)
    tree: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return tree


def _written(text: str) -> str:
    return _FORBIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
