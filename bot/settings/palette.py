"""A community's colour on light and dark pages, with contrast as WCAG 2.2 asks at level AA. Pure.

The pages' own colours are known here by value: paper, cards, and white or black text on the colour itself.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from bot.toml.validation import custom_error

if TYPE_CHECKING:
    from coloraide import Color

_LEAST = 4.5
"""Contrast of text with what it stands on (WCAG 2.2, 1.4.3)."""

_COMFORTABLE = 7.0
"""Contrast on dark pages, where the colour is ours to choose."""

_LIGHT, _DARK = ("#ffffff", "#f5f3ee", "#fbfaf6"), ("#11181b", "#15191a", "#1a2428", "#1d2324")
"""What text in the colour stands on, in the room and in the transcript."""

_LIGHT_TINT, _DARK_TINT = 0.1, 0.15
"""How much of the colour is in the tint of a background."""

_STEP = 0.01
"""A step of lightness, in OKLCH."""


class Palette(NamedTuple):
    """The colour and its tint on light pages, then on dark ones."""

    light: str
    light_tint: str
    dark: str
    dark_tint: str


def checked(value: str) -> str:
    """A colour for light pages as `#rrggbb`, or empty. Raises PydanticCustomError with one that would do."""
    if not value:
        return ""
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise custom_error('write it like "#005eb8"')
    contrast = _light_contrast(_color(value))
    if contrast < _LEAST:
        raise custom_error(
            f"nobody could read it: its contrast on our pages is {contrast:.1f}, and WCAG asks for {_LEAST}; "
            f'a darker one would do, like "{_darker(value)}"'
        )
    return value.lower()


@cache
def palette(colour: str) -> Palette:
    """All colours for one that was checked."""
    light, dark = _color(colour), _color(colour).convert("oklch")
    while min(_contrast(dark, _hex(_mixed(dark, _DARK[-1], _DARK_TINT)), *_DARK)) < _COMFORTABLE and dark["l"] < 1:
        dark["l"] += _STEP
    return Palette(
        light=_hex(light),
        light_tint=_hex(_mixed(light, _LIGHT[0], _LIGHT_TINT)),
        dark=_hex(dark),
        dark_tint=_hex(_mixed(dark, _DARK[-1], _DARK_TINT)),
    )


def _darker(colour: str) -> str:
    """The lightest shade of a colour that can be read."""
    made = _color(colour).convert("oklch")
    while _light_contrast(made) < _LEAST:
        made["l"] -= _STEP
    return _hex(made)


def _light_contrast(colour: Color) -> float:
    return min(_contrast(colour, _hex(_mixed(colour, _LIGHT[0], _LIGHT_TINT)), *_LIGHT))


def _contrast(colour: Color, *grounds: str) -> list[float]:
    shown = _color(_hex(colour))
    return [shown.contrast(one, method="wcag21") for one in grounds]


def _mixed(colour: Color, ground: str, share: float) -> Color:
    return _color(ground).mix(colour, share, space="srgb")


def _hex(colour: Color) -> str:
    return colour.convert("srgb").fit().to_string(hex=True)


def _color(text: str) -> Color:
    from coloraide import Color  # noqa: PLC0415 -- a tenth of a second, and seldom needed

    return Color(text)
