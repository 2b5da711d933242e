"""Record numbers that no known label names: "K0443182, left without crutches", "CSN 118204471". Pure.

Rule `record_numbers`. Digits with a letter before them, an abbreviation or "folder number" and digits, or long digits
alone count where somebody is spoken of right beside them ("his wife", "in bed 9", "medically fit"), and where no word
says that they belong to an order, a grant, a phone or the like. Years, dates, amounts and measures are ordinary talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.moderation.guard.clinic import CARE
from bot.moderation.guard.first_look import FirstLook, found_by
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.phrases import any_of

_ENDED = r"(?![\w%°]|[.,:/-]\d)"
_CODE = re.compile(
    r"(?<![\w£$€₹.,:/+#@-])(?:[A-Z]{1,4}[ /-]?(?=\d{4})|[A-Z]{1,2}\d?[ -]?(?=\d{3}))?\d{3,9}(?:[ -]\d{1,8}){0,3}"
    rf"(?:/\d\d/\d{{3,6}})?[A-Z]?{_ENDED}"
)
_MARKED = re.compile(
    r"(?<![\w-])(?:(?P<acronym>[A-Z][A-Za-z&+]{0,5}[A-Z]|[A-Z][a-z]{2,8}[A-Z][a-z]{2,8}|K|Mosaic"
    r"|Datix)(?: (?i:number|no|num|id|ref|file)\b\.?)?"
    r"|(?P<words>(?:(?!(?:the|a|one|two|for|and)\b)[A-Za-z]{2,12} )(?i:number|no|num|id|identifier|ref"
    r"|reference|membership)\b\.?)"
    r"|(?P<ref>[Rr]ef\b\.?)|(?P<hash>))"
    r"[ :#=-]{1,3}(?P<value>[A-Z]{0,3}[ /-]?\d(?:[ /-]?[A-Z]?\d){4,17}[A-Z]{0,2}(?:/\d\d/\d{3,6})?)(?![\w%]|[.,:]\d)"
)
_HASH = re.compile(r"(?<![\w#])# ?(?P<value>[A-Z]{0,3}\d{6,10})(?!\w)")
_FEWEST, _FEWEST_ALONE, _MOST, _FEWEST_MARKED = 5, 7, 60, 5
_NEAR, _LOOK_BACK = 70, 28

SOMEBODY = any_of(r"""
he | she | mrs? | carers? | his | her | him | he's
she's | hes | shes | hers | pt | patient | patients? on | client | resident
wife | husband | daughter | son | mum | mom | mam | dad | gran | nan | granny | mother | father | carer | kiddo | kid
wee man
koro | kuia | tannie | uncle | auntie | aunty | lady | gent | gentleman | chap | lad | lass | lassie | fella | bloke
boy | girl
man | woman | guy | admitted | readmitted | discharged? | for discharge | refus\w+ | declin\w+ | medically fit | moff?d
on the whiteboard | on trolley | in bed | bed \d+ | in theatre | came up | came in | came down | left without | pulled
fell | caseload | adjuster | placement | kinship | safeguarding | tribunal | parents | lives alone | ward \w{1,3}
came back | from theatre
days? \d+ | nil by mouth | nbm | transfer(?:red)? | peg | trach | post ?op | stroke opd | care package
encounter | student | pupil | moved school | the notes | safeguarding | ndia | ndis | plan review
""")
"""That somebody is spoken of, beside a number."""

_THING = re.compile(
    r"\b(?:p\.?o\.?|order|orders|invoice|quote|quotation|part|parts|item|product|stock|catalogue|catalog|cat|serial"
    r"|model|sku|lot|batch"
    r"|tracking|parcel|delivery|meeting|webinar|zoom|teams|webex|passcode|password|pin|code|codes|poll|slido|kahoot"
    r"|mentimeter"
    r"|conference|booking|ticket|flight|train|bus|room|hall|suite|stand|page|pages|pp|vol|issue|chapter|edition|ed"
    r"|isbn|issn|doi|pmid|pmcid|pubmed|prospero|crd|nct|isrctn|actrn|arxiv|orcid|grant|award|funding|nihr|nhmrc|esrc"
    r"|mrc|cihr"
    r"|sshrc|trial|registration|registered|reg|charity|company|vat|abn|acn|ein|npi|gtin|hcpc|gmc|nmc|ahpra|coru|hpcsa"
    r"|nbcot|aota"
    r"|licen[cs]e|pin|module|course|unit|standard|iso|bs|en|as|nzs|astm|recall|mda|mhra|version|build|update|error|kb"
    r"|account|sort|iban|bsb|swift|hashtag|petition|survey|bill|hr|act|policy|form|mod|job|vacancy|vac|band|spine|estates|helpdesk|maintenance"
    r"|over|under|about|around|almost|nearly|raised|cost|costs|worth|budget|population|of|than|from|since|until|by|in"
    r"|at|to"
    r"|(?<!on )call|ring|phone|tel|text|whatsapp|fax|mobile|line|helpline|extension|ext|bleep|pager|dial|steps|score"
    r"|scored)\b"
    r"[^\w\n]{0,3}(?:(?:is|no|nos|number|id|ref|code|was|the)\b[^\w\n]{0,3}){0,2}$"
)
_MINE = re.compile(
    r"\bmy (?:own |old )?(?:student|staff|payroll|employee)?[^\w\n]?(?:number|no|id)\W{1,2}(?:(?:is|was)\W)?$"
)
_AMOUNT = re.compile(
    r"[ -]?(?:people|patients|clients|referrals|visits|beds|hours|hrs|pounds|million|participants|steps|km|miles|mm"
    r"|cm|kg|mg|ml|mcg"
    r"|kcal|words|members|views|followers|votes|signatures|homes|children|adults|dollars|euros?|rand|rupees|bucks"
    r"|years|yrs|ft|sq|m\b|k\b)"
)
_YEARS = re.compile(
    r"(?:19|20)\d\d(?:[ /-](?:(?:19|20)?\d\d))?(?:[ /-]\d\d)?|\d{1,2}[ -]\d{1,2}[ -]\d{2,4}|\d{1,3}(?: 000)+"
)
_DIALLED = re.compile(r"1[38]00\b|0\d{2,4}(?:[ -]\d{3,4}){2}$")
_NO_LABEL_LIST = """
ISBN ISSN DOI PMID PMCID NCT ORCID ISO BS EN AS NZS HCPC GMC NMC AHPRA CORU HPCSA OT BBC ITV RTE ABC CBC PBS NPR FM AM
UK US USA EU NZ AU IE ZA SA PO VAT ABN NIHR NHMRC ESRC MRC CIHR SSHRC WFOT AOTA RCOT NBCOT CPD OTD BSC MSC HR KB COVID
COPM AMPS BMI BP SATS QF BA EI AC MDA MHRA CQC NICE NG CG TA QS RT PS RIP FYI ID MHA DOLS CRD AI API USB PDF GPS TV
ISRCTN ACTRN MEDLINE CD APP ES MR TFN IPA OR CI SD
"""
_NO_LABELS = frozenset(_NO_LABEL_LIST.split())
"""Abbreviations before digits that are no label of somebody's record."""


