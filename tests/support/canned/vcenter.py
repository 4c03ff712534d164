"""One canned vCenter: its log, its sessions, and the calls that it answers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape

from tests.support.canned.collector import Collector
from tests.support.canned.history import text
from tests.support.canned.pages import made
from tests.support.canned.soap import Fault, response

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.canned.history import History
    from tests.support.canned.soap import Call

USERNAME: Final = "reader"
PASSWORD: Final = "canned-password"
MAX_COLLECTORS: Final = 32
_OPEN_TO_ALL: Final = frozenset({"RetrieveServiceContent", "Login"})
_MANAGERS: Final = {
    "rootFolder": ("Folder", "group-d1"),
    "propertyCollector": ("PropertyCollector", "propertyCollector"),
    "viewManager": ("ViewManager", "ViewManager"),
    "sessionManager": ("SessionManager", "SessionManager"),
    "authorizationManager": ("AuthorizationManager", "AuthorizationManager"),
    "eventManager": ("EventManager", "EventManager"),
}


class Answer(NamedTuple):
    """What a call is answered with, and the cookie of a session that begins."""

    body: bytes
    cookie: str | None = None


@dataclass
class Session:
    """Who is logged in; ``key`` is what the event log calls the session, its cookie is another."""

    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    collectors: dict[str, Collector] = field(default_factory=dict)


class Vcenter:
    """Answers as a vCenter does.

    Args:
        name: of the server; decides its instanceUuid.
        history: its log.

    Attributes:
        sessions: by cookie.
        logins: how often somebody has logged in.
        refused: how often somebody was not let in.
        reads: calls of ReadNextEvents that were answered.
        lets_in: false makes every password a wrong one.
    """

    def __init__(self, name: str, history: History) -> None:
        self.name = name
        self.history = history
        self.instance_uuid = str(uuid.uuid5(uuid.NAMESPACE_DNS, name))
        self.sessions: dict[str, Session] = {}
        self.logins = self.refused = self.reads = 0
        self.lets_in = True
        self._methods: dict[str, Callable[[Call, str], Answer]] = {
            "RetrieveServiceContent": self._content,
            "CurrentTime": self._current_time,
            "Login": self._login,
            "Logout": self._logout,
            "CreateCollectorForEvents": self._create,
            "ReadNextEvents": self._read,
            "DestroyCollector": self._destroy,
            "RetrievePropertiesEx": self._properties,
        }

    def call(self, call: Call, cookie: str) -> Answer:
        """Answer a call of the session with this cookie.

        Raises:
            Fault: the answer is one.
        """
        method = self._methods.get(call.method)
        if method is None:
            raise Fault("MethodNotFound", f"not canned: {call.method}")
        if call.method not in _OPEN_TO_ALL and cookie not in self.sessions:
            raise Fault(
                "NotAuthenticated",
                "The session is not authenticated.",
                b'<object type="ManagedEntity">%b</object><privilegeId>System.View</privilegeId>'
                % escape(call.receiver).encode(),
            )
        self.history.advance()
        return method(call, cookie)

    def terminate(self) -> int:
        """End every session, and every collector with it; how many there were."""
        ended = len(self.sessions)
        self.sessions.clear()
        return ended

    def restart(self, key: int) -> None:
        """Come up without sessions and with an empty log, whose first key is this one."""
        self.terminate()
        self.history.restart(key)

    def _content(self, call: Call, _: str) -> Answer:
        references = {name: b'<%b type="%b">%b</%b>' % _reference(name, *of) for name, of in _MANAGERS.items()}
        about = (
            "<about><name>VMware vCenter Server</name><fullName>VMware vCenter Server 8.0.2 build-1 (canned)</fullName>"
            "<vendor>VMware, Inc.</vendor><version>8.0.2</version><build>1</build><osType>linux-x64</osType>"
            "<productLineId>vpx</productLineId><apiType>VirtualCenter</apiType><apiVersion>8.0.2.0</apiVersion>"
            f"<instanceUuid>{self.instance_uuid}</instanceUuid></about>"
        )
        first, *others = references.values()
        return Answer(response(call.method, (b"<returnval>", first, about.encode(), *others, b"</returnval>")))

    def _current_time(self, call: Call, _: str) -> Answer:
        return Answer(response(call.method, (b"<returnval>%b</returnval>" % text(self.history.now()),)))

    def _login(self, call: Call, _: str) -> Answer:
        if not self.lets_in or (call.text("userName"), call.text("password")) != (USERNAME, PASSWORD):
            self.refused += 1
            raise Fault("InvalidLogin", "Cannot complete login due to an incorrect user name or password.")
        self.logins += 1
        cookie, session = str(uuid.uuid4()), Session()
        self.sessions[cookie] = session
        now = text(self.history.now())
        self._note("UserLoginSessionEvent", session, b"<locale>en</locale>", b"")
        user = (
            b"<returnval><key>%b</key><userName>%b</userName><fullName></fullName><loginTime>%b</loginTime>"
            b"<lastActiveTime>%b</lastActiveTime><locale>en</locale><messageLocale>en</messageLocale></returnval>"
        ) % (session.key.encode(), USERNAME.encode(), now, now)
        return Answer(response(call.method, (user,)), cookie)

    def _logout(self, call: Call, cookie: str) -> Answer:
        session = self.sessions.pop(cookie)
        now = text(self.history.now())
        self._note("UserLogoutSessionEvent", session, b"<callCount>1</callCount>", b"<loginTime>%b</loginTime>" % now)
        return Answer(response(call.method))

    def _create(self, call: Call, cookie: str) -> Answer:
        collectors = self.sessions[cookie].collectors
        if len(collectors) >= MAX_COLLECTORS:
            raise Fault("InvalidState", "Too many event collectors.")
        name = f"session[{self.sessions[cookie].key}]{uuid.uuid4()}"
        collectors[name] = Collector.of(call)
        reference = b'<returnval type="EventHistoryCollector">%b</returnval>' % name.encode()
        return Answer(response(call.method, (reference,)))

    def _read(self, call: Call, cookie: str) -> Answer:
        collector = self._collector(call.receiver, cookie)
        self.reads += 1
        return Answer(response(call.method, collector.next(self.history, call.number("maxCount", 0))))

    def _destroy(self, call: Call, cookie: str) -> Answer:
        self._collector(call.receiver, cookie)
        del self.sessions[cookie].collectors[call.receiver]
        return Answer(response(call.method))

    def _properties(self, call: Call, cookie: str) -> Answer:
        name = call.text("specSet/objectSet/obj")
        if call.texts("specSet/propSet/pathSet") != ["latestPage"]:
            raise Fault("NotSupported", "not canned: properties other than latestPage")
        page = self._collector(name, cookie).latest(self.history)
        return Answer(
            response(
                call.method,
                (
                    b'<returnval><objects><obj type="EventHistoryCollector">%b</obj>' % name.encode(),
                    b'<propSet><name>latestPage</name><val xsi:type="ArrayOfEvent">',
                    *page,
                    b"</val></propSet></objects></returnval>",
                ),
            )
        )

    def _collector(self, name: str, cookie: str) -> Collector:
        found = self.sessions[cookie].collectors.get(name)
        if found is None:
            raise Fault(
                "ManagedObjectNotFound",
                f"The object 'vim.event.EventHistoryCollector:{name}' has already been deleted",
                b'<obj type="EventHistoryCollector">%b</obj>' % escape(name).encode(),
            )
        return found

    def _note(self, cls: str, session: Session, before: bytes, after: bytes) -> None:
        """A log-in or log-out is an event, too."""
        body = (
            b"<userName>%b</userName><fullFormattedMessage>%b</fullFormattedMessage><ipAddress>127.0.0.1</ipAddress>"
            b"<userAgent>canned</userAgent>%b<sessionId>%b</sessionId>%b"
        ) % (USERNAME.encode(), cls.encode(), before, session.key.encode(), after)
        self.history.post(made(cls, body), own=session.key)


def _reference(name: str, kind: str, value: str) -> tuple[bytes, ...]:
    return name.encode(), kind.encode(), value.encode(), name.encode()
