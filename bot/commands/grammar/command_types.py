"""The parsed commands, and the hint for a text that is none. Whether a command is allowed is not decided here."""

from __future__ import annotations

from datetime import time, timedelta

from bot.messages import Value


class MessageReference(Value, frozen=True, kw_only=True):
    """A reference to a message: its id, with the place if it was given, or its number in the queue."""

    id: str = ""
    place: str | None = None
    number: int | None = None


class PersonReference(Value, frozen=True, kw_only=True):
    """A reference to a person by just one of id, handle, name and `author_of`. `lookup` finds out who that is.

    `bare`: the name stood without quotes, so it may be no name at all.
    """

    place: str | None = None
    id: str | None = None
    handle: str | None = None
    name: str | None = None
    author_of: MessageReference | None = None
    bare: bool = False


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


class Hide(Value, frozen=True, kw_only=True):
    """Leave a message out of the transcript."""

    message: MessageReference


class Show(Value, frozen=True, kw_only=True):
    """Take a message back into the transcript. `sure`: even if it may tell who a patient is."""

    message: MessageReference
    sure: bool = False


class Mute(Value, frozen=True, kw_only=True):
    """Mute a person; for the whole chat if no length is given."""

    person: PersonReference
    length: timedelta | None = None


class Unmute(Value, frozen=True, kw_only=True):
    """End a person's mutes and ban."""

    person: PersonReference


class Ban(Value, frozen=True, kw_only=True):
    """Mute a person in all chats, for good."""

    person: PersonReference
    sure: bool = False


class Slow(Value, frozen=True, kw_only=True):
    """Limit each person to one message in this time; None: no limit."""

    by: timedelta | None


class HoldAll(Value, frozen=True, kw_only=True):
    """Hold first messages in the queue, or stop doing so."""

    on: bool


class Hold(Value, frozen=True, kw_only=True):
    """Put a message in the queue."""

    message: MessageReference


class Held(Value, frozen=True, kw_only=True):
    """List the queue."""


class Approve(Value, frozen=True, kw_only=True):
    """Let a held message through. `number` is the one in the queue. `sure`: even if it may tell who a patient is."""

    number: int
    sure: bool = False


class Drop(Value, frozen=True, kw_only=True):
    """Leave a held message out. `number` is the one in the queue."""

    number: int


class File(Value, frozen=True, kw_only=True):
    """Put a message under another question: a question's key, `before` or `after`."""

    message: MessageReference
    question: str


class Merge(Value, frozen=True, kw_only=True):
    """Count a message and its copy once; the `original` stays. `sure`: even if two people wrote them."""

    message: MessageReference
    original: MessageReference
    sure: bool = False


class Unmerge(Value, frozen=True, kw_only=True):
    """Count a copy by itself again."""

    message: MessageReference


class Highlight(Value, frozen=True, kw_only=True):
    """Mark a message as a highlight."""

    message: MessageReference


class Unhighlight(Value, frozen=True, kw_only=True):
    """Take the mark away."""

    message: MessageReference


class Summary(Value, frozen=True, kw_only=True):
    """Write the summary of the chat, as CommonMark; an empty one takes it away."""

    text: str


class PublishNow(Value, frozen=True, kw_only=True):
    """Publish the record. `sure`: it was confirmed at once."""

    sure: bool = False


class PublishLater(Value, frozen=True, kw_only=True):
    """Publish the record later by this."""

    by: timedelta


class Withhold(Value, frozen=True, kw_only=True):
    """Do not publish the record, or no longer."""


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
    """The text is no command. `hint` is one line for its author, and may be shown in public."""

    hint: str


Timing = Next | Back | Pause | Resume | Extend | Skip | At | End | Cancel | StartNow | Add | Repeat
"""The commands that change the plan of a chat, or post a part of it again."""

Content = Say | Edit | Announce | Move
People = Hide | Show | Mute | Unmute | Ban | Slow | HoldAll | Hold
Queue = Held | Approve | Drop
Record = File | Merge | Unmerge | Highlight | Unhighlight | Summary | PublishNow | PublishLater | Withhold
Asking = Status | Help | Undo | Log | Handover | Lead

ParsedCommand = Timing | Content | People | Queue | Record | Asking
