from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import trustme
from pydantic import ValidationError

from schemas.cloudevents import CloudEvent
from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks.smtp import SmtpConfig
from tests.sinks.bench import Bench, event
from tests.sinks.conformance import Case, cases, delivers_what_is_hard_to_spell
from tests.sinks.destination import ca_file, server_tls
from tests.sinks.smtp.server import MailServer

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from clients.http import Client


class SmtpBench(Bench):
    """A mail server that lets an account in."""

    def __init__(self, http: Client, folder: Path, server: MailServer) -> None:
        super().__init__(http, folder)
        self.server = server
        self.security = "none"

    def settings(self) -> Mapping[str, Any]:
        return {
            "type": "smtp",
            "host": "localhost" if self.security != "none" else "127.0.0.1",
            "port": self.server.port,
            "security": self.security,
            "from": "reflexarc@example.org",
            "to": ["operator@example.org"],
            "username": "reflexarc",
            "password_file": str(self.secret),
            "subject": "{{ event.subject }}",
            "body": "{{ event | tojson }}\n{{ data | tojson }}",
        }

    async def delivered(self) -> list[CloudEvent]:
        taken = [mail.get_content().split("\n", 1) for mail in self.server.mails]
        return [CloudEvent.from_attributes(orjson.loads(event), data.strip().encode()) for event, data in taken]

    async def leave(self) -> None:
        await self.server.stop()

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        self.security = "none" if tls is None else "tls"
        await self.server.start(tls=tls)

    def fall_silent(self) -> None:
        self.server.silent = True


@pytest.fixture
async def bench(client: Client, tmp_path: Path) -> AsyncIterator[SmtpBench]:
    bench = SmtpBench(client, tmp_path, MailServer())
    bench.server.password = bench.password
    await bench.server.start()
    yield bench
    await bench.server.stop()


# Data that are no JSON have no place in a text.
@pytest.mark.parametrize("case", cases("login", without=(delivers_what_is_hard_to_spell,)))
async def test_keeps_the_contract_of_sinks(case: Case, bench: SmtpBench) -> None:
    await case(bench)


async def test_a_mail_is_what_the_templates_make_of_the_event(bench: SmtpBench) -> None:
    sink = bench.sink(subject="{{ data.Vm.Name }}:\r\nBcc: x", body="{{ data.Vm.Name }} is off \N{SNOWMAN}")

    await sink.send(event())

    [mail] = bench.server.mails
    expected = {
        "from": "reflexarc@example.org",
        "to": "operator@example.org",
        "subject": "web-1 é: Bcc: x",
        "auto-submitted": "auto-generated",
        "bcc": None,
    }
    assert expected == {name: mail[name] for name in expected}
    assert "web-1 é is off \N{SNOWMAN}" == mail.get_content().strip()
    await sink.close()


async def test_the_default_mail_says_what_happened_and_shows_the_data(bench: SmtpBench) -> None:
    sink = bench.sink(subject=None, body=None)

    await sink.send(event())
    await sink.send(event(2, data=b"\0", datacontenttype=None, subject=None, time=None))

    first, second = bench.server.mails
    assert ["VmPoweredOffEvent", event().type] == [mail["subject"] for mail in (first, second)]
    assert '{"Key":1,"Vm":{"Name":"web-1 é"}}' == first.get_content().splitlines()[-1]
    assert ["id:     vc1/i1/2", "time:   -", "", "null"] == second.get_content().splitlines()[2:]
    await sink.close()


async def test_the_same_event_has_the_same_message_id(bench: SmtpBench) -> None:
    sink = bench.sink()

    for each in (event(1), event(1), event(2)):
        await sink.send(each)

    first, again, other = (mail["message-id"] for mail in bench.server.mails)
    assert (True, False) == (first == again, first == other)
    assert first.endswith("@example.org>")
    await sink.close()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("450 try later", Retry),
        ("452 no room", Retry),
        ("550 not wanted", Reject),
        ("552 too large", Reject),
        ("421 closing", Unavailable),
    ],
)
async def test_a_refusal_is_for_now_or_for_good_as_its_code_says(
    answer: str, outcome: type[Exception], bench: SmtpBench
) -> None:
    bench.server.answer = answer
    sink = bench.sink()

    with pytest.raises(outcome, match=f"answered {answer}") as caught:
        await sink.send(event())

    assert answer[:3] == getattr(caught.value, "status", None)
    await sink.close()


