"""Where a person lives: full postcodes, Eircodes, ZIP+4, and street addresses that are said to be a home. Pure.

Half a postcode (LS1), a town, and the address of a venue are ordinary talk. Areas are Royal Mail's, routing keys are
Eircode's; a code of the right form in an area that does not exist is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.postcode_areas import AREAS, KEYS

_CHEAP_UK = re.compile(r"\d[A-Za-z]{2}(?![A-Za-z0-9])")
_UK = re.compile(
    r"(?<![\w/-])(?:([A-Z]{1,2})\d[A-Z\d]? {0,2}\d[ABD-HJLNP-UW-Z]{2}"
    r"|([a-z]{1,2})\d[a-z\d]? \d[abd-hjlnp-uw-z]{2})(?![\w-])"
)
_ORDINAL = re.compile(r"(?:1st|2nd|3rd|\dth|\dam|\dpm)$")

_CHEAP_EIRCODE = re.compile(r"\d[0-9W] ?[0-9A-Z]{4}(?!\w)")
_EIRCODE = re.compile(
    r"(?<![\w/-])([AC-FHKNPRTV-Y]\d\d|D6W) ?(?=[0-9AC-FHKNPRTV-Y]{0,3}[A-Z])[0-9AC-FHKNPRTV-Y]{4}(?![\w-])"
)

_FEWEST = 5
_ZIP = re.compile(
    r"(?<![\w.,/-])\d{5}-\d{4}(?![\w-])"
    r"|(?<=zip )\d{5}(?!\w)|(?<=zip: )\d{5}(?!\w)|(?<=zip code )\d{5}(?!\w)"
    r"|(?<=[a-z], )(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]"
    r"|UT|V[AT]|W[AIVY]) \d{5}(?!\w)"
)

_CHEAP_STREET = re.compile(r"\d[a-zA-Z]?,? [A-Z]")
_STREET = re.compile(
    r"\b(?:liv(?:es?|ed|ing)|stay(?:s|ing)?|address|key ?safe|visit(?:s|ed|ing)?|home|moved?)\b[:\s]{1,2}"
    r"(?:is\s|was\s)?(?:at\s|to\s|in\s)?"
    r"((?:(?:[Ff]lat|[Aa]partment|[Uu]nit)\s\w{1,4},?\s)?\d{1,4}[a-zA-Z]?,?\s(?:[A-Z][\w']{1,20}\s){0,3}"
    r"(?:Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Drive|Close|Crescent|Terrace|Grove|Gardens|Court|Place|Square|Row|Hill"
    r"|Mews|View|Park|Walk|Rise|Green|Parade|Boulevard|Blvd|Way)\b(?:,\s[A-Z][\w']{2,20})?)"
)


def postcodes(sight: NormalizedText) -> Iterator[Sign]:
    """Full codes that a letter could be sent to."""
    text = sight.text
    if not sight.run:
        return
    if _CHEAP_UK.search(text):
        for found in _UK.finditer(text):
            if (found[1] or found[2]).upper() in AREAS and not _ORDINAL.search(found[0]):
                yield Sign("postcode", *found.span())
    if _CHEAP_EIRCODE.search(text):
        for found in _EIRCODE.finditer(text):
            if found[1] in KEYS:
                yield Sign("postcode", *found.span())
    if sight.run >= _FEWEST:
        for found in _ZIP.finditer(text):
            yield Sign("postcode", *found.span())


def addresses(sight: NormalizedText) -> Iterator[Sign]:
    """House number and street, where the words before say that somebody lives there."""
    if sight.run and _CHEAP_STREET.search(sight.text):
        for found in _STREET.finditer(sight.text):
            yield Sign("address", *found.span(1))
