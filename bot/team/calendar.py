"""The calendar of a series as its team sees it: ahead, over, and files with mistakes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.authoring.chatfile import SeriesFile
from bot.authoring.series_calendar import CalendarDate, series_calendar
from bot.authoring.timezones import DEFAULT_TIMEZONE
from bot.chat import Chat
from bot.local_dates import city
from bot.ports.team import DateState, TeamCalendar, TeamDate
from bot.ports.team_drafts import Draft
from bot.store.chats import StoredChat
from bot.team.kept_chats import as_kept, kept_plans
from bot.translation import _, pending, translated

_FILE_GONE = pending("its file is gone, but people were told of it: it is held until it is called off")

_AHEAD, _PAST = 10, 12
"""Dates ahead, and chats that are over."""


def team_calendar(
    series: str,
    values: SeriesFile,
    chats: Mapping[str, Sequence[Chat]],
    missing: Mapping[str, Sequence[Chat]],
    stored: Mapping[str, StoredChat],
    *,
    drafts: Collection[Draft],
    read_only: bool,
    now: datetime,
) -> TeamCalendar:
    """The calendar. `chats` are those of the series' files by name, none for a file with mistakes.

    `missing` are those that are held although their file is gone. `stored` are the chats as the bot keeps them:
    called off, or moved to another start. A date's `chat` is the name of the file, which the sessions of a chat share.
    """
    zone = ZoneInfo(values.timezone or DEFAULT_TIMEZONE)
    plans = kept_plans(stored)
    called_off = plans.called_off
    both = {**{name: [as_kept(one, plans) for one in found] for name, found in chats.items()}, **missing}
    good = [_named(one) for found in both.values() for one in found]
    files = {one.name: name for name, found in both.items() for one in found}
    on_now = [one for one in good if one.starts < now < one.ends and one.name not in called_off]
    ahead = (
        TeamDate(
            state=one.state,
            day=one.day,
            starts=one.starts,
            chat=files.get(one.chat, ""),
            title=one.title,
            note=_(_FILE_GONE) if files.get(one.chat) in missing else _note(one),
        )
        for one in series_calendar(values, good, called_off, now=now, count=_AHEAD)
    )
    return TeamCalendar(
        series=series,
        timezone=zone.key,
        ahead=(*_mistakes(chats), *(_date(one, zone, "planned", _("on now")) for one in on_now), *ahead),
        past=tuple(_over(good, called_off, zone, now)),
        drafts=tuple(drafts),
        read_only=read_only,
    )


def _named(chat: Chat) -> Chat:
    """The chat; one of several sessions with the place of its clock in the title."""
    return replace(chat, title=f"{chat.title} ({city(chat.timezone)})") if chat.sessions > 1 else chat


def _note(one: CalendarDate) -> str:
    """The note on a day; what the series' file says of it stays as it is."""
    return _("a holiday there: {name}").format(name=one.holiday) if one.holiday else translated(one.note)


def _mistakes(chats: Mapping[str, Sequence[Chat]]) -> Iterator[TeamDate]:
    for name, found in chats.items():
        if not found:
            yield TeamDate(
                state="mistakes", chat=name, title=name, note=_("it cannot be hosted before they are put right")
            )


def _over(chats: Collection[Chat], called_off: Collection[str], zone: ZoneInfo, now: datetime) -> Iterator[TeamDate]:
    over = sorted((one for one in chats if one.ends <= now), key=lambda one: one.starts, reverse=True)
    for one in over[:_PAST]:
        yield _date(one, zone, "called off" if one.name in called_off else "over")


def _date(chat: Chat, zone: ZoneInfo, state: DateState, note: str = "") -> TeamDate:
    day = chat.starts.astimezone(zone).date()
    return TeamDate(
        state=state,
        day=day,
        starts=chat.starts,
        chat=chat.file,
        title=chat.title,
        note=note,
        language=chat.language,
    )
