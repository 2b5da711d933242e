"""The parsed commands about a chat, the union of all, and the hint for a text that is none.

`moderation_types.py` and `record_types.py` have the rest. Whether a command is allowed is not decided here.
"""

from __future__ import annotations

from datetime import time, timedelta

from bot.commands.grammar.moderation_types import AnyModeration, PersonReference
from bot.commands.grammar.record_types import AnyRecord
from bot.messages import Value


class Status(Value, frozen=True, kw_only=True):
    """Show what is on and what comes next."""


class Help(Value, frozen=True, kw_only=True):
    """Explain the commands. `topic` is the name of one."""

    topic: str | None = None


class Next(Value, frozen=True, kw_only=True):
    """Ask the next question now."""


class Back(Value, frozen=True, kw_only=True):
    """Post the previous question again."""


class Pause(Value, frozen=True, kw_only=True):
    """Ask no question until `resume`."""


class Resume(Value, frozen=True, kw_only=True):
    """End a pause."""


class Extend(Value, frozen=True, kw_only=True):
    """Close later; with a question, give that one more time."""

    by: timedelta
    question: str | None = None


class Skip(Value, frozen=True, kw_only=True):
    """Leave a question out."""

    question: str


class At(Value, frozen=True, kw_only=True):
    """Ask a question at another time: at `clock` in the chat's time zone, or `after` this long from now."""

    question: str
    clock: time | None = None
    after: timedelta | None = None


class End(Value, frozen=True, kw_only=True):
    """Close now. `sure`: it was confirmed at once."""

    sure: bool = False


class Cancel(Value, frozen=True, kw_only=True):
    """Cancel the chat, before or after it began."""

    sure: bool = False


class StartNow(Value, frozen=True, kw_only=True):
    """Begin earlier than planned."""

    sure: bool = False


class Move(Value, frozen=True, kw_only=True):
    """Hold the chat on another day: at `clock` in its time zone, or at the same hour. `sure`: confirmed at once.

    Without a `year` it is the next such day. A `weekday` that was named has to fit.
    """

    day: int
    month: int
    year: int | None = None
    weekday: int | None = None
    clock: time | None = None
    sure: bool = False


class Say(Value, frozen=True, kw_only=True):
    """Post a text as the bot, on one place or on all."""

    text: str
    place: str | None = None


class Edit(Value, frozen=True, kw_only=True):
    """Give a question other words."""

    question: str
    text: str


class Add(Value, frozen=True, kw_only=True):
    """Add a question."""

    text: str


class Repeat(Value, frozen=True, kw_only=True):
    """Post the current question again."""


class Announce(Value, frozen=True, kw_only=True):
    """Announce the chat."""


class Undo(Value, frozen=True, kw_only=True):
    """Take back the last change that can be taken back; with a number that one, and only while it is the last."""

    number: int | None = None


class Log(Value, frozen=True, kw_only=True):
    """List the last commands."""


class Handover(Value, frozen=True, kw_only=True):
    """Make another person a host, or all `moderators`; with `by_link` whoever opens a new link with that name."""

    person: PersonReference | None = None
    moderators: bool = False
    by_link: bool = False


class Lead(Value, frozen=True, kw_only=True):
    """Take the lead back from those who were handed it."""


class Misunderstood(Value, frozen=True, kw_only=True):
    """The text is no command. `hint` is one line for its author, and may be shown in public.

    `declined`: it says no to the bot's question whether it should do something, and needs no help.
    """

    hint: str
    declined: bool = False


Timing = Next | Back | Pause | Resume | Extend | Skip | At | End | Cancel | StartNow | Add | Repeat
"""The commands that change the plan of a chat, or post a part of it again."""

Content = Say | Edit | Announce | Move
Asking = Status | Help | Undo | Log | Handover | Lead

ParsedCommand = Timing | Content | AnyModeration | AnyRecord | Asking
