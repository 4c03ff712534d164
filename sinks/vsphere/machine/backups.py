"""Snapshots that belong to a backup product, which deletes them itself and loses its data when somebody else does."""

from __future__ import annotations

from typing import Final

WORDS: Final = (
    "acronis",
    "altaro",
    "avamar",
    "backup",
    "cohesity",
    "commvault",
    "consolidate helper",
    "druva",
    "dpa snapshot",
    "gx_backup",
    "hycu",
    "nakivo",
    "nbu_snapshot",
    "netbackup",
    "networker",
    "ppdm",
    "replica",
    "restore point",
    "rubrik",
    "smvi",
    "snapcenter",
    "spectrum protect",
    "tsm-vm",
    "unitrends",
    "veeam",
    "vranger",
    "zerto",
)
"""What stands in the names and descriptions that such products give."""


def is_backup(*texts: str) -> bool:
    """Whether a name or a description looks like one of a backup product; rather too often than too rarely."""
    return any(word in text.casefold() for text in texts for word in WORDS)
