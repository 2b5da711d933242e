"""Names of patients: "my client Susan", "one of our residents, Albert,". Pure.

Rule `named_patients`. A name counts only where the sentence itself makes it a patient's; names are compared with no
list of names. Colleagues, students, family, and people in a case study that says so are ordinary talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moderation.guard.clinic import NO_PATIENT
from bot.moderation.guard.first_look import found_by
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.vocabulary import AFTER_A_PERSON, NOT_AFTER, NOT_INITIALS, NOT_NAMES

_PATIENT = r"(?:patient|client|service user|resident|pupil|pt)"
_SOMEONE = (
    r"(?:lady|gentleman|gent|man|woman|boy|girl|lad|lass|chap|bloke|kid|child|teenager|teen|toddler|baby|young person)"
)
_CAPITAL = r"[A-Z\u00c0-\u00de]"
_FIRST = rf"{_CAPITAL}[\w'-]{{1,24}}"
_NAME = rf"(?P<name>(?:[Mm]rs?|Ms|Miss|Mx)\b\.? [\w'-]{{1,25}}|{_FIRST}(?: {_CAPITAL}[\w'-]{{0,24}})?)(?![\w'-])"
_WHOSE = r"(?:\b[Mm]y|\b[Oo]ur|\b[Tt]h(?:e|is|at)|\b[Aa]n?|\b[Hh](?:er|is)|\b[Oo]ne of (?:my|our|the))"
_KINDLY = r"(?: [a-z-]{2,14}){0,2}"

_CALLED = re.compile(
    rf"(?<!every )(?<!each )\b(?:[Pp]atient|[Cc]lient|[Ss]ervice user|[Rr]esident|[Pp]upil|{_SOMEONE})s?"
    rf"(?:,? (?:who )?(?:is|was|I will call|I'll call))?,? (?:called|named) {_NAME}"
)
_NAME_IS = re.compile(rf"\b(?:{_PATIENT}|{_SOMEONE})'?s? name(?: is|:|'s) {_NAME}")
_DIRECT = re.compile(rf"{_WHOSE}{_KINDLY} {_PATIENT}:? {_NAME}")
_ASIDE = re.compile(
    rf"{_WHOSE}{_KINDLY} (?:{_PATIENT}s?|(?<=one of my )(?:kids|boys|girls|lads|children)"
    rf"|(?<=one of our )(?:kids|boys|girls|lads|children)|{_PATIENT} of (?:mine|ours))(?:, | - | ?\(){_NAME}"
    r"(?=,| -|\)| \()"
)
_TITLED = re.compile(rf"\b{_SOMEONE}(?:, | - | ?\(| )(?P<name>(?:Mr|Mrs|Ms|Miss)\b\.? {_CAPITAL}[\w'-]{{0,24}})")
_BARE = re.compile(rf"(?:\b{_PATIENT}|\bPt):? (?P<name>{_FIRST} {_FIRST})(?![\w'-])")
_NOTED = re.compile(rf"(?:\b{_PATIENT}|\bPt|\bClient|\bPatient): {_NAME}")

_BEHIND = re.compile(
    rf"(?<![\w@#'-]){_NAME}(?:,| is| was) (?:(?:my|our){_KINDLY} {_PATIENT}|one of (?:my|our){_KINDLY} {_PATIENT}s)"
    r"(?![\w'-])(?=[,.;:!?)]| who\b| and\b|$)"
)

_CHEAP = re.compile(rf"(?:atient|lient|user|esident|upil|[Pp]t)s?(?: of \w{{4,5}})?[ :,(-]{{1,3}}(?:{_CAPITAL}|mr)")
_NEXT = re.compile(r" ([A-Za-z]{1,14})")
_GOES_ON = re.compile(r"[a-z]+(?:ed|s|ing|ly|'s)")
_TITLE = re.compile(r"(?:mrs?|ms|miss|mx)\b\.? (.+)", re.IGNORECASE)


@found_by(_CALLED, _NAME_IS, _DIRECT, _ASIDE, _TITLED, _BARE, _NOTED, _BEHIND)
def named_patients(normalized: NormalizedText) -> Iterator[Sign]:
    """A name right behind the word for a patient, after "called", or before "is one of my clients"."""
    lowercase = normalized.lowercase
    for rule in _worth_trying(normalized):
        for found in rule.finditer(normalized.text):
            name, start = _name(found["name"]), found.start("name")
            if (
                name
                and _goes_on(normalized.text, start + len(name), plainly=rule is _DIRECT)
                and not NO_PATIENT.search(lowercase)
            ):
                yield Sign("named_patient", start, start + len(name))


def _worth_trying(normalized: NormalizedText) -> Iterator[re.Pattern[str]]:
    """The patterns whose first words are in the text."""
    lowercase = normalized.lowercase
    if "called" in lowercase or "named" in lowercase:
        yield _CALLED
    if "name is" in lowercase or "name's" in lowercase or "name:" in lowercase:
        yield _NAME_IS
    if "mr" in lowercase or "ms " in lowercase or "miss " in lowercase:
        yield _TITLED
    if " my " in lowercase or " our " in lowercase or "one of " in lowercase:
        yield _ASIDE
        yield _BEHIND
    if _CHEAP.search(normalized.text):
        yield from (_DIRECT, _ASIDE, _BARE, _NOTED)


def _name(written: str) -> str:
    """As much of it as can be a name; empty if it is none."""
    titled = _TITLE.fullmatch(written)
    if titled:
        return written if titled[1] not in NOT_AFTER else ""
    words = written.split(" ")
    if not _may_be_name(words[0]):
        return ""
    return written if len(words) > 1 and words[1] not in NOT_NAMES and words[1][1:].islower() else words[0]


def _may_be_name(word: str) -> bool:
    """Whether a word is a capital and small letters, or two capitals, and not known to mean something else."""
    plain = word.removesuffix("'s")
    if len(plain) == len("JD") and plain.isupper():
        return plain not in NOT_INITIALS
    small = plain[1:].replace("'", "").replace("-", "")
    return plain not in NOT_NAMES and small.isalpha() and not small.isupper() and not plain.isupper()


def _goes_on(text: str, end: int, *, plainly: bool) -> bool:
    """Whether the sentence goes on as it does after a person, and not "our patient Lantern group".

    `plainly` asks for more, because nothing but a capital speaks for a name: a verb, a small word, or the end.
    """
    following = _NEXT.match(text, end)
    if following is None:
        return True
    word = following[1].lower()
    if word in NOT_AFTER:
        return False
    return not plainly or word in AFTER_A_PERSON or _GOES_ON.fullmatch(word) is not None
