"""Every verb there is: the one table from the first word of a command to how it is written and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from schemas.config.commands.verbs import VERBS as GROUPED
from streams.commands import reading
from streams.commands.arguments import (
    Answered,
    Doomed,
    Leased,
    Machine,
    New,
    Query,
    Reference,
    Resized,
    Said,
    Sized,
    Topic,
)
from streams.commands.form import Argument, Form
from streams.commands.words import Wrong

if TYPE_CHECKING:
    from sinks.vsphere.aim import ByName

What = Literal["talk", "action", "answer", "undo"]


class Verb(NamedTuple):
    """One verb.

    Attributes:
        name: the word.
        help: what it does, one sentence for who asks.
        forms: how it is written behind the word.
        what: ``talk``: answered at once, changes nothing; ``action``: changes something in a vCenter; ``answer``: yes
            or no to what waits for it; ``undo``: takes an action back.
        action: of an action, its name in the table of actions.
        note: what whoever writes it wrongly has to know besides.
    """

    name: str
    help: str
    forms: tuple[Form, ...]
    what: What = "action"
    action: str = ""
    note: str = ""

    @property
    def group(self) -> str:
        """The group of verbs that grants name it by."""
        return GROUPED[self.name]

    @property
    def usage(self) -> tuple[str, ...]:
        """How it is written, one line per form."""
        return tuple(f"{self.name} {form.shown}".rstrip() for form in self.forms)

    @property
    def plain(self) -> int:
        """Words, with the verb, behind which a line is taken as it is; 0 where it is read as a shell reads it."""
        (form, *others) = self.forms
        return len(form.arguments) if form.tail and not others else 0


def _doomed(vm: ByName, again: ByName) -> Doomed:
    if vm != again:
        raise Wrong("The two names are not the same: nothing is done.")
    return Doomed(vm)


def _clone(vm: ByName, preset: str | None = None) -> New:
    return New(vm, preset=preset)


def _query(about: Literal["list", "show", "alarms", "events"], *arguments: Argument) -> Form:
    return Form(lambda vm=None: Query(about, vm), arguments, first=about)


_VM = Argument("vm", reading.machine)
_NEW = Argument("vm", reading.new)
_PRESET = Argument("preset", reading.text, optional=True)
_ID = Argument("id", reading.identifier)
_ONE = (Form(Machine, (_VM,)),)
_ANSWER = (Form(Answered, (_ID, Argument("reason…", reading.text, optional=True)), tail=True),)

_ALL: Final = (
    Verb("help", "Says what there is, or how one of it is written.",
         (Form(Topic, (Argument("verb", reading.text, optional=True),)),), "talk"),
    Verb("echo", "Says the text again: a sign that you are heard.",
         (Form(Said, (Argument("text…", reading.text, optional=True),), tail=True),), "talk"),
    Verb("status", "Says how far a command is, or your latest ones.",
         (Form(Reference, (Argument("id", reading.identifier, optional=True),)),), "talk"),
    Verb("invoke", "Answers a question about machines; changes nothing.", (
            _query("list", Argument("pattern", reading.machine, optional=True)),
            _query("show", _VM),
            _query("alarms"),
            _query("events", _VM),
        ), "talk", note="It knows these questions only; no code is run."),
    Verb("poweron", "Powers a machine on.", _ONE, action="power-on"),
    Verb("poweroff", "Powers a machine off at once, as if its plug was pulled.", _ONE, action="power-off"),
    Verb("reboot", "Restarts a machine's guest; needs VMware Tools.", _ONE, action="guest-reboot"),
    Verb("reset", "The same as reboot.", _ONE, action="guest-reboot"),
    Verb("hardreset", "Resets a machine at once, whatever its guest does.", _ONE, action="hard-reset"),
    Verb("spawn", "Makes a new, empty machine as the preset says.", (Form(_clone, (_NEW, _PRESET)),), action="create"),
    Verb("clone", "Makes a machine from the one that the preset names.",
         (Form(_clone, (_NEW, _PRESET)),), action="clone"),
    Verb("clonetemplate", "Makes a machine from a template.",
         (Form(New, (_NEW, Argument("template", reading.text), _PRESET)),), action="clone"),
    Verb("transform", "Gives a machine more memory and CPUs; never less.", (
            Form(Resized, (_VM, Argument("memoryMB", reading.memory), Argument("numCPU", reading.cpus))),
            Form(Sized, (_VM, Argument("size", reading.size))),
        ), action="resize"),
    Verb("lease", "Says for how long from now a machine of yours is wanted, such as 14d.",
         (Form(Leased, (_VM, Argument("duration", reading.lease))),), action="lease"),
    Verb("nuke", "Puts a machine of yours that is powered off into quarantine, from where it is deleted later.",
         (Form(_doomed, (_VM, _VM)),), action="quarantine", note="The name is typed twice."),
    Verb("undo", "Takes back what a command has done.", (Form(Reference, (_ID,)),), "undo"),
    Verb("approve", "Says yes to what waits for it.", _ANSWER, "answer"),
    Verb("refuse", "Says no to what waits for it.", _ANSWER, "answer"),
)  # fmt: skip

VERBS: Final = {verb.name: verb for verb in _ALL}
"""By name, in the order in which people read them."""
