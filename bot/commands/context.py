"""What a command is carried out on: the chat as it stands in the store at that moment. Nothing here changes anything.

A case is read in the transaction that will change it, so nobody else can have changed it in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bot.chat import Chat, Slot
from bot.commands.plan.plan import Plan
from bot.messages import Author, Command, Outcome, Role, Value
from bot.ports.platform import Traits
from bot.scheduling import planning
from bot.store import chats, outbox_queries
from bot.store.chats import ChatState
from bot.store.outbox_queries import OutboxRow
from bot.store.planned_posts import nonce


class CommandEnvironment(Value, frozen=True, kw_only=True):
    """What is the same for every command. `slack` is how far an end may still move; `speed` is the clock's.

    `role` tells who an account is in a chat.
    """

    places: Mapping[str, Traits]
    slack: timedelta
    role: Callable[[Chat, ChatState, str, Author], Role]
    speed: float = 1.0


class CommandContext(Value, frozen=True, kw_only=True):
    """One command, who gave it, and the chat it is about. `public`: what is answered can be read by everybody."""

    environment: CommandEnvironment
    said: Command
    role: Role
    now: datetime
    chat: Chat
    ends: datetime
    state: ChatState
    lines: tuple[OutboxRow, ...]
    public: bool = False

    @property
    def mark(self) -> str:
        """What tells this command's posts from those of any other, and is the same when it is told again."""
        return nonce(self.said.place, self.said.id, "command", 1)[:12]

    def marked(self, slot: Slot) -> Slot:
        """A notice under a key of its own: two people may say something in the same instant."""
        return msgspec.structs.replace(slot, key=f"notice-{self.mark}")

    @property
    def places(self) -> dict[str, Traits]:
        """The places that the chat goes to."""
        return {
            place: traits
            for place, traits in self.environment.places.items()
            if not self.chat.places or place in self.chat.places
        }

    @property
    def plan(self) -> Plan:
        """What is still to be said, and what was asked."""
        return plan_of(self.chat, self.lines, self.ends, self.state, self.now)


class CommandResult(Value, frozen=True, kw_only=True):
    """What came of a command. `before` and `after` are in plain words; `change` is what `undo` needs, as JSON.

    `confirm` is what to say to really do it; `counted` is how the counts of messages under questions change.
    """

    receipt: str
    outcome: Outcome = "done"
    before: str | None = None
    after: str | None = None
    change: str | None = None
    confirm: str | None = None
    counted: tuple[tuple[str, int], ...] = ()


def refused(reason: str) -> CommandResult:
    """It makes no sense now, and why."""
    return CommandResult(receipt=reason, outcome="refused")


def read(
    connection: Connection, environment: CommandEnvironment, said: Command, role: Role, now: datetime
) -> CommandContext | None:
    """The case of a command whose chat is known; None where the store has no such chat."""
    found = chats.find(connection, said.chat or "")
    if found is None:
        return None
    return CommandContext(
        environment=environment,
        said=said,
        role=role,
        now=now,
        chat=found.chat,
        ends=found.ends,
        state=found.state,
        lines=tuple(
            line
            for line in outbox_queries.outbox_rows(connection, found.chat.name)
            if line.post.place in environment.places
        ),
    )


def plan_of(chat: Chat, lines: Iterable[OutboxRow], ends: datetime, state: ChatState, now: datetime) -> Plan:
    """The plan as it stands: slots that no place has tried, and what was on the floor since when."""
    lines = [as_it_is(line, now) for line in lines]
    return Plan(
        slots=planning.untried_slots(chat, lines, states=("planned", "paused")),
        ends=ends,
        asked=_asked(lines),
        paused_at=state.paused_at,
        cancelled=state.cancelled,
    )


def as_it_is(line: OutboxRow, now: datetime) -> OutboxRow:
    """A post that is claimed ahead of its hour is not tried yet: it still waits."""
    ahead = line.state == "sending" and line.attempts == 1 and line.post.due > now
    return msgspec.structs.replace(line, state="planned", attempts=0) if ahead else line


def _asked(lines: Iterable[OutboxRow]) -> tuple[tuple[str, datetime], ...]:
    """Each question since its first post, and again each time it was brought back."""
    first: dict[str, tuple[str, datetime]] = {}
    for line in lines:
        key = line.post.repeats if line.post.kind == "notice" else line.post.key
        if key is None or not line.attempts or line.post.kind not in ("question", "notice"):
            continue
        at = line.sent_at or line.post.due
        known = first.get(line.post.key)
        first[line.post.key] = (key, min(at, known[1]) if known else at)
    return tuple(sorted(first.values(), key=lambda one: one[1]))
