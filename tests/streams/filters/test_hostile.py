from __future__ import annotations

import random
from typing import Any, Final

import orjson
import pytest

from schemas.config import MatchConfig
from streams.filters import Compilation, View, compile_match

LARGE: Final = 1 << 20
A: Final = "a" * LARGE
AB: Final = "".join(random.Random(1).choice("ab") for _ in range(LARGE))  # noqa: S311 - a text without pattern

EVENTS: Final[dict[str, bytes]] = {
    "a long text": orjson.dumps({"v": A}),
    "a long text without pattern": orjson.dumps({"v": AB}),
    "a long text beyond ASCII": orjson.dumps({"v": "İ" * (LARGE // 2)}),
    "many numbers": orjson.dumps({"v": [1] * (LARGE // 2)}),
    "many texts": orjson.dumps({"v": ["ab"] * (LARGE // 5)}),
    "many long texts": orjson.dumps({"v": [AB[at : at + 1000] for at in range(0, LARGE, 1000)]}),
    "many objects": orjson.dumps({"v": [{"a": 1, "b": "x"}] * (LARGE // 17)}),
    "many empty objects": orjson.dumps({"v": [{}] * (LARGE // 3)}),
    "deep arrays": b'{"v":' + b"[" * 1000 + b"1" + b"]" * 1000 + b"}",
    "deep objects": b'{"v":' * 1000 + b"1" + b"}" * 1000,
    "deeper than the parser goes": b"[" * LARGE,
    "huge numbers": b'{"v":[1e308,-1e308,123456789012345678901234567890,0.1e-400]}',
    "no object": b"[[],[[]],null]",
    "not UTF-8": b'{"v":"\xff"}',
    "half of a pair": b'{"v":"\\ud800"}',
    "nulls": b'{"v":"\\u0000"}',
}
LEAVES: Final[list[Any]] = [
    "a",
    5,
    None,
    {"exists": False},
    {"prefix": "b"},
    {"suffix": {"equals-ignore-case": "İ"}},
    {"equals-ignore-case": "İ" * 1000},
    {"anything-but": ["ab", "x"]},
    {"anything-but": {"wildcard": ["*a*", "*b"]}},
    {"numeric": [">", 1e300]},
    {"cidr": "10.0.0.0/8"},
    {"wildcard": "*" + "a" * 50 + "b" + "a" * 48 + "*"},
    {"wildcard": "*a" * 1000 + "*q"},
    [{"wildcard": f"*q{n}*"} for n in range(50)],
    [{"equals-ignore-case": f"aaaaaaaaaaaaaaaaaaa{n}"} for n in range(900)],
    {"regex": "(a|aa)+$b"},
    {"regex": "(x+x+)+y"},
    {"regex": "[ab]*a[ab]{100}c"},
    {"regex": "(a?){50}a{50}b"},
    [{"regex": f"[ab]*a[ab]{{20}}c{n}"} for n in range(50)],
]


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: str(leaf)[:30])
@pytest.mark.parametrize("event", EVENTS)
def test_no_event_makes_a_condition_raise(event: str, leaf: Any) -> None:
    view = View({"ce_id": b"1", "ce_subject": b"x"}, EVENTS[event])
    nested = {"v": {"v": leaf if isinstance(leaf, list) else [leaf]}}
    compilation = Compilation()
    matches: list[dict[str, Any]] = [{"data": {path: leaf}} for path in ("v", "v.a", "v[a=1].b", "v[0]")]
    matches += [{"pattern": {"detail": {"data": nested if below else nested["v"]}}} for below in (True, False)]
    for match in matches:
        for condition in compile_match(MatchConfig.model_validate(match), compilation):
            if not condition.holds(view):
                finding = condition.finding(view)
                assert len(finding.saw) <= 200
                assert len(finding.wanted) <= 10_000
    assert all("EventBridge" in found.what or "path" in found.what for found in compilation.found)


def test_arrays_in_arrays_do_not_multiply() -> None:
    inner: Any = {"x": 1, "y": 2}
    for _ in range(6):
        inner = {"v": [inner] * 6}
    pattern: Any = {"x": [2], "y": [{"exists": False}]}
    for _ in range(6):
        pattern = {"v": pattern, "w": [{"exists": False}]}
    (condition,) = compile_match(MatchConfig.model_validate({"pattern": {"detail": {"data": pattern}}}), Compilation())
    view = View({}, orjson.dumps(inner))
    assert not condition.holds(view)
    assert "more than a condition may look at" == condition.finding(view).saw
