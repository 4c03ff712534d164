from __future__ import annotations

import pytest

from streams.filters import cesql


def value(text: str, **attributes: str | int | bool) -> str | int | bool:
    result = cesql.evaluate(text, attributes)
    assert not result.errors
    return result.value


def refused(text: str) -> str:
    with pytest.raises(cesql.ParseError) as caught:
        cesql.compile(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17 - 2 - 5", 10),
        ("17 - (2 - 5)", 20),
        ("100 / 10 * 2 % 7", 6),
        ("2 + 3 * 4", 14),
        ("- 2 + 3", 1),
        ("2 + 3 > 4", True),
        ("1 < 2 = TRUE", True),
        ("NOT FALSE = FALSE", False),
        ("NOT 'false' LIKE 'true'", True),
        ("2 * 3 LIKE '3'", 2),
        ("1 + 1 IN (1)", 2),
        ("'a' IN ('a') LIKE 'true'", True),
        ("-1 LIKE '-_'", True),
    ],
)
def test_operators_bind_as_the_specification_orders_them(text: str, expected: int | bool) -> None:  # noqa: FBT001
    assert expected == value(text)


def test_and_or_and_xor_bind_alike_and_from_the_left() -> None:
    assert value("TRUE OR TRUE AND FALSE") is False
    assert value("FALSE AND FALSE OR TRUE") is True
    assert value("TRUE XOR TRUE OR TRUE") is True


@pytest.mark.parametrize(
    ("text", "expected"), [("4-1", 3), ("4 -1", 3), ("4--1", 5), ("- -4", 4), ("+4", 4), ("4+4", 8)]
)
def test_a_sign_belongs_to_the_number_only_where_an_operand_may_stand(text: str, expected: int) -> None:
    assert expected == value(text)


def test_keywords_functions_and_attributes_are_read_in_any_case() -> None:
    assert value("Not Exists MYEXT oR tRUE aNd Length(mYeXt) iN (3) aND myext lIKE 'a%'", myext="abc") is True


def test_a_keyword_is_spelled_in_ascii_and_ends_with_its_last_letter() -> None:
    assert "found 'LI', expected an operator" in refused("a LI\u212aE 'x'")
    assert "found 'ANDb'" in refused("a ANDb")


def test_a_keyword_is_part_of_a_longer_word() -> None:
    assert value("android = 'x' AND inn = notes", android="x", inn="1", notes="1") is True


def test_an_attribute_may_begin_with_digits_and_have_the_name_of_a_function() -> None:
    assert value("1st + left", **{"1st": 1, "left": 2}) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"""'say "x"'""", 'say "x"'),
        (r"""'it\'s'""", "it's"),
        (r'''"it's \"x\""''', 'it\'s "x"'),
        (r"'a\b\\c\"'", r"a\b\\c\""),
        ("'a\nb'", "a\nb"),
        ("''", ""),
        ("'ünïcödé 😀'", "ünïcödé 😀"),
    ],
)
def test_only_the_quote_of_a_string_needs_a_backslash(text: str, expected: str) -> None:
    assert expected == value(text)


def test_integers_have_32_bits() -> None:
    assert value("-2147483648 + 2147483647") == -1
    assert value("00000000000000000007") == 7
    assert "line 1, column 5: '2147483648' is beyond the Integers" in refused("1 + 2147483648")
    assert "is beyond the Integers" in refused("9" * 5000)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: found the end of the expression, expected a value"),
        ("type = \n", "line 1, column 7: found the end of the expression, expected a value"),
        ("(id = 'x'", "line 1, column 10: found the end of the expression, expected ')'"),
        ("id =\n\n  'x' type", "line 3, column 7: found 'type', expected an operator or the end of the expression"),
        ("a LIKE b", "line 1, column 8: found 'b', expected a string in quotes"),
        ("a IN b", "line 1, column 6: found 'b', expected '('"),
        ("a IN ()", "line 1, column 7: found ')', expected a value"),
        ("EXISTS 'a'", "line 1, column 8: found \"'a'\", expected the name of an attribute"),
        ("a = 'x", "line 1, column 5: found a string without its closing ', expected a value"),
        ("a NOT = 1", "line 1, column 7: found '=', expected LIKE or IN"),
        ("my_ext = 1", "line 1, column 8: found '=', expected '('"),
        ("a = like", "line 1, column 5: found 'like', expected a value"),
        ("a == 1", "line 1, column 4: found '=', expected a value"),
        ("1 = ~1", "line 1, column 5: found '~', expected a value"),
        (f"a {'b' * 50}", f"line 1, column 3: found '{'b' * 39}'…, expected an operator or the end of the expression"),
    ],
)
def test_a_parse_error_says_where_what_was_found_and_what_could_stand_there(text: str, message: str) -> None:
    assert message == refused(text)


def test_a_doubled_quote_gets_the_cure() -> None:
    assert refused("'it''s'").endswith(r"(write a quote inside a string as \')")
    assert refused("'it' 's'").endswith("or the end of the expression")
