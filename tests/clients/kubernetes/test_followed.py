from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from clients.kubernetes.cluster import Cluster, from_pod
from clients.kubernetes.followed import Followed, ObjectName
from schemas.config import Secret
from schemas.errors import Refused, Unreachable
from tests.clients.kubernetes.api import BROKERS, SECRET, KubernetesApi
from tests.sinks.destination import ca_file, server_tls

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

COLLECTION = f"{BROKERS}/namespaces/team-a/brokers"
BROKER = ObjectName("eventing.knative.dev/v1", "Broker", "team-a", "default")


@pytest.fixture
async def api() -> AsyncIterator[KubernetesApi]:
    async with KubernetesApi() as api:
        yield api


def cluster(api: KubernetesApi, folder: Path, authority: Path | None = None) -> Cluster:
    token = folder / "token"
    token.write_text(SECRET)
    return Cluster(api.url, Secret.from_file(token), authority)


@asynccontextmanager
async def following(api: KubernetesApi, folder: Path, name: ObjectName = BROKER) -> AsyncIterator[Followed]:
    followed = Followed(cluster(api, folder), name, timeout=10, pause=0.01)
    try:
        await followed.open()
        yield followed
    finally:
        await followed.close()


async def until(followed: Followed, mark: object) -> None:
    """Wait until the object is seen with this mark; None: until there is none."""
    async with asyncio.timeout(10):
        while (followed.current or {}).get("mark") != mark:
            await asyncio.sleep(0.01)


async def test_an_object_is_known_from_the_beginning_and_in_every_change(api: KubernetesApi, tmp_path: Path) -> None:
    await api.put(COLLECTION, "default", mark=1)
    await api.put(COLLECTION, "another", mark=0)
    async with following(api, tmp_path) as followed:
        assert 1 == followed.current["mark"]

        await api.put(COLLECTION, "default", mark=2)
        await until(followed, 2)
        await api.bookmark(COLLECTION)
        await api.put(COLLECTION, "another", mark=9)
        await api.delete(COLLECTION, "default")
        await until(followed, None)
        await api.put(COLLECTION, "default", mark=3)
        await until(followed, 3)

    listed = [request for request in api.requests if "watch" not in request]
    assert [BROKERS, f"{COLLECTION}?fieldSelector=metadata.name%3Ddefault"] == listed


async def test_changes_between_two_watches_are_not_missed(api: KubernetesApi, tmp_path: Path) -> None:
    async with following(api, tmp_path) as followed:
        assert followed.current is None
        for mark in (1, 2):
            await api.cut()
            await api.put(COLLECTION, "default", mark=mark)
            await until(followed, mark)

    assert 1 == sum("watch" not in request for request in api.requests[1:])


async def test_a_past_that_the_api_has_forgotten_is_read_anew(api: KubernetesApi, tmp_path: Path) -> None:
    await api.put(COLLECTION, "default", mark=1)
    async with following(api, tmp_path) as followed:
        api._objects[COLLECTION, "default"]["mark"] = 2
        await api.forget()

        await until(followed, 2)


@pytest.mark.parametrize("trouble", ["broken", "forbidden"])
async def test_what_is_known_stays_while_the_api_cannot_be_read(
    api: KubernetesApi, tmp_path: Path, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    await api.put(COLLECTION, "default", mark=1)
    async with following(api, tmp_path) as followed:
        setattr(api, trouble, True)
        await api.cut()
        await api.put(COLLECTION, "default", mark=2)
        async with asyncio.timeout(10):
            while "keeping what is known of Broker team-a/default" not in caplog.text:
                await asyncio.sleep(0.01)
        assert 1 == followed.current["mark"]

        setattr(api, trouble, False)
        await until(followed, 2)
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "babble",
    [
        b"not json\n",
        b"[1]\n",
        b'{"type": "MODIFIED", "object": {"metadata": null}}\n',
        b'{"type": "MODIFIED", "object": "text"}\n',
        b'{"type": "ERROR", "object": {"code": 500}}\n',
        b'{"type": "NEWS"}\n',
        b'{"x": "' + b"x" * 9_000_000 + b'"}\n',
    ],
    ids=["no JSON", "a list", "no version", "no object", "an error", "an unknown kind", "too long"],
)
async def test_nonsense_in_a_watch_does_not_end_it(api: KubernetesApi, tmp_path: Path, babble: bytes) -> None:
    async with following(api, tmp_path) as followed:
        api.babble = babble
        await api.cut()
        async with asyncio.timeout(10):
            while api.babble:
                await asyncio.sleep(0.01)
        await api.put(COLLECTION, "default", mark=1)

        await until(followed, 1)


