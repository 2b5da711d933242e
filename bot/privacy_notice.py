"""The privacy notice: what people are told about the record before and at the start, and who is responsible for it.

It is what the settings say of the community, spoken wherever it is needed: in posts, on pages, in calendars and in
transcripts. So it is set once for a process, like its language. Nothing here is posted.
"""

from __future__ import annotations

from datetime import timedelta

from bot.chat import Chat
from bot.messages import Value
from bot.publication import USUAL_WAIT
from bot.translation import _, ngettext

_HOUR = timedelta(hours=1)
_DAY = 24


class House(Value, frozen=True, kw_only=True):
    """The body responsible for the record, its e-mail or web address for privacy questions, and the usual wait."""

    responsible: str = ""
    privacy: str = ""
    wait: timedelta = USUAL_WAIT


class _Process:
    """What this process says. Plans are made in threads of the store, which have no context of the task's."""

    house = House()


def use_house(house: House) -> None:
    """Speak of this from here on, in this process."""
    _Process.house = house


def responsible() -> str:
    """The body responsible, and how to reach it; empty if it isn't set."""
    house = _Process.house
    if house.responsible and house.privacy:
        return _("Responsible: {who}, {privacy}").format(who=house.responsible, privacy=house.privacy)
    return (
        _("Responsible: {who}").format(who=house.responsible or house.privacy)
        if house.responsible or house.privacy
        else ""
    )


def publication_notice(chat: Chat, address: str = "") -> str:
    """When the record is published, and where to look at it before; or that it is not."""
    if chat.publish == "nobody":
        return _("Nothing of this chat will be published.")
    wait = _Process.house.wait if chat.draft is None else chat.draft
    if not address:
        return _("The transcript is published after {wait}.").format(wait=_spoken(wait))
    said = _("The transcript is published after {wait}. Look at it before, and take out what you like: {address}")
    return said.format(wait=_spoken(wait), address=address)


def publishing_rule(chat: Chat) -> str:
    """What is shown of a chat, and of whom, for its pages; empty where everybody is shown with their name."""
    return {
        "named": "",
        "pseudonyms": _(
            "Names are replaced by pseudonyms, which are different in each chat. Whoever searches a platform for the "
            "words of a post may still find who wrote it."
        ),
        "consented": _("Only people who said yes are shown and counted."),
        "nobody": _("Nothing that people wrote in this chat is shown or counted."),
    }[chat.publish]


def _spoken(wait: timedelta) -> str:
    hours = max(1, round(wait / _HOUR))
    if hours % _DAY:
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    return ngettext("{count} day", "{count} days", hours // _DAY).format(count=hours // _DAY)
