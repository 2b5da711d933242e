"""A community's colour: what can be read on it and what it can be read on, and a way out where it can't."""

from __future__ import annotations

import re

import pytest
from coloraide import Color
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from bot.settings.palette import checked, palette


def contrast(one: str, other: str) -> float:
    return float(Color(one).contrast(other, method="wcag21"))


def assert_readable(colour: str) -> None:
    found = palette(colour)
    for ground in ("#fff", "#f5f3ee", found.light_tint):  # also white text on it
        assert contrast(found.light, ground) >= 4.5
    for ground in ("#000", "#1a2428", "#11181b", found.dark_tint):
        assert contrast(found.dark, ground) >= 4.5
    for text, ground in (("#536268", found.light_tint), ("#1c292d", found.light_tint), ("#a8b7bb", found.dark_tint)):
        assert contrast(text, ground) >= 4.5, "the pages' own text on the tints"


@pytest.mark.parametrize("colour", ["#005EB8", "#000000", "#7c2855", "#330072", "#006747", "#8a1538"])
def test_a_dark_colour_is_taken_and_lightened_for_dark_pages(colour: str) -> None:
    assert checked(colour) == colour.lower()
    assert_readable(colour)


@settings(max_examples=15)
@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_any_colour_is_readable_or_another_is_named_that_is(colour: str) -> None:
    try:
        checked(colour)
    except PydanticCustomError as error:
        (colour,) = re.findall(r'like "(#[0-9a-f]{6})"', error.message())
        assert checked(colour) == colour
    assert_readable(colour)


@pytest.mark.parametrize("colour", ["blue", "#fff", "rgb(0,0,0)", "#00000g", "</style>"])
def test_anything_else_is_refused_with_how_to_write_it(colour: str) -> None:
    with pytest.raises(PydanticCustomError, match="#005eb8"):
        checked(colour)
