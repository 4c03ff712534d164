"""What the audit says of a command, in the words of the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ops.commands.approvers import approvers
from streams.commanding import audit
from streams.commands import wording
from streams.commands.arguments import Answered
from streams.commands.facts import Facts
from streams.commands.identities import Identities, by_command_line
from streams.commands.placement import instant
from streams.commands.verbs import VERBS

if TYPE_CHECKING:
    from ops.commands.given import Given
    from schemas.config.commands import CommandsConfig
    from streams.commands.wording import Step, Wording
    from streams.trail.entry import Entry

HEARD: Final = frozenset({"parked", "approved", "refused", "planned", "started", "succeeded", "failed", "unknown"})
"""Steps of an action that are told."""

GOOD: Final = frozenset({"parked", "planned", "succeeded", "answered", "approved"})
"""Steps at which what was asked for is on its way, or done."""


_AT_ONCE: Final = frozenset({"answered", "refused", "failed"})


class Told(NamedTuple):
    """One step.

    Attributes:
        step: as the audit calls it, or ``acknowledged``.
        said: in words; ``final`` where nothing more is waited for.
        good: whether it is what was asked for.
        id: of the action; empty where none is known yet, or asked for.
    """

    step: str
    said: Wording
    good: bool = True
    id: str = ""


def acknowledged(given: Given) -> Told:
    """That a command is on its way."""
    facts = Facts(verb=given.command.verb, id=given.id, vm=given.vm, said=str(given.command))
    return Told("acknowledged", wording.reply("acknowledged", facts))


def told(entry: Entry, given: Given, config: CommandsConfig) -> Told | None:
    """What a record of the audit says of a command; None where it says nothing of this one.

    Args:
        entry: the record.
        given: the command.
        config: who is who, and who may approve.
    """
    kind, _, step = entry.kind.partition(".")
    if kind == "command":
        return _at_once(entry, step, given)
    if kind != "remediation":
        return None
    if isinstance(given.command.arguments, Answered):
        return _answered(entry, given.command.arguments, given, config)
    command = _object(entry.data.get("command")).get("id")
    is_of = given.id in {entry.action_id, command}
    if not is_of or step not in HEARD or (step == "approved" and not entry.text("approver")):
        return None
    said = wording.reply(_step(step), _facts(entry, given))
    if step == "parked":
        said = _asking(said, entry, config)
    return Told(step, said, step in GOOD or step == "started", entry.action_id)


def _at_once(entry: Entry, step: str, given: Given) -> Told | None:
    """What the role has said itself."""
    if entry.text("about") == audit.named(given.event.source, given.event.id):
        what = f"it was not believed that {by_command_line(given.user)} has asked"
        why = f"{wording.FAILED}{what if step == 'disbelieved' else 'it was given up'}: {entry.reason}"
        return Told("refused", wording.answer(why), good=False)
    if _object(entry.data.get("command")).get("id") != given.id or step not in _AT_ONCE:
        return None
    said = wording.answer(entry.text("text") or entry.reason or step, entry.text("code"))
    return Told(step, said, step in GOOD)


def _answered(entry: Entry, answer: Answered, given: Given, config: CommandsConfig) -> Told | None:
    """What has become of what the person has said yes or no to."""
    if answer.id not in {entry.action_id, _object(entry.data.get("command")).get("id")}:
        return None
    person = Identities.of(config).person(by_command_line(given.user))
    match entry.step:
        case "unanswered" if entry.text("actor") == person:
            return Told("refused", wording.answer(f"{wording.FAILED}{entry.reason}"), good=False)
        case "approved" | "refused" as step:
            wanted = "approved" if given.command.verb == "approve" else "refused"
            by = f" by {entry.text('approver')}" if entry.text("approver") else ""
            why = f": {entry.reason}" if entry.reason else "."
            return Told(step, wording.answer(f"Command {answer.id} was {step}{by}{why}"), step == wanted)
    return None


def _asking(said: Wording, entry: Entry, config: CommandsConfig) -> Wording:
    """With who may say yes, and how: whoever is at a command line of ours has the configuration."""
    may = approvers(config, entry.text("requester"), str(_object(entry.data.get("entity")).get("vcenter", "")))
    id_, who = (
        entry.action_id,
        f"{', '.join(may)} may say it" if may else "Nobody else has been granted to say it in person",
    )
    return said._replace(
        text=f"{said.text} {who}, or an operator.",
        code=f"reflexarc vm approve {id_}\nreflexarc vm refuse {id_}\nreflexarc remediation approve {id_}",
        final=True,
    )


def _facts(entry: Entry, given: Given) -> Facts:
    data, parameters = entry.data, _object(entry.data.get("parameters"))
    found = _object(data.get("entity")).get("name")
    expires, lease, source = data.get("expires"), parameters.get("lease"), parameters.get("source")
    return Facts(
        verb=given.command.verb,
        id=entry.action_id,
        vm=found if isinstance(found, str) and found else given.vm,
        said=str(given.command),
        source=source if isinstance(source, str) else "",
        reason=entry.reason,
        rule=entry.text("rule"),
        changes=tuple(map(str, data.get("changes") or ())),
        until=instant(float(expires)) if isinstance(expires, int | float) else lease if isinstance(lease, str) else "",
        approver=entry.text("approver"),
    )


def _step(step: str) -> Step:
    return step  # type: ignore[return-value]  # of HEARD


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def later(given: Given) -> str:
    """How whoever has stopped waiting hears of a command."""
    match VERBS[given.command.verb].what:
        case "action":
            return f"ask how it stands: reflexarc vm status {given.id}"
        case "undo":
            return "ask how it stands: reflexarc vm status"
        case "answer" | "talk":
            return "give it again; does a worker of role command run?"