async def test_a_pod_follows_with_the_account_it_was_given(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.crt")
    (tmp_path / "token").write_text(SECRET)
    (tmp_path / "namespace").write_text("team-a")
    async with KubernetesApi(server_tls(authority)) as api:
        await api.put(COLLECTION, "default", mark=1)
        environ = {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(api.port)}
        pod = from_pod(environ, tmp_path)
        followed = Followed(pod, ObjectName(BROKER.api_version, "Broker", pod.namespace, "default"), timeout=10)
        await followed.open()

        assert 1 == followed.current["mark"]
        await followed.close()


async def test_a_restart_of_the_api_is_survived(api: KubernetesApi, tmp_path: Path) -> None:
    async with following(api, tmp_path) as followed:
        await api.stop()
        await api.start()
        await api.put(COLLECTION, "default", mark=1)

        await until(followed, 1)


async def test_a_new_token_is_taken_up(api: KubernetesApi, tmp_path: Path) -> None:
    async with following(api, tmp_path) as followed:
        api.token = "another"
        (tmp_path / "token").write_text("another")
        await api.cut()
        await api.put(COLLECTION, "default", mark=1)

        await until(followed, 1)


async def test_opening_twice_follows_once(api: KubernetesApi, tmp_path: Path) -> None:
    async with following(api, tmp_path) as followed:
        asked = len(api.requests)
        await followed.open()

        assert [] == [request for request in api.requests[asked:] if "watch" not in request]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        (ObjectName("eventing.knative.dev/v1", "Brokr", "team-a", "default"), "has no kind Brokr"),
        (ObjectName("nothing.example/v1", "Broker", "team-a", "default"), "has no /apis/nothing.example/v1"),
    ],
)
async def test_a_kind_that_the_api_does_not_have_is_refused(
    api: KubernetesApi, tmp_path: Path, name: ObjectName, what: str
) -> None:
    with pytest.raises(Refused, match=what):
        async with following(api, tmp_path, name):
            pass


@pytest.mark.parametrize(
    ("trouble", "error", "what"),
    [
        ({"token": "another"}, Refused, "401"),
        ({"forbidden": True}, Refused, "list and watch"),
        ({"broken": True}, Unreachable, "500"),
    ],
)
async def test_an_api_that_cannot_be_read_is_told(
    api: KubernetesApi, tmp_path: Path, trouble: dict[str, Any], error: type[Exception], what: str
) -> None:
    for name, value in trouble.items():
        setattr(api, name, value)

    with pytest.raises(error, match=what) as caught:
        async with following(api, tmp_path):
            pass

    assert SECRET not in str(caught.value)


async def test_an_api_that_is_away_is_unreachable(api: KubernetesApi, tmp_path: Path) -> None:
    await api.stop()
    with pytest.raises(Unreachable, match="cannot read from the Kubernetes API"):
        async with following(api, tmp_path):
            pass


async def test_only_the_authority_of_the_cluster_is_trusted(tmp_path: Path) -> None:
    authority = trustme.CA()
    async with KubernetesApi(server_tls(authority)) as api:
        await api.put(COLLECTION, "default", mark=1)
        mistrusting = Followed(cluster(api, tmp_path), BROKER, timeout=10)
        trusting = Followed(cluster(api, tmp_path, ca_file(authority, tmp_path)), BROKER, timeout=10)

        with pytest.raises(Unreachable, match="cannot read"):
            await mistrusting.open()
        await trusting.open()

        assert 1 == trusting.current["mark"]
        await mistrusting.close()
        await trusting.close()
