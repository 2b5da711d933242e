"""A core in memory, behind the ports, for tests of adapters. It applies edits and deletions as the real one does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bot.clock import Clock
from bot.commands.grammar.catalogue import COMMANDS
from bot.errors import PlatformError, StoreError
from bot.live.answer_marks import named_questions
from bot.live.consent import privacy_request
from bot.messages import (
    AnyEvent,
    Author,
    Command,
    Deleted,
    Edited,
    Image,
    Message,
    Returned,
    Withdrawn,
)
from bot.ports.commands import Answer, Choice, CommandInfo, CommandPort, Kind, LinkAccess, PrivacyRequest
from bot.ports.health import Health
from bot.ports.inbound import AdapterContext, Charge, Listener
from bot.ports.views import (
    ChatView,
    Dashboard,
    HeldMessage,
    LeaderView,
    LogEntry,
    MessageView,
    PersonView,
    PlaceView,
    PlanStep,
    PostView,
    TextMark,
)

CHAT = "otalk/2020-10-13-online-groups"
STARTS = datetime(2020, 10, 13, 19, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until a test moves it."""

    speed = 1.0

    def __init__(self, now: datetime = STARTS) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, at: datetime) -> None:
        self._now = max(self._now, at)

    def move(self, **by: float) -> None:
        self._now += timedelta(**by)


def chat_view(chat: str = CHAT, *, starts: datetime = STARTS, state: str = "live", questions: int = 6) -> ChatView:
    """A chat of one hour in London, open from half an hour before it until a quarter after."""
    plain = {
        "chat": chat,
        "title": "Online groups: current occupational therapy practice",
        "hashtag": "#OTalk",
        "hosts": ("Pretend Host",),
        "reserved": ("Pretend Host", "Pretend Moderator"),
        "link": "https://example.org/the-announcement",
        "starts": starts,
        "ends": starts + timedelta(hours=1),
        "timezone": "Europe/London",
        "opens": starts - timedelta(minutes=30),
        "shuts": starts + timedelta(minutes=75),
        "questions": questions,
        "state": state,
    }
    return msgspec.convert(plain, ChatView)


