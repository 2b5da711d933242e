"""The team's page behind its port: its series, its chats and their files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.authoring.advice_reasons import REASONS
from bot.authoring.invitation import Invitation, Way
from bot.authoring.loader import load_file
from bot.chat import Chat
from bot.clock import Clock
from bot.errors import ChatFileError, TeamError
from bot.messages import Value
from bot.ports.chat_files import series_of
from bot.ports.platform import Traits
from bot.ports.team import AdviceReason, ReadyText, TeamCalendar, TeamChat
from bot.ports.team_drafts import ChatVersion
from bot.store import chat_drafts, chats, private_links
from bot.store.database import Database
from bot.team.calendar import team_calendar
from bot.team.chat_form import form_of
from bot.team.chat_state import chat_without_file, team_chat
from bot.team.draft_service import DraftService
from bot.team.files import TeamFiles, is_chat, why_not_written
from bot.team.kept_chats import as_kept, plans_of_series, without_file
from bot.team.note_words import sentence
from bot.team.ready_texts import ready_texts
from bot.team.rehearsals import TeamRehearsals
from bot.translation import _


class TeamContext(Value, frozen=True, kw_only=True):
    """The team's view of this bot: its places, how to join there, and whom to tell of a new file.

    `literal` escapes text for Markdown. `opens` is how long before the start people may join.
    """

    places: Mapping[str, Traits]
    ways: Callable[[Chat], tuple[Way, ...]]
    literal: Callable[[str], str]
    opens: timedelta
    saved: Callable[[], None]


class TeamService:
    """Implements `bot.ports.team.TeamPort`."""

    def __init__(
        self, database: Database, files: TeamFiles, clock: Clock, context: TeamContext, rehearsals: TeamRehearsals
    ) -> None:
        self._database, self._files, self._clock, self._context = database, files, clock, context
        self._rehearsals = rehearsals
        self._drafts = DraftService(database, files, clock, places=context.places, saved=context.saved)

    @property
    def rehearsals(self) -> TeamRehearsals:
        """The rehearsals that the team starts."""
        return self._rehearsals

    @property
    def drafts(self) -> DraftService:
        """The drafts of chat files."""
        return self._drafts

    @property
    def handles(self) -> Sequence[tuple[str, str]]:
        """Each platform with accounts, once."""
        with_accounts = (one for one in self._context.places.values() if not one.features.own_pages)
        return tuple(dict.fromkeys((one.platform, one.called or one.platform) for one in with_accounts))

    def advice(self) -> Sequence[AdviceReason]:
        """All advice, with the reasons."""
        return [
            AdviceReason(names=names, advised=_of_table(advised), why=_of_table(why)) for names, advised, why in REASONS
        ]

    async def series(self) -> Sequence[str]:
        """The names of all series."""
        return await asyncio.to_thread(self._files.series)

    async def language(self, series: str) -> str:
        """The language of a series."""
        return (await asyncio.to_thread(self._files.values_of, series)).language or ""

    async def calendar(self, series: str) -> TeamCalendar | None:
        """A series' calendar."""
        if series not in await self.series():
            return None
        stored = await self._database.read(chats.of_series, series)
        drafts = await self._database.read(chat_drafts.open_drafts, series)
        now = self._clock.now()
        return await asyncio.to_thread(
            lambda: team_calendar(
                series,
                self._files.values_of(series),
                self._files.chats(series),
                self._without_file(series, now),
                stored,
                drafts=drafts,
                read_only=self._files.is_read_only(f"{series}/new"),
                now=now,
            )
        )

    async def chat(self, chat: str) -> TeamChat | None:
        """A chat that has a file."""
        return await asyncio.to_thread(self._chat, chat) if is_chat(chat) else None

    def _chat(self, chat: str) -> TeamChat | None:
        file = self._files.read(chat)
        now, series = self._clock.now(), chat.partition("/")[0]
        if file is None:
            left = self._without_file(series, now).get(chat)
            made = chat_without_file(chat, left, now) if left else None
        else:
            stored = self._database.read_sync(chats.of_series, series)
            made = team_chat(file, load_file(file, self._files.read(series_of(chat))), stored, now=now)
        if made is None:
            return None
        versions = tuple(reversed(self._files.versions(chat)))
        return replace(made, versions=versions, read_only=self._files.is_read_only(chat))

    def _without_file(self, series: str, now: datetime) -> Mapping[str, Sequence[Chat]]:
        """The chats of a series that are held although their file is gone."""
        places = list(self._context.places)
        return self._database.read_sync(without_file, series, self._files.names(), places, now)

    async def version(self, chat: str, version: str) -> ChatVersion | None:
        """A version of a chat's file."""
        found = await asyncio.to_thread(self._files.read, chat, version) if is_chat(chat) else None
        if found is None:
            return None
        values = await asyncio.to_thread(self._files.values_of, chat.partition("/")[0])
        return ChatVersion(text=found.text, form=form_of(found.text, values))

    async def restore(self, chat: str, version: str, by: str) -> None:
        """Write a version anew."""
        found = await self.version(chat, version)
        if found is None:
            raise TeamError(_("There is no such version of this chat any more."))
        try:
            await asyncio.to_thread(self._files.write_over, chat, found.text, by=by)
        except ChatFileError as error:
            raise TeamError(why_not_written(error)) from error
        self._context.saved()

    async def invitation(self, chat: str) -> Sequence[ReadyText]:
        """Ready texts for a blog, a mail, and a post in each place."""
        file, context = await asyncio.to_thread(self._files.existing, chat), self._context
        loaded = await asyncio.to_thread(lambda: load_file(file, self._files.read(series_of(chat))))
        if loaded.chat is None:
            raise TeamError(_("The chat's file has mistakes. Put them right first."))
        plans = await self._database.read(plans_of_series, chat.partition("/")[0])
        kept = [as_kept(one, plans) for one in loaded.chats]

        def invited(one: Chat) -> Invitation:
            return Invitation(chat=one, ways=context.ways(one), opens=context.opens)

        return ready_texts(kept, invited, context.places, context.literal)

    async def create_link(self, chat: str, name: str, *, session: str = "") -> str:
        """A private link for a host."""
        await asyncio.to_thread(self._files.existing, chat)
        create, now = private_links.create_link, self._clock.now()
        _id, key = await self._database.write("outgoing", create, chat=session or chat, name=name, role="host", now=now)
        return private_links.link_path(key)


def _of_table(words: str) -> str:
    """Words of a table as a sentence."""
    return f"{sentence(_(words)).replace('`', '')}."
