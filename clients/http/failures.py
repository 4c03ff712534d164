"""libcurl's failures in the project's words."""

from __future__ import annotations

import pycurl

from schemas.errors import Unreachable

_MISTRUSTED = frozenset({pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_CACERT_BADFILE})
# A request may have gone out before these only on an older connection, found dead and replaced.
_BEFORE_SENDING = _MISTRUSTED | {
    pycurl.E_URL_MALFORMAT,
    pycurl.E_UNSUPPORTED_PROTOCOL,
    pycurl.E_COULDNT_RESOLVE_PROXY,
    pycurl.E_COULDNT_RESOLVE_HOST,
    pycurl.E_COULDNT_CONNECT,
    pycurl.E_SSL_CONNECT_ERROR,
    pycurl.E_SSL_CERTPROBLEM,
}


class NoAnswer(Unreachable):
    """The request went out and no whole answer came back: it may have been carried out."""


def failure(origin: str, code: int, detail: str, *, sent: bool, timeout: float) -> Unreachable:
    """The error for one failed transfer.

    Args:
        origin: scheme, host and port; never the whole URL, which may carry a secret.
        code: libcurl's ``CURLcode``.
        detail: libcurl's own sentence.
        sent: whether bytes of the request may have left.
        timeout: seconds the transfer was given.
    """
    if code in _MISTRUSTED:
        cure = "check ca_file, and that the certificate names this host"
        return Unreachable(f"cannot trust {origin}: {_sentence(detail)}", cure=cure)
    if not sent or code in _BEFORE_SENDING:
        return Unreachable(f"cannot reach {origin}: {_sentence(detail)}")
    if code == pycurl.E_OPERATION_TIMEDOUT:
        return NoAnswer(f"{origin} did not answer within {timeout:g} s")
    return NoAnswer(f"{origin} broke off before it had answered: {_sentence(detail)}")


def _sentence(detail: str) -> str:
    return "".join(char if char.isprintable() else " " for char in detail[:200]).strip() or "no reason given"
