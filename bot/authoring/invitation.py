"""The ready texts that invite people to a chat: for a blog, an e-mail, and a post in each place. Pure.

They say what, when, with whom, how to join, and that it is public and recorded, in the language that is spoken here.
They are for people to send: the bot posts none of them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat import Chat
from bot.clock import clock_time
from bot.local_dates import spoken_date, zone_in_words
from bot.messages import Value
from bot.ports.platform import Traits
from bot.privacy_notice import consent_notice
from bot.scheduling.post_text import split
from bot.translation import _, pending
from bot.wording import names, sentence, titled, with_hashtag

_WIDTH = 72
"""Characters of a line in an e-mail."""

_COME = pending("Come and answer, or just read along.")
_RECORDED = pending(
    "The chat is public and recorded, and its transcript may be published. Please write nothing that could tell who a "
    'patient is. To be left out of the transcript, write "leave me out" at any time.'
)
_RECORDED_IN_SHORT = pending('Public and recorded; write "leave me out" to be left out.')


class Way(Value, frozen=True, kw_only=True):
    """How to join in one place: `where` it is, as "on X", and what to do there. `address` may be empty."""

    place: str
    where: str
    how: str
    address: str = ""
    needs_account: bool = True


class Invitation(Value, frozen=True, kw_only=True):
    """A chat to invite to. `opens` is how long before the start people may join; `asks` says the questions before."""

    chat: Chat
    ways: tuple[Way, ...]
    opens: timedelta
    asks: bool = True


def when(chat: Chat) -> str:
    """The day and the hour of a chat on the clock of its zone, which is named."""
    starts, ends = _local(chat, chat.starts), _local(chat, chat.ends)
    until = clock_time(ends) if ends.date() == starts.date() else _moment(ends)
    said = _("{start} to {end} ({zone})")
    return said.format(start=_moment(starts), end=until, zone=zone_in_words(starts, chat.timezone))


def blog(invitation: Invitation, literal: Callable[[str], str]) -> str:
    """The text as Markdown. `literal` escapes what is not meant as Markdown, and makes links of addresses."""
    chat = invitation.chat
    hosts = _("With {hosts}.").format(hosts=names([host.name for host in chat.hosts])) if chat.hosts else ""
    head = " ".join(filter(None, (hosts, _(_COME))))
    tag = f", {literal(chat.hashtag)}" if chat.hashtag else ""
    lines = [f"# {literal(chat.title)}", "", f"**{literal(when(chat))}**{tag}", "", literal(head), ""]
    if invitation.asks:
        lines += [f"## {_('The questions')}", "", *_numbered(invitation, literal), ""]
    if invitation.ways:
        lines += [f"## {_('How to join')}", "", *(f"- {literal(one)}" for one in _ways(invitation)), ""]
    return "\n".join((*lines, literal(_recorded(chat, _RECORDED))))


def subject(chat: Chat) -> str:
    """The subject of the e-mail."""
    return f"{_moment(_local(chat, chat.starts))}: {chat.title}" + (f" ({chat.hashtag})" if chat.hashtag else "")


def mail(invitation: Invitation) -> str:
    """The body of the e-mail, as plain text in short lines; addresses stay whole."""
    chat = invitation.chat
    blocks = [
        sentence(titled(chat.title, [host.name for host in chat.hosts])),
        f"{when(chat)}{f', {chat.hashtag}' if chat.hashtag else ''}",
        _(_COME),
    ]
    if invitation.asks:
        blocks.append("\n".join((_("The questions:"), *map(_wrapped, _numbered(invitation, str)))))
    if invitation.ways:
        blocks.append("\n".join((_("How to join:"), *(_wrapped(f"- {one}") for one in _ways(invitation)))))
    blocks += [_recorded(chat, _RECORDED), _("More: {link}").format(link=chat.link) if chat.link else ""]
    return "\n\n".join(block if "\n" in block else _wrapped(block) for block in blocks if block)


def posts(invitation: Invitation, places: Mapping[str, Traits]) -> dict[str, tuple[str, ...]]:
    """For each place the posts that invite people there, each within its length; none for the bot's own pages.

    The first has all that matters, if it can; what doesn't fit follows in the next, and then come the questions.
    """
    found = {}
    for way in invitation.ways:
        rules = places[way.place].text
        if not places[way.place].features.own_pages:
            versions = [
                split(_post(invitation, way, more=more), rules.limit, rules.length) for more in ((_(_COME),), ())
            ]
            asked = "\n\n".join(_asked(invitation, way.place, places[way.place].platform)) if invitation.asks else ""
            found[way.place] = (*min(versions, key=len), *split(asked, rules.limit, rules.length))
    return found


def _recorded(chat: Chat, notice: str) -> str:
    """The notice that the chat is recorded, and how to be in its record where only those are who said yes."""
    return " ".join(filter(None, (_(notice), consent_notice(chat))))


def _post(invitation: Invitation, way: Way, *, more: Sequence[str]) -> str:
    chat = invitation.chat
    room = next((one.address for one in invitation.ways if one.address and not one.needs_account), "")
    pieces = (
        sentence(titled(chat.title, [host.name for host in chat.hosts])),
        f"{when(chat)}.",
        sentence(way.how[:1].upper() + way.how[1:]),
        *more,
        _recorded(chat, _RECORDED_IN_SHORT),
        _("No account? {address}").format(address=room) if room else "",
    )
    return with_hashtag("\n\n".join(filter(None, pieces)), chat.hashtag)


def _asked(invitation: Invitation, place: str, platform: str) -> Iterator[str]:
    """The questions in the wording of a place."""
    for one in invitation.chat.questions:
        yield f"Q{one.number}. {one.says.get(place) or one.says.get(platform) or one.text}"


def _numbered(invitation: Invitation, literal: Callable[[str], str]) -> Iterator[str]:
    for one in invitation.chat.questions:
        yield f"{one.number}. {literal(' '.join(one.text.split()))}"


def _ways(invitation: Invitation) -> Iterator[str]:
    chat = invitation.chat
    opens = _local(chat, chat.starts - invitation.opens)
    same = opens.date() == _local(chat, chat.starts).date()
    at = clock_time(opens) if same else _moment(opens)
    for one in invitation.ways:
        address = f" {one.address}" if one.address else ""
        early = " " + _("It opens at {time}.").format(time=at) if invitation.opens and not one.needs_account else ""
        yield f"{one.where[:1].upper()}{one.where[1:]}: {sentence(one.how)}{early}{address}"


def _wrapped(text: str) -> str:
    indent = "   " if text[:1].isdigit() else "  " if text.startswith("- ") else ""
    return textwrap.fill(text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _local(chat: Chat, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(chat.timezone))


def _moment(local: datetime) -> str:
    return f"{spoken_date(local)}, {clock_time(local)}"
