"""AWS's own words in our messages: one line, bounded, and without what would let somebody in.

To a signature that is wrong AWS answers with all that should have been signed, session token and access key included;
such a sentence must reach neither a log nor a dead letter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError, ParamValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST: Final = 300
"""Characters of AWS's own words."""

UNKNOWN: Final = "0"
"""The code of an answer that is not AWS's."""

_LOOKED_AT: Final = 10_000  # characters
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

# From here on it is about what was, or should have been, signed.
_SIGNED: Final = re.compile(r"AWS4-|(?:the )?canonical (?:string|request)|(?:the )?string[- ]to[- ]sign", re.IGNORECASE)

_SECRETS: Final = re.compile(
    r"""
      (?P<named> (?<![a-z]) (?: (?:x-amz-)?(?:security|session)[-_ ]?token | x-amz-signature | signature
          | (?:x-amz-)?credential | authorization | access[-_ ]?key(?:[-_ ]?id)? | secret(?:[-_ ]?access)?[-_ ]?key
          ) ["']? \s* [=:] \s* ) ["']? (?: (?:bearer|basic) \s+ )? [^\s,;&"'<>]+
    | (?P<user> :// ) [^\s/@]+ @
    | \b (?:AKIA|ASIA|ABIA|ACCA) [A-Z0-9]{12,}
    | (?<![0-9a-f]) [0-9a-f]{40,}
    | [a-z0-9+/=%_-]{100,}
    """,
    re.IGNORECASE | re.VERBOSE,
)


def words(error: Exception) -> str:
    """What an error of boto3 says; of an answer, its code and AWS's sentence."""
    if isinstance(error, ParamValidationError):  # botocore's own sentence, whose second line says what is wrong
        return scrubbed(" ".join(str(error).split()))
    if not isinstance(error, ClientError):
        return scrubbed(str(error))
    said = _said(error).get("Message") or f"{error.operation_name} failed"
    return f"{code_of(error)}: {scrubbed(str(said))}"


def code_of(error: ClientError) -> str:
    """AWS's name of an error; digits when the answer is not AWS's."""
    return code(_said(error).get("Code"))


def code(given: object) -> str:
    """``given``, if it can be a name that AWS has for an error, otherwise ``UNKNOWN``."""
    text = str(given)
    return text if given and _CODE.fullmatch(text) else UNKNOWN


def scrubbed(text: str) -> str:
    """The first line of a text, up to ``LONGEST`` characters, with asterisks for keys, tokens and signatures."""
    line = next((line for line in text[:_LOOKED_AT].splitlines() if line.strip()), "").strip()
    line = _SIGNED.split(line, maxsplit=1)[0].rstrip()
    return _SECRETS.sub(_blank, line)[:LONGEST]


def _blank(found: re.Match[str]) -> str:
    if found["user"]:
        return "://***@"
    return f"{found['named'] or ''}***"


def _said(error: ClientError) -> Mapping[str, Any]:
    said: Mapping[str, Any] = error.response.get("Error") or {}
    return said
