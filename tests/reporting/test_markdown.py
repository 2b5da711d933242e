from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.messages import AnyEvent, Author, Gap
from bot.reporting.contents import contents_of
from bot.reporting.markdown import inline, markdown, quoted
from bot.reporting.record import record
from tests.reporting.sample_events import at, chat, edited, said

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

MARKS = ["*", "_", "`", "#", ">", "<", "[", "]", "(", ")", "!", "|", "~", "-", "+", "=", "1.", "1)", "&amp;", "\\", "$"]
TEXTS = st.lists(
    st.sampled_from(
        [*MARKS, " ", "\n", "    ", "\t", "a", "https://e.org/*a*", "<b>", ":", "---", "```", "{{", "{%", "}"]
    )
)


class Tags(HTMLParser):
    """The tags of a text, and the text without them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def document(*events: AnyEvent) -> str:
    found = record(chat(), events)
    return "".join(markdown(contents_of(found)))


@given(TEXTS.map("".join) | st.text(st.characters(exclude_categories=["Cs", "Cc"])))
@example("# a\n===\n- b\n> c\n```\nd")
@example("1. a\n12) b\n[x]: https://e.org")
def test_texts_of_participants_are_shown_literally(text: str) -> None:
    found = Tags(READER.render(quoted(text)))
    assert set(found.tags) <= {"blockquote", "p", "br", "a"}
    assert found.text.split() == text.split()


@given(TEXTS.map("".join))
@example("!https://e.org/*a*{{")
def test_names_and_titles_are_shown_literally(text: str) -> None:
    found = Tags(READER.render(f"## {inline(text)}\n"))
    assert set(found.tags) <= {"h2", "a"}
    assert found.text.split() == text.split()


def test_line_breaks_are_kept() -> None:
    assert READER.render(quoted("one\ntwo\n\nthree")) == (
        "<blockquote>\n<p>one<br />\ntwo</p>\n<p>three</p>\n</blockquote>\n"
    )


def test_addresses_become_links() -> None:
    assert '<a href="https://e.org/a_b?c&amp;d">https://e.org/a_b?c&amp;d</a>.' in READER.render(
        quoted("see https://e.org/a_b?c&d.")
    )


@pytest.mark.parametrize("name", ["**", "*a", " ", "a\n# b", "[a](javascript:b)", "<script>"])
def test_a_hostile_name_is_shown_literally(name: str) -> None:
    event = said("1", "hi", author=Author(id="1", name=name, handle=name), url="https://e.org/?a&copy;")
    found = Tags(READER.render(document(event)))
    assert found.tags.count("strong") == 1
    assert found.tags.count("h1") == 1
    assert "script" not in found.tags
    assert found.tags.count("a") == 1


def test_the_whole_document() -> None:
    gap = Gap(place="x", at=at(14), since=at(12), until=at(14))
    text = document(
        said("1", "A1 *Teams*", 11, url="https://e.org/1"), said("2", "A1 later", 15), gap, edited("9", "x", 3)
    )
    assert text.startswith(
        "# A pretend chat\n\n\\#OTalk · Tuesday 13 October 2020, 20:00\u201321:00 BST (Europe/London)\n"
    )
    assert "\nHosted by Pretend host.\n" in text
    assert "| Posts | 2 | messages by participants in that window;" in text
    assert "| Impressions | n/a | potential:" in text
    assert "**Pretend participant A** (@pretend\\_A), 20:11, [on X](<https://e.org/1>)\n\n> A1 \\*Teams\\*\n" in text
    assert "\n*Nothing was heard on X from 20:12 to 20:14.*\n" in text
    assert text.index("20:11") < text.index("20:12") < text.index("20:15")
    assert "## Q3. Pretend question 3?\n\nNo answers were heard.\n" in text
    assert "Before" not in text
