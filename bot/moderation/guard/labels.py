"""Numbers that identify a person because a label says so: "MRN 123456", "hospital no. H123456". Pure.

Rule `labelled_numbers`. A wrong check digit doesn't matter here: a mistyped NHS number still points at a person. The
label may also follow ("4471902 is his hospital number"). A label without a number ("put the NHS number on every
page") is ordinary talk, and so are plurals ("patient numbers 1400"), years and amounts.

Labels are those of the United Kingdom, Ireland, Australia, New Zealand, Canada and the United States.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.moderation.guard.first_look import FirstLook, found_by
from bot.moderation.guard.normalized_text import Kind, NormalizedText, Sign

_FEWEST = 4
"""Digits of the shortest number that is found by its label."""

_ID = r"(?:(?:\.?\s?(?:number|num|numb|nbr|nos?|nr|id|ref|reference|code|card|file|record|cin)\b\.?){1,2}\s?#?|\s?#)"
_GAP = r"[^\w\n]{0,4}(?:(?:is|was|of|reads|said|starts|ends|ending|says|came up as)\b\W{0,3}(?:in\s)?)?"
_ASIDE = r"(?:\W{0,3}\b(?!and\b|or\b|over\b)[a-z']{1,12}\b){0,3}?"
_GAPS = r"[ ./_-]{0,3}"

_TEN = r"\d(?:[^\w\n]{0,3}\d){8,9}(?!\w)"
_CARD = rf"\d(?:{_GAPS}\d){{7,9}}(?:-?[a-z]{{2}})?(?!\w)"


def _code(fewest: int) -> str:
    """A number of at least so many digits, with a few letters before or after it and gaps within."""
    prefix = r"(?:(?:[a-z] ){1,4}|[a-z]{1,3}\d?[ -]?[a-z]?)?"
    # "ring my patient on 07700…" has no code "on", and "the hospital did 44182 visits" none "did"
    words = (
        r"(?!(?:on|at|in|is|to|by|or|of|the|and|for|but|has|was|did|had|saw|see|got|ran|per|any|all|our|we|he|she|who"
        r"|are|now) )"
    )
    return rf"{words}{prefix}\d(?:[ /-]?\d){{{fewest - 1},17}}(?:-?[a-z]{{1,2}})?(?!\w|[.,]\d|%)"


class _Label(NamedTuple):
    """A kind, a word to look for first (empty: none), the pattern of label and value, and how the label begins."""

    kind: Kind
    word: str
    pattern: re.Pattern[str]
    beginning: re.Pattern[str]


_MAY_FOLLOW = (f"(?:{_ID}{_ASIDE})?", f"{_ID}?{_ASIDE}", f"{_ID}?", _ASIDE)
"""What may stand at the end of a label, or be missing there."""


def _label(kind: Kind, word: str, label: str, value: str) -> _Label:
    beginning = label
    for end in _MAY_FOLLOW:
        beginning = beginning.replace(end, "")
    return _Label(
        kind,
        word,
        re.compile(rf"(?<![\w-])(?:{label})(?: ?\([^()\n]{{1,20}}\))?{_GAP}(?P<value>{value})", re.IGNORECASE),
        re.compile(rf"(?<![\w-])(?:{beginning})", re.IGNORECASE),
    )


_SYSTEMS = (
    r"rio|systm ?one|s1|emis|pas|epic|cerner|lorenzo|paris|mosaic|trak(?:care)?|care ?notes|liquid ?logic|nervecentre"
    r"|meditech|ecr|local system"
)
_FILES = (
    r"(?:medical|patient|health|clinical|hospital) records?|patient|pt|client|service user|resident|pupil|unit|chart"
    r"|file|wristband|episode|referral|hosp(?:ital)?|nhs trust"
)
_CLAIMS = (
    r"claim|acc|acc45|ndis|ndis participant|participant|dva|dva (?:file|card)|centrelink|crn|medicaid|member"
    r"|insurance|policy|pip|dla|uc|blue badge|medical card|gms|passport|driving licen[cs]e|ehcp|mosaic"
    r"|safeguarding|complaint|mhrt|folder|medical aid|tribunal|pension|sassa|ration card|aged care|home care"
)

_LABELS = (
    _label("nhs_number", "nhs", rf"nhs{_ID}?{_ASIDE}", _TEN),
    _label("chi_number", "chi", rf"chi{_ID}?{_ASIDE}", _TEN),
    _label("hsc_number", "hc", rf"(?:hcn|hsc{_ID}?){_ASIDE}", _TEN),
    _label("hsc_number", "c", rf"h ?[&+/] ?c{_ID}?{_ASIDE}", _TEN),
    _label("hsc_number", "health and care", rf"health and care {_ID}", _TEN),
    _label("ihi", "ihi", rf"ihi{_ID}?{_ASIDE}", rf"\d(?:{_GAPS}\d){{9,17}}(?!\w)"),
    _label("ppsn", "pps", rf"ppsn?{_ID}?{_ASIDE}", r"\d(?:[ .-]?\d){6}[ .-]?[a-w][a-z]?(?!\w)"),
    _label("ssn", "ss", rf"ssn{_ID}?{_ASIDE}|ss#", r"\d{3}[ .-]?\d\d[ .-]?\d{4}(?!\w)"),
    _label("ssn", "social", rf"social(?: security)?{_ID}?{_ASIDE}", r"\d{3}[ .-]?\d\d[ .-]?\d{4}(?!\w)"),
    _label("mbi", "mbi", rf"mbi{_ID}?{_ASIDE}", r"\d[a-z][a-z0-9]\d[ -]?[a-z][a-z0-9]\d[ -]?[a-z]{2}\d\d(?!\w)"),
    _label("medicare", "medicare", rf"medicare(?: card)?(?:{_ID}{_ASIDE})?", r"\d(?:[ /-]{0,2}\d){8,10}(?!\w)"),
    _label(
        "nhi",
        "nhi",
        rf"nhi{_ID}?{_ASIDE}",
        r"(?:[a-z][ .,-]{0,3}){3}(?:(?:then|and|dash|space)\W{1,2})?\d[ -]?\d[ -]?(?:\d[ -]?\d|[a-z][ -]?[a-z])(?!\w)",
    ),
    _label("health_card", "phn", rf"phn{_ID}?{_ASIDE}", _CARD),
    _label("health_card", "phin", rf"phin{_ID}?", _CARD),
    _label("health_card", "uli", rf"uli{_ID}?", _CARD),
    _label("health_card", "ohip", rf"ohip(?: card)?{_ID}?{_ASIDE}", _CARD),
    _label("health_card", "ramq", rf"ramq{_ID}?", r"[a-z]{4}[ -]?\d{4}[ -]?\d{4}(?!\w)"),
    _label(
        "health_card",
        "health",
        rf"(?:personal )?health (?:care )?(?:card|number|insurance)(?:{_ID}{_ASIDE})?",
        _CARD + r"|[a-z]{4} ?\d{4} ?\d{4}(?!\w)",
    ),
    _label("health_card", "card", r"(?:care|msp|mcp|msi) ?card(?: (?:number|no))?", _CARD),
    _label("health_card", "mcp", rf"mcp{_ID}?", r"\d(?:[ -]?\d){11}(?!\w)"),
    _label("hospital_number", "", r"(?:cr|ip|op|ipd|opd) ?(?:no|number)\b\.?", r"(?:\d{4}/)?\d{5,9}(?!\w)"),
    _label("social_number", "sin", rf"sin{_ID}?{_ASIDE}", r"\d{3}[ -]?\d{3}[ -]?\d{3}(?!\w)"),
    _label("social_number", "social ins", rf"social insurance{_ID}?", r"\d{3}[ -]?\d{3}[ -]?\d{3}(?!\w)"),
    _label("social_number", "tfn", rf"tfn{_ID}?", r"\d{2,3}[ -]?\d{3}[ -]?\d{3}(?!\w)"),
    _label("social_number", "tax", rf"tax file{_ID}?", r"\d{2,3}[ -]?\d{3}[ -]?\d{3}(?!\w)"),
    _label("social_number", "ird", rf"ird{_ID}?", r"\d{2,3}[ -]?\d{3}[ -]?\d{3}(?!\w)"),
    _label(
        "national_insurance",
        "n",
        rf"nino|(?:ni|national insurance)(?:{_ID}{_ASIDE})?",
        r"[a-z]{2}(?:[ .-]?\d\d){3}[ .-]?[a-d](?!\w)",
    ),
    _label("upn", "upn", rf"upn{_ID}?", r"[a-z]\d{11}[0-9a-z](?!\w)"),
    _label("hospital_number", "mrn", rf"u?mrn(?:{_ID}{_ASIDE})?s?", _code(4)),
    _label("hospital_number", "ur", rf"urn?{_ID}?|u\.r\.{_ID}?", _code(5)),
    _label("hospital_number", "board", rf"board{_ID}", _code(6)),
    _label("hospital_number", "band", r"(?:number|no) on (?:the|her|his) (?:wrist)?band", _code(6)),
    _label("hospital_number", "chart for", r"(?:chart|folder) for", r"\d\d-\d\d-\d\d(?!\w)"),
    _label("hospital_number", "hn", rf"hn{_ID}?", _code(5)),
    _label("hospital_number", "/n", r"[chpu]/n\.?", _code(5)),
    _label("hospital_number", "rec", rf"med(?:ical)?\.? rec(?:ord)?s?{_ID}?", _code(5)),
    _label("hospital_number", "hosp", rf"hosp(?:ital)?{_ID}{_ASIDE}", _code(4)),
    _label("hospital_number", "", rf"(?:{_FILES}|{_SYSTEMS}){_ID}", _code(4)),
    _label(
        "hospital_number",
        "",
        r"(?:patient|pt|client|service user|resident|hosp(?:ital)?|chart|wristband|episode|rio|systm ?one|emis|record"
        rf"|liquid ?logic|care ?notes|nervecentre|mosaic|trak(?:care)?|hrn|case|pid|[a-z]-?number)\b{_ID}?",
        r"(?!\d{1,3}000\b)" + _code(5),
    ),
    _label("hospital_number", "case", rf"case{_ID}", r"(?:[a-z]{1,3}[ -]?)?\d{1,4}-\d{3,}|" + _code(4)),
    _label(
        "case_number",
        "",
        rf"(?:{_CLAIMS}){_ID}",
        r"(?:[a-z]{1,3}[ -]?)?\d{1,4}-\d{3,}|\d{2,4}/[a-z]{1,4}/\d{3,}|" + _code(5),
    ),
    _label("case_number", "participant", r"participant", r"4\d{2}[ -]?\d{3}[ -]?\d{3}(?!\w)"),
    _label(
        "case_number", "", rf"(?:ndis|dva|crn|acc claim|med(?:ical)? card|centrelink|acct)\b{_ID}?{_ASIDE}", _code(5)
    ),
    _label(
        "case_number",
        "v",
        r"(?:dva|vet(?:eran)?(?:'?s)?(?: affairs)?|gold|white)(?: (?:gold|white|health))?(?: (?:file|card))?"
        rf"{_ID}?{_ASIDE}",
        r"[nvqswt] ?(?:[a-z] ?){0,3}\d(?: ?\d){3,6}[a-z]?(?!\w)",
    ),
    _label("case_number", "", r"(?:medicaid )?cin|medicaid(?: (?:id|no|number))?", r"[a-z]{2}\d{5}[a-z](?!\w)"),
    _label(
        "case_number",
        "",
        r"(?:ehcp|aadhaa?r|udid|abha|uhid|mrd|nric|mykad|csn|lcs|hsn|nhif|mosaic|passport|driving licen[cs]e|blue badge"
        rf"|nida|bvn|folder|tribunal)\b{_ID}?{_ASIDE}",
        r"(?:[a-z]{2,5}[ /-]?)?\d(?:[ /-]{0,2}[a-z]?\d){5,17}[a-z]{0,2}(?!\w)|[a-z]{5}\d{6}[a-z0-9]{5}(?!\w)"
        r"|[a-z0-9]{5,6} ?\d ?\d{4}[a-z]\d{4}(?!\w)|[a-z]{2}\d{3}/\d\d/\d{5}(?!\w)",
    ),
    _label("mbi", "medicare", rf"medicare{_ID}", r"\d[a-z0-9]{3}[ -][a-z0-9]{3}[ -][a-z0-9]{4}(?!\w)"),
    _label("hospital_number", "mr", r"mr(?: ?(?:#|no\.?|number))?", r"\d{2,3}-\d\d-\d{2,3}(?!\w)|\d{6,9}(?!\w)"),
    _label(
        "case_number",
        "/",
        r"(?:file|folder|case|complaint|claim)(?: (?:no|number|ref))?",
        r"[a-z]{1,3}/\d{2,4}/\d{3,6}(?!\w)",
    ),
    _label("case_number", "file", r"file(?: (?:no|number|ref))?", r"(?!(?:19|20)\d\d)\d{2,4}-\d{4,7}(?!\w)"),
    _label("case_number", "claim", rf"claim{_ID}?", r"\d{2,4}/\d{4,7}(?!\w)"),
    _label("case_number", "prison", rf"prison(?:er)?{_ID}", r"[a-z]\d{4}[a-z]{2}(?!\w)"),
    _label("case_number", "case", rf"case{_ID}", r"\d{2,4}-[a-z]{1,3}-\d{4,8}(?!\w)"),
    _label(
        "case_number",
        "last",
        r"(?:aadhaa?r|nhs|mrn|ssn|social|medicare|card|number)(?: number)?,? last (?:four"
        r"|4)(?: digits)?(?: (?:are|is))?",
        r"\d(?:[ -]?\d){3}(?!\w)",
    ),
    _label("case_number", "white card", r"(?:white|gold) card", r"[nvqswt][a-z]{0,3} ?\d(?: ?\d){3,6}[a-z]?(?!\w)"),
    _label(
        "case_number",
        "last",
        r"last (?:four|4)(?: digits)?(?: of)?(?: (?:the|her|his|their|mom's|mum's|dad's))? (?:social|ssn|nhs|medicare"
        r"|card|mrn|number|id)"
        r"(?: (?:are|is))?",
        r"\d(?:[ -]?\d){3}(?!\w)",
    ),
    _label(
        "case_number",
        "",
        r"(?:her|his|their|(?:patient|client|pt|resident)(?:'s)?) (?:\w{1,12} )?(?:number|no|id|ref)\b",
        r"\d{2,4}/[a-z]{1,4}/\d{3,}|" + _code(5),
    ),
)

_LOOK = FirstLook(*(label.beginning for label in _LABELS))
_LABELS_OF_FEW_DIGITS = tuple(label for label in _LABELS if label.kind in {"nhi", "mbi"})
"""Those in whose values fewer than `_FEWEST` digits stand together."""

_LABEL_BEHIND = re.compile(
    rf"(?<![\w.,/-])(?P<value>{_code(5)}|(?:[a-z][ -]?){{3}}\d ?\d ?(?:\d ?\d|[a-z] ?[a-z]))[ (=:-]{{1,3}}"
    r"(?:(?:is|was|'s|that'?s)\W{1,3})?"
    r"(?:(?:the|my|her|his|their|a)\W)?(?:(?:patient|client|pt|lady|gent)(?:'s)?\W)?(?:(?:correct|right|actual) )?"
    r"(?:off |on |in |from )?(?:(?:the|her|his|their) )?(?P<label>nhs|chi|wristband|ndis|dva|medicaid|ohip|crn|mrn|umrn"
    r"|urn?|hosp(?:ital)?|nhi|ihi|ppsn?|medicare|hcn|phn|patient|record|unit|(?:med(?:ical)?|gold|white) card|case"
    r"|notes|rio|systmone|emis)\b"
    r"(?:\s(?:number|no|num|id|card|#)\b)?(?!\W{0,3}\d)",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(
    r"(?:wristband|rio|systmone|emis|ndis|dva|medicaid|ohip|crn|nhs|chi|mrn|umrn|nhi|ihi|ppsn?|hcn|phn"
    r"|gold card|white card)$|.*\s(?:number|no|num|id|#)$",
    re.IGNORECASE,
)
_BEHIND: dict[str, Kind] = {
    "nhs": "nhs_number",
    "chi": "chi_number",
    "hcn": "hsc_number",
    "nhi": "nhi",
    "ihi": "ihi",
    "pps": "ppsn",
    "ppsn": "ppsn",
    "medicare": "medicare",
    "phn": "health_card",
}

_YEAR = re.compile(r"(?:19|20)\d\d(?:[/ -](?:\d\d|(?:19|20)\d\d))?|[A-Za-z]-\d{1,4}/\d\d")
"""Years, and cases of the European court."""
_AMOUNT = re.compile(
    r"\s?(?:outpatients?|inpatients?|appointments|admissions|discharges|staff|people|patients|clients"
    r"|referrals|visits|beds|hours|pounds|million|participants)\b"
)


@found_by(
    *(label.beginning for label in _LABELS),
    digits=2,
    short=(_FEWEST, [label.beginning for label in _LABELS_OF_FEW_DIGITS]),
)
def labelled_numbers(normalized: NormalizedText) -> Iterator[Sign]:
    """Values right behind their label."""
    if not normalized.digit_run:
        return
    text, lowercase = normalized.text, normalized.lowercase
    for label in _LOOK.among(_LABELS, normalized.plain):
        if label.word in lowercase and (normalized.digit_run >= _FEWEST or label in _LABELS_OF_FEW_DIGITS):
            for found in label.pattern.finditer(text):
                value = found["value"]
                if _is_value(value) and (value[0] == "0" or not _AMOUNT.match(lowercase, found.end())):
                    yield Sign(label.kind, *found.span("value"))


@found_by(_LABEL_BEHIND, digits=2)
def numbers_before_labels(normalized: NormalizedText) -> Iterator[Sign]:
    """Values right before their label."""
    text, lowercase = normalized.text, normalized.lowercase
    if normalized.digit_run >= _FEWEST or "nhi" in lowercase:
        for found in _LABEL_BEHIND.finditer(text):
            said = found[0][found.end("value") - found.start() :]
            if _is_value(found["value"]) and _LABEL_ALONE.search(said):
                yield Sign(_BEHIND.get(found["label"].lower(), "hospital_number"), *found.span("value"))


def _is_value(written: str) -> bool:
    digits = re.sub(r"\D", "", written)
    return not _YEAR.fullmatch(written) and digits.strip("0") != ""
