"""The published chats of a store as its site needs them. What is published, `bot.publication` decides.

Whether a chat changed is told by a digest of all that its pages are made of: its events, its definition, who was in
the series before, the community, and the program's own pages. So a page is never stale, and nothing has to be marked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache, partial
from io import BytesIO
from pathlib import Path

import msgspec

import bot.reporting
import bot.site
from bot.chat import Chat
from bot.messages import AnyEvent, event_log
from bot.messages.keyed_ids import key_of
from bot.publication import Publication, publication
from bot.reporting.files import Prepare, Report, prepare_anew
from bot.reporting.imprint import Imprint
from bot.reporting.series import series_of
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.site.build import PublishedChat
from bot.site.pages import Site
from bot.status import chats
from bot.store import chats as stored_chats
from bot.store.attendance import returning_writers
from bot.store.calendar_hosts import calendar_host
from bot.store.chat_secrets import chat_secret
from bot.store.chats import StoredChat
from bot.store.database import Database
from bot.store.message_rows import Ident
from bot.store.picture_files import PictureFiles
from bot.transfer import export_events, published_events
from bot.wiring.community import community

ARCHIVE = "/archive"
"""Where the room shows the site."""


def site_of(settings: Settings) -> Site:
    """The site that the settings describe. Raises SetupError if the community's logo can't be used."""
    return Site(
        community=community(settings), indexed=settings.site.search_engines, address=_address(settings).rstrip("/")
    )


def kept_site(database: Database, settings: Settings) -> Site:
    """The same with what the store keeps for it: the lasting end of the UIDs in its calendar."""
    site = site_of(settings)
    host = site.address.rpartition("//")[2]
    return msgspec.structs.replace(site, calendar_host=database.write_sync(calendar_host, "of the site", host))


def _address(settings: Settings) -> str:
    """Where people see the site: as the settings say, else in the first room that has a public address."""
    rooms = (one.public_url for one in settings.places.values() if isinstance(one, RoomPlace) and one.public_url)
    return settings.site.address or next((f"{one.rstrip('/')}{ARCHIVE}" for one in rooms), "")


def published_chats(
    database: Database, site: Site, now: datetime, prepare: Prepare = prepare_anew
) -> list[PublishedChat]:
    """Every published chat, with a digest that differs as soon as anything on its pages would."""
    found = {one.name: one for one in chats(database)}
    returning = database.read_sync(returning_writers)
    common = msgspec.json.encode((site.community, site.indexed)) + _program()
    public = []
    for stored in database.read_sync(stored_chats.published):
        since = publication_of(stored, now).since
        if since is not None:
            chat, known = found[stored.chat.name], returning.get(stored.chat.name, frozenset())
            state = _state(common, chat, export_events(database, chat), known)
            report = partial(report_of, database, chat, known, prepare=prepare)
            public.append(PublishedChat(chat.name, chat.title, state, since, report))
    return public


def publication_of(stored: StoredChat, now: datetime) -> Publication:
    """The publication of a stored chat. One that is published took place."""
    choice = stored.state.publication
    return publication(stored.chat, choice, now=now, ends=stored.ends, shuts=stored.ends, asked=True)


def record_digest(database: Database, chat: Chat, known: Iterable[Ident] | None, imprint: Imprint) -> str:
    """A digest of what a chat's record is made of, as in `published_chats`, but the same in each release."""
    return _state(msgspec.json.encode(imprint), chat, export_events(database, chat), known)


def report_of(
    database: Database, chat: Chat, known: Iterable[Ident] | None, imprint: Imprint, prepare: Prepare = prepare_anew
) -> Report:
    """The report on a chat, as published. `known` are the people who wrote in an earlier chat of its series."""
    pictures, known_here = PictureFiles(database), _keyed(database, chat, known)
    return prepare(pictures.of_chat(chat), published_events(database, chat), imprint, known_here)


def known_before(database: Database, chat: Chat) -> frozenset[Ident] | None:
    """The people who wrote in an earlier chat of its series, by the ids that they have in what is published of it.

    None where nobody can say any more.
    """
    returning = database.read_sync(returning_writers, series_of(chat.name))
    return _keyed(database, chat, returning.get(chat.name, ()))


def _keyed(database: Database, chat: Chat, people: Iterable[Ident] | None) -> frozenset[Ident] | None:
    if people is None:
        return None
    keyed = key_of(database.write_sync(chat_secret, chat.name))
    return frozenset((place, keyed(id)) for place, id in people)


def _state(common: bytes, chat: Chat, events: Iterable[AnyEvent], known: Iterable[Ident] | None) -> str:
    log = BytesIO()
    event_log.write(events, log)
    parts = (
        common,
        msgspec.json.encode(chat),
        msgspec.json.encode(None if known is None else sorted(known)),
        log.getbuffer(),
    )
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


@cache
def _program() -> bytes:
    """A digest of what makes the pages: with a new release they are made again."""
    digest = hashlib.sha256()
    for package in (bot.reporting, bot.site):
        for file in sorted(Path(package.__path__[0]).rglob("*.*")):
            if file.suffix in {".py", ".html", ".css", ".js"}:
                digest.update(file.read_bytes())
    return digest.digest()
