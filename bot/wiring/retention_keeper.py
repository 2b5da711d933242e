"""Retention in a running bot: so long after a chat held words go, then all that isn't published, then ids of accounts.

What stays is the event log as it would be published, in the store: transcripts, figures and pages are made of it as
before. A person can be forgotten all the same, later by handle or name. Wishes to be left out, and bans, stay.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.chat import Chat
from bot.errors import ConvenorError
from bot.live.choices import people_choices
from bot.live.published_events import without_names
from bot.messages import AnyEvent, Deleted, Message, MessageDecision
from bot.messages.keyed_ids import NOBODY, key_of, with_keyed_ids
from bot.reporting.attributions import find_attributions
from bot.reporting.event_fold import EventFold, Key, fold_events
from bot.reporting.question_spans import QuestionSpans
from bot.reporting.record import Decisions, hidden_messages, silent_people
from bot.reporting.redaction import redact
from bot.settings.afterwards import Retention
from bot.status import find_chat
from bot.store import chat_drafts, kept_texts, messages, retention
from bot.store.chat_secrets import chat_secret
from bot.store.database import Database
from bot.store.retention import What
from bot.transfer import export_events
from bot.wiring.foundation import Foundation

_INTERVAL = 600.0
"""Wall seconds between two looks."""

_AT_ONCE = 5
"""Chats in one look: it must not be noticed while another chat is on."""

_log = structlog.get_logger()


class RetentionKeeper:
    """Deletes what is due for as long as `run` runs."""

    def __init__(self, foundation: Foundation) -> None:
        settings, self._clock, self._database, _, _ = foundation
        self._settings = settings.retention
        self._is_scrubbed = False  # a crash may have come before it

    async def run(self) -> None:
        """Delete until cancelled."""
        while True:
            await asyncio.sleep(_INTERVAL)
            try:
                await asyncio.to_thread(self.run_once, self._clock.now())
            except (ConvenorError, OSError) as error:
                _log.warning("retention.failed", error=str(error))

    def run_once(self, now: datetime) -> None:
        """Delete what is due, and scrub the disk; where that fails, as it does while somebody reads, the next time.

        Raises ConvenorError.
        """
        try:
            if apply_retention(self._database, self._settings, now):
                self._is_scrubbed = False
        except ConvenorError:
            self._is_scrubbed = False
            raise
        if not self._is_scrubbed:
            self._database.scrub(whole=False)
            self._is_scrubbed = True


def apply_retention(database: Database, settings: Retention, now: datetime) -> int:
    """Delete what is due, of a few chats, and what was half written long ago. Raises StoreError.

    Returns how many deletions there were. The disk is not scrubbed here.
    """
    ages: tuple[tuple[What, timedelta], ...] = (
        ("held", settings.held),
        ("events", settings.unpublished),
        ("accounts", settings.accounts),
    )
    done = 0
    for what, age in ages:
        for name in database.read_sync(retention.due_chats, what, now - age, _AT_ONCE) if age else ():
            _apply(database, find_chat(database, name), what, now)
            _log.info("retention.deleted", chat=name, what=what)
            done += 1
    if settings.held and database.write_sync(retention.expire_private_posts, now - settings.held):
        done += 1
    if settings.unpublished and database.write_sync(retention.expire_commands, now - settings.unpublished):
        done += 1
    if database.write_sync(kept_texts.expire, now):
        done += 1
    if database.write_sync(chat_drafts.expire_published, now - kept_texts.LONGEST):
        done += 1
    return done


def _apply(database: Database, chat: Chat, what: What, now: datetime) -> None:
    if what == "held":
        held = database.read_sync(retention.held_messages, chat.name)
        stored = database.read_sync(_stored_events, chat.name)
        if held:  # afterwards nobody would know who wrote them; names and choices of another chat come last
            secret = database.write_sync(chat_secret, chat.name)
            stored = _nameless(chat, export_events(database, chat), secret)[: len(stored)]
        database.write_sync(retention.blank, chat.name, without_words(chat, stored, held), held, now)
        return
    secret = database.write_sync(chat_secret, chat.name)
    kept = published_part(chat, export_events(database, chat), secret)
    keyed: Callable[[str], str] = _same
    if what == "accounts":
        kept, keyed = with_keyed_ids(kept, secret), key_of(secret)
    shown = frozenset((one.place, one.id) for one in kept if isinstance(one, Message) and one.author.id != NOBODY)

    def write(connection: Connection) -> None:
        retention.keep_only(connection, chat.name, kept, what=what, shown=shown, account=keyed, now=now)

    database.write_sync(write)


def _stored_events(connection: Connection, chat: str) -> list[AnyEvent]:
    """The events of a chat as they were heard, without what people chose elsewhere."""
    return list(messages.chat_events(connection, chat))


def published_part(chat: Chat, events: list[AnyEvent], secret: bytes) -> list[AnyEvent]:
    """The events without all that is not published of the chat, as its file says. Pure.

    What a hidden message referred to is found in its own words, before names and links are taken out of them.
    """
    heard = fold_events(chat, events)
    told = find_attributions(heard, QuestionSpans(chat, heard.posted.values()))
    nameless = _nameless(chat, events, secret, heard)
    fold = fold_events(chat, nameless)
    return redact(fold, hidden_messages(fold, Decisions()) | _not_shown(chat, fold, nameless), told=told)


def _nameless(chat: Chat, events: list[AnyEvent], secret: bytes, fold: EventFold | None = None) -> list[AnyEvent]:
    """The events, with no words that name people who are not named in what is published; `fold` is theirs. Pure."""
    consented = chat.publish == "consented"
    silent = silent_people(fold or fold_events(chat, events), Decisions()) if consented else ()
    return without_names(chat, events, secret, silent)


def without_words(chat: Chat, events: list[AnyEvent], held: Collection[Key]) -> list[AnyEvent]:
    """The events without the words of these messages, and without who wrote them: as they stand in what is published.

    What they referred to stays, and the questions that they named, so that replies to them stay where they are. Pure.
    """
    fold = fold_events(chat, events)
    blanked = {key for key in fold.messages if key in held}
    stand = {
        (one.place, one.id): one
        for one in redact(fold, frozenset(blanked))
        if isinstance(one, Message) and (one.place, one.id) in blanked
    }
    kept = list[AnyEvent]()
    for event in events:
        key = event.place, getattr(event, "id", "")
        if key not in blanked or isinstance(event, MessageDecision):
            kept.append(event)
        elif isinstance(event, Message):
            kept += (stand[key], Deleted(place=event.place, id=event.id, at=event.at))
    return kept


def _not_shown(chat: Chat, fold: EventFold, events: list[AnyEvent]) -> frozenset[Key]:
    """The messages of people who are not shown by the chat's way of publishing."""
    if chat.publish in {"named", "pseudonyms"}:
        return frozenset()
    said_yes = {person for person, is_out in people_choices(events).items() if not is_out}
    wanted = said_yes if chat.publish == "consented" else set[Key]()
    return frozenset(key for key, one in fold.messages.items() if (one.place, one.author.id) not in wanted)


def _same(id: str) -> str:
    return id
