"""The page for WordPress: everybody may paste it, and nothing in it acts there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from bot.reporting.contents import contents_of
from bot.reporting.files import render_wordpress
from bot.reporting.record import record
from tests.reporting.whole_hour import HOSTILE, whole_chat, whole_hour

# From WordPress 6.9, wp-includes/kses.php: of `$allowedposttags` those that may be here, each with its attributes, and
# of `_wp_add_global_attributes` those that every element may have.
ALLOWED: dict[str, set[str]] = {
    "a": {"href", "rel", "rev", "name", "target", "download"},
    "blockquote": {"cite"},
    "td": {"abbr", "align", "axis", "bgcolor", "char", "charoff", "colspan", "headers", "height", "nowrap", "rowspan"},
    "details": {"align", "open"},
    "ol": {"start", "type", "reversed"},
    **{name: set() for name in ("br", "caption", "dd", "dl", "dt", "em", "strong", "span", "p", "h2", "h3", "h4")},
    **{name: set() for name in ("summary", "table", "tbody", "thead", "tr", "ul", "li")},
}
ALLOWED["th"] = ALLOWED["td"] | {"scope"}
GLOBAL = {"class", "dir", "hidden", "id", "lang", "style", "title", "role"}


class Found(HTMLParser):
    """The elements with their attributes, the comments, and the words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.comments: list[str] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        assert not self.open, "blocks hold whole elements"
        self.comments.append(data.strip())

    def handle_data(self, data: str) -> None:
        self.words += data


def page() -> str:
    return "".join(render_wordpress(contents_of(record(whole_chat(), whole_hour()))))


def forbidden(found: Found) -> Iterator[str]:
    for tag, attributes in found.elements:
        yield from [tag] if tag not in ALLOWED else []
        yield from (f"{tag} {name}" for name in attributes.keys() - ALLOWED.get(tag, set()) - GLOBAL)


def test_wordpress_keeps_every_element_and_attribute() -> None:
    found = Found(page())
    assert list(forbidden(found)) == []
    assert not found.open
    assert all(re.match(r"https?://|#", str(one["href"])) for tag, one in found.elements if tag == "a")


def test_blocks_are_whole_and_not_nested() -> None:
    comments = Found(page()).comments
    assert len(comments) > 20
    for begin, end in zip(comments[::2], comments[1::2], strict=True):
        assert re.fullmatch(r'wp:(?:heading|paragraph|html)(?: {"level":3})?', begin)
        assert end == f"/{begin.split()[0]}"


def test_nothing_in_it_is_a_shortcode_or_another_block() -> None:
    assert "[" not in page()
    assert "]" not in page()
    assert Found(page()).comments.count("wp:html") == page().count("<!-- wp:html -->")


def test_it_says_what_the_page_says() -> None:
    words = Found(page()).words
    for text in (*HOSTILE, "Summary", "We met online.", "Too late for that", "a mind map of groups", "4 replies, by"):
        assert text.replace("\n", "").lstrip("\u202e") in words  # it would turn round what follows


def test_links_to_posts_lead_to_them() -> None:
    found = Found(page())
    ids = [one["id"] for _, one in found.elements if "id" in one]
    assert len(ids) == len(set(ids))
    assert {f"#{one}" for one in ids} >= {
        one["href"] for tag, one in found.elements if tag == "a" and "#" in str(one["href"])[:1]
    }
