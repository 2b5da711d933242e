"""Links that carry an identifier, or the name of a patient's file. Pure.

Rule `links` reads a link's words, not only its digits: "?nhs=…", "/patients/48213", "Albert-Higgs-home-visit.docx".
Bare digits, as in the address of a post or of a survey, are ordinary. It never opens a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from bot.moderation.guard.first_look import found_by, found_in
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.records import SOMEBODY
from bot.moderation.guard.vocabulary import FILE_WORDS, NOT_NAMES

_KEYED = re.compile(
    r"(?:^|[?&;/#_.-])(?P<key>nhs(?:[_-]?(?:no|num|number|id))?|chi(?:_?(?:no|number))?|mrn|urn?|umrn|nhi|ihi|ppsn?|hcn"
    r"|phn|hosp(?:ital)?_?(?:no|num|number|id)"
    r"|(?:patient|pt|client|resident|person|su|service_?user|student|pupil|learner|participant|ndis|uhid|enc|encounter|claim)"
    r"s?(?:[_-]?(?:no|num|number|id|ref|record))?|pid|pat_?id"
    r"|records?|case_?(?:no|id|ref)?"
    r"|referral_?(?:no|id|ref)?|episode|dob|date_?of_?birth|postcode|surname|last_?name|first_?name|forename"
    r"|patient_?name)"
    r"(?:=|/|:|-|_)(?P<value>[^&?#/;]{2,60})",
    re.IGNORECASE,
)
_NAMED_KEYS = re.compile(r"surname|name|forename", re.IGNORECASE)
_OF_A_PATIENT = re.compile(r"patients?|pt|residents?|service_?user", re.IGNORECASE)
_TWO_WORDS = re.compile(r"[A-Za-z]{3,15}[-_.+][A-Za-z]{3,15}")
_FEWEST_DIGITS, _SHORTEST_NAME = 4, 3
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TEN = re.compile(r"(?<!\d)\d{3}[ _.-]\d{3}[ _.-]\d{4}(?!\d)")
_IN_CARE = re.compile(
    r"(?:patient|client|resident|referral|episode|student|pupil)s?\b(?!-(?:cent|led|safety|experience|voice|info|facing|reported|and-))[^\s/]{0,20}?(?:/[^\s/]{1,20}?)?[?&;=]\w{0,8}=?\d{4,}",
    re.IGNORECASE,
)
_OF_RECORDS = re.compile(
    r"(?<![a-z])(?:rio|emr|ehr|epic|emis|systmone|cerner|portal|cases?|records?|intranet|sen|ehcp|referrals?|charts?"
    r"|notes|careplans?|episodes?|encounters?|dols|safeguarding|clients?|patients?|residents?|pupils?)(?![a-z])",
    re.IGNORECASE,
)
_NAMED = re.compile(r"[?&;]name=[A-Za-z'-]{2,20}[+_ -][A-Za-z'-]{2,20}")
_LIBRARY = re.compile(r"library|catalogue|journal|article|repository|dataset|museum", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?!(?:19|20)\d\d[/-])[A-Z]{0,2}\d(?:-?\d){4,11}(?![A-Za-z0-9])")
_DOB = re.compile(
    r"(?<![a-zA-Z])(?:dob|d\.o\.b)[ _.=-]{0,3}\d{1,2}[ _./-]?\d{1,2}[ _./-]?(?:\d{4}|\d\d)(?!\d)", re.IGNORECASE
)
_FILE = re.compile(
    r"(?P<name>[^/?#=&]{3,120})\.(?:docx?|pdf|xlsx?|pptx?|jpe?g|png|heic|mp4|mov|m4a|txt|rtf|odt|pages|csv|eml|msg"
    r"|zip)\b",
    re.IGNORECASE,
)
_BARE_FILE = re.compile(
    r"(?<![\w/])(?P<name>(?:[A-Z][\w'-]{1,20},? (?:[\w'-]{1,20},? ){0,8}[\w'()-]{1,80}|[\w'()-]{3,80}))"
    r"\.(?i:docx?|pdf|xlsx?|pptx?|jpe?g|png|heic|mp4|mov|m4a|zip|rtf|odt|csv|msg|eml)\b"
)
_TITLE = re.compile(
    r"(?:^|[\W_])(?:(?:mrs?|ms|miss|mx)[ _.-]{1,2}|(?-i:(?:Mrs?|Ms|Miss)(?=[A-Z])))(?P<name>[A-Za-z][A-Za-z'-]+)",
    re.IGNORECASE,
)
_CITED = re.compile(r"(?:et.?al|[ _-](?:and|&)[ _-]).{0,24}(?:19|20)\d\d(?!\d)", re.IGNORECASE)
_TOKENS = re.compile(r"[A-Z]?[a-z']+|[A-Z]+(?![a-z])|\d+")
_CLINICAL = re.compile(
    r"assess|discharg|summary|wound|ulcer|sore(?![a-z])|stairs|stump|heel|sacrum|(?<![a-z])(?:hand|foot|wrist|ax|xr|mri|ct|mca"
    r"|dols)(?![a-z])|capacity|best.?interest|report|letter|referral|visit|photo|note|care.?plan|splint|wheelchair|seating|ehcp|scan"
    r"|x-?ray"
    r"|(?<![a-z])iep(?![a-z])|careplan|transfer|kitchen|bathroom|hoist|adaptation|consent|funding|safeguard|review"
    r"|handover|goals?|moca|acis|amps"
    r"|copm|barthel|progress|medication|ot.?report|therapy|case|history|video|gait",
    re.IGNORECASE,
)


@found_in("links")
def links(normalized: NormalizedText) -> Iterator[Sign]:
    """Links with a patient's number, or a file that bears a name."""
    for start, written in normalized.links:
        link = unquote(written).rstrip(".,;:!?)")
        if _tells(link) or (
            _OF_RECORDS.search(link) and _LONG_NUMBER.search(link) and SOMEBODY.search(normalized.lowercase)
        ):
            yield Sign("link", start, start + len(written))


