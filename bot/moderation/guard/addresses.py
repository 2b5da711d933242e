"""Addresses: full postcodes, Eircodes, ZIP codes, and street addresses that the text says are a home. Pure.

Rules `postcodes` and `addresses`. Half a postcode (LS1), a town, and the address of a venue are ordinary talk, and so
is a code of the right form in an area that doesn't exist. Areas are Royal Mail's, routing keys are Eircode's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moderation.guard.normalized_text import NormalizedText, Sign

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


_AREA_LIST = """
AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU
GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE
PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO
ZE
"""
_AREAS = frozenset(_AREA_LIST.split())
"""The postcode areas of the United Kingdom. Source: Royal Mail, as of 2026."""

_KEY_LIST = """
A41 A42 A45 A63 A67 A75 A81 A82 A83 A84 A85 A86 A91 A92 A94 A96 A98 C15 D01 D02 D03 D04 D05 D06 D07 D08 D09 D10 D11 D12
D13 D14 D15 D16 D17 D18 D20 D22 D24 D6W E21 E25 E32 E34 E41 E45 E53 E91 F12 F23 F26 F28 F31 F35 F42 F45 F52 F56 F91 F92
F93 F94 H12 H14 H16 H18 H23 H53 H54 H62 H65 H71 H91 K32 K34 K36 K45 K56 K67 K78 N37 N39 N41 N91 P12 P14 P17 P24 P25 P31
P32 P36 P43 P47 P51 P56 P61 P67 P72 P75 P81 P85 R14 R21 R32 R35 R42 R45 R51 R56 R93 R95 T12 T23 T34 T45 T56 V14 V15 V23
V31 V35 V42 V92 V93 V94 V95 W12 W23 W34 W91 X35 X42 X91 Y14 Y21 Y25 Y34 Y35
"""
_KEYS = frozenset(_KEY_LIST.split())
"""The routing keys of Ireland. Source: Eircode, as of 2026."""


def postcodes(normalized: NormalizedText) -> Iterator[Sign]:
    """Full postcodes: British ones, Eircodes, and ZIP codes with an extension, a label or a state before them."""
    text = normalized.text
    if not normalized.digit_run:
        return
    if _CHEAP_UK.search(text):
        for found in _UK.finditer(text):
            if (found[1] or found[2]).upper() in _AREAS and not _ORDINAL.search(found[0]):
                yield Sign("postcode", *found.span())
    if _CHEAP_EIRCODE.search(text):
        for found in _EIRCODE.finditer(text):
            if found[1] in _KEYS:
                yield Sign("postcode", *found.span())
    if normalized.digit_run >= _FEWEST:
        for found in _ZIP.finditer(text):
            yield Sign("postcode", *found.span())


def addresses(normalized: NormalizedText) -> Iterator[Sign]:
    """A house number and a street, where the words before say that a person lives there."""
    if normalized.digit_run and _CHEAP_STREET.search(normalized.text):
        for found in _STREET.finditer(normalized.text):
            yield Sign("address", *found.span(1))
