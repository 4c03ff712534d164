"""The tagging service of a vCenter: REST, in a session of its own beside the SOAP one.

Servers from 7.0 Update 2 on have it below ``/api``, older ones (and simulators) below ``/rest``, where every answer is
wrapped in ``value``.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from urllib.parse import quote

import orjson

from clients.vsphere import exchange, wire
from clients.vsphere.faults import InvalidLogin, SessionLost, VcenterAway, VsphereFault, translated
from clients.vsphere.logins import OF_THIS_PROCESS, Logins
from schemas.errors import ReflexarcError, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from schemas.config import VcenterConfig

LARGEST: Final = 64 * 2**20
"""Bytes of one answer."""

HEADER: Final = "vmware-api-session-id"

SINGLE: Final = "SINGLE"
"""Cardinality of a category of which an object has one tag at most."""

ATTACH: Final = "InventoryService.Tagging.AttachTag"
"""The privilege to attach and detach, on the tag and on the object."""


class Dialect(NamedTuple):
    """Where one generation of the service has its parts."""

    session: str
    tagging: str
    one: str
    action: str


API: Final = Dialect("/api/session", "/api/cis/tagging", "", "action")
REST: Final = Dialect("/rest/com/vmware/cis/session", "/rest/com/vmware/cis/tagging", "id:", "~action")


class Tag(NamedTuple):
    """One tag.

    Attributes:
        name: as people call it.
        category: id of its category.
    """

    name: str
    category: str


class Category(NamedTuple):
    """One category.

    Attributes:
        name: as people call it.
        single: whether an object may have only one of its tags.
    """

    name: str
    single: bool


class Tagging:
    """Tags of one vCenter. Not for two threads at once; every call may raise what ``open`` does.

    Args:
        config: url, credentials, TLS and time-out of the vCenter.
        logins: who may log in when.
    """

    def __init__(self, config: VcenterConfig, logins: Logins = OF_THIS_PROCESS) -> None:
        self._config = config
        self._logins = logins
        self._dialect = API
        self._key: str | None = None
        self._stub: Any = wire.stub(config, lambda _: None)

    def open(self) -> None:
        """Log in, when it is the account's turn; nothing happens when we are.

        Raises:
            InvalidLogin: the server does not accept user and password.
            Refused: it gives the account no right to be there; or the account rests.
            SessionLost: it has ended the session: open again.
            Unreachable: it does not answer.
            VsphereFault: any other error, also that it has no such service.
        """
        if self._key is not None:
            return
        with self._logins.attempt(self._config) as password:
            pair = f"{self._config.account.username}:{password}".encode()
            headers = {"Authorization": f"Basic {b64encode(pair).decode()}"}
            for self._dialect in (API, REST):
                status, answer = self._exchange("POST", self._dialect.session, None, headers)
                if status != HTTPStatus.NOT_FOUND:
                    break
            if status == HTTPStatus.UNAUTHORIZED:
                name = self._config.name
                raise InvalidLogin(
                    f"the REST API of vCenter {name} refused the user name or the password",
                    cure=f"correct vcenters.{name}.username or vcenters.{name}.password_file, or unlock the account",
                )
            self._key = str(self._value(status, answer, "log in"))

    def close(self) -> None:
        """Log out, as far as the server still listens, and drop every connection. May be called again."""
        if self._key is not None:
            with suppress(ReflexarcError):
                self._exchange("DELETE", self._dialect.session, None, {HEADER: self._key})
            self._key = None
        self.rest()

    def rest(self) -> None:
        """Drop idle connections: the server would, without telling the next call."""
        self._stub.DropConnections()

    def categories(self) -> list[str]:
        """Ids of all categories."""
        return _texts(self._call("GET", "category"))

    def category(self, category: str) -> str | None:
        """Name of one; None when it is gone."""
        found = self.describe(category)
        return None if found is None else found.name

    def describe(self, category: str) -> Category | None:
        """Name and cardinality of one; None when it is gone."""
        found = self._one("category", category)
        return None if found is None else Category(str(found.get("name", "")), found.get("cardinality") == SINGLE)

    def tags(self) -> list[str]:
        """Ids of all tags that this account may see."""
        return _texts(self._call("GET", "tag"))

    def tag(self, tag: str) -> Tag | None:
        """Name and category of one; None when it is gone."""
        found = self._one("tag", tag)
        return None if found is None else Tag(str(found.get("name", "")), str(found.get("category_id", "")))

    def tags_of(self, category: str) -> list[str]:
        """Ids of the tags in a category."""
        action = f"{self._dialect.action}=list-tags-for-category"
        if self._dialect is API:
            return _texts(self._call("POST", f"tag?{action}", orjson.dumps({"category_id": category})))
        return _texts(self._call("POST", f"tag/{self._id(category)}?{action}"))

    def carried(self, kind: str, moref: str) -> list[str]:
        """Ids of the tags that an object carries, as far as this account may see them.

        Args:
            kind: its managed object class, such as ``VirtualMachine``.
            moref: its id.
        """
        path = f"tag-association?{self._dialect.action}=list-attached-tags"
        return _texts(self._call("POST", path, _object(kind, moref)))

    def carried_by_each(self, kind: str, morefs: Sequence[str]) -> dict[str, list[str]]:
        """Ids of the tags that each of several objects of one kind carries, by moref; in one call.

        Args:
            kind: as for ``carried``.
            morefs: their ids; one without any tag may be left out of the answer.
        """
        path = f"tag-association?{self._dialect.action}=list-attached-tags-on-objects"
        objects = [{"type": kind, "id": moref} for moref in morefs]
        found: dict[str, list[str]] = {}
        for each in _objects(self._call("POST", path, orjson.dumps({"object_ids": objects}))):
            for owner in _objects([each.get("object_id")]):
                found[str(owner.get("id", ""))] = _texts(each.get("tag_ids"))
        return found

    def tie(self, action: Literal["attach", "detach"], tag: str, kind: str, moref: str) -> None:
        """Attach a tag to an object, or detach it; what is so already stays so.

        Raises:
            Refused: the account lacks the privilege.
        """
        path = f"tag-association/{self._id(tag)}?{self._dialect.action}={action}"
        self._call("POST", path, _object(kind, moref), doing=f"{action} a tag", needs=ATTACH)

    def attached(self, tags: Sequence[str]) -> Iterable[tuple[str, list[str]]]:
        """For each of some tags its id and the morefs of the objects that carry it."""
        path = f"tag-association?{self._dialect.action}=list-attached-objects-on-tags"
        answer = self._call("POST", path, orjson.dumps({"tag_ids": list(tags)}))
        for entry in _objects(answer):
            yield str(entry.get("tag_id", "")), [str(each.get("id", "")) for each in _objects(entry.get("object_ids"))]

    def _one(self, kind: str, given: str) -> dict[str, Any] | None:
        try:
            answer = self._call("GET", f"{kind}/{self._id(given)}")
        except VsphereFault as error:
            if error.fault == str(HTTPStatus.NOT_FOUND.value):
                return None
            raise
        return answer if isinstance(answer, dict) else {}

    def _id(self, given: str) -> str:
        return f"{self._dialect.one}{quote(given, safe='')}"

    def _call(
        self, method: str, path: str, body: bytes | None = None, *, doing: str | None = None, needs: str | None = None
    ) -> Any:
        if self._key is None:
            raise SessionLost(self._config.name, "knows no session of ours")
        headers = {HEADER: self._key, "Content-Type": "application/json"}
        status, answer = self._exchange(method, f"{self._dialect.tagging}/{path}", body, headers)
        if status == HTTPStatus.UNAUTHORIZED:
            self._key = None
            raise SessionLost(self._config.name, "has ended the session of its REST API")
        return self._value(status, answer, doing or f"read {path.partition('?')[0]}", needs)

    def _exchange(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        with translated(self._config.name):
            return exchange.call(self._stub, (method, path, body, headers), limit=LARGEST)

    def _value(self, status: int, answer: bytes, doing: str, needs: str | None = None) -> Any:
        name = self._config.name
        if status == HTTPStatus.FORBIDDEN:
            missing = f" (missing: {needs})" if needs else ""
            role = f"that holds it; see `reflexarc vcenter check {name}`" if needs else "at the root that may read tags"
            raise Refused(
                f"vCenter {name}: the account may not {doing} in its REST API{missing}",
                cure=f"give the user of vcenters.{name} a role {role}",
            )
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise VcenterAway(name, f"cannot {doing} in its REST API now: HTTP {status}")
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            raise VsphereFault(f"vCenter {name}: cannot {doing} in its REST API: HTTP {status}", fault=str(status))
        if needs and not answer.strip():  # a command that is carried out says nothing
            return None
        try:
            value = orjson.loads(answer)
        except orjson.JSONDecodeError:
            raise VcenterAway(name, f"does not answer as a REST API does: HTTP {status}") from None
        return value.get("value") if self._dialect is REST and isinstance(value, dict) else value


def _object(kind: str, moref: str) -> bytes:
    return orjson.dumps({"object_id": {"type": kind, "id": moref}})


def _objects(answer: Any) -> list[dict[str, Any]]:
    return [each for each in answer if isinstance(each, dict)] if isinstance(answer, list) else []


def _texts(answer: Any) -> list[str]:
    return [each for each in answer if isinstance(each, str)] if isinstance(answer, list) else []
