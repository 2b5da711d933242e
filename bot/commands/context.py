"""The context of a command: who gave it, and the chat as the store has it. Nothing here changes anything.

The context is read in the transaction that will change the chat, so nobody else can change it in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bot.chat import Chat, Slot
from bot.commands.grammar.command_types import Misunderstood, ParsedCommand
from bot.commands.plan.plan import Plan
from bot.live.live_chats import LiveChat
from bot.messages import AnyEvent, Author, Command, Outcome, Role, Value
from bot.ports.platform import Traits
from bot.publication import USUAL_WAIT
from bot.scheduling import planning
from bot.store import chats, outbox_queries
from bot.store.chats import ChatState, StoredChat
from bot.store.outbox_queries import OutboxRow
from bot.store.planned_posts import nonce


class CommandEnvironment(Value, frozen=True, kw_only=True):
    """The environment of every command: the places, the clock's speed, and the roles.

    `slack` is by how much the end of a chat may still move. `role` gives the role of an account in a chat. `guard`:
    messages that may identify a patient are held. `open_after` is how long people may write after a chat, `draft` how
    long its record stays a draft, unless its file says otherwise.
    """

    places: Mapping[str, Traits]
    slack: timedelta
    role: Callable[[Chat, ChatState, str, Author], Role]
    speed: float = 1.0
    guard: bool = True
    open_after: timedelta = timedelta(0)
    draft: timedelta = USUAL_WAIT


class ResolvedCommand(Value, frozen=True, kw_only=True):
    """A command that is parsed, with its chat and the author's role. `live` is None where no chat was found."""

    command: Command
    parsed: ParsedCommand | Misunderstood
    role: Role
    live: LiveChat | None = None


class CommandContext(Value, frozen=True, kw_only=True):
    """One command and the chat it is about, as stored. `public`: everybody can read the reply."""

    environment: CommandEnvironment
    command: Command
    role: Role
    now: datetime
    stored: StoredChat
    outbox_rows: tuple[OutboxRow, ...]
    public: bool = False

    @property
    def chat(self) -> Chat:
        """The chat."""
        return self.stored.chat

    @property
    def ends(self) -> datetime:
        """When the chat closes as things stand, UTC."""
        return self.stored.ends

    @property
    def state(self) -> ChatState:
        """How the chat differs from its file: paused, cancelled, slow and so on."""
        return self.stored.state

    @property
    def key_suffix(self) -> str:
        """A suffix for the keys of this command's posts. It is the same when the command is delivered again."""
        return nonce(self.command.place, self.command.id, "command", 1)[:12]

    def with_own_key(self, slot: Slot) -> Slot:
        """The notice with a key of this command: two people may give commands in the same instant."""
        return msgspec.structs.replace(slot, key=f"notice-{self.key_suffix}")

    @property
    def places(self) -> dict[str, Traits]:
        """The places of the chat."""
        return {
            place: traits
            for place, traits in self.environment.places.items()
            if not self.chat.places or place in self.chat.places
        }

    @property
    def plan(self) -> Plan:
        """The plan: the posts to come, and the questions asked."""
        return current_plan(self.stored, self.outbox_rows, self.now)


class CommandResult(Value, frozen=True, kw_only=True):
    """The result of a command. `before` and `after` describe the change; `change` is what `undo` needs, as JSON.

    `confirm` is the command that confirms this one. `link` is the path of a private link, which is never stored.
    `count_changes` says by how much the number of messages under each question changes. `events` are already stored;
    the inbox gets them for what follows from them.
    """

    receipt: str
    outcome: Outcome = "done"
    before: str | None = None
    after: str | None = None
    change: str | None = None
    confirm: str | None = None
    link: str = ""
    count_changes: tuple[tuple[str, int], ...] = ()
    events: tuple[AnyEvent, ...] = ()


def refused(reason: str) -> CommandResult:
    """The refusal of a command that makes no sense now."""
    return CommandResult(receipt=reason, outcome="refused")


def read_context(
    connection: Connection, environment: CommandEnvironment, command: Command, role: Role, now: datetime
) -> CommandContext | None:
    """The context of a command; None if the store doesn't have its chat."""
    found = chats.find(connection, command.chat or "")
    if found is None:
        return None
    rows = outbox_queries.outbox_rows(connection, found.chat.name)
    return CommandContext(
        environment=environment,
        command=command,
        role=role,
        now=now,
        stored=found,
        outbox_rows=tuple(row for row in rows if row.post.place in environment.places),
    )


def current_plan(stored: StoredChat, outbox_rows: Iterable[OutboxRow], now: datetime) -> Plan:
    """The current plan: the slots that no place has tried, and the questions asked, with their times."""
    rows = [as_unclaimed(row, now) for row in outbox_rows]
    return Plan(
        slots=planning.untried_slots(stored.chat, rows, states=("planned", "paused")),
        ends=stored.ends,
        asked=_asked(rows),
        paused_at=stored.state.paused_at,
        cancelled=stored.state.cancelled,
    )


def as_unclaimed(row: OutboxRow, now: datetime) -> OutboxRow:
    """The row, as planned if it is only claimed ahead of time: nobody has tried to send it yet."""
    ahead = row.state == "sending" and row.attempts == 1 and row.post.due > now
    return msgspec.structs.replace(row, state="planned", attempts=0) if ahead else row


def _asked(rows: Iterable[OutboxRow]) -> tuple[tuple[str, datetime], ...]:
    """Each question with the time of its first post, and again for each time it was repeated."""
    first: dict[str, tuple[str, datetime]] = {}
    for row in rows:
        key = row.post.repeats if row.post.kind == "notice" else row.post.key
        if key is None or not row.attempts or row.post.kind not in ("question", "notice"):
            continue
        at = row.sent_at or row.post.due
        known = first.get(row.post.key)
        first[row.post.key] = (key, min(at, known[1]) if known else at)
    return tuple(sorted(first.values(), key=lambda one: one[1]))
