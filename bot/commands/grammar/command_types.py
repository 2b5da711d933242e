"""Every order as a frozen value, and the answer where there was none. They say what is wanted, not whether it may."""

from __future__ import annotations

from datetime import time, timedelta

from bot.messages import Value


class Pointer(Value, frozen=True, kw_only=True):
    """A message as somebody points at it: by its id, on a place where that was said, or by a number the bot listed."""

    id: str = ""
    place: str | None = None
    number: int | None = None


class Person(Value, frozen=True, kw_only=True):
    """A person as somebody names them. Just one of id, handle, name and `author_of` is given.

    Who that is on which place, and whether there are two of them, the caller finds out.
    """

    place: str | None = None
    id: str | None = None
    handle: str | None = None
    name: str | None = None
    author_of: Pointer | None = None


class Status(Value, frozen=True, kw_only=True):
    """Tell how it is going, and what comes next."""


class Help(Value, frozen=True, kw_only=True):
    """Tell what can be said. `topic` is a command's name."""

    topic: str | None = None


class Next(Value, frozen=True, kw_only=True):
    """Ask the next question now."""


class Back(Value, frozen=True, kw_only=True):
    """Go back to the question before."""


class Pause(Value, frozen=True, kw_only=True):
    """Ask nothing until told to."""


class Resume(Value, frozen=True, kw_only=True):
    """Go on after a pause."""


class Extend(Value, frozen=True, kw_only=True):
    """Close later; with a question, give that one more time."""

    by: timedelta
    question: str | None = None


class Skip(Value, frozen=True, kw_only=True):
    """Leave a question out."""

    question: str


class At(Value, frozen=True, kw_only=True):
    """Ask a question at an hour: `clock` on the wall in the chat's zone, or `after` this long from now."""

    question: str
    clock: time | None = None
    after: timedelta | None = None


class End(Value, frozen=True, kw_only=True):
    """Close now. `sure` where it was confirmed in the same breath."""

    sure: bool = False


class Cancel(Value, frozen=True, kw_only=True):
    """This chat does not take place, or breaks off."""

    sure: bool = False


class StartNow(Value, frozen=True, kw_only=True):
    """Begin before the hour."""

    sure: bool = False


class Say(Value, frozen=True, kw_only=True):
    """Say this as the bot, on one place or on all."""

    text: str
    place: str | None = None


class Edit(Value, frozen=True, kw_only=True):
    """Give a question other words."""

    question: str
    text: str


class Add(Value, frozen=True, kw_only=True):
    """Ask one question more."""

    text: str


class Repeat(Value, frozen=True, kw_only=True):
    """Bring the question that is on back to the bottom."""


class Announce(Value, frozen=True, kw_only=True):
    """Tell people about the chat."""


class Hide(Value, frozen=True, kw_only=True):
    """Leave a message out of the record."""

    message: Pointer


class Show(Value, frozen=True, kw_only=True):
    """Take a message back into the record."""

    message: Pointer


class Mute(Value, frozen=True, kw_only=True):
    """Hear nothing from a person; for the whole chat where no length is given."""

    person: Person
    length: timedelta | None = None


class Unmute(Value, frozen=True, kw_only=True):
    """Hear a person again."""

    person: Person


class Ban(Value, frozen=True, kw_only=True):
    """Keep a person out for good."""

    person: Person
    sure: bool = False


class Slow(Value, frozen=True, kw_only=True):
    """One message a person in this time; None: as many as they like."""

    by: timedelta | None


class HoldAll(Value, frozen=True, kw_only=True):
    """Hold everything from people who write for the first time, or stop doing so."""

    on: bool


class Hold(Value, frozen=True, kw_only=True):
    """Put a message in the queue."""

    message: Pointer


class Held(Value, frozen=True, kw_only=True):
    """Tell what waits in the queue."""


class Approve(Value, frozen=True, kw_only=True):
    """Let a held message through. `number` is the one in the queue."""

    number: int


class Drop(Value, frozen=True, kw_only=True):
    """Leave a held message out. `number` is the one in the queue."""

    number: int


class Undo(Value, frozen=True, kw_only=True):
    """Take back the last thing that can be taken back."""


class Log(Value, frozen=True, kw_only=True):
    """Tell who did what."""


class Handover(Value, frozen=True, kw_only=True):
    """Let another person lead."""

    person: Person


class Misunderstood(Value, frozen=True, kw_only=True):
    """It was no order. `hint` is one line for whoever said it, fit to be shown anywhere."""

    hint: str


Timing = Next | Back | Pause | Resume | Extend | Skip | At | End | Cancel | StartNow | Add | Repeat
"""What changes the plan of a chat, or says a part of it again."""

Content = Say | Edit | Announce
People = Hide | Show | Mute | Unmute | Ban | Slow | HoldAll | Hold
Queue = Held | Approve | Drop
Asking = Status | Help | Undo | Log | Handover

ParsedCommand = Timing | Content | People | Queue | Asking