@found_by(_BARE_FILE)
def file_names(normalized: NormalizedText) -> Iterator[Sign]:
    """Names of files outside links that bear a person's name."""
    if "." in normalized.text:
        for found in _BARE_FILE.finditer(normalized.text):
            if _bears_name(found["name"]):
                yield Sign("link", *found.span())


_SHARED = re.compile(
    r"^(?:https?://)?[^/]*(?:drive\.google|docs\.google|dropbox|onedrive|1drv|sharepoint|icloud|wetransfer|photos\.|box\.com)",
    re.IGNORECASE,
)
"""Hosts where people share files of their own."""


def _tells(link: str) -> bool:
    path = link.split("://", 1)[-1].partition("/")[2]
    if any(_is_value(found["key"], found["value"]) for found in _KEYED.finditer(path)) and not _LIBRARY.search(link):
        return True
    if _TEN.search(path) or _DOB.search(path) or _IN_CARE.search(path):
        return True
    if _NAMED.search(path) and _OF_RECORDS.search(link):
        return True
    if _SHARED.search(link) and any(not part.islower() and _bears_name(part) for part in re.split(r"[/?&=]", path)):
        return True
    titled = _TITLE.search(path)
    if titled and titled["name"].capitalize() not in NOT_NAMES and _CLINICAL.search(path):
        return True
    return any(_bears_name(found["name"]) for found in _FILE.finditer(path))


def _is_value(key: str, value: str) -> bool:
    """Whether what follows a key is a number of somebody, or a name where the key asks for one."""
    if _NAMED_KEYS.search(key):
        return value[:1].isalpha() and value.lower() not in {"and", "of", "test", "example"}
    if _OF_A_PATIENT.fullmatch(key) and _TWO_WORDS.fullmatch(value):
        return FILE_WORDS.isdisjoint(re.split(r"\W", value.lower()))
    digits = sum(map(str.isdigit, _YEAR.sub("", value)))
    return digits >= _FEWEST_DIGITS and not re.fullmatch(r"(?:19|20)\d\d(?:[-/]\d{1,2})*|v?\d\.\d.*", value)


def _bears_name(file: str) -> bool:
    """Whether a file's name has a title and a name, or a clinical word and what can only be a name."""
    if _DOB.search(file):
        return True
    if _CITED.search(file):
        return False
    titled = _TITLE.search(file)
    if titled and titled["name"].capitalize() not in NOT_NAMES:
        return True
    if not _CLINICAL.search(file):
        return False
    words = [token for token in _TOKENS.findall(file) if token.isalpha()]
    names = [word for word in words if len(word) >= _SHORTEST_NAME and not word.isupper()] or words
    if any(not word.islower() for word in names):
        names = [word for word in names if word[0].isupper()]
    strange = [word for word in names if word.lower() not in FILE_WORDS and word.capitalize() not in NOT_NAMES]
    return len(strange) > 1 or (len(strange) == 1 and strange[0][0].isupper() and _initialled(words))


def _initialled(words: list[str]) -> bool:
    return any(len(word) == 1 and word.isupper() for word in words)
