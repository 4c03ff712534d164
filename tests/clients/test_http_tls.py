from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import trustme

from clients.http import Client
from schemas.errors import Unreachable
from tests.sinks.destination import Destination, ca_file, server_tls

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

UNUSED = "http://127.0.0.1:1"  # tcpmux: nobody listens there
LONG = 20.0


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client() as client:
        yield client


class TestTls:
    async def test_is_trusted_by_the_given_authority_only(self, client: Client, tmp_path: Path) -> None:
        authority = trustme.CA()
        async with Destination(server_tls(authority)) as server:
            with pytest.raises(Unreachable, match="cannot trust") as caught:
                await client.request("GET", server.url, timeout=LONG)
            response = await client.request("GET", server.url, timeout=LONG, ca_file=ca_file(authority, tmp_path))

            assert "check ca_file, and that the certificate names this host" == caught.value.cure
            assert (200, 1) == (response.status, len(server.received))

    async def test_of_another_host_name_is_refused(self, client: Client, tmp_path: Path) -> None:
        authority = trustme.CA()
        async with Destination(server_tls(authority, "elsewhere.example")) as server:
            with pytest.raises(Unreachable, match="cannot trust"):
                await client.request("GET", server.url, timeout=LONG, ca_file=ca_file(authority, tmp_path))

            assert [] == server.received

    async def test_is_not_looked_at_without_verification_which_taints_no_other_request(self, client: Client) -> None:
        async with Destination(server_tls(trustme.CA(), "elsewhere.example")) as server:
            response = await client.request("GET", server.url, timeout=LONG, verify=False)
            with pytest.raises(Unreachable, match="cannot trust"):
                await client.request("GET", server.url, timeout=LONG)

            assert (200, 1) == (response.status, len(server.received))

    async def test_with_an_unreadable_authority_is_refused(self, client: Client, tmp_path: Path) -> None:
        async with Destination(server_tls(trustme.CA())) as server:
            with pytest.raises(Unreachable, match="cannot trust"):
                await client.request("GET", server.url, timeout=LONG, ca_file=tmp_path / "missing.pem")


class TestReach:
    async def test_connects_and_asks_nothing(self, client: Client, tmp_path: Path) -> None:
        authority = trustme.CA()
        async with Destination(server_tls(authority)) as server:
            await client.reach(server.url, timeout=LONG, ca_file=ca_file(authority, tmp_path))

            assert [] == server.received

    async def test_tells_that_nobody_is_there_or_can_be_trusted(self, client: Client) -> None:
        async with Destination(server_tls(trustme.CA())) as server:
            for url in (UNUSED, server.url):
                with pytest.raises(Unreachable):
                    await client.reach(url, timeout=LONG)
