from __future__ import annotations

import asyncio
import os
import ssl
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import trustme

from ingest.webhook import tls
from ingest.webhook.admission import Admission
from ingest.webhook.intake import Intake
from ingest.webhook.listener import listening
from ingest.webhook.server import application
from ingest.webhook.tls import Tls
from schemas.config import WebhookConfig
from schemas.errors import Refused
from tests.ingest.webhook.conftest import events
from tests.support.publisher import RecordingPublisher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "com.example.probe"}
DOORS = {
    "events": {"type": "cloudevents", "door": {"certificates": ["sender.example.org"]}},
    "open": {"type": "cloudevents", "door": {"open": True}},
}


class Site:
    """An authority, and the files of a server."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.certificate, self.key, self.clients = (folder / name for name in ("crt", "key", "clients"))
        self.times = 0
        self.renew()
        self.trust(self.authority)

    def renew(self) -> None:
        issued = self.authority.issue_cert("127.0.0.1", "localhost")
        self._write(self.key, issued.private_key_pem.bytes())
        self._write(self.certificate, b"".join(pem.bytes() for pem in issued.cert_chain_pems))

    def trust(self, authority: trustme.CA) -> None:
        self._write(self.clients, authority.cert_pem.bytes())

    def _write(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        self.times += 1
        os.utime(path, (self.times, self.times))  # no two writes have one time

    def config(self) -> WebhookConfig:
        files = {"certificate_file": self.certificate, "key_file": self.key, "client_ca_file": self.clients}
        return WebhookConfig.model_validate({"listen": "127.0.0.1:0", "tls": files, "endpoints": DOORS})

    def context(self, *names: str, authority: trustme.CA | None = None, **more: Any) -> ssl.SSLContext:
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        if names or more:
            (authority or self.authority).issue_cert(*names, **more).configure_cert(context)
        return context


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(tls, "LOOK", 0.0)
    return Site(tmp_path)


@pytest.fixture
async def url(site: Site) -> AsyncIterator[str]:
    admission = Admission(8)
    intake = Intake(RecordingPublisher(), RecordingPublisher(), topic=events("t.events"))
    config = site.config()
    async with listening(config, application(config, intake=intake, admission=admission), admission) as url:
        yield url


async def post(url: str, context: ssl.SSLContext, path: str = "/events") -> int:
    async with aiohttp.ClientSession(url) as client, client.post(path, headers=EVENT, ssl=context) as answer:
        return answer.status


async def shown(url: str, site: Site, name: str | None) -> bytes:
    """The certificate that a new connection is shown, whether it says whom it is looking for or not."""
    context = site.context()
    context.check_hostname = False
    port = int(url.rpartition(":")[2])
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name or "")
    der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return bytes(der)


@pytest.mark.parametrize(
    ("names", "more", "status"),
    [
        (("sender.example.org",), {}, 202),
        (("other.example.org", "sender.example.org"), {}, 202),
        ((), {"common_name": "sender.example.org"}, 202),
        (("other.example.org",), {"common_name": "sender.example.org"}, 403),
        ((), {}, 403),
    ],
)
async def test_a_certificate_must_name_who_may_send(
    site: Site, url: str, names: tuple[str, ...], more: dict[str, str], status: int
) -> None:
    assert url.startswith("https://")
    assert status == await post(url, site.context(*names, **more))
    assert 202 == await post(url, site.context(), "/open")


async def test_a_certificate_of_a_strange_authority_opens_nothing(site: Site, url: str) -> None:
    stranger = site.context("sender.example.org", authority=trustme.CA())
    with pytest.raises((aiohttp.ClientError, ssl.SSLError)):
        await post(url, stranger)


@pytest.mark.parametrize("name", ["localhost", None])
async def test_a_new_certificate_is_shown_to_new_connections_and_old_ones_go_on(
    site: Site, url: str, name: str | None
) -> None:
    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(ssl=site.context())) as client:
        async with client.post("/open", headers=EVENT) as answer:
            assert 202 == answer.status
        before = await shown(url, site, name)
        site.renew()
        after = await shown(url, site, name)
        async with client.post("/open", headers=EVENT) as answer:
            assert 202 == answer.status

    assert before != after
    assert ssl.PEM_cert_to_DER_cert(site.certificate.read_text().split("\n\n")[0]) == after


async def test_half_of_a_new_certificate_changes_nothing(
    site: Site, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = await shown(url, site, "localhost")
    site._write(site.key, site.authority.issue_cert("127.0.0.1").private_key_pem.bytes())

    assert before == await shown(url, site, "localhost")
    assert "the certificate before it stays in use" in caplog.text


async def test_who_is_believed_changes_with_the_file_of_authorities(site: Site, url: str) -> None:
    other = trustme.CA()
    site.trust(other)

    assert 202 == await post(url, site.context("sender.example.org", authority=other))
    with pytest.raises((aiohttp.ClientError, ssl.SSLError)):
        await post(url, site.context("sender.example.org"))


def test_a_certificate_that_cannot_be_used_is_named_with_its_cure(site: Site) -> None:
    site.certificate.write_text("nonsense")
    config = site.config().tls
    assert config is not None
    with pytest.raises(Refused, match=r"webhook\.tls: .*PEM certificate"):
        Tls(config)
