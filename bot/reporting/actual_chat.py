"""A chat's questions as they were asked: those that were added while it was on, and new words that one was given. Pure.

Where the chat itself has them already, nothing changes. When a question was on the floor is not decided here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from bot.chat import Chat, Question
from bot.messages import Edited, Posted

Key = tuple[str, str]

_KEY = re.compile(r"q[1-9]\d{0,2}", re.ASCII)
_NUMBERED = re.compile(r"\s*Q\d{1,3}[.:)]\s+", re.IGNORECASE)
_CORRECTION = re.compile(r"\s*Correction to Q\d{1,3}:\s*", re.IGNORECASE)

_replace = msgspec.structs.replace


def as_asked(chat: Chat, posted: Iterable[Posted], latest: Mapping[Key, Edited]) -> Chat:
    """The chat with the questions as its posts have them. `latest` are the edits that stand, by place and id."""
    posted = list(posted)
    asked = [one for one in posted if one.kind == "question" and _KEY.fullmatch(one.key)]
    known = {one.key for one in chat.questions}
    added = [_added(chat, key, asked, latest) for key in dict.fromkeys(one.key for one in asked) if key not in known]
    words = _words(chat, asked, latest)
    _correct(words, chat, posted)
    every = (*chat.questions, *sorted(added, key=lambda one: (one.at, one.key)))
    return _replace(chat, questions=tuple(_replace(one, text=_text(one, words)) for one in every))


def _text(question: Question, words: Mapping[str, tuple[datetime, str]]) -> str:
    return (words[question.key][1] if question.key in words else "") or question.text


def _words(chat: Chat, asked: Iterable[Posted], latest: Mapping[Key, Edited]) -> dict[str, tuple[datetime, str]]:
    """The words of each question that was changed where it was posted, and when: the latest change counts."""
    found: dict[str, tuple[datetime, str]] = {}
    for (_, key), parts in _by_place(asked).items():
        edits = [latest[ident].at for one in parts if (ident := (one.place, one.id)) in latest]
        if edits:
            new = max(edits), _plain(chat, key, parts, latest)
            found[key] = max(found.get(key, new), new)
    return found


def _correct(words: dict[str, tuple[datetime, str]], chat: Chat, posted: Iterable[Posted]) -> None:
    """Take the corrections as well, which are posted where a post cannot be changed."""
    for one in posted:
        if one.kind == "correction" and one.repeats is not None and _CORRECTION.match(one.text) and one.part == 1:
            new = one.at, _untagged(chat, one.repeats, _CORRECTION.sub("", one.text, count=1))
            words[one.repeats] = max(words.get(one.repeats, new), new)


def _added(chat: Chat, key: str, asked: Iterable[Posted], latest: Mapping[Key, Edited]) -> Question:
    """A question that the chat's file has not: as the place says it that has it in the fewest parts."""
    there = [(place, parts) for (place, which), parts in _by_place(asked).items() if which == key]
    _, parts = min(there, key=lambda one: (len(one[1]), one[0]))
    at = min(one.at for _, posts in there for one in posts)
    return Question(key=key, text=_plain(chat, key, parts, latest), at=at)


def _by_place(asked: Iterable[Posted]) -> dict[tuple[str, str], list[Posted]]:
    """The parts of each question on each place, in order."""
    found: dict[tuple[str, str], dict[int, Posted]] = defaultdict(dict)
    for one in sorted(asked, key=lambda one: (one.at, one.id), reverse=True):
        found[one.place, one.key][one.part] = one
    return {at: [parts[number] for number in sorted(parts)] for at, parts in sorted(found.items())}


def _plain(chat: Chat, key: str, parts: Iterable[Posted], latest: Mapping[Key, Edited]) -> str:
    """What was posted, without the number before it and the hashtag after it."""
    texts = (latest[ident].text if (ident := (one.place, one.id)) in latest else one.text for one in parts)
    return _untagged(chat, key, _NUMBERED.sub("", " ".join(texts), count=1))


def _untagged(chat: Chat, key: str, text: str) -> str:
    """Without the chat's hashtag at the end, unless the host wrote it there."""
    text, tag, before = text.strip(), chat.hashtag, chat.question(key)
    own = before is not None and before.text.casefold().endswith(tag.casefold())
    if tag and not own and text.casefold().endswith(f" {tag.casefold()}"):
        text = text[: -len(tag)].strip()
    return text
