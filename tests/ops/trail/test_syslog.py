"""Messages on real sockets."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from ops.trail.syslog import LARGEST_DATAGRAM, Collector, Syslog, collector
from schemas.config.fault import Fault
from schemas.errors import Refused, Unreachable
from tests.ops.trail import collectors

if TYPE_CHECKING:
    from pathlib import Path

MESSAGES = ["<108>1 - - - - - - \ufeffzwölf", "<108>1 - - - - - - a\nb", "x" * 100_000]


def test_tcp_counts_octets() -> None:
    """Not characters; so a message may hold ends of lines."""
    with collectors.Collector() as listening:
        with Syslog(collector(listening.address)) as syslog:
            for message in MESSAGES:
                syslog.send(message)
        listening._thread.join(30)
        assert MESSAGES == listening.messages


def test_tls_does_too_and_asks_who_listens(tmp_path: Path) -> None:
    """The authority that is named, and the name of the host."""
    context, authority = collectors.tls(tmp_path)
    with collectors.Collector(context) as listening:
        with Syslog(collector(f"tls://{listening.address}"), ca_file=authority) as syslog:
            for message in MESSAGES:
                syslog.send(message)
        listening._thread.join(30)
        assert MESSAGES == listening.messages


def test_a_certificate_of_nobody_is_refused(tmp_path: Path) -> None:
    """What is in the audit is not for whoever listens; nothing was sent."""
    context, _ = collectors.tls(tmp_path)
    with collectors.Collector(context) as listening:
        with pytest.raises(Refused, match="is not trusted"):
            Syslog(collector(f"tls://{listening.address}"))
        listening._thread.join(30)
        assert [] == listening.messages


def test_udp_sends_one_datagram_each_and_cuts_what_is_too_long() -> None:
    """No datagram is larger than 64 KiB; no character is cut in two."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(30)
        with Syslog(Collector("udp", "127.0.0.1", listening.getsockname()[1])) as syslog:
            syslog.send("eins")
            syslog.send("ö" * LARGEST_DATAGRAM)
        assert b"eins" == listening.recv(65536)
        assert "ö" * (LARGEST_DATAGRAM // 2) == listening.recv(65536).decode()


def test_nobody_there_is_a_failure_with_a_cure() -> None:
    """It names the address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(Unreachable, match=f"cannot send to tcp://127.0.0.1:{port}: connection refused"):
        Syslog(Collector("tcp", "127.0.0.1", port))


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        ("siem", "tcp://siem:601"),
        ("siem:514", "tcp://siem:514"),
        ("udp://siem", "udp://siem:514"),
        ("tls://siem.example.org/", "tls://siem.example.org:6514"),
        ("tcp://[::1]:5140", "tcp://[::1]:5140"),
    ],
)
def test_an_address_has_the_port_of_its_protocol(spelled: str, expected: str) -> None:
    """And TCP where nothing is said."""
    assert expected == str(collector(spelled))


@pytest.mark.parametrize("spelled", ["", "http://siem", "siem:0x", "siem:99999", "tcp://siem/path", "tls://"])
def test_what_is_no_address_is_refused(spelled: str) -> None:
    """With the forms that are."""
    with pytest.raises(Fault, match="is no address"):
        collector(spelled)
