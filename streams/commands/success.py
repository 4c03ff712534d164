"""What is said when something was done, per verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.commands.facts import Facts


def success(facts: Facts) -> str:
    """The sentence for what was done, with what follows from it."""
    done = _DONE.get(facts.verb)
    return done(facts) if done else f"{facts.subject}: {facts.verb} is done."


def _created(facts: Facts) -> str:
    return f"{facts.subject} Created successfully. It is powered off.{_leased(facts)}"


def _cloned(facts: Facts) -> str:
    return f"{facts.subject} cloned from {facts.source} successfully.{_leased(facts)}"


def _cloned_from_template(facts: Facts) -> str:
    return f"{facts.subject} cloned from template {facts.source} successfully.{_leased(facts)}"


def _deleted(facts: Facts) -> str:
    until = f" until {facts.until}" if facts.until else ""
    return f"{facts.subject} deleted successfully: it is in quarantine{until}, and `undo {facts.id}` brings it back."


def _extended(facts: Facts) -> str:
    return f"{facts.subject} modified successfully.{_leased(facts)}"


def _undone(facts: Facts) -> str:
    return f"{facts.subject}: what was done is taken back."


def _leased(facts: Facts) -> str:
    return f" Its lease ends {facts.until}; `lease` extends it." if facts.until else ""


_DONE: Final[dict[str, Callable[[Facts], str]]] = {
    "spawn": _created,
    "clone": _cloned,
    "clonetemplate": _cloned_from_template,
    "poweron": lambda facts: f"{facts.subject} started successfully",
    "poweroff": lambda facts: f"{facts.subject} stopped successfully",
    "reboot": lambda facts: f"{facts.subject} restarted successfully",
    "reset": lambda facts: f"{facts.subject} restarted successfully",
    "hardreset": lambda facts: f"{facts.subject} reset successfully",
    "transform": lambda facts: f"{facts.subject} modified successfully",
    "lease": _extended,
    "nuke": _deleted,
    "undo": _undone,
    "purge": lambda facts: f"{facts.subject}: its files in quarantine are deleted for good.",
}
