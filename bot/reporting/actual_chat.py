"""The chat as it was actually held: its start, added questions, and questions that were reworded. Pure.

Changes that hosts made with commands are in the store but not in the chat file. The event log decides for both, so that
the transcript is the same from either. Changes that the chat has already make no difference. Which question was current
when is not decided here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count

import msgspec

from bot.chat import Chat, Question, question_number
from bot.hashtags import has_hashtag
from bot.live.question_matching import Wording, match_questions
from bot.messages import Edited, Posted

Key = tuple[str, str]

_KEY = re.compile(r"q[1-9]\d{0,2}", re.ASCII)
_NUMBERED = re.compile(r"\s*Q\d{1,3}[.:)]\s+", re.IGNORECASE)
_CORRECTION = re.compile(r"\s*Correction to Q\d{1,3}:\s*", re.IGNORECASE)

_CLOCK_TOLERANCE = timedelta(seconds=10)
"""A platform's clock may differ from ours by this much. A welcome that is earlier still was posted early."""

_replace = msgspec.structs.replace


def actual_chat(chat: Chat, posted: Iterable[Posted], edits: Mapping[Key, Edited]) -> Chat:
    """The chat with its actual start and the questions as they were posted.

    `edits` has the latest edit of each post, by place and id.
    """
    posts = list(posted)
    return _with_actual_questions(_with_actual_start(chat, posts), posts, edits)


def _with_actual_start(chat: Chat, posted: list[Posted]) -> Chat:
    """The chat from the time of its first welcome, in whole seconds, with its end and questions moved along.

    A late welcome moves nothing.
    """
    first = min((one.at for one in posted if one.kind == "welcome"), default=None)
    if first is None or not (_was_moved(chat) or chat.starts - first > _CLOCK_TOLERANCE):
        return chat
    starts = first.astimezone(chat.starts.tzinfo).replace(microsecond=0)
    shift = starts - chat.starts
    questions = tuple(_replace(one, at=one.at + shift) for one in chat.questions)
    return _replace(chat, starts=starts, questions=questions)


def _was_moved(chat: Chat) -> bool:
    """Whether a command moved the start: a chat file has whole seconds only."""
    return chat.starts.microsecond > 0


def _with_actual_questions(chat: Chat, posted: list[Posted], edits: Mapping[Key, Edited]) -> Chat:
    """The chat with the questions as they were posted."""
    asked = [one for one in posted if one.kind == "question" and _KEY.fullmatch(one.key)]
    chat = _with_actual_numbers(chat, asked, edits)
    known = {one.key for one in chat.questions}
    added = [_added(chat, key, asked, edits) for key in dict.fromkeys(one.key for one in asked) if key not in known]
    texts = _edited_texts(chat, asked, edits)
    _add_corrections(texts, chat, posted)
    every = (*chat.questions, *sorted(added, key=lambda one: (one.at, one.key)))
    return _replace(chat, questions=tuple(_replace(one, text=_text(one, texts)) for one in every))


def _with_actual_numbers(chat: Chat, asked: Sequence[Posted], edits: Mapping[Key, Edited]) -> Chat:
    """The chat with the numbers under which its questions were posted, if its file was edited during the hour.

    A question whose words were posted under no number keeps its own, if that is free.
    """
    texts: dict[str, list[str]] = defaultdict(list)
    for (_, key), parts in _by_place(asked).items():
        texts[key] += [_plain(chat, key, parts, {}), _plain(chat, key, parts, edits)]
    keys = sorted(texts, key=question_number)
    written = [Wording(texts=(one.text, *one.says.values())) for one in chat.questions]
    found = match_questions([Wording(texts=tuple(texts[key])) for key in keys], written)
    if all(keys[known] == chat.questions[index].key for index, known in found.items()):
        return chat
    taken = {keys[known] for known in found.values()}
    free = (key for number in count(question_number(keys[-1]) + 1) if (key := f"q{number}") not in taken)
    questions = []
    for index, one in enumerate(chat.questions):
        key = keys[found[index]] if index in found else one.key if one.key not in taken else next(free)
        taken.add(key)
        questions.append(_replace(one, key=key))
    return _replace(chat, questions=tuple(sorted(questions, key=lambda one: one.number)))


def _text(question: Question, texts: Mapping[str, tuple[datetime, str]]) -> str:
    return (texts[question.key][1] if question.key in texts else "") or question.text


def _edited_texts(chat: Chat, asked: Iterable[Posted], edits: Mapping[Key, Edited]) -> dict[str, tuple[datetime, str]]:
    """The new text of each question whose post was edited, and when. The latest change counts."""
    found: dict[str, tuple[datetime, str]] = {}
    for (_, key), parts in _by_place(asked).items():
        changed = [edits[ident].at for one in parts if (ident := (one.place, one.id)) in edits]
        if changed:
            new = max(changed), _plain(chat, key, parts, edits)
            found[key] = max(found.get(key, new), new)
    return found


def _add_corrections(texts: dict[str, tuple[datetime, str]], chat: Chat, posted: Iterable[Posted]) -> None:
    """Add the texts of corrections, which are posted on platforms where a post can't be edited."""
    for one in posted:
        if one.kind == "correction" and one.repeats is not None and _CORRECTION.match(one.text) and one.part == 1:
            new = one.at, _untagged(chat, one.repeats, _CORRECTION.sub("", one.text, count=1))
            texts[one.repeats] = max(texts.get(one.repeats, new), new)


def _added(chat: Chat, key: str, asked: Iterable[Posted], edits: Mapping[Key, Edited]) -> Question:
    """A question that the chat file lacks, with the text from the place that has it in the fewest parts."""
    there = [(place, parts) for (place, which), parts in _by_place(asked).items() if which == key]
    _, parts = min(there, key=lambda one: (len(one[1]), one[0]))
    at = min(one.at for _, posts in there for one in posts)
    return Question(key=key, text=_plain(chat, key, parts, edits), at=at)


def _by_place(asked: Iterable[Posted]) -> dict[tuple[str, str], list[Posted]]:
    """The parts of each question on each place, in order."""
    found: dict[tuple[str, str], dict[int, Posted]] = defaultdict(dict)
    for one in sorted(asked, key=lambda one: (one.at, one.id), reverse=True):
        found[one.place, one.key][one.part] = one
    return {at: [parts[number] for number in sorted(parts)] for at, parts in sorted(found.items())}


def _plain(chat: Chat, key: str, parts: Iterable[Posted], edits: Mapping[Key, Edited]) -> str:
    """The text that was posted, without number and hashtag."""
    parts_texts = (edits[ident].text if (ident := (one.place, one.id)) in edits else one.text for one in parts)
    return _untagged(chat, key, _NUMBERED.sub("", " ".join(parts_texts), count=1))


def _untagged(chat: Chat, key: str, text: str) -> str:
    """The text without the chat's hashtag at the end, unless the host wrote it there."""
    text, tag, before = text.strip(), chat.hashtag, chat.question(key)
    own = before is not None and has_hashtag(before.text, tag)
    if tag and not own and text.casefold().endswith(f" {tag.casefold()}"):
        text = text[: -len(tag)].strip()
    return text
