"""A pretend hour on three places: people who answer, reply, mention, quote, repost, react and edit.

It can be made again as if some of them had never been there, with the marks that are left in others' words.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.chat import Chat, Host, Question
from bot.erasure.text_redaction import NAME_REMOVED, WORDS_REMOVED
from bot.messages import (
    AnyEvent,
    Author,
    Deleted,
    Edited,
    Joined,
    Message,
    Named,
    Posted,
    Reaction,
    Repost,
    Viewed,
)

STARTS = datetime(2020, 10, 13, 19, 0, tzinfo=UTC)
PLACES = ("room", "x", "discord")
QUESTIONS = 5

CHAT = Chat(
    name="pretend/hour",
    title="A pretend hour",
    hashtag="#Pretend",
    starts=STARTS,
    length=timedelta(minutes=60),
    timezone="Europe/London",
    questions=tuple(
        Question(key=f"q{n}", at=STARTS + timedelta(minutes=10 * n), text=f"What would you say about number {n}?")
        for n in range(1, QUESTIONS + 1)
    ),
    hosts=(Host(name="Pretend Host", handles={"x": "@pretend_host"}),),
    places=PLACES,
    welcome="Welcome to a pretend hour.",
    rules="Be kind.",
    closing="Thank you.",
)


@dataclass(frozen=True)
class Person:
    place: str
    author: Author

    @property
    def key(self) -> tuple[str, str]:
        return self.place, self.author.id


@dataclass(frozen=True)
class Said:
    """What somebody said: their own words, whom they mention, and whose words they quote."""

    by: Person
    id: str
    at: datetime
    words: str
    mentions: Person | None = None
    quotes: Said | None = None
    reply_to: str | None = None
    below: Said | None = None

    def text(self, without: frozenset[Person]) -> str:
        parts = []
        if self.mentions is not None:
            gone = self.mentions in without
            parts.append(NAME_REMOVED if gone else f"@{self.mentions.author.handle.lstrip('@')}")
        if self.quotes is not None:
            parts.append(f'"{WORDS_REMOVED if self.quotes.by in without else self.quotes.words}" was well put.')
        return " ".join([*parts, self.words])


@dataclass
class Hour:
    """All that was said and done in it."""

    people: list[Person]
    said: list[Said] = field(default_factory=list)
    done: list[tuple[Person, AnyEvent, Said]] = field(default_factory=list)

    def events(self, without: frozenset[Person] = frozenset()) -> list[AnyEvent]:
        """The event log, as if some people had never been there."""
        posted: list[AnyEvent] = [
            Posted(place=place, id=f"{place}-{one.key}", key=one.key, text=one.text, at=one.at, kind="question")
            for place in PLACES
            for one in CHAT.questions
        ]
        found = [self._message(one, without) for one in self.said if one.by not in without]
        acted = [event for by, event, about in self.done if not {by, about.by} & without]
        return [*posted, *sorted([*found, *acted], key=lambda one: one.at)]

    def _message(self, one: Said, without: frozenset[Person]) -> AnyEvent:
        return Message(
            place=one.by.place,
            id=one.id,
            author=one.by.author,
            text=one.text(without),
            at=one.at,
            reply_to=None if one.below is not None and one.below.by in without else one.reply_to,
            url=f"https://x.example/{one.by.author.handle[1:]}/status/{one.id}" if one.by.place == "x" else None,
        )


def an_hour(number: int, people: int, seed: int = 1) -> Hour:
    """An hour with so many messages by so many people. Replies stay within the time of their question."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    hour = Hour([_person(chance, PLACES[n % 3]) for n in range(people)])
    handled = {place: [one for one in hour.people if one.place == place and one.author.handle] for place in PLACES}
    for n in range(number):
        minute = 10 + n * 50 / number
        question = min(int(minute // 10), QUESTIONS)
        by = chance.choice(hour.people)
        at = STARTS + timedelta(minutes=minute, milliseconds=n % 7)
        asked = STARTS + timedelta(minutes=10 * question)
        recent = [one for one in hour.said[-40:] if one.by.place == by.place and one.at >= asked]
        below = chance.choice(recent) if recent and n % 4 == 1 else None
        quoted = chance.choice(recent) if recent and n % 9 == 2 else None
        said = Said(
            by=by,
            id=_id(chance),
            at=at,
            words=" ".join(_word(chance) for _ in range(chance.randrange(6, 16))),
            mentions=chance.choice(handled[by.place]) if handled[by.place] and n % 5 == 3 else None,
            quotes=quoted if quoted is not None and quoted.by != by else None,  # who repeats themselves says it anew
            reply_to=below.id if below else f"{by.place}-q{question}" if n % 3 else None,
            below=below,
        )
        hour.said.append(said)
        hour.done += _acts(chance, hour, said, n)
    return hour


def _acts(chance: random.Random, hour: Hour, said: Said, n: int) -> list[tuple[Person, AnyEvent, Said]]:
    place, at = said.by.place, said.at + timedelta(seconds=2)
    other = chance.choice([one for one in hour.people if one.place == place])
    found: list[AnyEvent] = []
    if n % 6 == 0:
        found.append(Reaction(place=place, id=said.id, author=other.author, emoji="\U0001f44d", at=at))
    if n % 11 == 0 and place == "x":
        repost = Repost(place=place, id=_id(chance), author=other.author, of=said.id, at=at)
        found.append(repost)
    acted = [(other, one, said) for one in found]
    if n % 13 == 0:
        edited = (
            f"{said.text(frozenset())} {_word(chance)} {_word(chance)}" if not (said.mentions or said.quotes) else ""
        )
        acted += [(said.by, Edited(place=place, id=said.id, text=edited, at=at), said)] if edited else []
    if n % 31 == 0:
        acted.append((said.by, Deleted(place=place, id=said.id, at=at + timedelta(seconds=1)), said))
    if n % 17 == 0 and place == "x":
        acted.append((said.by, Viewed(place=place, id=said.id, views=n, at=at), said))
    if n % 19 == 0:
        acted.append((said.by, Joined(place=place, author=said.by.author, at=at), said))
    if n % 23 == 0 and said.by.author.handle:
        acted.append((said.by, Named(place=place, author=said.by.author, at=at), said))
    return acted


def _person(chance: random.Random, place: str) -> Person:
    name = f"{_word(chance).capitalize()} {_word(chance).capitalize()}"
    handle = f"@{_word(chance)}_{chance.randrange(1000)}" if place != "room" else ""
    followers = chance.randrange(2000) if place == "x" else None
    return Person(place, Author(id=_id(chance), handle=handle, name=name, followers=followers))


def _id(chance: random.Random) -> str:
    return str(10**17 + chance.randrange(10**17))


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randrange(3, 5)))
