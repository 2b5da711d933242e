from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readable.links import split_links, web_url


@pytest.mark.parametrize("url", ["https://example.org", "HTTP://example.org/a?b=c&d#e", "https://example.org/(a)"])
def test_a_web_address_is_kept(url: str) -> None:
    assert web_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://a b",
        "https://a\n",
        'https://"',
        "x https://a",
    ],
)
def test_other_addresses_are_not_kept(url: str | None) -> None:
    assert web_url(url) is None


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://example.org.", ["https://example.org"]),
        ("(https://example.org/a), http://b.example!", ["https://example.org/a", "http://b.example"]),
        ("https://example.org/a_(b) c", ["https://example.org/a_(b)"]),
        ("https://example.org/a&b=c;d", ["https://example.org/a&b=c;d"]),
        ("https:// nothing, example.org", []),
        ("https://...", []),
        ("<https://example.org>", ["https://example.org"]),
    ],
)
def test_addresses_are_found_in_a_sentence(text: str, links: list[str]) -> None:
    assert [piece for piece, link in split_links(text) if link] == links


@given(st.text() | st.lists(st.sampled_from(["https://", "a", ".", ")", "(", " ", "<"])).map("".join))
def test_nothing_is_lost(text: str) -> None:
    assert "".join(piece for piece, _ in split_links(text)) == text
    assert all(web_url(piece) for piece, link in split_links(text) if link)
