"""A long text becomes parts that fit, and no word is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scheduling.post_text import split


def heavy(text: str) -> int:
    """Weigh as X does, roughly: what is not ASCII counts double."""
    return sum(1 if one.isascii() else 2 for one in text)


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("short", 10, ("short",)),
        ("", 10, ()),
        ("  \n ", 10, ()),
        ("one two\n\nthree four", 12, ("one two", "three four")),
        ("One two. Three four? Five.", 14, ("One two.", "Three four?", "Five.")),
        ("One two. Three. Four five.", 16, ("One two. Three.", "Four five.")),
        ("one two three", 8, ("one two", "three")),
        ("?a \né", 2, ("?a", "é")),
        ("abcdefgh", 3, ("abc", "def", "gh")),
        ("Q1. Aaaa bbbb. Cc dd", 16, ("Q1. Aaaa bbbb.", "Cc dd")),
        ("Aaaa bbbb. Cc dd? #OTalk", 18, ("Aaaa bbbb.", "Cc dd? #OTalk")),
    ],
)
def test_split(text: str, limit: int, parts: tuple[str, ...]) -> None:
    assert split(text, limit, len) == parts


def test_a_limit_too_small() -> None:
    with pytest.raises(ValueError, match="single character"):
        split("é", 1, heavy)


@given(st.text(alphabet=st.sampled_from("ab é.?!#\n\t字")) | st.text(), st.integers(2, 60))
def test_nothing_lost(text: str, limit: int) -> None:
    parts = split(text, limit, heavy)
    assert all(part and heavy(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(alphabet=st.sampled_from("ab é.?!\n")), st.integers(2, 60))
def test_words_stay_whole(text: str, limit: int) -> None:
    words = text.split()
    if all(heavy(word) <= limit for word in words):
        assert " ".join(split(text, limit, heavy)).split() == words
