"""``action: quarantine`` and ``action: purge`` in the configuration."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from schemas.config import Fault, Model
from sinks.vsphere.parameters.making import Instant, Mark, Owner

LONGEST_PATH: Final = 512

_FILE: Final = re.compile(r"\[[^\[\]/\\\x00-\x1f]+\] (?:[^/\x00-\x1f]+/)+[^/\x00-\x1f]+\.vmx")
_FOLDER: Final = re.compile(r"\[[^\[\]/\\\x00-\x1f]+\] [^/\x00-\x1f]+/[^/\x00-\x1f]+")


def _within(text: str) -> str:
    if {".", ".."} & {*text.partition("] ")[2].split("/")}:
        raise Fault("leads out of its folder", "write it without . and ..")
    return text


def _file(text: str) -> str:
    if not _FILE.fullmatch(text):
        raise Fault("is no path of a machine's file", "write it as the vCenter does: [store] folder/machine.vmx")
    return _within(text)


def _folder(text: str) -> str:
    if not _FOLDER.fullmatch(text):
        raise Fault("is no folder in quarantine", "write it as the vCenter does: [store] quarantine/mark-machine")
    return _within(text)


Quarantine = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,63}\z")]
"""A folder of a datastore, at its top."""


class QuarantineParameters(Model):
    """Whose machine is put away, and where to."""

    path: Annotated[str, AfterValidator(_file), Field(max_length=LONGEST_PATH)] = Field(
        description="Where its file lies, as it was found: [store] folder/machine.vmx."
    )
    mark: Mark = Field(description="What its files are known by afterwards: the id of the action that puts it away.")
    owner: Owner = Field("", description="Whose it must be, as its extra configuration says; default: anybody's.")
    lease: Instant = Field("", description="What the end of its lease must be, likewise; default: any, or none.")
    folder: Quarantine = Field("reflexarc-quarantine", description="Folder of its datastore where its files go.")


class PurgeParameters(Model):
    """What is deleted for good."""

    path: Annotated[str, AfterValidator(_folder), Field(max_length=LONGEST_PATH)] = Field(
        description="The folder that is deleted: [store] quarantine/mark-machine."
    )
    mark: Mark = Field(description="The id of the action that has put it there.")
    folder: Quarantine = Field("reflexarc-quarantine", description="The folder of the datastore that it must be in.")
