from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schemas.config.secret import Secret
from streams.guard.limits import Limits
from tests.streams.guard.asking import general, sink

if TYPE_CHECKING:
    from pathlib import Path


def limits(said: dict[str, Any] | None = None, **of_sink: Any) -> Limits:
    return Limits.of(general(**(said or {})), sink(**of_sink))


@pytest.mark.parametrize(("general_", "sink_"), [(False, False), (False, True), (True, False), (True, True)])
def test_either_makes_it_a_dry_run(*, general_: bool, sink_: bool) -> None:
    assert (general_ or sink_) == limits({"dry_run": general_}, dry_run=sink_).dry_run


def test_the_sinks_own_limits_come_before_those_of_all() -> None:
    assert (900.0, 900.0) == (limits().cool_down, limits().max_age)
    own = limits(cool_down=0, max_age=5)
    assert (0.0, 5.0) == (own.cool_down, own.max_age)


def test_the_hash_is_that_of_what_is_configured() -> None:
    assert limits().configuration == limits().configuration
    others = {limits().configuration, limits({"cool_down": 1}).configuration, limits(cool_down=1).configuration}
    assert (3, {16}) == (len(others), {*map(len, others)})


def test_a_secret_has_no_part_in_the_hash(tmp_path: Path) -> None:
    said = []
    for name in ("a", "b"):
        path = tmp_path / name
        path.write_text(name * 40)
        said.append(limits({"answer_key": Secret.from_file(path)}).configuration)
    assert said[0] == said[1]