class FakeLinks(dict[str, LinkAccess]):
    """The accesses by key. `sessions` are the keys by token, `tried` the keys that were tried; broken, it raises.

    `leads` are the ids of people of the room who were handed the lead, and `there` those to whom it can be.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, str] = {}
        self.tried: list[str] = []
        self.leads: set[str] = set()
        self.there: tuple[PersonView, ...] = ()
        self.broken = False

    async def begin(self, key: str) -> tuple[str, LinkAccess] | None:
        self._fail()
        self.tried.append(key)
        if key not in self:
            return None
        token = f"token-{len(self.sessions)}-{len(self.tried)}"
        self.sessions[token] = key
        return token, self[key]

    async def resume(self, token: str, chat: str) -> LinkAccess | None:
        self._fail()
        del chat
        return self.get(self.sessions.get(token, ""))

    async def end(self, token: str, *, everywhere: bool = False) -> None:
        self._fail()
        key = self.sessions.pop(token, None)
        if everywhere:
            self.sessions = {one: opened for one, opened in self.sessions.items() if opened != key}

    async def lasting(self, tokens: Collection[str]) -> set[str]:
        self._fail()
        return {one for one in tokens if self.sessions.get(one) in self}

    async def has_lead(self, chat: str, place: str, id: str) -> bool:
        return (chat, place) == (CHAT, "room") and id in self.leads

    async def candidates(self, chat: str) -> tuple[PersonView, ...]:
        return self.there if chat == CHAT else ()

    def _fail(self) -> None:
        if self.broken:
            raise StoreError


class FakeCommands:
    """Answers commands and records them in `received`. `answers` are the answers to give, by the command's text.

    A command that comes again, by place and id, gets the same answer and is in `carried_out` once.
    """

    def __init__(self) -> None:
        self.received: list[Command] = []
        self.links = FakeLinks()
        self.dashboards: dict[str, Dashboard] = {}
        self.answers: dict[str, Answer] = {}
        self.carried_out: dict[tuple[str, str], Answer] = {}

    @property
    def catalogue(self) -> tuple[CommandInfo, ...]:
        return COMMANDS

    async def answer(self, command: Command) -> Answer:
        self.received.append(command)
        known = self.carried_out.get((command.place, command.id))
        answer = known or self.answers.get(command.text) or Answer(text=f"You said {command.text}.")
        return self.carried_out.setdefault((command.place, command.id), answer)

    async def answer_one(self, commands: tuple[Command, ...]) -> Answer:
        return await self.answer(commands[0])

    def privacy_request(self, text: str) -> PrivacyRequest | None:
        return privacy_request(text)

    async def answer_person(self, commands: tuple[Command, ...]) -> Answer:
        self.received += commands[1:]
        return await self.answer(commands[0])

    async def complete(self, command: Command, kind: Kind, typed: str) -> tuple[Choice, ...]:
        self.received.append(command)
        return (Choice(value=f"{typed}1", label=f"{kind} {typed}1"),)

    async def staff_names(self, chat: str) -> frozenset[str]:
        return frozenset(one.name for one in self.links.values() if one.is_to(chat))

    async def dashboard(self, chat: str) -> Dashboard | None:
        return self.dashboards.get(chat)


def context(place: str, clock: Clock, listener: Listener, commands: CommandPort | None = None) -> AdapterContext:
    """What an adapter without pages is given."""
    return AdapterContext(
        place=place,
        clock=clock,
        listener=listener,
        conversation=FakeCore(),
        commands=commands or FakeCommands(),
        secret="",
    )


@dataclass
class FakeCore:
    """Listener and conversation view in one. `events` are the reported events, each once.

    `broken` makes the store take nothing, `unreadable` give no messages. Messages whose id is in `held` are shown
    only to their author. `states` are the reported states of the connection: an error, or None for up. `reads`
    counts readings of the messages.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    health: Health = field(default_factory=Health)
    events: list[AnyEvent] = field(default_factory=list)
    chats: dict[str, ChatView] = field(default_factory=dict)
    bot_posts: list[PostView] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    resembling: dict[str, frozenset[str]] = field(default_factory=dict)
    charges: tuple[Charge, ...] = ()
    states: list[PlatformError | None] = field(default_factory=list)
    concerns: list[tuple[str, str, str | None]] = field(default_factory=list)
    looks: list[PlatformError | None] = field(default_factory=list)
    settled_concerns: list[str] = field(default_factory=list)
    broken: bool = False
    unreadable: bool = False
    questions: dict[str, str] = field(default_factory=dict)
    reads: int = 0
    wake_ups: int = 0
    commands: FakeCommands = field(default_factory=FakeCommands)
    _subscribers: set[asyncio.Queue[str | Exception]] = field(default_factory=set)

    # a vocabulary for tests

    async def measure(self) -> bytes:
        return b"numbers 1\n"

    def resembles(self, id: str, accounts: Collection[str]) -> None:
        if accounts:
            self.resembling[id] = frozenset(accounts)

    async def look(self) -> Health:
        return self.health

    def add_chat(self, one: ChatView) -> None:
        self.chats[one.chat] = one
        self.wake_up("state")

    def add_post(self, key: str, text: str, *, kind: str = "question", image: Image | None = None) -> PostView:
        post = PostView(key=key, kind=kind, text=text, at=self.clock.now(), id=f"post-{key}", image=image)
        self.bot_posts.append(post)
        self.wake_up("asked")
        return post

    def add_message(
        self, id: str, text: str, *, name: str = "Pretend participant A", place: str = "x", **more: object
    ) -> Message:
        plain = {"place": place, "id": id, "text": text, "at": self.clock.now(), "chat": CHAT}
        message = msgspec.convert({**plain, "author": {"id": name, "name": name}, **more}, Message)
        self.events.append(message)
        self.wake_up("heard")
        return message

    def add_event(self, event: AnyEvent) -> None:
        self.events.append(event)
        self.wake_up("heard")

    def wake_up(self, what: str) -> None:
        self.wake_ups += 1
        for one in self._subscribers:
            one.put_nowait(what)

    def break_subscriptions(self) -> None:
        for one in self._subscribers:
            one.put_nowait(RuntimeError("what somebody said"))

    def heard(self) -> list[Message]:
        return [one for one in self.events if isinstance(one, Message)]

    @property
    def subscribers(self) -> int:
        return len(self._subscribers)

    # the listener

    async def hear(self, event: AnyEvent) -> None:
        if self.broken:
            raise StoreError
        known = {(type(one), one.place, one.identity) for one in self.events}
        if (type(event), event.place, event.identity) not in known:
            self.add_event(event)

    async def paid(self, *charges: Charge) -> None:
        self.charges += charges

    def up(self, account: str = "") -> None:
        del account
        self.states.append(None)

    def concern(self, what: str, text: str, chat: str | None = None) -> None:
        self.concerns.append((what, text, chat))

    def down(self, error: PlatformError) -> None:
        self.states.append(error)

    def settled(self, what: str) -> None:
        self.settled_concerns.append(what)

    def may_post(self, error: PlatformError | None) -> None:
        self.looks.append(error)

    # the conversation view

    async def chat_views(self) -> list[ChatView]:
        return sorted(self.chats.values(), key=lambda one: one.starts)

    async def chat_view(self, chat: str) -> ChatView | None:
        return self.chats.get(chat)

    async def posts(self, chat: str) -> list[PostView]:
        return self.bot_posts if chat == CHAT else []

    async def messages(
        self, chat: str, *, question: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[MessageView]:
        self.reads += 1
        if self.unreadable:
            raise StoreError
        return [
            one.under(question) if question else one
            for one in self._visible(chat)
            if question in {None, *one.questions} and (before is None or one.at < before)
        ][-limit:]

    async def newest(self, chat: str, questions: Collection[str], limit: int = 100) -> dict[str, list[MessageView]]:
        return {one: await self.messages(chat, question=one, limit=limit) for one in questions}

    async def withheld(self, chat: str, author: str) -> list[MessageView]:
        gone = {(one.place, one.id) for one in self.events if isinstance(one, Deleted)}
        edits = {(one.place, one.id): one for one in self.events if isinstance(one, Edited)}
        return [
            self._view(one, edits.get((one.place, one.id)))
            for one in self.heard()
            if one.id in self.held and one.author.id == author and one.chat == chat and (one.place, one.id) not in gone
        ]

    async def is_left_out(self, author: str) -> bool:
        chosen = [one for one in self.events if isinstance(one, Withdrawn | Returned) and one.author.id == author]
        return bool(chosen) and isinstance(chosen[-1], Withdrawn)

    async def said_yes(self, chat: str, author: str) -> bool:
        chosen = [one for one in self.events if isinstance(one, Withdrawn | Returned) and one.author.id == author]
        return bool(chosen) and isinstance(chosen[-1], Returned) and chosen[-1].chat == chat

    async def counts(self, chat: str) -> dict[str, int]:
        counts: dict[str, int] = {}
        for one in self._visible(chat):
            counts[one.question] = counts.get(one.question, 0) + 1
            counts.update({key: counts.get(key, 0) for key in one.also})
        return counts

    def versions(self, chat: str) -> Mapping[str, int]:
        del chat
        return {"": self.wake_ups}

    async def find(self, place: str, id: str, chat: str = "") -> MessageView | None:
        if self.unreadable:
            raise StoreError
        return next((one for one in self._visible(chat or None) if (one.place, one.id) == (place, id)), None)

    async def picture(self, image: Image) -> Image | None:
        return image if await asyncio.to_thread(Path(image.path).is_file) else None

    async def changes(self, chat: str) -> AsyncIterator[str]:
        del chat
        queue: asyncio.Queue[str | Exception] = asyncio.Queue()
        self._subscribers.add(queue)
        try:
            while True:
                change = await queue.get()
                if isinstance(change, Exception):
                    raise change
                yield change
        finally:
            self._subscribers.discard(queue)

    def _visible(self, chat: str | None) -> list[MessageView]:
        gone = {(one.place, one.id) for one in self.events if isinstance(one, Deleted)}
        out = {(one.place, one.author.id) for one in self.events if isinstance(one, Withdrawn)}
        edits = {(one.place, one.id): one for one in self.events if isinstance(one, Edited)}
        heard = [
            self._view(one, edits.get((one.place, one.id)))
            for one in self.heard()
            if chat in {None, one.chat}
            and (one.place, one.id) not in gone
            and (one.place, one.author.id) not in out
            and one.id not in self.held
        ]
        return sorted(heard, key=lambda one: one.at)

    def _view(self, one: Message, edit: Edited | None) -> MessageView:
        text = edit.text if edit else one.text
        question, reason = self._question(one)
        also: list[str] = []
        if named := named_questions(text, frozenset(post.key for post in self.bot_posts)):
            (question, *also), reason = named, "mark"
        return MessageView(
            place=one.place,
            id=one.id,
            author=one.author,
            text=text,
            at=one.at,
            question=question,
            also=tuple(also),
            reason=reason,
            reply_to=one.reply_to,
            reply_place=one.reply_place,
            url=one.url,
            edited=edit.at if edit else None,
        )

    def _question(self, one: Message) -> tuple[str, str]:
        if one.id in self.questions:
            return self.questions[one.id], "mark"
        questions = [post for post in self.bot_posts if post.kind == "question"]
        direct = next((post.key for post in questions if post.id == one.reply_to), None)
        if direct:
            return direct, "reply"
        parent = next((said for said in self.heard() if said.id == one.reply_to and said is not one), None)
        if parent:
            return self._question(parent)[0], "thread"
        asked = [post.key for post in questions if post.at <= one.at]
        return (asked[-1] if asked else "before"), "floor"


def author(name: str) -> Author:
    """A pretend account on another place."""
    return Author(id=name, name=name)


def dashboard(now: datetime = STARTS + timedelta(minutes=12), **changes: object) -> Dashboard:
    """A chat in its first question, with a held message, a place that is behind, and two entries in the log.

    All people and messages are invented.
    """
    plan = [("welcome", "welcome", "Welcome to the chat. Please say hello.", 0, "out")]
    plan += [
        (f"q{n}", "question", f"Q{n}. {words}", 2 + 8 * n, "now" if n == 1 else "coming")
        for n, words in enumerate(_QUESTIONS, 1)
    ]
    steps = tuple(
        PlanStep(key=key, kind=kind, text=text, at=STARTS + timedelta(minutes=at), state=state)  # type: ignore[arg-type]
        for key, kind, text, at, state in [*plan, ("closing", "closing", "Thank you all.", 60, "coming")]
    )
    text = "My client Pretend Person, born on 3 March 1951, enjoys the video group."
    message = _message_view("41", "Pretend participant D", text, now)
    earlier = _message_view(
        "40", "Pretend participant B", "Who has tried a group by video?", now - timedelta(minutes=1)
    )
    held = HeldMessage(
        number=1,
        message=message,
        reasons=("many messages in a short time",),
        marks=(
            TextMark(start=3, end=24, what="a patient's name"),
            TextMark(start=34, end=46, what="a date of birth"),
        ),
        patient=True,
        before=(earlier,),
    )
    places = (
        PlaceView(place="room", called="the web room", state="connected", people=3, messages=7),
        PlaceView(
            place="x",
            called="X",
            state="behind",
            reason="2 posts wait",
            people=9,
            messages=14,
            spent=420_000,
            cap=5_000_000,
        ),
        PlaceView(
            place="discord", called="Discord", state="lost", reason="The token was not accepted.", people=1, messages=1
        ),
    )
    log = (
        _log_entry(now, "extend 5m", "5 minutes more. Q2 at 20:23, closing at 21:05.", undo="undo 17"),
        _log_entry(now - timedelta(minutes=3), "skip q9", "There is no question 9.", outcome="refused"),
    )
    plain: dict[str, object] = {
        "chat_view": chat_view(),
        "plan_summary": "Q1 is on. Q2 comes at 20:18.",
        "current_question": "q1",
        "paused": False,
        "cancelled": False,
        "steps": steps,
        "queue": (held,),
        "places": places,
        "log": log,
        "leaders": (LeaderView(name="Pretend Host"), LeaderView(name="Cas Pretend", handed=True)),
        "concerns": ("Q1 did not go out on Discord: the server's AutoMod refuses the post.",),
    }
    return Dashboard(**{**plain, **changes})  # type: ignore[arg-type]


_QUESTIONS = (
    "What groups are running online now?",
    "Which platforms do you use, and why?",
    "How do people join who have never used a computer?",
    "What would you do differently?",
)


def _message_view(id: str, name: str, text: str, at: datetime) -> MessageView:
    return MessageView(place="x", id=id, author=author(name), text=text, at=at, question="q1", reason="floor")


def _log_entry(at: datetime, text: str, receipt: str, *, outcome: str = "done", undo: str = "") -> LogEntry:
    return LogEntry(at=at, who="Pretend Host", place="room", text=text, receipt=receipt, outcome=outcome, undo=undo)
