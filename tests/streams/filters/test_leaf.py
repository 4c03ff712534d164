from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.filters.compilation import Compilation
from streams.filters.effort import Effort, Exhausted
from streams.filters.leaf import Leaf, scalars
from streams.filters.operators import Language, compile_leaf
from tests.support.eventpattern import LEAVES, SCALARS, plainly


def leaf(spelled: Any, language: Language = "data") -> Leaf:
    compilation = Compilation()
    compiled = compile_leaf(spelled, ("leaf",), compilation, language)
    assert [] == compilation.found
    assert compiled is not None
    return compiled


def fits(spelled: Any, *values: Any) -> bool:
    return leaf(spelled).fits(values, Effort())


YES_AND_NO: list[tuple[Any, list[Any], list[Any]]] = [
    ("web", ["web"], ["Web", "web ", "", None, 0]),
    ("", [""], [" ", None]),
    (None, [None], ["null", 0, False, ""]),
    (True, [True], [1, 1.0, "true", False]),
    (1, [1, 1.0], [True, "1", 2]),
    (300, [300, 300.0, 3.0e2], [300.5]),
    (9007199254740993, [9007199254740992], [9007199254740996]),
    (["a", 5, None], ["a", 5, None], ["b", 6, False]),
    ({"prefix": "web-"}, ["web-", "web-1"], ["Web-1", "a web-", 5, None]),
    ({"prefix": ""}, ["", "x"], [5, None, True]),
    ({"suffix": ".png"}, [".png", "a.png"], ["a.PNG", "png", 5]),
    ({"prefix": {"equals-ignore-case": "WEB"}}, ["web-1", "Web"], ["we", "awed", 5]),
    ({"suffix": {"equals-ignore-case": "İx"}}, ["aİX", "İx"], ["ix", "x"]),
    ({"prefix": {"equals-ignore-case": ""}}, ["", "x"], [5]),
    ({"suffix": {"equals-ignore-case": ""}}, ["", "x"], [5]),
    ({"equals-ignore-case": "alice"}, ["Alice", "ALICE"], ["alicia", "", None]),
    ({"wildcard": "*/lib/*.so"}, ["/usr/lib/x.so", "/lib/.so"], ["/lib/x.sox", 5]),
    ({"wildcard": r"a\*b"}, ["a*b"], ["axb", r"a\*b"]),
    ({"wildcard": r"\\*"}, ["\\", "\\x"], ["x"]),
    ({"wildcard": r"\**"}, ["*", "*x"], ["x"]),
    ({"numeric": [">", 0, "<=", 5]}, [0.1, 5, 5.0], [0, 5.1, "3", None, True]),
    ({"numeric": ["=", 3.0e2]}, [300], [301, "300"]),
    ({"numeric": ["<", -1]}, [-1.5], [-1]),
    ({"numeric": [">=", 2, "<=", 2]}, [2], [1, 3]),
    ({"exists": True}, ["x", None, {}, False], []),
    ({"exists": False}, [], ["x", None, {}]),
    ({"cidr": "10.0.0.0/24"}, ["10.0.0.0", "10.0.0.255"], ["10.0.1.0", "10.0.0", "::1", 10]),
    ({"cidr": "10.0.0.9/24"}, ["10.0.0.1"], ["10.0.1.1"]),
    ({"cidr": "2001:db8::/32"}, ["2001:db8::1", "2001:DB8:0:0::1"], ["2001:db9::1", "10.0.0.1"]),
    ({"anything-but": "a"}, ["b", "", None, 5, True], ["a", {}]),
    ({"anything-but": ["a", "b"]}, ["c", 5], ["a", "b"]),
    ({"anything-but": [1, 2]}, [3, "1", True], [1, 2.0]),
    ({"anything-but": None}, ["a", 0], [None]),
    ({"anything-but": [None, ""]}, ["a", 0], [None, ""]),
    ({"anything-but": {"prefix": "init"}}, ["x", 5], ["initial"]),
    ({"anything-but": {"suffix": [".png", ".jpg"]}}, ["a.gif"], ["a.png", "a.jpg"]),
    ({"anything-but": {"equals-ignore-case": ["A", "b"]}}, ["c"], ["a", "B"]),
    ({"anything-but": {"wildcard": ["a*", "*z"]}}, ["b", 1], ["a", "xz"]),
    ({"anything-but": {"regex": ["^a", "z$"]}}, ["b", 1], ["a", "xz"]),
    ({"regex": "^web-[0-9]+$"}, ["web-1"], ["web-", "a web-1", 5]),
    ({"regex": "(?i)FAIL"}, ["it failed"], ["it fell"]),
    ({"regex": "ü.$"}, ["grün"], ["grun"]),
    ([{"prefix": "a"}, {"suffix": "z"}, 5], ["ab", "yz", 5], ["b", 6]),
    ([{"exists": False}, "x"], ["x"], ["y"]),
]


