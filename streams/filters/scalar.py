"""Questions about one JSON scalar, as EventBridge names them. Each is frozen, hashable, and says itself in words."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from streams.filters.token import Literal as Word
from streams.filters.token import token

if TYPE_CHECKING:
    from streams.filters.effort import Effort
    from streams.filters.glob import Glob
    from streams.filters.token import Token

_LONGEST_ADDRESS: Final = 45
_SHOWN: Final = 8


class Test(Protocol):
    """A question about one value."""

    def fits(self, value: Any, effort: Effort) -> bool:
        """Whether a value of parsed JSON is so; an object never is.

        Raises:
            Exhausted: there is too much to look at.
        """
        ...


@dataclass(frozen=True, slots=True)
class Exact:
    """Equals one of some scalars; numbers as IEEE doubles: 300 and 3.0e2 are equal, 1 and true are not."""

    tokens: frozenset[Token]

    def fits(self, value: Any, effort: Effort) -> bool:
        """Whether it is one of them."""
        effort.spend(2)
        return token(value) in self.tokens

    def __str__(self) -> str:
        return f"is {listed(self.tokens)}"


@dataclass(frozen=True, slots=True)
class Affix:
    """A text that begins or ends with one of some texts."""

    end: Literal["prefix", "suffix"]
    texts: tuple[str, ...]

    def fits(self, value: Any, effort: Effort) -> bool:
        """Whether it does."""
        effort.spend(2 + len(self.texts) // 8)
        if type(value) is not str:
            return False
        return value.startswith(self.texts) if self.end == "prefix" else value.endswith(self.texts)

    def __str__(self) -> str:
        return f"{'starts' if self.end == 'prefix' else 'ends'} with {listed(self.texts)}"


@dataclass(frozen=True, slots=True)
class IgnoringCase:
    """A text that equals, begins or ends with one of some texts, all folded by ``fold``."""

    end: Literal["prefix", "suffix", "whole"]
    texts: tuple[str, ...]

    def fits(self, value: Any, effort: Effort) -> bool:
        """Whether it does; no more of it is looked at than the texts are long."""
        if type(value) is not str:
            return False
        for text in self.texts:
            size = len(text)
            effort.spend(3 + size // 16)
            if size > len(value) or (self.end == "whole" and size != len(value)):
                continue
            if fold(value[len(value) - size :] if self.end == "suffix" else value[:size]) == text:
                return True
        return False

    def __str__(self) -> str:
        words = {"whole": "is", "prefix": "starts with", "suffix": "ends with"}[self.end]
        return f"{words} {listed(self.texts)} in any case"


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A text that fits a glob."""

    glob: Glob

    def fits(self, value: Any, effort: Effort) -> bool:
        """Whether it does."""
        if type(value) is not str:
            return False
        parts = self.glob.parts
        longest = min(128, max(map(len, parts)))
        effort.spend(5 + len(parts) + len(value) * (8 + longest) // 512)
        return self.glob.matches(value)

    def __str__(self) -> str:
        return f"fits {str(self.glob)!r}"


Comparison = Literal["<", "<=", "=", ">=", ">"]


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number for which every comparison holds, as IEEE double."""

    bounds: tuple[tuple[Comparison, float], ...]

    def fits(self, value: Any, effort: Effort) -> bool:
        """Whether it is."""
        effort.spend(3)
        if type(value) is not int and type(value) is not float:
            return False
        number = float(value)
        return all(_holds(number, sign, bound) for sign, bound in self.bounds)

    def __str__(self) -> str:
        return f"is {' and '.join(f'{sign} {_number(bound)}' for sign, bound in self.bounds)}"


@dataclass(frozen=True, slots=True)
class Cidr:
    """A text that is an address of a network."""

    network: IPv4Network | IPv6Network

    def fits(self, value: Any, effort: Effort) -> bool:
        """Whether it is; a text that is no address is not."""
        effort.spend(30)
        if type(value) is not str or len(value) > _LONGEST_ADDRESS:
            return False
        try:
            return ip_address(value) in self.network
        except ValueError:
            return False

    def __str__(self) -> str:
        return f"is an address in {self.network}"


@dataclass(frozen=True, slots=True)
class AnythingBut:
    """A scalar, of whatever type, that none of some tests fits."""

    tests: tuple[Test, ...]

    def fits(self, value: Any, effort: Effort) -> bool:
        """Whether it is."""
        effort.spend(3)
        if token(value) is Word.NONE_OF_THEM:
            return False
        return not any(test.fits(value, effort) for test in self.tests)

    def __str__(self) -> str:
        if len(self.tests) == 1 and isinstance(self.tests[0], Exact):
            return f"is anything but {listed(self.tests[0].tokens)}"
        return f"is not what {' or '.join(map(str, self.tests))}"


def fold(text: str) -> str:
    """``text`` in lower case, letter by letter, so that it keeps its length."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)


def listed(tokens: frozenset[Token] | tuple[str, ...]) -> str:
    """Some scalars in words, the same for the same ones; eight at most."""
    words = sorted(_word(each) for each in tokens)
    rest = f" or {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return " or ".join(words[:_SHOWN]) + rest


def _word(each: Token) -> str:
    if isinstance(each, Word):
        return each.value
    return repr(each) if isinstance(each, str) else _number(each)


def _number(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)


def _holds(number: float, sign: Comparison, bound: float) -> bool:
    if sign == "<":
        return number < bound
    if sign == "<=":
        return number <= bound
    if sign == "=":
        return number == bound
    return number >= bound if sign == ">=" else number > bound
