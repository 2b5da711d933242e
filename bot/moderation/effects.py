"""Writes down what follows from a batch's decisions, in its transaction: rulings, the queue, commands, private posts.

It judges nothing. Of a message it says to nobody but its author and the chat's team that it waits, and to them only
where the platform lets the bot write privately.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.live import receipts
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import ActionKind, MessageDecision
from bot.moderation import actions
from bot.moderation import reasons as reason_words
from bot.moderation.decisions import BatchDecisions, Decision, joined
from bot.moderation.rules import seen_by_guard
from bot.moderation.verdict import Judgement
from bot.store import chats as chat_rows
from bot.store import commands, messages, moderation_queue, planned_posts
from bot.store.message_rows import Ident
from bot.store.moderation_queue import QueuedMessage, StoredReason
from bot.store.planned_posts import PlannedPost

Team = Callable[[str], Sequence[Ident]]
"""Those who moderate a chat, as place and id. Called from any thread."""

Told = dict[tuple[str, str, str], datetime]
"""When a moderator was told something last, by chat, place and id."""

_APART = timedelta(minutes=1)
"""A moderator is told of one message of a chat in this time; the others stand in the queue."""


class DecisionWriter:
    """`private` are the places where an author can be told, `reachable` those where a moderator can be.

    `deeds` is what each place lets us do, `kin` all accounts of ours on one platform; `remind`: everybody is reminded.
    `planned` says that there is something in the outbox that nobody was told of yet.
    """

    def __init__(
        self,
        live_chats: LiveChats,
        *,
        team: Team,
        private: Collection[str],
        reachable: Collection[str],
        action_kinds: Mapping[str, frozenset[ActionKind]],
        same_platform: Mapping[str, Collection[str]],
        remind: bool,
    ) -> None:
        self._live_chats = live_chats
        self._team = team
        self._private = private
        self._reachable = reachable
        self._deeds = action_kinds
        self._same_platform = same_platform
        self._remind = remind
        self._told: Told = {}
        self.planned = False

    def write(
        self, connection: Connection, batch: BatchDecisions, leaving: Iterable[Ident], quiet: Collection[Ident]
    ) -> Collection[str]:
        """All of it. Nobody in `quiet` is written to. Returns the chats whose queue changed."""
        commands.enqueue(connection, batch.commands)
        changed = self._let_go(connection, batch, leaving)
        standing = [one for one in batch.decisions if not one.row.gone]
        held = [one for one in standing if one.row.verdict == "hold"]
        # if this batch has to be written again, nobody was told
        told = dict(self._told) if held or batch.reworded else self._told
        held += _renumbered(connection, batch.reworded.values(), told)
        numbers = moderation_queue.enqueue_all(connection, list(map(_newcomer, held)))
        _rule(connection, batch.decisions)
        numbered = zip(held, numbers, strict=True)
        planned = [draft for one, number in numbered for draft in self._tell(one, number, quiet, told)]
        planned += self._measures(connection, standing)
        planned += self._reminders(connection, held)
        planned_posts.save_plan(connection, planned)
        self._told = told
        self.planned = self.planned or bool(planned)
        return changed | {one.row.chat or "" for one in held}

    def _let_go(self, connection: Connection, batch: BatchDecisions, leaving: Iterable[Ident]) -> set[str]:
        """What is gone waits no more; what was decided elsewhere is as it was decided."""
        chats = moderation_queue.remove_people(connection, leaving)
        for place, id in batch.released:
            chats |= _remove(connection, place, id)
        for (place, id), row in batch.told.items():
            if row.verdict == "hold" and row.chat and row.author is not None and not row.gone:
                moderation_queue.enqueue(connection, row.chat, place, id, row.at)
                chats.add(row.chat)
            elif row.verdict != "hold":
                chats |= _remove(connection, place, id)
        return chats

    def _tell(self, one: Decision, number: int, quiet: Collection[Ident], told: Told) -> Iterable[PlannedPost]:
        """The author once, and the team, of what the guard saw. Only the words are the author's to change."""
        row, seen = one.row, seen_by_guard(one.found.reasons)
        if not seen or row.chat is None or row.author is None:
            return
        author = row.place, row.author.id
        if row.place in self._private and author not in quiet and any(why.kind != "name" for why in seen):
            yield receipts.waits(row.chat, row.place, row.id, row.author.id, one.at)
        why = reason_words.told(seen)
        for person in dict.fromkeys(self._team(row.chat)):
            wanted = person[0] in self._reachable and person not in quiet and person != author
            if wanted and not _lately(told, (row.chat, *person), one.at):
                yield receipts.flagged(row.chat, number, why, row.url, person, one.at)

    def _measures(self, connection: Connection, decided: Iterable[Decision]) -> list[PlannedPost]:
        """Hide it on its platform, where that is possible. A command is no misdeed."""
        planned = []
        for row, found, at, message in decided:
            if "hide" not in self._deeds.get(row.place, ()) or row.chat is None or found.reasons[0].kind == "command":
                continue
            parent = row.reply_place or row.place, row.reply_to or ""
            if actions.under_ours(self._live_chats, row.place, parent, message.conversation if message else None):
                if message is None:
                    asked = actions.ask(connection, row.chat, row.place, row.id, "hide", at)
                    self.planned = self.planned or asked
                else:
                    planned.append(actions.draft(row.chat, row.place, row.id, "hide", at))
        return planned

    def _reminders(self, connection: Connection, held: Iterable[Decision]) -> list[PlannedPost]:
        """One for everybody, once a chat, because of what the guard saw."""
        found = {one.row.chat: one.at for one in held if seen_by_guard(one.found.reasons)} if self._remind else {}
        planned: list[PlannedPost] = []
        for chat, at in found.items():
            live, fact = self._live_chats.by_name.get(chat or ""), f"reminded {chat}"
            if live is None or live.state.cancelled or chat_rows.get_fact(connection, fact) is not None:
                continue
            due = [
                one
                for place in self._once(live)
                if (one := receipts.reminder(live.chat, place, at)).post.due < live.ends
            ]
            if due:
                chat_rows.set_fact(connection, fact, at.isoformat())
            planned += due
        return planned

    def _once(self, live: LiveChat) -> list[str]:
        """The places of a chat, of several accounts on one platform the first: the others must not say the same."""
        first = {tuple(sorted(self._same_platform.get(place, (place,)))): place for place in reversed(live.places)}
        return [place for place in live.places if place in first.values()]


