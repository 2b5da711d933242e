"""The host's own numbers before questions: "Q1.", "T1", "(Q3)", "4)", "Question 5:", "1st question:". Pure.

Convenor writes a number before each question, so the host's own is taken off. It is doubted where it is another one,
numbers a part of a question, or may belong to the text, as in "T1 diabetes".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

import regex

from bot.authoring.chatfile import QuestionTable
from bot.authoring.source import ChatSource
from bot.errors import Problem
from bot.messages import Value
from bot.toml.validation import shown
from bot.translation import LazyText, lazy, pending

_NUMBER_OF_PART = pending(
    "the text begins with {words}, but is posted as Q{number}: each [[questions]] gets its own number. To ask in "
    'parts, write them into one text, as in "What helps? (a) At home? (b) At work?"; else leave the number out.'
)
_OTHER_NUMBER = pending("the text begins with {words}, but this is question {number}.")
_SECOND_NUMBER = pending(
    "the text begins with {words}, and Q{number} is written before it; leave it out if it is the number of the "
    "question."
)

Certainty = Literal["sure", "likely", "unlikely"]
"""Whether it is a number for certain; if most questions of the chat have one; or is only doubted."""

_WORDS = (
    *("question", "topic", "frage", "thema", "pregunta", "tema", "pergunta", "domanda", "vraag", "thème"),
    *("fråga", "spørgsmål", "spørsmål", "kysymys", "pytanie", "otázka", "kérdés", "întrebarea", "soru", "ερώτηση"),
    *("вопрос", "питання", "سؤال", "السؤال", "שאלה", "प्रश्न", "सवाल", "கேள்வி", "คำถามที่", "คำถาม", "câu hỏi"),
    *("質問", "問題", "問", "问题", "질문"),
)
_SPELLED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

_MARK = regex.compile(
    rf"""(?V1i)
    (?P<lead>(?:\#\w+\s+)*)
    (?:(?!\u2116)[\s*_>\u2022\-\u2013\p{{So}}\ufe0f])*
    (?P<open>[(\[\uff08\u3010]\s*)?
    (?: (?P<nth>\d{{1,2}}(?:st|nd|rd|th)|{"|".join(_ORDINALS)}) \s (?:question|topic) (?=\s?[.:\u2013\u2014]|\s-\s)
    | (?:
        (?P<q>
            [q\uff31\uff51](?:u|n|uest)? | {"|".join(_WORDS)} | \u7b2c(?=\d+\s?[\u554f\u95ee\u9898\u984c])
        ) [\s.\-]{{0,2}} (?:(?:no|nr|number)\.?\s? | [\#\u2116]\s?)?
        | (?P<t>[t\uff34\uff54]) \s?
        | (?:no|nr|number)\b\.?\s? | (?P<sign>[\#\u2116])\s?
        | (?P<letter>\p{{L}})(?=\d)
    )?
    (?: (?P<number>\d{{1,2}})(?!\d) | (?P<round>[\u2460-\u2473]) | (?P<spelled>{"|".join(_SPELLED)})\b )
    (?:[\u00ba\u00b0] | \s?(?<=\u7b2c\d+\s?)(?:\u554f\u984c|\u95ee\u9898|[\u554f\u95ee\u9898\u984c]))?
    )
    (?P<keycap>\ufe0f?\u20e3)?
    (?P<sub>
        [.\-\u2013]?[a-h](?!\w) | \.\d{{1,2}}(?!\w) | \s[a-h](?=[).:]) | i{{1,3}}(?!\w) | \s?\((?:[a-h]|i{{1,3}})\)
    )?
    (?P<of> \s* (?:of|/|von|de|di|av|sur) \s* (?P<count>\d{{1,2}})(?!\d) )?
    [*_]*
    (?P<end>
        \s*[.:]?[)\]\uff09\u3011] [*_]* (?:\s*[.:\uff1a\-\u2013\u2014|])?
        | \s*[.:\uff0e\uff1a\u3001\u3002]
        | \s*[\-\u2013\u2014|](?=\s) | \s*[\u2013\u2014|]
        | (?P<tight>[,;\uff0c]|-(?-i:(?=\p{{Lu}})))
    )?
    (?(end)(?!\d) | (?:(?=\s|\p{{Lo}}|\Z) | (?<=[\u2460-\u2473\u20e3])))
    [\s*_]*
    """,
    regex.VERBOSE,
)
_TAIL = regex.compile(r"(?i)[(\[]?(?:q(?P<number>\d{1,2})|(?P<part>\d{1,2})\s?/\s?(?P<count>\d{1,2}))[)\]]?\s*$")

_ANOTHER = regex.compile(r"(?i)(?:&|\+|/|and\b|und\b|et\b|y\b)\s*[qt]?\d")


class Mark(Value, frozen=True, kw_only=True):
    """A number before a question's text, from `start` to `end`. `sub`: it numbers a part of a question, as "Q1a".

    `by_letter`: after a letter that may stand for a question in some language, as "P1:", or for anything else.
    """

    written: str
    start: int
    end: int
    number: int
    sub: bool
    by_letter: bool
    certainty: Certainty


@lru_cache(maxsize=512)
def number_mark(text: str, count: int) -> Mark | None:
    """The number before a text of one of `count` questions; None if it has none."""
    found = _MARK.match(text)
    if not found or not text[found.end() :].strip():
        return None
    certainty = _certainty(found, text[found.end() :], count)
    if not certainty:
        return None
    start = len(found["lead"])
    return Mark(
        written=text[start : found.end()].strip(),
        start=start,
        end=found.end(),
        number=_value(found),
        sub=bool(found["sub"]),
        by_letter=bool(found["letter"]),
        certainty=certainty,
    )


def _certainty(found: regex.Match[str], rest: str, count: int) -> Certainty | None:  # noqa: PLR0911 -- a rule a line
    """How certain it is that this numbers the question; None if it does not."""
    closed = bool(found["end"]) and (not found["tight"] or bool(found["q"]))
    if found["open"] and not closed:
        return None  # "(4 people) …"
    if found["nth"]:
        return "sure"  # "1st question: Who?"
    if _ANOTHER.match(rest):
        return "unlikely" if found["q"] else None  # "Q1 & Q2: …"
    if found["q"] and (closed or found["of"]):
        return "sure"
    if found["q"]:
        return "likely"  # "Q1 Who?", but perhaps "Q1 figures"
    if found["t"] and not closed:
        # "T1 What value?" is numbered; "T1 diabetes" and "T2 MRI" are not
        return "likely" if _begins_sentence(rest) or found["sub"] else "unlikely"
    if found["spelled"] or (found["lead"] and not found["t"]):
        return None  # "Two: …" and "#OTalk 4 …"
    if found["t"] or found["keycap"] or found["round"]:
        return "sure"
    if found["of"]:
        is_all = int(found["count"]) == count  # "24/7: …" is none
        return ("sure" if closed else "likely" if _begins_sentence(rest) else None) if is_all else None
    return "likely" if _is_likely(found, rest, closed=closed) else None


def _is_likely(found: regex.Match[str], rest: str, *, closed: bool) -> bool:
    """Whether a bare number, or one after a sign or any letter, may number the question."""
    if found["sub"]:
        return closed and not found["letter"] and found["sub"].strip()[:1].islower()  # not "1.5 hours" and "3D: …"
    # "4) Then?" and "#4 Then?", but not "4 things" and "#4 reason"
    return closed or (bool(found["sign"]) and _begins_sentence(rest))


def _value(found: regex.Match[str]) -> int:
    if found["nth"]:
        nth = found["nth"].casefold()
        return int(nth[:-2]) if nth[0].isdigit() else _ORDINALS.index(nth) + 1
    if found["spelled"]:
        return _SPELLED.index(found["spelled"].casefold()) + 1
    return int(found["number"]) if found["number"] else int(unicodedata.numeric(found["round"]))


def _begins_sentence(rest: str) -> bool:
    """Whether a text begins as a sentence does: with a single capital, or in a script without them."""
    words = rest.lstrip("\"'\u201c\u201e\u00ab\u00bf\u00a1#@(")
    return not words[:1].islower() and (not words[1:2].isupper() or rest == rest.upper())


def without_numbers(questions: Sequence[QuestionTable]) -> list[QuestionTable]:
    """The questions without their own numbers, in every wording."""
    custom = _is_custom(questions)

    def plain(text: str, number: int) -> str:
        mark = number_mark(text, len(questions))
        return text[: mark.start] + text[mark.end :] if mark and _is_taken_off(mark, number, custom=custom) else text

    return [
        one.model_copy(
            update={
                "text": plain(one.text or "", number),
                "says": {place: plain(text, number) for place, text in one.says.items()},
            }
        )
        for number, one in enumerate(questions, 1)
    ]


def _is_custom(questions: Sequence[QuestionTable]) -> bool:
    """Whether several questions, and more than half, begin with their own number."""
    marks = [number_mark(one.text or "", len(questions)) for one in questions]
    own = [mark for number, mark in enumerate(marks, 1) if mark and mark.number == number and not mark.sub]
    return len(own) > 1 and len(own) * 2 > len(questions)


def _is_taken_off(mark: Mark, number: int, *, custom: bool) -> bool:
    certain = mark.certainty == "sure" or (mark.certainty == "likely" and custom)
    return certain and mark.number == number and not mark.sub


def doubtful_numbers(source: ChatSource) -> Iterator[Problem]:
    """Warnings for numbers that are posted, after Convenor's own."""
    questions: Sequence[QuestionTable] = source.values.questions or []
    custom = _is_custom(questions)
    for number, one in enumerate(questions, 1):
        texts = {("text",): one.text or ""} | {("says", place): text for place, text in one.says.items()}
        for path, text in texts.items():
            if message := _doubt(text, number, len(questions), custom=custom):
                yield source.problem(("questions", number - 1, *path), message, severity="warning")


def _doubt(text: str, number: int, count: int, *, custom: bool) -> LazyText | None:
    """The message for a number that is posted as a part of the text; None if there is none."""
    mark = number_mark(text, count)
    if not mark:
        tail = _TAIL.search(text)
        if tail and (tail["number"] == str(number) or (tail["part"], tail["count"]) == (str(number), str(count))):
            return lazy(
                "the text ends with {words}; leave it out, Q{number} is written before it.",
                words=shown(tail[0].strip()),
                number=number,
            )
        return None
    if _is_taken_off(mark, number, custom=custom) or (mark.by_letter and mark.number != number):
        return None  # also "C6: which splint?"
    message = _OTHER_NUMBER if mark.number != number else _SECOND_NUMBER
    return lazy(_NUMBER_OF_PART if mark.sub else message, words=shown(mark.written), number=number)