@pytest.mark.parametrize(
    ("spelled", "value"), [(spelled, value) for spelled, yes, _ in YES_AND_NO for value in yes], ids=repr
)
def test_a_value_that_is_so_fits(spelled: Any, value: Any) -> None:
    assert fits(spelled, value)


@pytest.mark.parametrize(
    ("spelled", "value"), [(spelled, value) for spelled, _, no in YES_AND_NO for value in no], ids=repr
)
def test_a_value_that_is_not_so_does_not_fit(spelled: Any, value: Any) -> None:
    assert not fits(spelled, value)


def test_one_value_of_several_is_enough() -> None:
    assert fits("b", "a", "b")
    assert fits({"anything-but": "a"}, "a", "b")
    assert not fits({"anything-but": "a"}, "a", "a")


def test_no_value_fits_only_what_may_be_absent() -> None:
    assert fits([{"exists": False}, "x"])
    assert not fits({"anything-but": "x"})
    assert not fits({"exists": True})


def test_equal_meanings_are_equal_and_hash_alike() -> None:
    one, other = leaf(["b", "a", {"prefix": "y"}, {"prefix": "x"}]), leaf([{"prefix": "x"}, "a", {"prefix": "y"}, "b"])
    assert one == other
    assert hash(one) == hash(other)


def test_only_exact_values_can_be_hashed() -> None:
    assert frozenset({"a", 1.0}) == leaf(["a", 1]).equals
    assert None is leaf(["a", {"prefix": "b"}]).equals
    assert None is leaf(["a", {"exists": False}]).equals


@pytest.mark.parametrize(
    ("spelled", "words"),
    [
        ("web", "is 'web'"),
        ([None, True, 5, 0.1, "a"], "is 'a' or 0.1 or 5 or null or true"),
        ({"prefix": "web-"}, "starts with 'web-'"),
        ({"suffix": {"equals-ignore-case": "Z"}}, "ends with 'z' in any case"),
        ({"wildcard": "a*b"}, "fits 'a*b'"),
        ({"regex": "a+"}, "fits the regex 'a+'"),
        ({"numeric": [">", 0, "<=", 5.5]}, "is > 0 and <= 5.5"),
        ({"cidr": "10.0.0.0/8"}, "is an address in 10.0.0.0/8"),
        ({"anything-but": ["a", "b"]}, "is anything but 'a' or 'b'"),
        ({"anything-but": {"prefix": "a"}}, "is not what starts with 'a'"),
        ([{"exists": False}, "a"], "is 'a' or does not exist"),
        ({"exists": True}, "exists"),
        ([{"wildcard": f"{n}*"} for n in range(9)], "".join(f"fits '{n}*' or " for n in range(8)) + "1 more"),
        ([*"abcdefghij"], "is 'a' or 'b' or 'c' or 'd' or 'e' or 'f' or 'g' or 'h' or 2 more"),
    ],
)
def test_a_leaf_says_what_it_asks(spelled: Any, words: str) -> None:
    assert words == str(leaf(spelled))


def test_eventbridge_knows_the_wildcard_of_the_vmware_router_by_its_own_name() -> None:
    assert leaf({"shellstyle": "Vm*"}, "eventbridge") == leaf({"wildcard": "Vm*"}, "eventbridge")


def test_eventbridge_may_call_an_exact_text_by_name() -> None:
    assert leaf({"exactly": "a"}, "eventbridge") == leaf("a", "eventbridge")


def test_objects_are_no_scalars() -> None:
    assert ["a", None, 1] == scalars(["a", {}, None, [], 1])


def test_effort_ends_a_search() -> None:
    with pytest.raises(Exhausted):
        leaf([{"wildcard": f"*{n}*"} for n in range(50)]).fits(["x" * 100] * 10_000, Effort())


@given(LEAVES, st.lists(SCALARS, max_size=4))
def test_a_leaf_agrees_with_its_plain_reading(items: list[Any], values: list[Any]) -> None:
    expected = any(plainly(item, value) for item in items for value in values) or (
        not values and {"exists": False} in items
    )
    assert expected == leaf(items).fits(values, Effort())


@given(LEAVES)
def test_any_leaf_is_itself_again_and_has_words(items: list[Any]) -> None:
    assert leaf(items) == leaf(list(reversed(items)) if all(not isinstance(item, dict) for item in items) else items)
    assert str(leaf(items))
