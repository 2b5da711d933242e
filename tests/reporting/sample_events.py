"""Builders for a chat and its events. All people are pretend participants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from bot.chat import Chat, Host, Question
from bot.messages import Author, Deleted, Edited, Message, MessageDecision, Posted, Verdict, Withdrawn

START = datetime(2020, 10, 13, 19, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """The time this many minutes after the start."""
    return START + timedelta(minutes=minutes)


def chat(count: int = 3, /, **changes: object) -> Chat:
    """An hour with a question at 10, 20, 30 … minutes."""
    asked = tuple(
        Question(key=f"q{number}", text=f"Pretend question {number}?", at=at(10 * number))
        for number in range(1, count + 1)
    )
    settings: dict[str, Any] = {
        "name": "pretend/2020-10-13-groups",
        "title": "A pretend chat",
        "hashtag": "#OTalk",
        "starts": START,
        "length": timedelta(hours=1),
        "timezone": "Europe/London",
        "questions": asked,
        "hosts": (Host(name="Pretend host"),),
        "welcome": "Welcome",
        "rules": "Rules",
        "closing": "Goodbye",
    }
    return Chat(**(settings | changes))


def person(letter: str, followers: int | None = None) -> Author:
    """A pretend participant."""
    return Author(
        id=f"id-{letter}", handle=f"@pretend_{letter}", name=f"Pretend participant {letter}", followers=followers
    )


def said(id: str, text: str = "Hello", minutes: float = 5, who: str = "A", **more: object) -> Message:
    """A message. `followers` are its author's."""
    author = person(who, cast("int | None", more.pop("followers", None)))
    values: dict[str, Any] = {"place": "x", "id": id, "author": author, "text": text, "at": at(minutes)}
    return Message(**(values | more))


def asked(key: str, minutes: float, **more: object) -> Posted:
    """A post of the bot's own; its id is `bot-` and the key."""
    kind = "question" if key.startswith("q") else key
    values: dict[str, Any] = {"place": "x", "id": f"bot-{key}", "key": key, "kind": kind, "at": at(minutes)}
    return Posted(**(values | more))


def edited(id: str, text: str, minutes: float, place: str = "x") -> Edited:
    return Edited(place=place, id=id, text=text, at=at(minutes))


def deleted(id: str, minutes: float = 50, place: str = "x") -> Deleted:
    return Deleted(place=place, id=id, at=at(minutes))


def withdrew(who: str, minutes: float = 50, place: str = "x") -> Withdrawn:
    return Withdrawn(place=place, author=person(who), at=at(minutes))


def ruled(id: str, verdict: Verdict, minutes: float, place: str = "x") -> MessageDecision:
    return MessageDecision(place=place, id=id, verdict=verdict, at=at(minutes))
