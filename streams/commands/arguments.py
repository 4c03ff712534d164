"""What a command is told behind its verb, one type per form; each knows the words that say it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from schemas.config.units import format_duration

if TYPE_CHECKING:
    from sinks.vsphere.aim import ByName


@dataclass(frozen=True, slots=True)
class Topic:
    """What ``help`` is wanted on; None: all of it."""

    verb: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """As they are typed."""
        return given(self.verb)


@dataclass(frozen=True, slots=True)
class Said:
    """A text that is only said again."""

    text: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """As they are typed."""
        return given(self.text)


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine that there is, by its exact name."""

    vm: ByName

    @property
    def words(self) -> tuple[str, ...]:
        """As they are typed."""
        return (spelled(self.vm),)


@dataclass(frozen=True, slots=True)
class Doomed:
    """A machine that goes away: its name was typed twice."""

    vm: ByName

    @property
    def words(self) -> tuple[str, ...]:
        """As they are typed."""
        return spelled(self.vm), spelled(self.vm)


@dataclass(frozen=True, slots=True)
class New:
    """A machine that is to be made.

    Attributes:
        vm: its name.
        template: what it is made from; None where the preset says so.
        preset: name of what it is like; None for the default one.
    """

    vm: ByName
    template: str | None = None
    preset: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """As they are typed."""
        return spelled(self.vm), *given(self.template), *given(self.preset)


@dataclass(frozen=True, slots=True)
class Resized:
    """A machine and how large it shall be: memory in MiB, virtual CPUs."""

    vm: ByName
    memory: int
    cpus: int

    @property
    def words(self) -> tuple[str, ...]:
        """As they are typed."""
        return spelled(self.vm), str(self.memory), str(self.cpus)


@dataclass(frozen=True, slots=True)
class Sized:
    """A machine and the name of the size that it shall have."""

    vm: ByName
    size: str

    @property
    def words(self) -> tuple[str, ...]:
        """As they are typed."""
        return spelled(self.vm), self.size


@dataclass(frozen=True, slots=True)
class Leased:
    """A machine and for how long from now on it is wanted, in seconds."""

    vm: ByName
    seconds: int

    @property
    def words(self) -> tuple[str, ...]:
        """As they are typed."""
        return spelled(self.vm), format_duration(self.seconds)


@dataclass(frozen=True, slots=True)
class Query:
    """A question that reads only.

    Attributes:
        about: which of those that there are.
        vm: the machine; of ``list`` the pattern of names, or None for all; of ``alarms`` None.
    """

    about: Literal["list", "show", "alarms", "events"]
    vm: ByName | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """As they are typed."""
        return self.about, *given(spelled(self.vm) if self.vm else None)


@dataclass(frozen=True, slots=True)
class Reference:
    """The id of a command; None: the latest ones of whoever asks."""

    id: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """As they are typed."""
        return given(self.id)


@dataclass(frozen=True, slots=True)
class Answered:
    """The id of what waits for a yes or no, and why."""

    id: str
    reason: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """As they are typed."""
        return self.id, *given(self.reason)


Arguments: TypeAlias = Topic | Said | Machine | Doomed | New | Resized | Sized | Leased | Query | Reference | Answered


def spelled(name: ByName) -> str:
    """A name as it is typed, with its vCenter where it has one."""
    return f"{name.vcenter}:{name.name}" if name.vcenter else name.name


def given(word: str | None) -> tuple[str, ...]:
    """A word that may be left out."""
    return (word,) if word else ()
