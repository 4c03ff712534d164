from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.siblings import ALONE, Siblings, neighbour
from schemas.config.fault import Fault


def test_a_process_that_is_alone_has_none() -> None:
    """Wherever its probe is."""
    assert [ALONE] * 3 == [Siblings.of(probe, number=0, processes=1) for probe in (None, "127.0.0.1:0", "[::]:1")]


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        ("127.0.0.1:9465", ("http://127.0.0.1:9464", "http://127.0.0.1:9466")),
        ("0.0.0.0:9465", ("http://127.0.0.1:9464", "http://127.0.0.1:9466")),
        ("[::]:9465", ("http://[::1]:9464", "http://[::1]:9466")),
        ("localhost:9465", ("http://localhost:9464", "http://localhost:9466")),
    ],
)
def test_their_probes_are_at_the_ports_beside_its_own(probe: str, expected: tuple[str, ...]) -> None:
    """Who listens on all addresses is asked on loopback."""
    assert Siblings(2, expected) == Siblings.of(probe, number=1, processes=3)


def test_without_a_probe_nobody_can_ask_them() -> None:
    """They are known to be there all the same."""
    assert 3 == Siblings.of(None, number=1, processes=4).mute
    assert 0 == Siblings.of("127.0.0.1:9465", number=1, processes=4).mute


@pytest.mark.parametrize(("address", "distance"), [("h:0", 0), ("h:0", 1), ("h:65535", 1), ("h:1", -1), ("h:2", -3)])
def test_a_port_that_there_is_not_is_refused(address: str, distance: int) -> None:
    with pytest.raises(Fault, match="leaves no port for each process"):
        neighbour(address, distance)


@given(st.integers(1, 65_472), st.integers(2, 64), st.data())
def test_all_agree_on_who_is_where(port: int, processes: int, data: st.DataObject) -> None:
    """What one calls its sibling's probe is what that one has for its own."""
    number = data.draw(st.integers(0, processes - 1))
    probes = [neighbour(f"127.0.0.1:{port}", each) for each in range(processes)]
    siblings = Siblings.of(probes[number], number=number, processes=processes)
    assert {f"http://{probe}" for probe in probes} - {f"http://{probes[number]}"} == set(siblings.probes)
    assert processes - 1 == siblings.others == len(siblings.probes)
