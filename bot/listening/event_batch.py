"""Works out what a batch of events changes: new messages with their question, edits, deletions, people leaving.

Pure over the rows it is given: it changes those in memory and remembers which, and neither reads nor writes a database.
The record of `bot.reporting` does the same from the event log alone; both ask the same attribution. One difference is
meant: a reply keeps the question it got when it was heard, even if an edit moves its parent later; the record looks at
everything again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import msgspec

from bot.live.attribution import Parent, attribute
from bot.live.consent import asks_out, asks_to_stop, wish
from bot.live.live_chats import LiveChats
from bot.messages import (
    AnyEvent,
    Author,
    Command,
    Deleted,
    Edited,
    Message,
    MessageDecision,
    Named,
    Reaction,
    Viewed,
    Withdrawn,
)
from bot.moderation.decisions import BatchDecisions
from bot.store.message_rows import Ident, MessageRow

_REPLACEMENT = str.maketrans({"\0": "\ufffd"})
"""PostgreSQL keeps no NUL in a text. The raw event has it escaped."""


class EventBatch:
    """One batch. `rows` are the stored messages the batch speaks of; `absent` the people who are left out.

    `names` are what we know of people who came without a name. `summons` are messages, each with its chat, whose
    authors are owed a receipt; `stopping` are people who want none ever; `named` is what accounts are called.
    What was decided about messages stands in the `docket`.
    """

    def __init__(
        self,
        rows: dict[Ident, MessageRow],
        absent: set[Ident],
        live_chats: LiveChats,
        names: Mapping[Ident, Author] | None = None,
        same_platform: Mapping[str, Collection[str]] | None = None,
        decisions: BatchDecisions | None = None,
    ) -> None:
        self._same_platform = same_platform or {}
        self.decisions = decisions or BatchDecisions()
        self._names = names or {}
        self._rows = rows
        self._absent = absent
        self._live_chats = live_chats
        self._stored = set(rows)
        self._touched: dict[Ident, None] = {}
        self.leaving: dict[Ident, None] = {}
        self.summons: list[tuple[str, Message]] = []
        self.stopping: dict[Ident, None] = {}
        self.named: list[Named] = []
        self.raw: list[tuple[str | None, AnyEvent]] = []
        self.counts: Counter[tuple[str, str]] = Counter()

    @property
    def fresh(self) -> list[MessageRow]:
        """Messages to insert."""
        return [self._rows[ident] for ident in self._touched if ident not in self._stored]

    @property
    def changed(self) -> list[MessageRow]:
        """Messages to rewrite."""
        return [self._rows[ident] for ident in self._touched if ident in self._stored]

    def take(self, event: AnyEvent) -> None:
        """Sort one event."""
        match event:
            case Message():
                self._message(event)
            case Edited() | Deleted() | MessageDecision():
                self._changed(event)
            case Withdrawn():
                self._leave(event.place, event.author.id)
                self._keep(event)
            case Reaction() if self._unheard(event):
                pass
            case Command() if event.outcome is None:
                self.decisions.commands.append(event)  # the log gets it with what came of it
            case Named():
                self.named.append(event)
                for row in self._rows.values():
                    if row.author is not None and (row.place, row.author.id) == (event.place, event.author.id):
                        row.author = event.author
                self._keep(event)
            case Viewed():
                seen = self._rows.get((event.place, event.id))
                self._keep(event, seen.chat if seen is not None else None)  # told after the chat shut, too
            case _:
                self._keep(event)

    def _keep(self, event: AnyEvent, chat: str | None = None) -> None:
        chat = chat or getattr(event, "chat", None) or self._live_chats.chat_at(event.place, event.at)
        self.raw.append((chat, event))

    def _message(self, event: Message) -> None:
        ident = (event.place, event.id)
        row = self._rows.get(ident)
        if row is not None and row.author is not None:
            return  # heard before
        chat = event.chat or self._chat_of_reply(event) or self._live_chats.chat_at(event.place, event.at)
        if chat is None and not wish(event.text):
            self.decisions.command(event, None)
            return  # nobody else who talks in a channel between two chats talks to us, so nothing of it is kept
        self.raw.append((chat, event))
        if self._live_chats.ours(event.place, event.id):
            return
        if row is not None and row.edited:  # its edit overtook it
            event = msgspec.structs.replace(event, text=row.text, changed=True)
        if asks_out(event.text):
            self._leave(event.place, event.author.id)
        self._called(event, chat)
        self._rows[ident] = new = self._standing(event, chat)
        self._touched[ident] = None
        if row is not None:
            new.edited, new.gone, new.verdict = row.edited, row.gone or new.gone, row.verdict
        self.decisions.new(event, new)
        self._count(new, +1)

    def _called(self, event: Message, chat: str | None) -> None:
        """What is said to the bot itself."""
        if event.summons and asks_to_stop(event.text):
            for place in self._same_platform.get(event.place, (event.place,)):
                self.stopping[place, event.author.id] = None
        elif event.summons and asks_out(event.text) and chat is not None:
            self.summons.append((chat, event))

    def _chat_of_reply(self, event: Message) -> str | None:
        """A reply belongs to the chat of what it replies to, whatever is on by now."""
        row = self._rows.get(event.parent)
        if row is not None:
            return row.chat
        return self._live_chats.chat_of(*event.parent) or self._live_chats.chat_of(
            event.place, event.conversation or ""
        )

    def _standing(self, event: Message, chat: str | None) -> MessageRow:
        question, reason = self._attribute(event, chat)
        return MessageRow(
            place=event.place,
            id=event.id,
            chat=chat,
            question=question,
            reason=reason,
            at=event.at,
            author=self._names.get((event.place, event.author.id), event.author),
            text=event.text.translate(_REPLACEMENT),
            reply_to=event.reply_to,
            reply_place=event.reply_place,
            url=event.url,
            gone=(event.place, event.author.id) in self._absent,
        )

    def _attribute(self, event: Message, chat: str | None) -> tuple[str, str]:
        live = self._live_chats.by_name.get(chat or "")
        if live is None:
            return "", "floor"
        return attribute(event.text, event.at, self._parent(event), live.floor(event.place))

    def _parent(self, event: Message) -> Parent | None:
        row = self._rows.get(event.parent)
        if row is not None and row.author is not None:
            return Parent(question=row.question, asked=False)
        thread = self._live_chats.parent(event.place, event.conversation or "")
        return self._live_chats.parent(*event.parent) or (thread and Parent(question=thread.question, asked=False))

    def _changed(self, event: Edited | Deleted | MessageDecision) -> None:
        match event:
            case Edited():
                self._edited(event)
            case Deleted():
                self._deleted(event)
            case MessageDecision():
                self._ruled(event)

    def _edited(self, event: Edited) -> None:
        if self._unheard(event) and not wish(event.text):
            return  # of a talk between two chats, like the message itself
        if self._live_chats.ours(event.place, event.id):
            self._keep(event, self._live_chats.chat_of(event.place, event.id))
            return
        row = self._row(event)
        if row.edited is not None and row.edited >= event.at:
            return
        text, before = event.text.translate(_REPLACEMENT), row.text
        row.edited = event.at
        if text == before:
            return  # platforms tell of other changes, too: a link that got its picture
        self._count(row, -1)
        self.decisions.forget(row)
        row.text = text
        live = self._live_chats.by_name.get(row.chat or "")
        if live is not None and row.author is not None and row.reason in {"mark", "floor"}:
            row.question, row.reason = attribute(row.text, row.at, None, live.floor(row.place))
        self.decisions.changed(row, event.at)
        self._count(row, +1)
        if row.author is not None and asks_out(row.text):
            self._leave(row.place, row.author.id)

    def _deleted(self, event: Deleted) -> None:
        row = self._row(event)
        self._count(row, -1)
        self.decisions.forget(row)
        row.gone = True
        self.decisions.gone(row)

    def _ruled(self, event: MessageDecision) -> None:
        row = self._row(event)
        self._count(row, -1)
        self.decisions.ruled(event, row)
        self._count(row, +1)

    def _unheard(self, event: Edited | Reaction) -> bool:
        """Whether it is about something that we know nothing of, while no chat is open."""
        known = (event.place, event.id) in self._rows or self._live_chats.ours(event.place, event.id)
        return not known and self._live_chats.chat_at(event.place, event.at) is None

    def _row(self, event: Edited | Deleted | MessageDecision) -> MessageRow:
        """The message's row; a placeholder where the message itself has not come yet."""
        ident = (event.place, event.id)
        row = self._rows.get(ident)
        if row is None:
            row = self._rows[ident] = MessageRow(
                place=event.place,
                id=event.id,
                chat=None,
                question="",
                reason="floor",
                at=event.at,
                author=None,
                text="",
                reply_to=None,
                reply_place=None,
                url=None,
            )
        self._touched[ident] = None
        self._keep(event, row.chat)
        return row

    def _leave(self, place: str, author: str) -> None:
        """On every account of ours there: a person has one account on a platform, whichever of ours they met."""
        for each in self._same_platform.get(place, (place,)):
            self._leave_one(each, author)

    def _leave_one(self, place: str, author: str) -> None:
        self._absent.add((place, author))
        self.leaving[place, author] = None
        for row in self._rows.values():
            if row.place == place and row.author is not None and row.author.id == author:
                self._count(row, -1)
                row.gone = True
                self.decisions.gone(row)
                self._touched[row.place, row.id] = None

    def _count(self, row: MessageRow, by: int) -> None:
        if row.chat and row.counts:
            self.counts[row.chat, row.question] += by
