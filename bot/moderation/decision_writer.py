"""Writes a batch's decisions in its transaction: events, the moderators' queue, posts to authors and moderators.

It judges nothing. Only a held message's author and the chat's moderators are notified, and only in private.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.live import receipts
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import ActionKind, MessageDecision, Value
from bot.moderation import actions
from bot.moderation import reasons as reason_words
from bot.moderation.decisions import BatchDecisions, Decision, joined
from bot.moderation.message_rules import guard_reasons
from bot.moderation.policy import Judgement
from bot.store import chats as chat_rows
from bot.store import messages, moderation_queue, planned_posts
from bot.store.message_rows import Ident
from bot.store.moderation_queue import QueuedMessage, StoredReason
from bot.store.planned_posts import PlannedPost
from bot.translation import speaking

Moderators = Callable[[str], Sequence[Ident]]
"""Returns the moderators of a chat, by place and id. Called from any thread."""

Notified = dict[tuple[str, str, str], datetime]
"""The time of the last notice to each moderator, by chat, place and id."""

_NOTICE_INTERVAL = timedelta(minutes=1)
"""The shortest time between two notices to a moderator in a chat; messages held meanwhile stand in the queue."""

_MOST_NOTIFIED = 10_000
"""Moderators, each in a chat, whose last notice is remembered."""


class PlaceCapabilities(Value, frozen=True, kw_only=True):
    """The capabilities of all places, as far as they matter for a message that was heard.

    On the places in `answering` a message that mentions the bot gets a receipt; on `private` ones the bot can write to
    one person alone. `action_kinds` are the actions that each place allows. `same_platform` lists, for each of the
    bot's accounts, all accounts on which people have the same id.
    """

    answering: Collection[str] = ()
    private: Collection[str] = ()
    action_kinds: Mapping[str, frozenset[ActionKind]] = {}
    same_platform: Mapping[str, Collection[str]] = {}

    def accounts(self, place: str) -> Collection[str]:
        """All of the bot's accounts on the platform of this one."""
        return self.same_platform.get(place, (place,))


class DecisionWriter:
    """Writes the decisions of one batch after another.

    With `remind` everybody is reminded of confidentiality, once a chat.
    """

    def __init__(
        self, live_chats: LiveChats, *, capabilities: PlaceCapabilities, moderators: Moderators, remind: bool
    ) -> None:
        self._live_chats = live_chats
        self._capabilities = capabilities
        self._moderators = moderators
        self._remind = remind
        self._notified: Notified = {}

    def write(
        self, connection: Connection, batch: BatchDecisions, leaving: Iterable[Ident], stopped: Collection[Ident]
    ) -> tuple[Collection[str], bool]:
        """Write a batch's decisions. Nobody in `stopped` is written to.

        Returns the chats whose queue changed, and whether there are new posts in the outbox.
        """
        changed = self._release(connection, batch, leaving)
        present = [one for one in batch.decided if not one.row.gone]
        held = [one for one in present if one.row.verdict == "hold"]
        # if this batch has to be written again, nobody was notified
        notified = dict(self._notified) if held or batch.reworded else self._notified
        held += _renumbered(connection, batch.reworded.values(), notified)
        numbers = moderation_queue.enqueue_all(connection, list(map(_queued, held)))
        _store_decisions(connection, batch.decided)
        numbered = zip(held, numbers, strict=True)
        planned = [draft for one, number in numbered for draft in self._notices(one, number, stopped, notified)]
        hiding, asked = self._hide(connection, present)
        planned += hiding
        planned += self._reminders(connection, held)
        planned_posts.save_plan(connection, planned)
        self._notified = notified
        return changed | {one.row.chat or "" for one in held}, asked or bool(planned)

    def _release(self, connection: Connection, batch: BatchDecisions, leaving: Iterable[Ident]) -> set[str]:
        """Take gone messages out of the queue, and bring it in line with the decisions made elsewhere."""
        chats = moderation_queue.remove_people(connection, leaving)
        for place, id in batch.released:
            chats |= _remove(connection, place, id)
        for (place, id), row in batch.decided_elsewhere.items():
            if row.verdict == "hold" and row.chat and row.author is not None and not row.gone:
                moderation_queue.enqueue(connection, row.chat, place, id, row.at)
                chats.add(row.chat)
            elif row.verdict != "hold":
                chats |= _remove(connection, place, id)
        return chats

    def _notices(
        self, one: Decision, number: int, stopped: Collection[Ident], notified: Notified
    ) -> Iterable[PlannedPost]:
        """Notices about a message that the guard held: to its author if they can change it, and to the moderators."""
        row, seen, private = one.row, guard_reasons(one.found.reasons), self._capabilities.private
        if not seen or row.chat is None or row.author is None:
            return
        with speaking(self._live_chats.language(row.chat)):
            author = row.place, row.author.id
            in_text = any(why.kind != "name" for why in seen)
            if row.place in private and author not in stopped and in_text:
                yield receipts.held_notice(row.chat, row.place, row.id, row.author.id, one.at)
            why = reason_words.summary(seen)
            for person in dict.fromkeys(self._moderators(row.chat)):
                wanted = person[0] in private and person not in stopped and person != author
                if wanted and not _notified_lately(notified, (row.chat, *person), one.at):
                    yield receipts.moderator_notice(row.chat, number, why, row.url, person, one.at)

    def _hide(self, connection: Connection, decided: Iterable[Decision]) -> tuple[list[PlannedPost], bool]:
        """Hide messages on their platforms, where these allow it; commands stay visible.

        Returns the actions for new messages, and whether any was planned for an edited one.
        """
        planned, asked = [], False
        for row, found, at, message in decided:
            allowed = self._capabilities.action_kinds.get(row.place, ())
            if "hide" not in allowed or row.chat is None or found.reasons[0].kind == "command":
                continue
            parent = row.reply_place or row.place, row.reply_to or ""
            if actions.under_own_post(self._live_chats, row.place, parent, message.conversation if message else None):
                if message is None:
                    asked = actions.plan(connection, row.chat, row.place, row.id, "hide", at) or asked
                else:
                    planned.append(actions.draft(row.chat, row.place, row.id, "hide", at))
        return planned, asked

    def _reminders(self, connection: Connection, held: Iterable[Decision]) -> list[PlannedPost]:
        """Reminders to everybody after the guard held a message, once a chat."""
        found = {one.row.chat: one.at for one in held if guard_reasons(one.found.reasons)} if self._remind else {}
        planned: list[PlannedPost] = []
        for chat, at in found.items():
            live, fact = self._live_chats.by_name.get(chat or ""), f"reminded {chat}"
            if live is None or live.state.cancelled or chat_rows.get_fact(connection, fact) is not None:
                continue
            due = [
                one
                for place in self._first_accounts(live)
                if (one := receipts.confidentiality_reminder(live.chat, place, at)).post.due < live.ends
            ]
            if due:
                chat_rows.set_fact(connection, fact, at.isoformat())
            planned += due
        return planned

    def _first_accounts(self, live: LiveChat) -> list[str]:
        """A chat's places, with only the first account on each platform: platforms refuse the same text twice."""
        first = {tuple(sorted(self._capabilities.accounts(place))): place for place in reversed(live.places)}
        return [place for place in live.places if place in first.values()]


