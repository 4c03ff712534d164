from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from schemas.config.redact import MASK, remember
from sinks.slack.message import SAID, message
from tests.support.chat import rules

NASTY = "<!channel> <@U1> <https://x|y> *b* _i_ ~s~ `c` :tada: @here #general & ``` \n"
TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=st.sampled_from(f"{NASTY}\N{GRINNING FACE}\x00\u202e"), max_size=200),
    st.builds(lambda piece, times: (piece * times)[:4000], st.text(min_size=1, max_size=9), st.integers(0, 4000)),
)


def texts(blocks: Any) -> list[tuple[str, str]]:
    """Type and text of every section and small print."""
    found = []
    for block in blocks:
        for text in [block["text"]] if "text" in block else block["elements"]:
            found += [(text["type"], text["text"])] if text["type"] != "button" else []
    return found


@example("&" * 4000, "`" * 4000, "<" * 4000, "0123456789abcdef")
@example("\N{GRINNING FACE}" * 4000, "\N{GRINNING FACE}\n" * 2000, "", "")
@given(TEXTS, TEXTS, TEXTS, st.text(alphabet="0123456789abcdef", max_size=16))
def test_every_message_keeps_within_slacks_limits(text: str, code: str, context: str, ask: str) -> None:
    said = message(text, code=code, context=context, ask=ask)

    assert [] == list(rules.flaws(said.members() | {"blocks": list(said.blocks)}, rules.MESSAGE))


def test_nothing_in_a_text_is_markup() -> None:
    """It stands in plain text, where Slack looks for none; and escaped where it does."""
    said = message(NASTY.strip(), code=NASTY.strip(), context="reflexarc 1")
    fixed = "\N{ZERO WIDTH SPACE}".join("```")

    assert [
        ("plain_text", NASTY.strip()),
        (
            "mrkdwn",
            f"```\n{NASTY.strip()[:-3].replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}{fixed}\n```",
        ),
        ("plain_text", "reflexarc 1"),
    ] == texts(said.blocks)
    assert not {"<", ">"} & set(said.text)


def test_buttons_ask_and_refusing_asks_once_more() -> None:
    approve, refuse = message("?", context="c", ask="0123456789abcdef").blocks[-1]["elements"]

    assert ("reflexarc-approve", "0123456789abcdef", "primary") == (
        approve["action_id"],
        approve["value"],
        approve["style"],
    )
    assert ("reflexarc-refuse", "0123456789abcdef", "danger") == (
        refuse["action_id"],
        refuse["value"],
        refuse["style"],
    )
    assert ("confirm" in approve, "confirm" in refuse) == (False, True)


def test_without_a_question_there_are_no_buttons() -> None:
    assert ["section", "context"] == [block["type"] for block in message("done", context="c").blocks]


def test_the_fallback_says_the_text_and_what_it_belongs_to() -> None:
    assert "done &amp; over\nreflexarc 1 succeeded" == message("done & over", context="reflexarc 1 succeeded").text


def test_a_known_secret_is_blanked_wherever_it_stands() -> None:
    remember("hunter2hunter2", owner="test")
    said = message("a hunter2hunter2", code="b hunter2hunter2", context="c hunter2hunter2")

    assert "hunter2" not in f"{said}"
    assert [f"a {MASK}", f"```\nb {MASK}\n```", f"c {MASK}"] == [text for _, text in texts(said.blocks)]


def test_a_table_that_is_too_long_is_cut_and_says_so() -> None:
    rows = "\n".join(f"vm-{number:04} on" for number in range(1000))
    shown = "\n".join(
        text[4:-4] for kind, text in texts(message("all", code=rows, context="c").blocks) if kind == "mrkdwn"
    )

    assert rows[: SAID - 1] + "…" == shown


def test_nothing_to_say_is_a_dash() -> None:
    assert [("plain_text", "-"), ("plain_text", "-")] == texts(message(" \n", context="\x00").blocks)
