"""Published chats for the tests of the site, made from pretend events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from bot.chat import Chat, Host
from bot.messages import AnyEvent
from bot.reporting.files import Report, prepare
from bot.reporting.imprint import Imprint
from bot.site.build import PublishedChat
from tests.reporting.sample_events import asked, chat, said

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def held(number: int, *hosts: str, **more: object) -> Chat:
    """The chat of a week, in the series `pretend` unless it is told otherwise."""
    first = chat()
    week = timedelta(weeks=number)
    return chat(
        **{
            "name": f"pretend/chat-{number}",
            "title": f"Chat number {number}",
            "starts": first.starts + week,
            "questions": tuple(replace(one, at=one.at + week) for one in first.questions),
            "hosts": tuple(Host(name=one) for one in hosts) or first.hosts,
        }
        | more
    )


def talk(of: Chat, text: str = "We use teams", prefix: str = "") -> list[AnyEvent]:
    """What was said in it. The ids of messages begin with `prefix`."""
    later = (of.starts - chat().starts).total_seconds() / 60
    return [
        asked("q1", 10 + later, id=f"{prefix}bot-q1"),
        said(f"{prefix}1", f"A1 {text}", 12 + later),
        said(f"{prefix}2", "A1 So do we", 13 + later, who="B"),
    ]


def published(of: Chat, *, state: str = "1", text: str = "We use teams", known: bool = True) -> PublishedChat:
    """The chat as a site is given it. `known`: whether it is known who was in the series before."""

    def make(imprint: Imprint) -> Report:
        return prepare(of, talk(of, text), imprint=imprint, known=frozenset() if known else None)

    return PublishedChat(of.name, of.title, state, of.ends + timedelta(days=2), make)
