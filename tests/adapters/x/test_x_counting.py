"""What is counted without the library is counted as by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twitter_text import extract_urls, parse_tweet

from adapters.x.counting import links_in, weight

ALPHABET = "ab é\u0161\u2013\u2019\u201c\u2026.:/?!#@\n&5\u3002"


ODD = "a1 .\n\r\t#*👍🏽👩‍⚕️🇬🇧\u20e3\ufe0f\u200d\u0301é日本t.co/xhttps://b.uk "
"""Emojis of several characters, marks that join a letter, links, and each blank that there is."""


@given(st.lists(st.sampled_from(("https://b.uk/a", "b.uk", "👩‍⚕️", "1️⃣", " ", "\n", *ODD)), max_size=40).map("".join))
def test_words_are_counted_apart_as_the_library_counts_them_together(text: str) -> None:
    assert weight(text) == parse_tweet(text).weightedLength
    assert list(links_in(text)) == extract_urls(text)


@given(st.text(alphabet=st.sampled_from(ALPHABET), max_size=60) | st.text(max_size=20))
def test_a_length_is_that_of_the_library(text: str) -> None:
    assert weight(text) == parse_tweet(text).weightedLength


@pytest.mark.parametrize(
    "text",
    [
        "Look at example.org now",
        "https://example.org/a?b=c",
        "no link. Really none…",
        "e.g. this",
        "t.co/abc",
        "日本語。example.com",
        "http://localhost and http://b.uk",
        "www.example.co.uk",
        "q1.What?",
    ],
)
def test_links_are_those_of_the_library(text: str) -> None:
    assert list(links_in(text)) == extract_urls(text)


@given(
    st.text(alphabet=st.sampled_from("abx.:/? \u3002"), max_size=40).map(lambda text: f"{text} https://b.uk{text}.com")
)
def test_links_in_odd_places_are_those_of_the_library(text: str) -> None:
    assert list(links_in(text)) == extract_urls(text)