_MOST = 10_000
"""Moderators, each in a chat, of whom it is remembered when they were told."""


def _lately(told: Told, who: tuple[str, str, str], at: datetime) -> bool:
    """Whether somebody was told a moment ago; if not, they are now."""
    last = told.get(who)
    if last is not None and abs(at - last) < _APART:
        return True
    if len(told) > _MOST:
        told.clear()
    told[who] = at
    return False


def _newcomer(one: Decision) -> QueuedMessage:
    row = one.row
    reasons = tuple(map(_reason, one.found.reasons))
    return QueuedMessage(chat=row.chat or "", place=row.place, id=row.id, at=one.at, reasons=reasons)


def _reason(why: reason_words.Reasoned) -> StoredReason:
    return StoredReason(kind=why.kind, start=why.start, end=why.end)


def _rule(connection: Connection, decisions: Iterable[Decision]) -> None:
    """The decisions as events. Of what was changed later, an earlier decision is forgotten."""
    ruled = []
    for row, _, at, message in decisions:
        if message is None:
            messages.delete_decisions(connection, row.place, row.id)
        ruled.append((row.chat, MessageDecision(place=row.place, id=row.id, verdict=row.verdict, at=at, chat=row.chat)))
    messages.append_events(connection, ruled)


def _renumbered(connection: Connection, reworded: Iterable[Decision], told: Told) -> Iterable[Decision]:
    """What waits with other words than were listed: its number goes, so that nobody decides about what they never saw.

    Whoever was still to be told of the old number is told of the new one.
    """
    for one in reworded:
        entry = (
            moderation_queue.find_by_message(connection, one.row.place, one.row.id)
            if one.row.verdict == "hold"
            else None
        )
        if entry is not None:
            for person in moderation_queue.remove_entry(connection, entry):
                told.pop((entry.chat, *person), None)
            found = Judgement(verdict="hold", reasons=joined(entry.reasons, one.found.reasons))
            yield one._replace(found=found)


def _remove(connection: Connection, place: str, id: str) -> set[str]:
    entry = moderation_queue.remove_message(connection, place, id)
    return {entry.chat} if entry else set()
