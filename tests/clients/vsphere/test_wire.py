"""Real TLS on loopback: whom a connection trusts, and what is sent before it does."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from clients.vsphere import wire
from clients.vsphere.certificate import Certificate
from clients.vsphere.exchange import get
from clients.vsphere.faults import VcenterAway, translated
from schemas.errors import Refused
from tests.support.proxy import proxying
from tests.support.served import served
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TOMORROW = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


class Server(ThreadingHTTPServer):
    """Answers everything over TLS, and remembers what was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, issued: trustme.LeafCert) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(context)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        der = ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode())
        self.certificate = Certificate.from_der(der)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server_address[1]}/sdk"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not trust us is no news."""


class _Answer(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(issued: trustme.LeafCert) -> Iterator[Server]:
    server = Server(issued)
    with served(server):
        yield server


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[Server]:
    with serving(authority.issue_cert("127.0.0.1", common_name="vc1", not_after=TOMORROW)) as server:
        yield server


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def ask(url: str, **fields: Any) -> tuple[bytes, list[Certificate]]:
    """What a vCenter so configured answers, and the certificates that were trusted."""
    shown: list[Certificate] = []
    stub = wire.stub(vcenter("vc1", url=url, **fields), lambda der: shown.append(Certificate.from_der(der)))
    try:
        with translated("vc1"):
            return get(stub, "/", limit=10)[1], shown
    finally:
        stub.DropConnections()


def test_a_certificate_of_the_authority_is_trusted_and_shown(server: Server, ca_file: Path) -> None:
    assert (b"ok", [server.certificate]) == ask(server.url, ca_file=ca_file)
    assert (TOMORROW, "CN=vc1") == (server.certificate.expires, server.certificate.subject.split(",")[0])


def with_colons(digits: str) -> str:
    return ":".join(digits[at : at + 2] for at in range(0, 64, 2))


@pytest.mark.parametrize("written", [str, str.upper, with_colons])
def test_the_pinned_certificate_is_trusted_whoever_signed_it(server: Server, written: Callable[[str], str]) -> None:
    answer = ask(server.url, thumbprint=written(server.certificate.fingerprint))
    assert (b"ok", [server.certificate]) == answer


def test_a_pinned_certificate_may_name_another_host_and_be_out_of_date(authority: trustme.CA) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    with serving(authority.issue_cert("other.example.org", not_before=past - timedelta(1), not_after=past)) as server:
        assert (b"ok", [server.certificate]) == ask(server.url, thumbprint=server.certificate.fingerprint)


def test_the_authorities_of_the_system_are_trusted_unless_others_are_named(
    server: Server, monkeypatch: pytest.MonkeyPatch, ca_file: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    assert (b"ok", [server.certificate]) == ask(server.url)


def test_another_certificate_than_the_pinned_one_is_refused_before_anything_is_asked(
    server: Server, monkeypatch: pytest.MonkeyPatch, ca_file: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))  # even one that the system would trust
    with pytest.raises(Refused, match="is not the configured thumbprint") as error:
        ask(server.url, thumbprint="0" * 64)
    assert server.certificate.fingerprint in str(error.value)
    assert [] == server.asked


def test_a_stranger_is_refused_before_anything_is_asked(server: Server, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    with pytest.raises(Refused, match="does not verify") as error:
        ask(server.url, ca_file=stranger)
    assert "vcenters.vc1.ca_file" in str(error.value)
    assert [] == server.asked


def test_a_certificate_for_another_host_is_refused(authority: trustme.CA, ca_file: Path) -> None:
    with serving(authority.issue_cert("other.example.org")) as server, pytest.raises(Refused, match="does not verify"):
        ask(server.url, ca_file=ca_file)


def test_insecure_trusts_anybody_and_still_shows_the_certificate(server: Server) -> None:
    assert (b"ok", [server.certificate]) == ask(server.url, insecure=True)


def trusted(server: Server, ca_file: Path, how: str) -> dict[str, Any]:
    return {"ca_file": ca_file} if how == "ca_file" else {"thumbprint": server.certificate.fingerprint}


@pytest.mark.parametrize("how", ["ca_file", "thumbprint"])
def test_a_proxy_tunnels_to_the_vcenter(server: Server, ca_file: Path, how: str) -> None:
    with proxying() as proxy:
        answer = ask(server.url, proxy=proxy.url, **trusted(server, ca_file, how))
    assert (b"ok", [server.certificate]) == answer
    assert [f"127.0.0.1:{server.server_address[1]}"] == proxy.targets


@pytest.mark.parametrize("wrong", ["ca_file", "thumbprint"])
def test_behind_a_proxy_a_stranger_is_refused_before_anything_is_asked(
    server: Server, tmp_path: Path, wrong: str
) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    distrust: dict[str, Any] = {"ca_file": stranger} if wrong == "ca_file" else {"thumbprint": "0" * 64}
    with proxying() as proxy, pytest.raises(Refused, match="does not verify"):
        ask(server.url, proxy=proxy.url, **distrust)
    assert [] == server.asked


def test_behind_a_proxy_the_name_in_the_certificate_is_the_vcenters(authority: trustme.CA, ca_file: Path) -> None:
    with (
        serving(authority.issue_cert("localhost")) as server,
        proxying() as proxy,
        pytest.raises(Refused, match="does not verify"),
    ):
        ask(server.url, proxy=proxy.url, ca_file=ca_file)


def test_a_proxy_that_refuses_is_said(server: Server, ca_file: Path) -> None:
    with proxying("403 Forbidden") as proxy, pytest.raises(VcenterAway, match="403 Forbidden"):
        ask(server.url, proxy=proxy.url, ca_file=ca_file)


@pytest.mark.parametrize("place", ["url", "proxy"])
def test_who_accepts_and_says_nothing_is_away_after_the_time_out(place: str, ca_file: Path) -> None:
    """Neither the handshake nor the way through a proxy waits for ever."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        host = f"127.0.0.1:{mute.getsockname()[1]}"
        fields = {"url": {"url": f"https://{host}/sdk"}, "proxy": {"url": "https://vc1/sdk", "proxy": f"http://{host}"}}
        with pytest.raises(VcenterAway, match="timed out"):
            ask(ca_file=ca_file, timeout=0.2, **fields[place])
