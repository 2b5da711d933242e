"""The data held on a person, for them or an operator: in which chats, how much, and in which other lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sqlalchemy import Connection

from bot.erasure.traces import Ident
from bot.messages import Message, Value
from bot.store import person_rows
from bot.translation import _, ngettext


class Holdings(Value, frozen=True, kw_only=True):
    """Counts of a person's messages by chat, of their other entries in the event log, and of their commands.

    `names` are the handles and names under which they are known, or were. `hidden` is how many messages are not
    published.
    """

    messages: dict[str, int]
    hidden: int
    events: int
    commands: int
    names: tuple[str, ...]
    left_out: bool

    @property
    def nothing(self) -> bool:
        """Whether nothing is held."""
        return not (self.messages or self.events or self.commands or self.names)


def holdings(connection: Connection, accounts: Collection[Ident]) -> Holdings:
    """The data held on the person with these accounts."""
    rows = person_rows.messages_of(connection, accounts)
    heard = person_rows.events_of(connection, accounts)
    events = [one for one in heard if not isinstance(one, Message)]
    known = [one.author for one in person_rows.accounts(connection) if (one.place, one.author.id) in accounts]
    authors = [*known, *(author for one in (*rows, *heard) if (author := getattr(one, "author", None)))]
    names = {name for one in authors for name in (one.handle, one.name) if name}
    return Holdings(
        messages=dict(sorted(Counter(row.chat or "" for row in rows).items())),
        hidden=sum(row.gone or row.verdict != "keep" for row in rows),
        events=len(events),
        commands=len(person_rows.commands_of(connection, accounts)),
        names=tuple(sorted(names)),
        left_out=bool(person_rows.left_out(connection, accounts)),
    )


def describe(held: Holdings) -> str:
    """The same in lines for a person."""
    if held.nothing:
        return _("Nothing is held.")
    lines = [_("Known as: {names}").format(names=", ".join(held.names))] if held.names else []
    lines += [_in_chat(chat, number) for chat, number in held.messages.items()]
    lines += [_("Not published: {count} of them").format(count=held.hidden)] if held.hidden else []
    if held.events:
        besides = ngettext(
            "Besides: {count} entry such as reactions, and joining",
            "Besides: {count} entries such as reactions, and joining",
            held.events,
        )
        lines.append(besides.format(count=held.events))
    lines += [_("Commands to the bot: {count}").format(count=held.commands)] if held.commands else []
    lines += [_("Left out of every transcript, as they asked")] if held.left_out else []
    return "\n".join(lines)


def _in_chat(chat: str, number: int) -> str:
    messages = ngettext("{count} message", "{count} messages", number).format(count=number)
    return f"{chat or _('in no chat')}: {messages}"
