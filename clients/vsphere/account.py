"""Whose failed log-ins count together, and whether two spellings are one user."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit


class Account(NamedTuple):
    """A user of a domain, in lower case: single sign-on tells them apart by nothing else.

    Attributes:
        user: the name alone.
        domain: of the single sign-on or the directory; the server itself for a user without one.
    """

    user: str
    domain: str

    @classmethod
    def of(cls, username: str, url: str) -> Account:
        r"""The account of ``user@domain``, ``DOMAIN\user`` or a bare ``user`` at the vCenter of ``url``."""
        name = username.casefold()
        if "\\" in name:
            domain, _, user = name.partition("\\")
            return cls(user, domain)
        if "@" in name:
            user, _, domain = name.rpartition("@")
            return cls(user, domain)
        return cls(name, urlsplit(url).netloc.casefold())

    def is_called(self, username: str, url: str) -> bool:
        r"""Whether the vCenter of ``url`` may mean this account by ``username``.

        Events and tasks write ``CORP\anna`` for ``anna@corp.example``: a domain goes by its first label, too. A name
        without a domain, on either side, is one of whichever domain is the vCenter's default: any.
        """
        other, server = Account.of(username, url), Account.of("", url).domain
        return self.user == other.user and (
            server in {self.domain, other.domain} or self.domain.partition(".")[0] == other.domain.partition(".")[0]
        )
