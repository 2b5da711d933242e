from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.messages import SummaryWritten
from bot.reporting.contents import contents_of
from bot.reporting.markdown import markdown
from bot.reporting.record import record
from bot.reporting.summary import summary_html, summary_text
from tests.reporting.sample_events import at, chat
from tests.reporting.test_markdown import Tags

READER = MarkdownIt("commonmark")

SUMMARY = """# What we learnt

Groups work **online**, if *sound* does. See [the guide](https://example.org/guide?a=1&b=2).

- start small
- practise

1. first
2. second
"""


def published(source: str) -> str:
    """The summary as it stands in the Markdown."""
    found = record(chat(), [SummaryWritten(place="x", text=source, at=at(70))])
    document = "".join(markdown(contents_of(found)))
    return document.partition("## Summary\n\n")[2].partition("\n\n## ")[0]


def test_a_summary_as_html_stands_below_its_heading() -> None:
    html = summary_html(SUMMARY)
    assert "<h3>What we learnt</h3>" in html
    assert "<strong>online</strong>" in html
    assert '<a href="https://example.org/guide?a=1&amp;b=2" rel="nofollow noopener">the guide</a>' in html
    assert html.count("<li>") == 4


def test_a_summary_as_plain_text_shows_its_addresses() -> None:
    assert summary_text(SUMMARY) == (
        "What we learnt\n\n"
        "Groups work online, if sound does. See the guide (https://example.org/guide?a=1&b=2).\n\n"
        "- start small\n- practise\n\n1. first\n2. second"
    )


def test_emphasis_is_kept_where_other_readers_understand_it_too() -> None:
    source = "*a* **b** ***c*** _d **e** f_ g**h**i *it's*"
    assert READER.render(published(source)) == str(summary_html(source))


def test_a_picture_in_a_summary_is_text_and_no_link() -> None:
    picture = "See ![our *group*](https://example.org/a.png)"
    assert summary_text(picture) == picture
    assert summary_html(picture) == f"<p>{picture}</p>\n"
    assert Tags(READER.render(published(picture))).tags == ["p"]
    assert summary_text(f"[{picture}](https://example.org/b)") == f"{picture} (https://example.org/b)"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "![a](https://example.org/x.png)",
        "[a]: javascript:alert(1)\n\n[a]",
        "```\n{{ site.title }}\n```",
        "    {% include secret %}",
        "<https://example.org/{{ 7*7 }}>",
        "a {{ page }} `{{ b }}`",
        "---\ntitle: x\n---",
    ],
)
def test_nothing_in_a_summary_acts(hostile: str) -> None:
    allowed = {"p", "a", "em", "strong", "ul", "ol", "li", "blockquote", "h3", "h4", "hr", "br"}
    again = Tags(READER.render(published(hostile)))
    for found in (Tags(str(summary_html(hostile))), again):
        assert set(found.tags) <= allowed
        assert not any(url.startswith(("javascript", "data")) for url in found.links)
    assert "{{" not in published(hostile)
    assert "{%" not in published(hostile)


PIECES = [
    "*",
    "**",
    "_",
    "# ",
    "- ",
    "1. ",
    "> ",
    "\n",
    "\n\n",
    " ",
    "a",
    "b.",
    "[a](https://e.org/b)",
    "{",
    "<b>",
    "\\",
    "__",
    "***",
    "!",
    "~",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("_***\\**_")
@example("**`***\\***\\___[** and _a_")
def test_the_words_of_a_summary_are_the_same_everywhere(source: str) -> None:
    html = Tags(str(summary_html(source))).text.split()
    assert Tags(READER.render(published(source))).text.split() == (html if source.strip() else [])
