"""What goes over the wire: a request taken apart, answers and faults put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

VIM: Final = "{urn:vim25}"
_BODY: Final = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
_OPEN: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"'
    b' xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    b' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
    b"<soapenv:Body>\n"
)
_CLOSE: Final = b"\n</soapenv:Body>\n</soapenv:Envelope>"
VERSIONS: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<namespaces version="1.0"><namespace><name>urn:vim25</name>'
    b"<version>8.0.2.0</version><priorVersions><version>8.0.1.0</version><version>7.0</version>"
    b"</priorVersions></namespace></namespaces>"
)


class Fault(Exception):  # noqa: N818 - SOAP's word for it
    """A method fault; ``detail`` is XML."""

    def __init__(self, name: str, message: str, detail: bytes = b"") -> None:
        super().__init__(message)
        self.name = name
        self.detail = detail

    def body(self) -> bytes:
        """The envelope."""
        name, message = self.name.encode(), escape(str(self)).encode()
        return _envelope(
            b"<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>%b</faultstring><detail>"
            b'<%bFault xmlns="urn:vim25" xsi:type="%b">%b</%bFault></detail></soapenv:Fault>'
            % (message, name, name, self.detail, name)
        )


class Call(NamedTuple):
    """A request: ``method`` of the managed object ``receiver``, with the elements of its arguments inside ``body``."""

    method: str
    receiver: str
    body: etree._Element

    def text(self, path: str, default: str = "") -> str:
        """The text of an argument, or of something in it: ``filter/time/beginTime``."""
        return self.body.findtext(_path(path), default)

    def texts(self, path: str) -> list[str]:
        """The texts of an argument that may occur several times."""
        return [element.text or "" for element in self.body.iterfind(_path(path))]

    def names(self, path: str) -> list[str]:
        """What an argument consists of."""
        found = self.body.find(_path(path))
        return [] if found is None else [etree.QName(child).localname for child in found]

    def number(self, path: str, default: int) -> int:
        """An xsd:int.

        Raises:
            Fault: InvalidArgument, it is none.
        """
        try:
            return int(self.text(path, str(default)))
        except ValueError:
            raise invalid(path.rpartition("/")[2]) from None


def parse(request: bytes) -> Call:
    """The call in a request.

    Raises:
        Fault: InvalidRequest, it is none.
    """
    try:
        method = etree.fromstring(request, etree.XMLParser(resolve_entities=False)).find(f"{_BODY}/*")
    except etree.XMLSyntaxError as error:
        raise Fault("InvalidRequest", str(error)) from None
    if method is None or not str(method.tag).startswith(VIM):
        raise Fault("InvalidRequest", "no method of urn:vim25")
    return Call(etree.QName(method).localname, method.findtext(f"{VIM}_this", ""), method)


def response(method: str, content: Iterable[bytes] = ()) -> bytes:
    """The envelope of an answer to ``method``."""
    name = method.encode()
    return _envelope(b'<%bResponse xmlns="urn:vim25">%b</%bResponse>' % (name, b"".join(content), name))


def invalid(name: str) -> Fault:
    """The fault of an argument or property that may not have this value."""
    return Fault(
        "InvalidArgument",
        f"A specified parameter was not correct: {name}",
        b"<invalidProperty>%b</invalidProperty>" % name.encode(),
    )


def _envelope(content: bytes) -> bytes:
    return b"".join((_OPEN, content, _CLOSE))


def _path(path: str) -> str:
    return "/".join(f"{VIM}{step}" for step in path.split("/"))
