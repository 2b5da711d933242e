"""The changes that follow from a batch of events: new messages with their questions, edits, deletions, opt-outs.

Pure over the rows it is given: it changes them in memory, remembers which, and neither reads nor writes a database.
`bot.reporting.record` works out the same from the event log alone, with the same attribution.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import msgspec

from bot.listening.batch_attributions import BatchAttributions
from bot.listening.batch_choices import BatchChoices
from bot.listening.batch_rows import BatchRows
from bot.listening.command_recognition import as_command
from bot.listening.message_texts import MessageTexts
from bot.listening.new_rows import new_row, storable
from bot.live.consent import Request, asks_about_self, is_opt_out, is_privacy_request, privacy_request
from bot.live.corrections import MessageCorrection, take_over
from bot.live.live_chats import LiveChats
from bot.messages import (
    AnyEvent,
    Author,
    Command,
    Correction,
    Deleted,
    Edited,
    Message,
    MessageDecision,
    MessageMoved,
    Named,
    Reaction,
    Returned,
    TakenOut,
    Viewed,
    Withdrawn,
)
from bot.moderation.decisions import BatchDecisions
from bot.store.message_rows import Ident, MessageRow

FindCommand = Callable[[Message, str | None], Command | None]
"""Returns the command that a message is, in a chat or in none, if it is one."""


class EventBatch:
    """One batch of events. `apply` them in order, then read what is to be written: `rows` are the messages.

    `attributions` have the stored messages that the batch is about, `left_out` the people who are left out; both are
    changed. `names` are known names of people who came without one, `texts` how messages read. `accounts` returns all
    of the bot's accounts on a place's platform. After it, `choices` are what people decided about the record now,
    `receipts_due` messages, each with its chat, whose authors are owed a receipt for that, `stopping` people who want
    none ever, and `commands` those for the bot.
    """

    def __init__(
        self,
        attributions: BatchAttributions,
        left_out: set[Ident],
        live_chats: LiveChats,
        *,
        names: Mapping[Ident, Author],
        accounts: Callable[[str], Collection[str]],
        texts: MessageTexts,
        decisions: BatchDecisions,
        find_command: FindCommand,
    ) -> None:
        self._attributions = attributions
        self.rows = rows = BatchRows(attributions)
        self._live_chats = live_chats
        self._names = names
        self._accounts = accounts
        self._texts = texts
        self._find_command = find_command
        self.decisions = decisions
        self.choices = BatchChoices(rows, left_out, accounts=accounts, decisions=decisions)
        self.commands: list[Command] = []
        self.receipts_due: list[tuple[str, Message, str]] = []
        self.stopping: dict[Ident, None] = {}
        self.named: list[Named] = []
        self.raw: list[tuple[str | None, AnyEvent]] = []

    def apply(self, event: AnyEvent) -> None:
        """Apply one event."""
        event = self._attributions.by_message(event)
        match event:
            case Message():
                self._message(event)
            case Edited():
                self._edited(event)
            case Deleted():
                self._deleted(event)
            case Withdrawn() | Returned() | TakenOut():
                self._chosen(event)
            case MessageDecision() | Correction():
                self._decided(event)
            case Reaction() if self._outside_chats(event):
                pass
            case Command() if event.outcome is None:
                self.commands.append(event)  # it is logged once it was carried out, with its outcome
            case Named():
                self._renamed(event)
            case Viewed():
                row = self.rows.find((event.place, event.id))
                self._keep(event, row.chat if row is not None else None)  # views are counted after the chat, too
            case _:
                self._keep(event)

    def _keep(self, event: AnyEvent, chat: str | None = None) -> None:
        chat = chat or getattr(event, "chat", None) or self._live_chats.open_chat(event.place, event.at)
        self.raw.append((chat, event))

    def _message(self, event: Message) -> None:
        ident = (event.place, event.id)
        row = self.rows.find(ident)
        if event.versions:
            self._attributions.note(event)
        if row is not None and row.author is not None:
            self.rows.follow(ident)  # heard before, but perhaps not with all its versions
            return
        request = self._texts.requests.get(event.text)
        chat = event.chat or self._attributions.chat_above(event) or self._live_chats.open_chat(event.place, event.at)
        if chat is None and request == "return":
            chat = self._live_chats.last_by_consent(event.place, event.at)
        if chat is None and not request:
            self._add_command(event, None)
            return  # nothing else that people say in a channel between two chats is kept
        self.raw.append((chat, event))
        if self._live_chats.is_own_post(*ident):
            return
        text = self._texts.of_message(event, chat)
        if row is not None and row.edited:  # its edit overtook it
            text = row.text
            event = msgspec.structs.replace(event, text=text, media=(), changed=True)
            request = privacy_request(text)
        self._requested_of_bot(event, chat, request)
        author = self._names.get((event.place, event.author.id), event.author)
        left = (event.place, event.author.id) in self.choices.left_out
        new = new_row(event, chat, text, author, gone=left)
        self.rows.add(new)
        if row is not None:
            take_over(new, row)
        self._attributions.first(new, event, row)
        if row is not None:
            new.edited, new.gone, new.verdict = row.edited, row.gone or new.gone, row.verdict
        if request:
            self.choices.ask(event, new, request, self._above(event))
        command = asks_about_self(request) if request else chat is not None and self._add_command(event, chat)
        self.decisions.new(event, new, command=command)
        self.rows.count(new, +1)
        self.rows.follow(ident)

    def _add_command(self, event: Message, chat: str | None) -> bool:
        """Add the command that a message is. Returns whether it is one."""
        command = self._find_command(event, chat)
        if command is not None:
            self.commands.append(command)
        return command is not None

    def _requested_of_bot(self, event: Message, chat: str | None, request: Request | None) -> None:
        """Leave an author out, or have them in again, if the message says so; take note of what is said to the bot."""
        if request is None:
            return
        if request == "leave":
            self.choices.leave(event.place, event.author.id)
        elif request == "return":
            self.choices.come_back(event.place, event.author.id)
        if not event.mentions_bot:
            return
        if request == "stop":
            for place in self._accounts(event.place):
                self.stopping[place, event.author.id] = None
        elif asks_about_self(request):
            self.commands.append(as_command(event, chat))
        elif chat is not None:
            self.receipts_due.append((chat, event, self.choices.receipt(event, request, self._above(event))))

    def _above(self, event: Message) -> MessageRow | None:
        return self._attributions.row(event.parent) if event.reply_to else None

    def _renamed(self, event: Named) -> None:
        self.named.append(event)
        for row in self.rows.of_author(event.place, event.author.id):
            row.author = event.author
        self._keep(event)

    def _edited(self, event: Edited) -> None:
        if self._outside_chats(event) and not is_privacy_request(event.text):
            return  # like the message itself
        if self._live_chats.is_own_post(event.place, event.id):
            self._keep(event, self._live_chats.chat_of_post(event.place, event.id))
            return
        if self.decisions.are_judged and event.leaves_nothing and self.rows.find((event.place, event.id)) is None:
            return  # nothing was heard of it; only an imported log may have its edit before the message
        self._attributions.note(event)
        row = self._row(event)
        if row.edited is not None and row.edited >= event.at:
            self.rows.follow((event.place, event.id))
            return
        text = storable(self._texts.of_edit(event, row))
        changed = text != row.text  # platforms report other changes too, such as a link preview
        row.edited = event.at
        self.rows.count(row, -1)
        if changed:
            self.decisions.forget(row)
        row.text = text
        self._attributions.reword(row, event)
        if changed and not row.text:
            self.decisions.release(row)
        elif changed and not is_opt_out(event.text):
            self.decisions.edited(row, event.at)
        self.rows.count(row, +1)
        self.rows.follow((event.place, event.id))
        if changed and row.author is not None and is_opt_out(event.text):
            self.choices.leave(row.place, row.author.id)

    def _deleted(self, event: Deleted) -> None:
        row = self._row(event)
        self.rows.count(row, -1)
        self.decisions.forget(row, gone=True)
        row.gone, row.withheld = True, False
        self.decisions.release(row)

    def _decided(self, event: MessageDecision | MessageCorrection) -> None:
        row = self._row(event)
        self.rows.count(row, -1)
        if isinstance(event, MessageDecision):
            self.decisions.take_over(event, row)
        else:
            self._attributions.correct(row, event)
            left = row.author is not None and (row.place, row.author.id) in self.choices.left_out
            row.gone = row.gone or left  # a platform may show again what they want nobody to read here
        self.rows.count(row, +1)
        if isinstance(event, MessageMoved):
            self.rows.follow((event.place, event.id))

    def _outside_chats(self, event: Edited | Reaction) -> bool:
        """Whether it is about a message that is not known, while no chat is open."""
        ident = event.place, event.id
        known = self.rows.find(ident) is not None or self._live_chats.is_own_post(*ident)
        return not known and self._live_chats.open_chat(event.place, event.at) is None

    def _row(self, event: Edited | Deleted | MessageDecision | MessageCorrection | TakenOut) -> MessageRow:
        """The message's row, or a placeholder where the message itself has not come yet."""
        row = self.rows.to_change((event.place, event.id), event.at)
        self._keep(event, row.chat)
        return row

    def _chosen(self, event: Withdrawn | Returned | TakenOut) -> None:
        """Do what a person decided about the record."""
        if isinstance(event, TakenOut):
            (self.choices.take_out if event.on else self.choices.bring_back)(self._row(event))
            return
        choose = self.choices.leave if isinstance(event, Withdrawn) else self.choices.come_back
        choose(event.place, event.author.id)
        is_late = (
            isinstance(event, Returned) and not event.chat and not self._live_chats.open_chat(event.place, event.at)
        )
        self._keep(event, self._live_chats.last_by_consent(event.place, event.at) if is_late else None)
