"""Uniform resource identifiers: the grammar of RFC 3986, as far as a string can be told right from wrong by it.

Every repetition is possessive, so a hostile string costs no more than its length.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_PCHARS = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]++|%[0-9A-Fa-f]{2})"
_PCHARS_BUT_COLON = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=@]++|%[0-9A-Fa-f]{2})"
_USER = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:]++|%[0-9A-Fa-f]{2})"
_REG_NAME = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=]++|%[0-9A-Fa-f]{2})"
_IP_LITERAL = r"\[(?:[0-9A-Fa-f:.]++|[vV][0-9A-Fa-f]++\.[A-Za-z0-9\-._~!$&'()*+,;=:]++)\]"

_SEGMENTS = rf"(?:/{_PCHARS}*+)*+"
_AUTHORITY = rf"//(?:{_USER}*+@)?+(?:{_IP_LITERAL}|{_REG_NAME}*+)(?::[0-9]*+)?+{_SEGMENTS}"
_ABSOLUTE = rf"/(?:{_PCHARS}++{_SEGMENTS})?+"
_ROOTLESS = rf"{_PCHARS}++{_SEGMENTS}"
_NO_SCHEME = rf"{_PCHARS_BUT_COLON}++(?!:){_SEGMENTS}"
_REST = rf"(?:{_PCHARS}|[/?])*+"

_ABSOLUTE_URI = rf"[A-Za-z][A-Za-z0-9+.\-]*+:(?:{_AUTHORITY}|{_ABSOLUTE}|{_ROOTLESS}|)(?:\?{_REST})?+"
_RELATIVE = rf"(?:{_AUTHORITY}|{_ABSOLUTE}|{_NO_SCHEME}|)(?:\?{_REST})?+"

_IS_ABSOLUTE = re.compile(_ABSOLUTE_URI)
_IS_REFERENCE = re.compile(rf"(?:{_ABSOLUTE_URI}|{_RELATIVE})(?:#{_REST})?+")

_CACHED_LENGTH: Final = 256


def is_absolute(text: str) -> bool:
    """Section 4.3: a scheme, no fragment."""
    return _IS_ABSOLUTE.fullmatch(text) is not None


def is_reference(text: str) -> bool:
    """Section 4.1: a URI, or a reference relative to one; the empty string is one, too."""
    if len(text) <= _CACHED_LENGTH:
        return _is_short_reference(text)
    return _IS_REFERENCE.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _is_short_reference(text: str) -> bool:
    # Thousands of events a second name the same few sources; long strings stay out, so the cache stays small.
    return _IS_REFERENCE.fullmatch(text) is not None
