from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.slack.text import plain


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("power-off vm1", "power-off vm1"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;@U1&amp;gt; &amp;amp;", "&lt;@U1&gt; &amp;"),
        ("&nbsp; &#60; & &", "&nbsp; &#60; & &"),
        ("tell <@U123|alice>", "tell @U123"),
        ("tell <@U123>", "tell @U123"),
        ("in <#C123|general>", "in #C123"),
        ("<!here> <!channel|channel>", "@here channel"),
        ("<!subteam^S123|@admins> <!subteam^S123>", "@S123 @S123"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("ping <http://vm1.example.org|vm1.example.org>", "ping vm1.example.org"),
        ("get <https://example.org/?a=1&amp;b=2>", "get https://example.org/?a=1&b=2"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("<https://example.org|a &lt;b&gt; “c”>", 'a <b> "c"'),
        ("set “my vm” ‘x’ it’s", "set \"my vm\" 'x' it's"),  # noqa: RUF001 - as it comes
        ("<>", ""),
        ("< <@U1> >", "< @U1 >"),
    ],
)
def test_a_text_is_what_was_typed(sent: str, typed: str) -> None:
    assert typed == plain(sent)


@given(st.text())
def test_what_slack_escapes_comes_back(typed: str) -> None:
    straight = plain(typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    quotes = str.maketrans("“”„‟‘’‚‛", "\"\"\"\"''''")  # noqa: RUF001 - as they come

    assert typed.translate(quotes) == straight


@given(st.text(alphabet="<>|!@#^&;ltgamp x"))
def test_whatever_is_sent_is_a_text(sent: str) -> None:
    assert isinstance(plain(sent), str)
