from __future__ import annotations

import threading
from functools import partial

import pytest

from clients.kafka.aside import Aside, HangsError


@pytest.fixture
def aside() -> Aside:
    return Aside("test")


def test_a_call_gives_what_it_returns(aside: Aside) -> None:
    assert (4, 5) == (aside.run(partial(int, "4"), limit=1), aside.run(partial(int, "5"), limit=1))


def test_a_call_raises_what_it_raises_and_the_next_one_is_none_the_worse(aside: Aside) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        aside.run(partial(int, "four"), limit=1)
    assert aside.run(partial(int, "4"), limit=1) == 4


def test_who_waits_may_give_up_and_the_call_counts_as_hanging_then(
    aside: Aside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clients.kafka.aside.LOOK", 0.01)
    end = threading.Event()

    def give_up() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        aside.run(end.wait, limit=0, look=give_up)
    with pytest.raises(HangsError, match="an earlier call"):
        aside.run(partial(int, "4"), limit=1)
    end.set()


def test_the_thread_ends_with_it(aside: Aside) -> None:
    aside.run(partial(int, "4"), limit=1)
    aside.close()
    aside._thread.join(10)
    assert not aside._thread.is_alive()
