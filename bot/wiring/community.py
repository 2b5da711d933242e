"""The community of the settings as its pages show it: the colours worked out, the logo read."""

from __future__ import annotations

from pathlib import Path

from bot.errors import SetupError
from bot.ports.community import Colours, Community, Logo
from bot.privacy_notice import House
from bot.settings.settings import Settings

MOST_BYTES = 200_000
"""Bytes of a logo: it is part of every transcript."""

_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"RIFF", "image/webp"),
)
"""Media types, by the first bytes of a file."""


def community(settings: Settings) -> Community:
    """The community. Raises SetupError if the logo can't be used."""
    said = settings.community
    if said.colour:
        from bot.settings.palette import palette  # noqa: PLC0415 -- its library is seldom needed

        found = palette(said.colour)
        colours = Colours(light=found.light, light_tint=found.light_tint, dark=found.dark, dark_tint=found.dark_tint)
    else:
        colours = None
    return Community(
        name=said.name,
        contact=said.contact,
        responsible=said.responsible or said.name,
        privacy=said.privacy or said.contact,
        colours=colours,
        logo=_logo(Path(said.logo)) if said.logo else None,
    )


def house(settings: Settings) -> House:
    """The community as the privacy notice names it."""
    said = settings.community
    return House(
        responsible=said.responsible or said.name,
        privacy=said.privacy or said.contact,
        wait=settings.publication.draft,
        open_after=settings.hosting.open_after,
    )


def _logo(path: Path) -> Logo:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SetupError(
            f"The logo {path} can't be read: {error.strerror}. Put `logo` in [community] right."
        ) from error
    if len(data) > MOST_BYTES:
        raise SetupError(f"The logo {path} has {len(data) // 1000} kB; make it at most {MOST_BYTES // 1000}.")
    media_type = next((kind for start, kind in _KINDS if data.startswith(start)), "")
    if not media_type and b"<svg" in data[:1000]:
        media_type = "image/svg+xml"
    if not media_type:
        raise SetupError(f"The logo {path} is no picture that browsers show: take SVG, PNG, JPEG or WebP.")
    return Logo(data=data, media_type=media_type)
