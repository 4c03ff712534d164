from __future__ import annotations

import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from prometheus_client import Counter

from ops.demo.child import free_port
from ops.probe import Probe, unless
from schemas.errors import ConfigError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COUNTED = Counter("test_probe_counted", "What this test counts.")


@contextmanager
def serving(ready: Callable[[], bool] = bool) -> Iterator[str]:
    address = f"127.0.0.1:{free_port()}"
    with Probe.serving(address, unless(ready)):
        yield f"http://{address}"


def answer(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - loopback
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_process_that_answers_is_healthy_also_while_it_is_not_ready() -> None:
    with serving() as url:
        assert (200, "ok\n") == answer(f"{url}/health")


def test_readiness_is_asked_every_time() -> None:
    states = iter([False, True, False])
    with serving(lambda: next(states)) as url:
        assert [503, 200, 503] == [answer(f"{url}/ready")[0] for _ in range(3)]


def test_metrics_are_those_of_the_process() -> None:
    COUNTED.inc(7)
    with serving() as url:
        status, text = answer(f"{url}/metrics")
    assert 200 == status
    assert "test_probe_counted_total 7.0" in text.splitlines()


def test_any_other_path_is_not_found() -> None:
    with serving() as url:
        assert 404 == answer(f"{url}/")[0]


def test_without_an_address_nothing_listens() -> None:
    with Probe.serving(None, list):
        pass


def test_a_free_port_is_chosen_on_request() -> None:
    probe = Probe("127.0.0.1:0", list)
    try:
        probe.start()
        assert (200, "ok\n") == answer(f"http://127.0.0.1:{probe.port}/health")
    finally:
        probe.close()


def test_a_probe_that_never_started_can_be_closed() -> None:
    Probe("127.0.0.1:0", list).close()


def test_a_taken_port_is_refused() -> None:
    with serving() as url, pytest.raises(Refused, match="cannot listen"):
        Probe(url.removeprefix("http://"), list)


@pytest.mark.parametrize("address", ["", "9999", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000"])
def test_an_address_that_is_none_is_a_configuration_error(address: str) -> None:
    with pytest.raises(ConfigError) as error:
        Probe(address, list)
    assert "--probe" == error.value.problems[0].where
