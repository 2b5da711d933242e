"""Chats as a calendar file (iCalendar, RFC 5545) and as a news feed (Atom, RFC 4287). Pure.

A chat keeps its UID whatever happens to it. Each change that people should know of raises its SEQUENCE, so that
calendars take over the new time; one that was called off stays in, as cancelled. Times are in UTC: a chat happens
once, and every calendar shows it on its reader's clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from icalendar import Calendar, Event

from bot.local_dates import spoken_moment
from bot.messages import Value
from bot.ports.views import ChatView
from bot.privacy_notice import responsible
from bot.translation import _, ngettext, pending, speaking

_ATOM = "http://www.w3.org/2005/Atom"
_REFRESH = timedelta(hours=1)
"""How often a calendar that subscribed should look again."""

_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)

_NOTICE = pending("The chat is public and recorded. Write nothing that could identify a patient.")


class Source(Value, frozen=True, kw_only=True):
    """Whose chats they are: a name for people, and the public address of the room or site, without a slash at its end.

    `suffix` ends the address of each chat. Without an address the chats have none either. `calendar_host` ends UIDs:
    it lasts, while the address may change; empty, the address does.
    """

    name: str
    address: str
    suffix: str = ""
    calendar_host: str = ""

    @property
    def host(self) -> str:
        """The host in the address, which makes ids unique in the world."""
        return self.address.rpartition("//")[2] or "convenor.invalid"


def calendar_file(chats: Iterable[ChatView], source: Source, now: datetime) -> bytes:
    """A calendar with these chats. `now` is what DTSTAMP has for chats that never changed since the store began."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Convenor//Chats//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    for name in ("NAME", "X-WR-CALNAME"):
        calendar.add(name, source.name)
    calendar.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    for chat in chats:
        with speaking(chat.language):
            calendar.add_component(_event(chat, source, now))
    return bytes(calendar.to_ical())


def _event(chat: ChatView, source: Source, now: datetime) -> Event:
    event, changed = Event(), chat.changed_at or now
    event.add("UID", f"{chat.chat}@{source.calendar_host or source.host}")
    event.add("SUMMARY", f"{_('Called off:') + ' ' if chat.called_off else ''}{chat.title}")
    event.add("DTSTART", chat.starts.astimezone(UTC))
    event.add("DTEND", chat.ends.astimezone(UTC))
    event.add("DTSTAMP", changed.astimezone(UTC).replace(microsecond=0))
    event.add("LAST-MODIFIED", changed.astimezone(UTC).replace(microsecond=0))
    event.add("SEQUENCE", chat.revision)
    event.add("STATUS", "CANCELLED" if chat.called_off else "CONFIRMED")
    if source.address:
        event.add("URL", _address(chat, source))
        event.add("LOCATION", _address(chat, source))
    event.add("DESCRIPTION", "\n".join(_lines(chat)))
    if chat.hashtag:
        event.add("CATEGORIES", [chat.hashtag])
    return event


class FeedEntry(Value, frozen=True, kw_only=True):
    """One piece of news. `address` may be relative to that of the feed; `summary` is plain text."""

    id: str
    title: str
    updated: datetime
    address: str
    summary: str
    category: str = ""


def feed(chats: Iterable[ChatView], source: Source, path: str, now: datetime) -> bytes:
    """A feed of these chats, the latest news first. `path` is its own address below the room's."""
    latest = sorted(chats, key=lambda one: (_updated(one, now), one.chat), reverse=True)
    return news_feed([_news(one, source, now) for one in latest], source, path, now)


def _news(chat: ChatView, source: Source, now: datetime) -> FeedEntry:
    with speaking(chat.language):
        title, summary = f"{_headings(chat)}{chat.title}", " ".join((_when(chat), *_lines(chat)))
    address = _address(chat, source)
    return FeedEntry(
        id=address, title=title, updated=_updated(chat, now), address=address, summary=summary, category=chat.hashtag
    )


def news_feed(entries: Sequence[FeedEntry], source: Source, path: str, empty: datetime = _BEGINNING) -> bytes:
    """A feed of these entries, in their order. `empty` is when one without entries was updated."""
    ET.register_namespace("", _ATOM)
    root = _element(None, "feed")
    home = source.address or f"tag:{source.host},2020:"
    _element(root, "id", f"{home}{path}")
    _element(root, "title", source.name)
    _element(root, "updated", _stamp(max((one.updated for one in entries), default=empty)))
    if source.address:
        _element(root, "link", rel="self", type="application/atom+xml", href=f"{source.address}{path}")
        _element(root, "link", rel="alternate", type="text/html", href=f"{source.address}/")
    _element(_element(root, "author"), "name", source.name)
    for one in entries:
        entry = _element(root, "entry")
        _element(entry, "id", one.id)
        _element(entry, "title", one.title)
        _element(entry, "updated", _stamp(one.updated))
        _element(entry, "link", rel="alternate", type="text/html", href=one.address)
        _element(entry, "summary", one.summary, type="text")
        if one.category:
            _element(entry, "category", term=one.category)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _updated(chat: ChatView, now: datetime) -> datetime:
    """When there was news of a chat last: a change, its start, its end."""
    begun = [at for at in (chat.starts, chat.ends) if at <= now and not chat.called_off]
    return max([chat.changed_at or min(chat.starts, now), *begun])


def _headings(chat: ChatView) -> str:
    if chat.called_off:
        return f"{_('Called off:')} "
    if chat.moved_from and chat.state == "coming":
        return f"{_('Moved:')} "
    return {"coming": "", "live": f"{_('Live now:')} ", "over": f"{_('Over:')} "}[chat.state]


def _when(chat: ChatView) -> str:
    return f"{spoken_moment(chat.starts, chat.timezone, chat.zones, form='full')}."


def _lines(chat: ChatView) -> list[str]:
    hosts = [_("Hosted by {hosts}.").format(hosts=", ".join(chat.hosts))] if chat.hosts else []
    if chat.called_off:
        return [*hosts, _("This chat was called off.")]
    link = [chat.link] if chat.link else []
    return [
        *hosts,
        ngettext("{count} question.", "{count} questions.", chat.questions).format(count=chat.questions),
        *link,
        _(_NOTICE),
        *filter(None, [responsible()]),
    ]


def _address(chat: ChatView, source: Source) -> str:
    return f"{source.address}/{chat.chat}{source.suffix}"


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _element(parent: ET.Element | None, name: str, text: str = "", **attributes: str) -> ET.Element:
    """An element of Atom, below its parent if it has one. Characters that XML has no place for are left out."""
    tag = f"{{{_ATOM}}}{name}"
    made = ET.Element(tag, attributes) if parent is None else ET.SubElement(parent, tag, attributes)
    made.text = "".join(one for one in text if one.isprintable() or one == "\n") or None
    return made