_SOMEBODY, _SOMEBODY_CUT = (FirstLook(_HASH, small=(SOMEBODY,), cut=cut) for cut in (False, True))


def _may_be_somebodys(plain: bytes) -> object:
    """Whether anybody may be spoken of. What is near may end in the middle of a word, unless the text is short."""
    return (_SOMEBODY if len(plain) <= _NEAR else _SOMEBODY_CUT).may_find(plain)


@found_by(_HASH, _MARKED, _CODE, digits=_FEWEST, beside=_may_be_somebodys)
def record_numbers(normalized: NormalizedText) -> Iterator[Sign]:
    """Codes and long digits beside somebody who is spoken of."""
    if normalized.digit_run < _FEWEST:
        return
    text, lowercase = normalized.text, normalized.lowercase
    if "#" in text and CARE.search(lowercase):
        for found in _HASH.finditer(text):
            yield Sign("hospital_number", *found.span("value"))
    for found in islice(_MARKED.finditer(text), _MOST):
        if found["hash"] is None and _is_marked(found) and _is_somebodys(normalized, *found.span("value")):
            yield Sign("case_number", *found.span("value"))
    for found in islice(_CODE.finditer(text), _MOST):
        if _is_code(found[0]) and _is_somebodys(normalized, *found.span()):
            yield Sign("hospital_number", *found.span())


def _is_marked(found: re.Match[str]) -> bool:
    """Whether an abbreviation before digits may be a label, and they are more than a year."""
    digits = sum(map(str.isdigit, found["value"]))
    if not re.search(r"[1-9]", found["value"]):
        return False
    return digits >= _FEWEST_MARKED and found["acronym"] not in _NO_LABELS and not _YEARS.fullmatch(found["value"])


def _is_code(written: str) -> bool:
    """Whether letters and digits are as many as a record's number has, and no date or round amount."""
    digits = sum(map(str.isdigit, written))
    if re.split(r"[^A-Z]", written, maxsplit=1)[0] in _NO_LABELS:
        return False
    if _DIALLED.match(written):
        return False
    fewest = _FEWEST if written[0].isalpha() else _FEWEST_ALONE
    return digits >= fewest and not _YEARS.fullmatch(written) and not written.endswith("000")


def _is_somebodys(normalized: NormalizedText, start: int, end: int) -> bool:
    """Whether somebody is spoken of near a number, and no word before or behind it makes it a thing's."""
    lowercase = normalized.lowercase
    before = max(0, start - _LOOK_BACK)
    if (
        _THING.search(lowercase, before, start)
        or _MINE.search(lowercase, before, start)
        or _AMOUNT.match(lowercase, end)
    ):
        return False
    back, ahead = max(0, start - _NEAR), min(len(lowercase), end + _NEAR)
    return bool(SOMEBODY.search(lowercase, back, start) or SOMEBODY.search(lowercase, end, ahead))