@pytest.mark.parametrize(
    ("refused", "outcome", "others"),
    [
        ({"b@example.org": "550 unknown"}, Reject, 1),
        ({"b@example.org": "450 busy"}, Retry, 1),
        ({"a@example.org": "550 unknown", "b@example.org": "450 busy"}, Retry, 0),
        ({"a@example.org": "550 unknown", "b@example.org": "550 unknown"}, Unavailable, 0),
        ({"a@example.org": "552 too large", "b@example.org": "552 too large"}, Reject, 0),
    ],
)
async def test_every_recipient_has_to_be_accepted(
    refused: dict[str, str], outcome: type[Exception], others: int, bench: SmtpBench
) -> None:
    bench.server.refused = refused
    sink = bench.sink(to=["a@example.org", "b@example.org"])

    with pytest.raises(outcome):
        await sink.send(event())

    assert others == len(bench.server.mails)
    await sink.close()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("550 not from you", Unavailable), ("530 log in", Unavailable), ("552 too large", Reject), ("451 later", Retry)],
)
async def test_a_sender_that_is_refused_is_a_fault_of_the_configuration_and_no_event_is_given_up(
    answer: str, outcome: type[Exception], bench: SmtpBench
) -> None:
    bench.server.sender = answer
    sink = bench.sink()

    with pytest.raises(outcome, match=f"answered {answer}"):
        await sink.send(event())
    bench.server.sender = None
    await sink.send(event())

    assert [event()] == await bench.delivered()
    await sink.close()


async def test_a_mail_is_written_by_the_thread_that_sends_it(bench: SmtpBench) -> None:
    sink = bench.sink(in_flight=1, subject="{{ data.Vm.Name }}")
    bench.fall_silent()
    first = asyncio.create_task(sink.send(event()))
    await bench.server.reading.wait()

    unfit = asyncio.create_task(sink.send(event(2, data=b"{}")))
    for _ in range(10):
        await asyncio.sleep(0)
    waits = not unfit.done()
    bench.server.speak.set()
    await first
    with pytest.raises(Reject, match="subject: "):
        await unfit

    assert waits
    await sink.close()


async def test_a_template_that_does_not_fit_gives_the_event_up_with_the_place(bench: SmtpBench) -> None:
    with pytest.raises(Reject, match="body: reads what this event does not have: there is no Host"):
        await bench.sink(body="{{ data.Host }}").send(event())

    assert [] == bench.server.mails


async def test_a_cancelled_call_waits_for_the_mail_that_is_on_its_way(bench: SmtpBench) -> None:
    sink = bench.sink()
    bench.fall_silent()
    sending = asyncio.create_task(sink.send(event()))
    await bench.server.reading.wait()

    for _ in range(2):
        sending.cancel()
        await asyncio.sleep(0.05)
    still_waiting = not sending.done()
    bench.server.speak.set()
    with pytest.raises(asyncio.CancelledError):
        await sending

    assert (True, [event()]) == (still_waiting, await bench.delivered())
    await sink.close()


async def test_a_connection_that_the_server_has_closed_is_replaced(bench: SmtpBench) -> None:
    sink = bench.sink()
    await sink.send(event(1))
    await bench.server.stop()
    await bench.server.start()

    await sink.send(event(2))

    assert [event(1), event(2)] == await bench.delivered()
    await sink.close()


async def test_connections_are_kept(bench: SmtpBench) -> None:
    sink = bench.sink()

    await sink.open()
    for number in range(5):
        await sink.send(event(number))

    assert (5, 1) == (len(bench.server.mails), bench.server.connections)
    await sink.close()


async def test_starttls_is_verified_before_anything_is_said(bench: SmtpBench) -> None:
    authority = trustme.CA()
    await bench.leave()
    await bench.server.start(starttls=server_tls(authority))
    bench.security = "starttls"
    mistrusting, trusting = bench.sink(), bench.sink(ca_file=str(ca_file(authority, bench.folder)))

    with pytest.raises(Unavailable, match="cannot trust"):
        await mistrusting.open()
    await trusting.send(event())

    assert [event()] == await bench.delivered()
    await mistrusting.close()
    await trusting.close()


async def test_a_server_without_starttls_gets_nothing_in_clear(bench: SmtpBench) -> None:
    bench.security = "starttls"
    sink = bench.sink()

    with pytest.raises(Refused, match="does not offer"):
        await sink.open()
    with pytest.raises(Unavailable, match="does not offer"):
        await sink.send(event())

    assert [] == bench.server.mails
    await sink.close()


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"host": "a b"}, "no host name"),
        ({"from": "Reflexarc <a@example.org>"}, "no mail address"),
        ({"to": []}, "at least 1 item"),
        ({"to": ["a@example.org\r\nRCPT TO:<b@example.org>"]}, "no mail address"),
        ({"subject": "{{ x }}"}, "reads x"),
        ({"username": "u"}, "without its other half"),
        ({"username": "u", "password_file": "secret", "security": "none"}, "unencrypted"),
        ({"security": "none", "ca_file": "secret"}, "no effect with security: none"),
        ({"insecure": True, "ca_file": "secret"}, "no effect with insecure: true"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(
    fields: dict[str, object], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text("x-secret")
    given = {"name": "s", "host": "mail.example.org", "from": "a@example.org", "to": ["b@example.org"]}

    with pytest.raises(ValidationError, match=what):
        SmtpConfig.model_validate({**given, **fields})


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_follows_from_the_security(security: str, port: int) -> None:
    given = {"name": "s", "host": "mail.example.org", "from": "a@example.org", "to": ["b@example.org"]}

    assert port == SmtpConfig.model_validate({**given, "security": security}).server[1]
