"""Merges the questions of an edited chat file into those of the plan: which is which, what is left, its number. Pure.

What was asked stays as it was. What was not comes in the order of the file, with the next numbers. Questions that a
command left out stay so, and those that a command added come last. Times are not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Literal

import msgspec

from bot.chat import Chat, Question
from bot.live.question_matching import Wording, match_questions
from bot.messages import Value
from bot.store.chats import StoredChat
from bot.store.outbox_queries import OutboxRow
from bot.store.planned_posts import REMOVED_FROM_PLAN, UNTRIED_STATES

Standing = Literal["asked", "coming", "left_out"]

_GIVEN = "~"
"""How the ids begin that are given here. A file's own ids can't."""

_replace = msgspec.structs.replace


class KnownQuestion(Value, frozen=True, kw_only=True):
    """A question of the plan, as the last file had it (None if a command added it), and when it comes."""

    question: Question
    written: Question | None
    standing: Standing
    due: datetime

    @property
    def wording(self) -> Wording:
        """The words by which it is recognized."""
        texts = (self.question.text, *((self.written.text,) if self.written else ()))
        return Wording(texts=texts, id="" if self.question.id.startswith(_GIVEN) else self.question.id)


class MergedQuestion(Value, frozen=True, kw_only=True):
    """A question as the file has it now, with its id, and as it `was` known; one of both may be None."""

    new: Question | None
    was: KnownQuestion | None

    @property
    def reworded(self) -> bool:
        """Whether the file has other words, or another picture, than before."""
        before = self.was and (self.was.written or self.was.question)
        return bool(before and self.new and _words(before) != _words(self.new))

    @property
    def question(self) -> Question:
        """It as planned: in the words that came last, from the file or from a command."""
        planned = self.was.question if self.was else self.new
        if planned is None:
            raise AssertionError("a question is neither in the file nor known")
        if self.new is None:
            return planned
        asked = self.was is not None and self.was.standing == "asked"
        words = planned if asked or not self.reworded else self.new
        return _replace(planned, id=self.new.id, text=words.text, says=words.says, image=words.image)


class Merge(Value, frozen=True, kw_only=True):
    """The `settled` questions, asked or passed over; those `coming`, in order, with their new numbers; those `removed`.

    `written` are the file's, with their ids.
    """

    settled: tuple[MergedQuestion, ...]
    coming: tuple[tuple[str, MergedQuestion], ...]
    removed: tuple[KnownQuestion, ...]
    written: tuple[Question, ...]


def known_questions(stored: StoredChat, rows: Sequence[OutboxRow], now: datetime) -> tuple[KnownQuestion, ...]:
    """The questions of a chat, in the order of its last file; then those that are not in it, by number."""
    written = {_identity(one): one for one in (stored.written or stored.chat).questions}
    order = {id: number for number, id in enumerate(written)}
    known = [
        KnownQuestion(
            question=_replace(one, id=_identity(one)),
            written=written.get(_identity(one)),
            standing=_standing(own),
            due=min((row.post.due for row in own if row.state in UNTRIED_STATES), default=max(now, one.at)),
        )
        for one in stored.chat.questions
        for own in ([row for row in rows if row.post.key == one.key],)
    ]
    return tuple(sorted(known, key=lambda one: (order.get(one.question.id, len(order)), one.question.number)))


def as_in_file(written: Chat) -> Chat:
    """A chat as its file gives it, without the ids that were given here."""
    questions = (_replace(one, id="") if one.id.startswith(_GIVEN) else one for one in written.questions)
    return _replace(written, questions=tuple(questions))


def merge_questions(known: Sequence[KnownQuestion], file: Sequence[Question]) -> Merge:
    """Merge the questions of a file, in its order, into those that are known."""
    merged = _merged(known, file)
    asked = max((one.question.number for one in known if one.standing == "asked"), default=0)
    settled = [one for one in merged if one.was and _is_settled(one.was, asked)]
    removed = [one.was for one in merged if one.was and one.was.written and one.new is None and one not in settled]
    coming = [one for one in merged if one not in settled and one.was not in removed]
    return Merge(
        settled=tuple(sorted(settled, key=lambda one: one.question.number)),
        coming=tuple((f"q{number}", one) for number, one in enumerate(coming, asked + 1)),
        removed=tuple(removed),
        written=tuple(one.new for one in merged if one.new),
    )


def _merged(known: Sequence[KnownQuestion], file: Sequence[Question]) -> list[MergedQuestion]:
    """The file's questions, then those that are only known."""
    found = match_questions([one.wording for one in known], [Wording(texts=(one.text,), id=one.id) for one in file])
    fresh = _fresh_ids(known)
    merged = []
    for index, one in enumerate(file):
        was = known[found[index]] if index in found else None
        id = one.id or (was.question.id if was else next(fresh))
        merged.append(MergedQuestion(new=_replace(one, id=id), was=was))
    left = (one for index, one in enumerate(known) if index not in found.values())
    return [*merged, *(MergedQuestion(new=None, was=one) for one in left)]


def _is_settled(one: KnownQuestion, asked: int) -> bool:
    """Whether it was asked, or left out before one that was: its number is used up."""
    return one.standing == "asked" or (one.standing == "left_out" and one.question.number < asked)


def _standing(rows: Sequence[OutboxRow]) -> Standing:
    """Asked as soon as a place may have tried it; left out if all its posts were taken out of the plan before that."""
    if any(row.attempts or row.state not in (*UNTRIED_STATES, "skipped") for row in rows):
        return "asked"
    skipped = bool(rows) and all(row.state == "skipped" for row in rows)
    return "left_out" if skipped and any(row.error == REMOVED_FROM_PLAN for row in rows) else "coming"


def _identity(one: Question) -> str:
    """Its id; of one from an older store, or added by a command, it comes from its first number."""
    return one.id or f"{_GIVEN}{one.number}"


def _fresh_ids(known: Sequence[KnownQuestion]) -> Iterator[str]:
    used = {one.question.id for one in known}
    return (id for number in count(1) if (id := f"{_GIVEN}{number}") not in used)


def _words(one: Question) -> tuple[object, ...]:
    return one.text, one.says, one.image
