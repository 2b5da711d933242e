"""Finds the questions among an announcement's lines: the list that reads most like one, with its marks taken off.

Where two lists read alike, where the questions have no marks, or where nothing reads like one, that becomes a doubt.
Nothing is invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import regex

from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.left_out import left_out
from bot.authoring.announcement.lines import Line, without_its_name
from bot.authoring.announcement.longer_questions import ASKING, holds_another, is_open, named_questions, with_more_lines
from bot.authoring.announcement.question_lists import QuestionCandidates, asks, find_lists, introduces_questions
from bot.messages import Value
from bot.translation import lazy

MAX_QUESTION = 600
"""The most characters of a question without a mark; a longer paragraph is background."""

_SURE = 0.6
"""The score from which a list is taken for the questions."""

_RIVAL = 1.5
"""How much less another list may score and still be a doubt."""

_LONGEST = 200
"""Lines in which the questions end."""

_SHORT = 60
"""Characters of a line that may be the heading of the questions without a colon."""

_COUNTED = regex.compile(r"^\W{0,2}[QTF]?(?P<number>\d{1,2})\W{0,2}\s(?=\p{L})")
"""A number of any form before a question."""

_BY_SOMEBODY = regex.compile(r"(?<=[?.!])\s+[(\[]?@\w{2,30}[)\]]?\s*$")
"""Behind a question whoever asks it."""

_TIMED = regex.compile(
    r"""(?xi)^(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b[^:?]{0,20}
    |day\s+\w+|\d{1,2}(?:[.:]\d\d)?\s?[ap]\.?m\.?|\d{1,2}[:.]\d\d(?:\s?[ap]m)?(?:\s?(?:-|\u2013|to)\s?\d{1,2}[:.]\d\d)?)
    \s*[:\u2013\u2014-]\s+(?=\S)
    | ^[(\[](?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b|day\s+\w+|\d{1,2}[:.]\d\d
      |\d{1,2}(?:[.:]\d\d)?\s?[ap]\.?m\b)[^)\]?]{0,25}[)\]]\W*\s(?=\S)"""
)
"""Before a question when it comes, as in "Friday 9am: " or "(Friday 9am) "."""

_LEADS_ON = (
    r"^(?:[(\[]?\d{1,2}[.)\]]\s+"
    r"|(?:and|or)\s+|(?i:(?:and\s+)?(?:then|next|finally|lastly|we(?:\s+will|['\u2019]ll)?\s+end\s+with)\s*:\s*))"
)
"""What leads from one question of a sentence to the next."""


class FoundQuestions(Value, frozen=True, kw_only=True):
    """The questions in their order. `several`: another list reads like questions too."""

    texts: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    several: bool = False


def find_questions(lines: Sequence[Line]) -> FoundQuestions:
    """The questions of the post, and what asks near them and was left out; whatever follows it is not looked at."""
    own = [line for line in lines if not line.after]
    found, taken = _found(own)
    more = left_out(own, taken, found.texts, {one.line for one in found.doubts})
    return msgspec.structs.replace(found, doubts=(*found.doubts, *more))


def _found(own: Sequence[Line]) -> tuple[FoundQuestions, Sequence[Line]]:
    """The questions, and the lines in which they are."""
    lists = find_lists(own)
    good = [one for one in lists if one.score >= _SURE]
    if good:
        chosen, others, doubts = _continued(good[0], [one for one in lists if one is not good[0]])
        chosen = _with_named(chosen, own)
        return _of_list(chosen, others, doubts), [*chosen.lines, *(one for some in chosen.parts for one in some)]
    if plain := _unmarked(own):
        first = plain[0]
        assumed = lazy("{count} questions, one on each line from line {line} on", count=len(plain), line=first.number)
        why = lazy("They have no numbers. Are these all of them, and nothing else?")
        doubt = Doubt(field="questions", line=first.number, said=first.text, assumed=assumed, why=why)
        return FoundQuestions(texts=_without_marks(plain), doubts=(doubt,)), plain
    if said := _in_a_sentence(own):
        line, texts = said
        why = lazy("They stand in one sentence, and were cut at the question marks. Are they right?")
        assumed = lazy("{count} questions", count=len(texts))
        doubt = Doubt(field="questions", line=line.number, said=line.text, assumed=assumed, why=why)
        return FoundQuestions(texts=tuple(texts), doubts=(doubt,)), [line]
    near = lists[0].lines[0] if lists else None
    why = lazy("Nothing in the text reads like the questions of a chat. Write them, one on each line.")
    missing = Doubt(
        field="questions", line=near.number if near else None, said=near.text if near else "", assumed=None, why=why
    )
    return FoundQuestions(doubts=(missing,)), []


def _without_marks(lines: Sequence[Line]) -> tuple[str, ...]:
    """The texts without numbers that are no marks elsewhere, as in "1 Why?" or "#1 Why?", if they count all of them."""
    texts = [without_its_name(line.text) for line in lines]
    marks = [_COUNTED.match(text) for text in texts]
    numbers = [int(mark["number"]) for mark in marks if mark]
    counted = len(texts) > 1 and numbers == list(range(1, len(texts) + 1))
    return tuple(text[mark.end() :] if mark and counted else text for mark, text in zip(marks, texts, strict=True))


def _continued(
    chosen: QuestionCandidates, others: Sequence[QuestionCandidates]
) -> tuple[QuestionCandidates, Sequence[QuestionCandidates], list[Doubt]]:
    """The list with what counts on from it, or up to it, elsewhere in the text; the other lists; and that it is so."""
    doubts: list[Doubt] = []
    rest = sorted(others, key=lambda one: one.lines[0].number)
    for other in (*rest, *reversed(rest)):
        first, last = (chosen, other) if other.lines[0].number > chosen.lines[0].number else (other, chosen)
        if other not in rest or not _counts_on(first, last):
            continue
        rest.remove(other)
        near, taken = other.lines[0], other.score >= _SURE
        why = (
            lazy(
                "The numbers go on here, after other text, so this was taken for a question, too. Is it one of this "
                "chat?"
            )
            if taken
            else lazy("The numbers of the questions go on here, but this was left out. Is it a question, too?")
        )
        assumed = lazy("a question of this chat") if taken else None
        doubts.append(Doubt(field="questions", line=near.number, said=near.text, assumed=assumed, why=why))
        if taken:
            lines, parts = first.lines + last.lines, first.parts + last.parts
            doubtful, cut = first.doubtful + last.doubtful, first.cut + last.cut
            chosen = msgspec.structs.replace(chosen, lines=lines, parts=parts, doubtful=doubtful, cut=cut)
    return chosen, sorted((one for one in rest if one.score >= _SURE), key=lambda one: -one.score), doubts


def _with_named(chosen: QuestionCandidates, own: Sequence[Line]) -> QuestionCandidates:
    """The list with the questions near it that have a name in place of a number, in the order of the text."""
    numbers = {line.number for line in chosen.lines} | {line.number for some in chosen.parts for line in some}
    first, last = chosen.lines[0].number, chosen.lines[-1].number
    named = [line for line in named_questions(own, first, last) if line.number not in numbers]
    longer = with_more_lines(named, own)
    rows = [*zip(chosen.lines, chosen.parts, strict=True), *((line, ()) for line in longer.whole)]
    rows.sort(key=lambda row: row[0].number)
    lines, parts = zip(*rows, strict=True)
    return msgspec.structs.replace(chosen, lines=lines, parts=parts, doubtful=(*chosen.doubtful, *longer.doubtful))


def _counts_on(first: QuestionCandidates, last: QuestionCandidates) -> bool:
    """Whether a list begins with the number after the last one of another."""
    end, start = first.lines[-1], last.lines[0]
    numbers = end.style == start.style and end.value is not None and start.value is not None
    return numbers and (end.value or 0) + 1 == start.value


def _of_list(chosen: QuestionCandidates, others: Sequence[QuestionCandidates], doubts: list[Doubt]) -> FoundQuestions:
    texts: list[str] = []
    lines = [msgspec.structs.replace(line, text=_BY_SOMEBODY.sub("", line.text)) for line in chosen.lines]
    if sum(bool(_TIMED.match(line.text)) for line in lines) * 2 > len(lines):
        why = lazy(
            "Each begins with its time, which was taken off. Write `at` for each, or separate chats, if it counts."
        )
        said = lines[0].text
        doubts.append(Doubt(field="questions", line=lines[0].number, said=said, assumed=lazy("no times"), why=why))
        lines = [msgspec.structs.replace(line, text=_TIMED.sub("", line.text)) for line in lines]
    for line, parts in zip(lines, chosen.parts, strict=True):
        lettered = (f"({chr(ord('a') + number)}) {one.text}" for number, one in enumerate(parts))
        texts.append(" ".join([line.text, *lettered]).strip())
        if parts:
            why = lazy(
                "It has parts; they are asked together, as one question. Split it if each should have its own time."
            )
            field = f"questions.{len(texts)}"
            doubts.append(Doubt(field=field, line=parts[0].number, said=parts[0].text, assumed=texts[-1], why=why))
    rivals = list(_rivals(chosen, others))
    asking = sum("?" in line.text for line in chosen.lines)
    if asking * 2 < len(chosen.lines) and chosen.lines[0].style not in ("Q", "T"):
        first = chosen.lines[0]
        why = lazy("Few of these lines are questions. Are they what will be asked?")
        assumed = lazy("{count} questions", count=len(chosen.lines))
        doubts.append(Doubt(field="questions", line=first.number, said=first.text, assumed=assumed, why=why))
    doubts += [*_number_doubts(chosen), *_line_doubts(chosen, texts), *rivals]
    return FoundQuestions(texts=tuple(texts), doubts=tuple(doubts), several=bool(rivals))


def _number_doubts(chosen: QuestionCandidates) -> Iterator[Doubt]:
    """The first number that is not the one expected; a question without one before others, which moves theirs."""
    counted = 0
    for number, line in enumerate(chosen.lines, 1):
        counted += line.value is not None
        if line.value is None and not counted and any(one.value for one in chosen.lines):
            why = lazy("It has no number in the text, so that those after it are higher here than there.")
            yield Doubt(field=f"questions.{number}", line=line.number, said=line.text, assumed=f"Q{number}", why=why)
        elif line.value is not None and line.value != counted:
            why = lazy(
                "The text numbers it {said}, and it is the {number}. question found. Is one missing?",
                said=str(line.value),
                number=number,
            )
            yield Doubt(field=f"questions.{number}", line=line.number, said=line.text, assumed=f"Q{number}", why=why)
            return


def _line_doubts(chosen: QuestionCandidates, texts: Sequence[str]) -> Iterator[Doubt]:
    """Lines that may not belong where they were taken to: below a question, in brackets, or between two items."""
    for number, line in enumerate(chosen.lines, 1):
        field = f"questions.{number}"
        following = chosen.lines[number].number if number < len(chosen.lines) else None
        for more in chosen.doubtful:
            if line.number < more.number and (following is None or more.number < following):
                why = lazy("This stands on a line of its own, and was taken for more of the question above. Is it?")
                yield Doubt(field=field, line=more.number, said=more.text, assumed=line.text, why=why)
        text = texts[number - 1]
        if is_open(text):
            why = lazy("A bracket or a quotation is opened here and not closed. Is it all of the question?")
            yield Doubt(field=field, line=line.number, said=line.text, assumed=text, why=why)
        if holds_another(text):
            why = lazy("The mark of another question stands in it. Are they two?")
            yield Doubt(field=field, line=line.number, said=line.text, assumed=text, why=why)
    named = {line.number for line in chosen.lines}
    if cut := [line for line in chosen.cut if line.number not in named]:
        why = lazy("This stands below a question and was left out. Is it a part of it?")
        said = " ".join(line.text for line in cut)
        yield Doubt(field="questions", line=cut[0].number, said=said, assumed=None, why=why)
    if chosen.between:
        why = lazy("Other text stands between the questions, which have no numbers. Are they all of one chat?")
        assumed = lazy("{count} questions", count=len(chosen.lines))
        between = chosen.between
        yield Doubt(field="questions", line=between.number, said=between.text, assumed=assumed, why=why)


def _rivals(chosen: QuestionCandidates, others: Sequence[QuestionCandidates]) -> Iterator[Doubt]:
    """Another list that reads nearly as much like the questions."""
    for other in others:
        if len(other.lines) > 1 and other.score > chosen.score - _RIVAL:
            first = other.lines[0]
            why = lazy(
                "Two lists read like questions; this one was left out. Does it belong to the chat, or to another one?"
            )
            assumed = lazy("the list from line {line} on", line=chosen.lines[0].number)
            yield Doubt(field="questions", line=first.number, said=first.text, assumed=assumed, why=why)
            return


def _unmarked(lines: Sequence[Line]) -> list[Line]:
    """Lines that ask, below a line that announces questions; else the only run of at least two."""
    heads = [
        at
        for at, line in enumerate(lines)
        if not line.style and introduces_questions(line.text) and (line.text.endswith(":") or len(line.text) < _SHORT)
    ]
    for at in heads:
        run = _run(lines[at + 1 : at + _LONGEST], headed=True)
        if len(run) > 1 or (run and len(heads) == 1):
            return run
    runs = [_run(lines[at : at + _LONGEST]) for at in range(len(lines)) if at == 0 or not _is_question(lines[at - 1])]
    runs = [run for run in runs if len(run) > 1]
    return runs[0] if len(runs) == 1 else []


def _run(lines: Sequence[Line], *, headed: bool = False) -> list[Line]:
    """The lines at the beginning that ask; below a heading also those that only begin as questions do."""
    run: list[Line] = []
    for line in lines:
        if not _is_question(line) and not (headed and not line.style and asks(line.text)):
            break
        run.append(line)
    return run


def _is_question(line: Line) -> bool:
    return not line.style and line.text.endswith(ASKING) and len(line.text) <= MAX_QUESTION


def _in_a_sentence(lines: Sequence[Line]) -> tuple[Line, list[str]] | None:
    """The questions that one line announces and asks, as in "We will ask: …? …? and …?"."""
    for line in lines:
        before, colon, rest = line.text.partition(":")
        if not colon:
            before, colon, rest = line.text.partition(". ")
        if colon and rest.count("?") > 1 and introduces_questions(before):
            texts = [one.strip() for one in regex.findall(r"[^?]+\?", rest)]
            if len(texts) > 1:
                return line, [regex.sub(_LEADS_ON, "", one) for one in texts]
    return None
