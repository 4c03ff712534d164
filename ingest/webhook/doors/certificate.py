"""The sender's own certificate (mutual TLS), which the connection has verified already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ingest.webhook.doors.visitor import Check, Visitor


def certificate(names: Collection[str]) -> Check:
    """Let in who has a certificate with one of the names; everybody else hears 403, without one, too."""
    wanted = frozenset(names)

    def check(visitor: Visitor) -> None:
        if wanted.isdisjoint(names_in(visitor.certificate or {})):
            raise Problem(403, "This endpoint is for senders with a certificate that names them.")

    return check


def names_in(given: Mapping[str, Any]) -> Iterator[str]:
    """DNS names, URIs and e-mail addresses of a certificate; its common names, when it has none of them."""
    alternative = [str(value) for kind, value in given.get("subjectAltName", ()) if kind in {"DNS", "URI", "email"}]
    yield from alternative
    if not alternative:
        subject = (pair for relative in given.get("subject", ()) for pair in relative)
        yield from (str(value) for name, value in subject if name == "commonName")
