"""How people join a chat in each of its places, from the settings of the places, in the language spoken here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from bot.authoring.invitation import Way
from bot.chat import Chat
from bot.settings.places import DiscordPlace, RoomPlace, XPlace
from bot.settings.settings import Settings
from bot.translation import _


def ways_to_join(settings: Settings, chat: Chat, places: Iterable[str]) -> tuple[Way, ...]:
    """How to join in these places, the room first: it needs no account."""
    return tuple(sorted(_ways(settings, chat, places), key=lambda one: one.needs_account))


def _ways(settings: Settings, chat: Chat, places: Iterable[str]) -> Iterator[Way]:
    for name in places:
        match settings.places[name]:
            case RoomPlace() as room:
                address = f"{room.public_url}/{quote(chat.name)}" if room.public_url else ""
                how = _("open the page, type any name and join; you need no account")
                yield Way(place=name, where=_("in our room"), how=how, address=address, needs_account=False)
            case XPlace() as x:
                yield Way(place=name, where=_("on X"), how=_on_x(x.handle, chat.hashtag))
            case DiscordPlace() as discord:
                yield _on_discord(name, discord)


def _on_x(handle: str, hashtag: str) -> str:
    if handle and hashtag:
        said = _("reply to the questions of {handle}, or post with {hashtag}")
    elif handle:
        said = _("reply to the questions of {handle}")
    else:
        said = _("reply to our questions, or post with {hashtag}") if hashtag else _("reply to our questions")
    return said.format(handle=handle, hashtag=hashtag)


def _on_discord(name: str, discord: DiscordPlace) -> Way:
    how = (
        _("write in our channel, or reply to a question there")
        if discord.message_content
        else _("reply to a question in our channel, with the ping left on")
    )
    known = discord.guild and discord.channel
    address = f"https://discord.com/channels/{discord.guild}/{discord.channel}" if known else ""
    return Way(place=name, where=_("on Discord, for members of our server"), how=how, address=address)
