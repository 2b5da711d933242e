"""Drafts behind their port: kept in the store, checked, and written as chat files where these are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from msgspec.structs import replace

from bot.authoring.file_names import file_name
from bot.authoring.loader import load_file
from bot.authoring.writing_advice import RULES
from bot.chat import Chat
from bot.clock import Clock
from bot.errors import ChangedDraftError, ChatFileError, TeamError
from bot.ports.chat_files import ChatFile, series_of
from bot.ports.platform import Traits
from bot.ports.team_drafts import ChatVersion, Draft, OpenChange, Review
from bot.store import chat_drafts, chats
from bot.store.database import Database
from bot.team.chat_form import form_of, ignoring, typed_day, with_form
from bot.team.drafting import drafted, empty_draft, on_new_text
from bot.team.files import TeamFiles, why_not_written
from bot.team.importing import Importer
from bot.team.kept_chats import as_kept, kept_plans
from bot.team.review import review
from bot.translation import _, pending

_AROUND = timedelta(days=2)
"""How far from a draft's day other chats are looked for that may be on at the same time."""

_READ_ONLY = pending("Chat files cannot be written here. Download the file, and give it to whoever runs the bot.")


class DraftService:
    """Implements `bot.ports.team_drafts.TeamDrafts`."""

    def __init__(
        self,
        database: Database,
        files: TeamFiles,
        clock: Clock,
        *,
        places: Mapping[str, Traits],
        saved: Callable[[], None],
    ) -> None:
        self._database, self._files, self._clock = database, files, clock
        self._places, self._saved, self._importer = places, saved, Importer()

    async def begin(self, series: str, day: str, by: str) -> str:
        """An empty draft."""
        values = await asyncio.to_thread(self._files.values_of, series)
        return await self._add(empty_draft(series, values, day), by)

    async def read_in(self, series: str, day: str, source: tuple[str, bytes], by: str) -> str:
        """A draft from an announcement."""
        shared = await asyncio.to_thread(self._files.read, series_of(f"{series}/"))
        found = await self._importer.read(source, shared.text if shared else "", self._clock.now())
        values = await asyncio.to_thread(self._files.values_of, series)
        return await self._add(drafted(series, values, found, name=source[0], day=day), by)

    async def edit_file(self, chat: str, by: str) -> str:
        """A draft of a file as it is now."""
        series = chat.partition("/")[0]
        file, values = (
            await asyncio.to_thread(self._files.existing, chat),
            await asyncio.to_thread(self._files.values_of, series),
        )
        for one in await self._of_file(chat):
            if one.base == file.version and await asyncio.to_thread(self._says, one, file.text):
                return one.id
        form = form_of(file.text, values)
        return await self._add(
            Draft(series=series, file=chat, base=file.version, text=file.text, form=form, looked=True), by
        )

    async def changes_of(self, chat: str) -> Sequence[OpenChange]:
        """The open drafts that change a file."""
        file, drafts = await asyncio.to_thread(self._files.read, chat), await self._of_file(chat)
        text, version = (file.text, file.version) if file else ("", "")
        return [
            OpenChange(draft=one, is_outdated=one.base != version)
            for one in drafts
            if not await asyncio.to_thread(self._says, one, text)
        ]

    async def _of_file(self, chat: str) -> Sequence[Draft]:
        open_drafts = await self._database.read(chat_drafts.open_drafts, chat.partition("/")[0])
        return [one for one in open_drafts if one.file == chat]

    def _says(self, draft: Draft, text: str) -> bool:
        """Whether a draft would write this text."""
        try:
            return self._text(draft) == text
        except TeamError:  # its form can't be written into its file
            return False

    async def find(self, series: str, id: str) -> Draft | None:
        """An open draft."""
        return await self._database.read(chat_drafts.find, series, id)

    async def keep(self, draft: Draft, by: str) -> Draft:
        """Keep a draft."""
        if not await self._database.write("outgoing", chat_drafts.save, draft, self._clock.now(), by):
            said = _("Somebody else has changed this draft meanwhile. Nothing was lost: look at both, and choose.")
            raise ChangedDraftError(said)
        return replace(draft, revision=draft.revision + 1, by=by)

    async def discard(self, draft: Draft) -> None:
        """Throw a draft away."""
        await self._database.write("outgoing", chat_drafts.remove, draft.id)

    async def with_text(self, draft: Draft, text: str) -> Draft:
        """The draft with another text."""
        values = await asyncio.to_thread(self._files.values_of, draft.series)
        return on_new_text(draft, text, values)

    async def without_advice(self, draft: Draft, code: str) -> Draft:
        """The draft without a piece of advice."""
        values = await asyncio.to_thread(self._files.values_of, draft.series)
        return replace(draft, text=ignoring(draft.text, code, values)) if code in RULES else draft

    async def review(self, draft: Draft) -> Review:
        """Check a draft."""
        return await asyncio.to_thread(self._review, draft)

    def _review(self, draft: Draft) -> Review:
        now, series = self._clock.now(), self._files.read(series_of(f"{draft.series}/"))
        text = self._text(draft)
        name = draft.file or self._free_name(draft)
        pictures = self._files.pictures(name)
        file = ChatFile(name=name, version="", raw=text.encode(), where=f"{name}.toml", pictures=pictures)
        alone = load_file(file, series)
        stored = self._database.read_sync(chats.of_series, draft.series)
        plans = kept_plans(stored)
        others = self._others(as_kept(alone.chat, plans)) if alone.chat else ()
        found = review(draft, file, series, self._places, now=now, others=others, plans=plans)
        return replace(found, read_only=self._files.is_read_only(name))

    def _text(self, draft: Draft) -> str:
        return with_form(draft.text, draft.form, self._files.values_of(draft.series)) if draft.form else draft.text

    def _others(self, chat: Chat) -> Sequence[Chat]:
        first, last = chat.starts - _AROUND, chat.ends + _AROUND
        found = self._database.read_sync(chats.starting_between, first, last)
        return [one.chat for one in found if not one.state.cancelled]

    def _free_name(self, draft: Draft) -> str:
        form = draft.form or form_of(draft.text, self._files.values_of(draft.series))
        name = f"{draft.series}/{file_name(typed_day(form.date) if form else None, form.title if form else '')}"
        taken = self._files.names()
        numbered = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
        return next(one for one in numbered if one not in taken)

    async def newer_file(self, draft: Draft) -> ChatVersion | None:
        """The draft's file, if it was changed since."""
        return await asyncio.to_thread(self._newer, draft)

    def _newer(self, draft: Draft) -> ChatVersion | None:
        file = self._files.read(draft.file) if draft.file else None
        if (file.version if file else "") == draft.base or (file and file.text == self._text(draft)):
            return None
        if file is None:
            return ChatVersion(text="")
        return ChatVersion(text=file.text, form=form_of(file.text, self._files.values_of(draft.series)))

    async def onto_newer(self, draft: Draft, by: str) -> Draft:
        """Let a draft replace its file as it is now."""
        file = await asyncio.to_thread(self._files.read, draft.file)
        values = await asyncio.to_thread(self._files.values_of, draft.series)
        text = await asyncio.to_thread(self._text, draft)
        return await self.keep(replace(on_new_text(draft, text, values), base=file.version if file else ""), by)

    async def publish(self, draft: Draft, by: str) -> str:
        """Write the file of a draft."""
        found = await self.review(draft)
        if found.why_not or found.read_only:
            raise TeamError(found.why_not or _(_READ_ONLY))
        name = draft.file or f"{draft.series}/{found.file_name.removesuffix('.toml')}"
        kept = await self.keep(replace(draft, file=name), by)  # a crash after the file is written makes no second one
        try:
            await asyncio.to_thread(self._write, kept, found.text, by)
        except ChatFileError as error:
            raise TeamError(why_not_written(error)) from error
        await self.keep(replace(kept, done=True), by)
        self._saved()
        return name

    def _write(self, draft: Draft, text: str, by: str) -> None:
        there = self._files.read(draft.file)
        if there is None or there.text != text:
            self._files.write(draft.file, text, expected=draft.base, by=by)

    async def _add(self, draft: Draft, by: str) -> str:
        return await self._database.write("outgoing", chat_drafts.add, draft, self._clock.now(), by)