def _notified_lately(notified: Notified, who: tuple[str, str, str], at: datetime) -> bool:
    """Whether a moderator was notified a moment ago; if not, note that they are now."""
    last = notified.get(who)
    if last is not None and abs(at - last) < _NOTICE_INTERVAL:
        return True
    if len(notified) > _MOST_NOTIFIED:
        notified.clear()
    notified[who] = at
    return False


def _queued(one: Decision) -> QueuedMessage:
    row = one.row
    reasons = tuple(StoredReason(kind=why.kind, start=why.start, end=why.end) for why in one.found.reasons)
    return QueuedMessage(chat=row.chat or "", place=row.place, id=row.id, at=one.at, reasons=reasons)


def _store_decisions(connection: Connection, decisions: Iterable[Decision]) -> None:
    """Store the decisions as events. An edited message's earlier decisions are deleted."""
    events = []
    for row, _, at, message in decisions:
        if message is None:
            messages.delete_decisions(connection, row.place, row.id)
        event = MessageDecision(place=row.place, id=row.id, verdict=row.verdict, at=at, chat=row.chat)
        events.append((row.chat, event))
    messages.append_events(connection, events)


def _renumbered(connection: Connection, reworded: Iterable[Decision], notified: Notified) -> Iterable[Decision]:
    """Held messages with a new text, taken out of the queue for a new number: nobody decides about an unseen text.

    Moderators whose notice of the old number was still to be sent are notified of the new one.
    """
    for one in reworded:
        entry = (
            moderation_queue.find_by_message(connection, one.row.place, one.row.id)
            if one.row.verdict == "hold"
            else None
        )
        if entry is not None:
            for person in moderation_queue.remove_entry(connection, entry):
                notified.pop((entry.chat, *person), None)
            found = Judgement(verdict="hold", reasons=joined(entry.reasons, one.found.reasons))
            yield one._replace(found=found)
        elif one.row.verdict == "hold":  # it left the queue when nothing was left of it
            yield one


def _remove(connection: Connection, place: str, id: str) -> set[str]:
    entry = moderation_queue.remove_message(connection, place, id)
    return {entry.chat} if entry else set()
