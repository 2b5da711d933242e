"""Chats as scheduled events of the server, recognized by the chat's name in the description."""

from __future__ import annotations

from datetime import datetime

from adapters.discord.errors import NO_ACCESS, NO_PERMISSION, code_of, for_this_post
from adapters.discord.rest import Json, Rest, id_of, mapping, mappings, number, snowflake_time
from adapters.discord.settings import DiscordSettings
from bot.errors import PlatformError
from bot.messages import CalendarEntry, Post, Receipt

_EXTERNAL, _GUILD_ONLY = 3, 2
_SCHEDULED, _ACTIVE, _COMPLETED, _CANCELLED = 1, 2, 3, 4
_TITLE, _DESCRIPTION, _LOCATION = 100, 1000, 100
"""Characters."""

_NO_EVENTS = (
    "The bot may not enter chats in the server's calendar: give its role Create Events, or set calendar = false."
)


class ScheduledEvents:
    """One event for each chat, changed when the chat is."""

    def __init__(self, *, settings: DiscordSettings, rest: Rest) -> None:
        self._settings, self._rest = settings, rest

    async def enter(self, post: Post, calendar_entry: CalendarEntry) -> Receipt:
        """Create the event, change it, or call it off. Raises PlatformError."""
        try:
            known = await self._known(calendar_entry)
            if calendar_entry.cancelled:
                return await self._call_off(post, known)
            wanted = await self._wanted(post, calendar_entry)
            if known is None:
                http = self._rest.http
                answer = await self._rest.call(http.create_guild_scheduled_event(self._settings.guild, **wanted))
                return self._receipt(id_of(answer))
            if not _same(known, wanted):
                await self._change(known, wanted)
            return self._receipt(id_of(known))
        except PlatformError as error:
            lacking = _NO_EVENTS if code_of(error) in {NO_ACCESS, NO_PERMISSION} else ""
            raise for_this_post(error, lacking) from error.__cause__

    async def find(self, post: Post, calendar_entry: CalendarEntry) -> Receipt | None:
        """The event, if it exists and is up to date. Raises PlatformError."""
        known = await self._known(calendar_entry)
        if calendar_entry.cancelled:
            return None  # cancelling twice is harmless
        return self._receipt(id_of(known)) if known and _same(known, await self._wanted(post, calendar_entry)) else None

    async def _known(self, calendar_entry: CalendarEntry) -> Json | None:
        """The bot's own event for this chat that is not over."""
        http = self._rest.http
        events = await self._rest.call(http.get_scheduled_events(self._settings.guild, with_user_count=False))
        for one in mappings(events):
            ours = number(one.get("creator_id")) == self._rest.me and one.get("status") in {_SCHEDULED, _ACTIVE}
            if ours and str(one.get("description") or "").endswith(_mark(calendar_entry)):
                return one
        return None

    async def _call_off(self, post: Post, known: Json | None) -> Receipt:
        """Cancel the event, or complete it if it has begun. Without an event there is nothing to do."""
        if known is None:
            return Receipt(id=post.nonce, url=None, at=post.due)
        status = _COMPLETED if known.get("status") == _ACTIVE else _CANCELLED
        http = self._rest.http
        await self._rest.call(http.edit_scheduled_event(self._settings.guild, number(known.get("id")), status=status))
        return self._receipt(id_of(known))

    async def _change(self, known: Json, wanted: Json) -> None:
        if known.get("status") == _ACTIVE:  # the start of an active event can't be changed
            wanted = {key: value for key, value in wanted.items() if key != "scheduled_start_time"}
        http = self._rest.http
        await self._rest.call(http.edit_scheduled_event(self._settings.guild, number(known.get("id")), **wanted))

    async def _wanted(self, post: Post, calendar_entry: CalendarEntry) -> Json:
        mark = _mark(calendar_entry)
        return {
            "name": calendar_entry.title[:_TITLE],
            "description": post.text[: _DESCRIPTION - len(mark)] + mark,
            "scheduled_start_time": calendar_entry.starts.isoformat(),
            "scheduled_end_time": calendar_entry.ends.isoformat(),
            "entity_type": _EXTERNAL,
            "privacy_level": _GUILD_ONLY,
            "channel_id": None,
            "entity_metadata": {"location": await self._location(calendar_entry)},
        }

    async def _location(self, calendar_entry: CalendarEntry) -> str:
        if calendar_entry.link and len(calendar_entry.link) <= _LOCATION:
            return calendar_entry.link
        guild = mapping(await self._rest.call(self._rest.http.get_guild(self._settings.guild, with_counts=False)))
        return f"#{self._rest.channel_name} in {guild.get('name')}"[:_LOCATION]

    def _receipt(self, id: str) -> Receipt:
        url = f"https://discord.com/events/{self._settings.guild}/{id}"
        return Receipt(id=id, url=url, at=snowflake_time(int(id)))


def _mark(calendar_entry: CalendarEntry) -> str:
    return f"\n[{calendar_entry.name}]"


def _same(known: Json, wanted: Json) -> bool:
    texts = all(known.get(key) == wanted[key] for key in ("name", "description"))
    times = all(_time(known.get(key)) == _time(wanted[key]) for key in ("scheduled_start_time", "scheduled_end_time"))
    return texts and times and (known.get("entity_metadata") or {}) == wanted["entity_metadata"]


def _time(written: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(written))
    except ValueError:
        return None
