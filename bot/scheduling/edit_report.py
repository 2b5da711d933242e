"""The report on an edited chat file: which edits count and which don't, for the host's page and the log. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.scheduling.question_merge import KnownQuestion, Merge, MergedQuestion

_LONGEST = 60
"""Characters of a question that are quoted."""


def edit_report(merge: Merge, *, other_times: bool = False) -> str:
    """One line for the log; empty if nothing changed. With `other_times` the file has new times, which don't count."""
    taken = [*(text for key, one in merge.coming for text in _taken_over(key, one)), *map(_removed, merge.removed)]
    kept = [text for one in merge.settled for text in _not_taken_over(one)]
    if other_times:
        kept.append("its times, for the chat is on: `at`, `next` and `extend` change them")
    parts = (("Taken over from the chat file", taken), ("Not taken over", kept))
    return " ".join(f"{title}: {'; '.join(lines)}." for title, lines in parts if lines)


def _taken_over(key: str, one: MergedQuestion) -> Iterator[str]:
    label = key.upper()
    if one.was is None:
        yield f"{label} is new ({_quoted(one.question.text)})"
        return
    if one.was.standing == "coming" and one.was.question.key != key:
        yield f"{one.was.question.key.upper()} comes as {label}"
    if one.reworded:
        yield f"{label} has new words"


def _removed(one: KnownQuestion) -> str:
    return f"the former {one.question.key.upper()} is not asked ({_quoted(one.question.text)})"


def _not_taken_over(one: MergedQuestion) -> Iterator[str]:
    key = one.question.key
    if one.was is None or one.was.standing != "asked" or one.was.written is None:
        return
    if one.new is None:
        yield f"{key.upper()} is out already and stays"
    elif one.reworded:
        yield f"{key.upper()} is out already, in its old words, which `edit {key} …` changes"


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= _LONGEST else f'{line[: _LONGEST - 1]}…'}”"
