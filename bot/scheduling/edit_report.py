"""The report on an edited chat file: which edits count and which don't, for the host's page and the log. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.scheduling.question_merge import KnownQuestion, Merge, MergedQuestion
from bot.translation import LazyText, _, lazy, pending, translated

_LONGEST = 60
"""Characters of a question that are quoted."""


def edit_report(merge: Merge, *, other_times: bool = False) -> LazyText:
    """One line for the log; empty if nothing changed. With `other_times` the file has new times, which don't count.

    The host's page has it in the chat's language.
    """
    taken = [*(text for key, one in merge.coming for text in _taken_over(key, one)), *map(_removed, merge.removed)]
    kept = [text for one in merge.settled for text in _not_taken_over(one)]
    if other_times:
        kept.append(lazy("its times, for the chat is on: `at`, `next` and `extend` change them"))
    parts = (
        (pending("Taken over from the chat file: {changes}."), taken),
        (pending("Not taken over: {changes}."), kept),
    )

    def said() -> str:
        return " ".join(_(text).format(changes="; ".join(map(translated, found))) for text, found in parts if found)

    return LazyText(said)


def _taken_over(key: str, one: MergedQuestion) -> Iterator[LazyText]:
    label = key.upper()
    if one.was is None:
        yield lazy("{question} is new ({words})", question=label, words=_quoted(one.question.text))
        return
    if one.was.standing == "coming" and one.was.question.key != key:
        yield lazy("{before} comes as {after}", before=one.was.question.key.upper(), after=label)
    if one.reworded:
        yield lazy("{question} has new words", question=label)


def _removed(one: KnownQuestion) -> LazyText:
    return lazy(
        "the former {question} is not asked ({words})",
        question=one.question.key.upper(),
        words=_quoted(one.question.text),
    )


def _not_taken_over(one: MergedQuestion) -> Iterator[LazyText]:
    key = one.question.key
    if one.was is None or one.was.standing != "asked" or one.was.written is None:
        return
    if one.new is None:
        yield lazy("{question} is out already and stays", question=key.upper())
    elif one.reworded:
        yield lazy(
            "{question} is out already, in its old words, which `edit {key} …` changes", question=key.upper(), key=key
        )


def _quoted(text: str) -> LazyText:
    line = " ".join(text.split())
    return lazy("“{title}”", title=line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…")
