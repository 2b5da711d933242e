"""Full postcodes: British ones, Eircodes, Canadian ones, and ZIP codes. Pure.

Rule `postcodes`. Half a postcode (LS1), and a code of the right form in an area that doesn't exist, are ordinary talk,
and so is the postcode of a venue. Areas are Royal Mail's, routing keys are Eircode's, letters are Canada Post's. After
the word postcode the form may be loose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moderation.guard.first_look import found_by
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.phrases import any_of
from bot.moderation.guard.public import is_venue

_CHEAP = re.compile(r"[A-Za-z\u212a]\d")
"""In all of them a letter stands before a digit; a Kelvin sign is a K, too."""
_CHEAP_PARTED = re.compile(r"[A-Za-z]\d[A-Za-z\d ]|[A-Z] \d [\dW]")

_CHEAP_UK = re.compile(r"\d[A-Za-z]{2}(?![A-Za-z0-9])")
_UK = re.compile(
    r"(?<![\w/-])(?:([A-Z]{1,2})\d[A-Z\d]? {0,2}\d[ABD-HJLNP-UW-Z]{2}"
    r"|([a-z]{1,2})\d[a-z\d]? \d[abd-hjlnp-uw-z]{2})(?![\w-])"
)
_ORDINAL = re.compile(r"(?:1st|2nd|3rd|\dth|\dam|\dpm)$")

_EIRCODE = re.compile(
    r"(?<![\w/-])([AC-FHKNPRTV-Y]\d\d|D6W)[ -]?(?=[0-9]{0,3}[A-Z])[0-9A-Z]{4}(?![\w-])",
    re.IGNORECASE,
)

_FEWEST = 5
_ZIP = re.compile(
    r"(?<![\w.,/-])\d{5}-\d{4}(?![\w-])"
    r"|(?:(?<=she's out at )|(?<=he's out at )|(?<=she lives in )|(?<=he lives in ))\d{5}(?!\w)"
    r"|(?<=zip )\d{5}(?!\w)|(?<=zip is )\d{5}(?!\w)"
    r"|(?<=zip: )\d{5}(?!\w)|(?<=zip code )\d{5}(?!\w)"
    r"|(?<=[a-z], )(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]"
    r"|UT|V[AT]|W[AIVY]) \d{5}(?!\w)"
)
_CANADIAN = re.compile(r"(?<![\w/-])[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d(?![\w-])")
_SPACED = re.compile(
    r"(?<![\w'])(?:([a-z]) ?([a-z])? ?\d ?[a-z\d]? {0,3}\d ?[abd-hjlnp-uw-z] ?[abd-hjlnp-uw-z])(?![\w'-])"
)
_LOOSE = re.compile(
    r"(?<![\w/-])(?:[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d"
    r"|(?P<area>[A-Z]{1,2})\d[A-Z\d]? \d [ABD-HJLNP-UW-Z]{2}"
    r"|(?P<small>[a-z]{1,2})\d[a-z\d]?\d[abd-hjlnp-uw-z]{2}"
    r"|(?P<key>[AC-FHKNPRTV-Y] \d [\dW]) {1,3}(?:[0-9A-Z] ){3}[0-9A-Z])(?![\w-])"
)
"""Beside words for a home: Canadian ones in small letters or with letters that none has, and others in pieces."""
_LABEL = re.compile(r"post ?code|eircode|zip\b")
_LABELLED_EIRCODE = re.compile(
    r"eircode\b(?:\W{0,3}\b[a-z]{1,10}\b){0,3}?\W{0,4}(?P<value>[a-z] ?\d ?[\dw]\W{0,3}(?:[a-z0-9] ?){3}[a-z0-9])(?!\w)"
    r"|(?<!\w)(?P<before>[a-z]\d[\dw]\W?[a-z0-9]{4})\W{1,3}(?:is )?(?:the |her |his )?eircode"
)
_LABEL_NEAR = 30
_HOME = any_of(r"""
he | she | her | his | him | they live | they're at | they are at | now at | lives | key under
patient | pt | client | lady | gent | bungalow | cottage | the farm | flat | stairs | steps | stairlift | key ?safe
lives alone | home visit | discharge | rails? | mum | dad | daughter | son | wife | husband | carers?
ramp | caravan
""")


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


@found_by(_UK, _EIRCODE, _CANADIAN, _LOOSE, _ZIP, small=(_LABEL,), digits=1)
def postcodes(normalized: NormalizedText) -> Iterator[Sign]:
    """Full postcodes: British, Irish and Canadian ones, and ZIP codes with an extension, a label or a state."""
    if not normalized.digit_run:
        return
    text = normalized.text
    labelled = "code" in normalized.lowercase or "zip" in normalized.lowercase
    labels = list(_LABEL.finditer(normalized.lowercase)) if labelled else []
    for start, end in _found(normalized):
        if not is_venue(normalized, start, end) or (labels and _HOME.search(normalized.lowercase)):
            yield Sign("postcode", start, end)
    for found in _SPACED.finditer(normalized.lowercase) if labels else ():
        if _is_labelled(found, labels) and (
            not is_venue(normalized, *found.span()) or _HOME.search(normalized.lowercase)
        ):
            yield Sign("postcode", *found.span())
    if "eircode" in normalized.lowercase:
        for found in _LABELLED_EIRCODE.finditer(normalized.lowercase):
            yield Sign("postcode", *found.span("value" if found["value"] else "before"))
    if normalized.digit_run >= _FEWEST:
        zips = (found.span() for found in _ZIP.finditer(text))
        yield from (Sign("postcode", *span) for span in zips if not is_venue(normalized, *span))


def _found(normalized: NormalizedText) -> Iterator[tuple[int, int]]:
    """Where something has the form of a postcode and lies in an area that exists."""
    text = normalized.text
    if _CHEAP_PARTED.search(text):
        yield from _loose(normalized)
    if not _CHEAP.search(text):
        return
    if _CHEAP_UK.search(text):
        for found in _UK.finditer(text):
            area = (found[1] or found[2]).upper()
            if (area in _AREAS or _is_home(normalized, area)) and not _ORDINAL.search(found[0]):
                yield found.span()
    for found in _EIRCODE.finditer(text):
        if found[1].upper() in _KEYS and (found[0].isupper() or any(map(str.isdigit, found[0][3:]))):
            yield found.span()
    yield from (found.span() for found in _CANADIAN.finditer(text))


def _loose(normalized: NormalizedText) -> Iterator[tuple[int, int]]:
    """Codes that are written loosely, where a person or a home is spoken of."""
    text = normalized.text
    for found in _LOOSE.finditer(text):
        area = found["area"] or found["small"] or "AB"
        if (
            area.upper() in _AREAS
            and not _ORDINAL.search(found[0])
            and (found["key"] or "A41").replace(" ", "") in _KEYS
            and _HOME.search(normalized.lowercase)
        ):
            yield found.span()


def _is_labelled(found: re.Match[str], labels: list[re.Match[str]]) -> bool:
    """Whether it is near a label, in an area that exists, and no ordinal; right behind a label it may look like one."""
    near = any(found.start() - one.end() < _LABEL_NEAR and one.start() - found.end() < _LABEL_NEAR for one in labels)
    is_next = any(one.end() + 1 == found.start() for one in labels)
    return near and _area(found[1], found[2]) and (is_next or not _ORDINAL.search(found[0]))


def _is_home(normalized: NormalizedText, area: str) -> bool:
    """Whether letters of no area stand beside words for a person or a home: people change postcodes to hide them."""
    return len(area) > 1 and _HOME.search(normalized.lowercase) is not None


def _area(first: str, second: str | None) -> bool:
    return f"{first}{second or ''}".upper() in _AREAS
