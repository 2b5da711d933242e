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

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

CONSENT = "include me"
"""The words with which people say that they want to be in a record that shows only those who do."""


class House(Value, frozen=True, kw_only=True):
    """The body responsible for the record, its e-mail or web address for privacy questions, and the usual wait.

    `open_after`: for so long after a chat's end people may write in the room. No record is published before.
    """

    responsible: str = ""
    privacy: str = ""
    wait: timedelta = USUAL_WAIT
    open_after: timedelta = timedelta(0)


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
    house = _Process.house
    wait = max(house.wait if chat.draft is None else chat.draft, house.open_after)
    if not wait:
        return _("The transcript is published at once.")
    if not address:
        return _("The transcript is published after {wait}.").format(wait=_spoken(wait))
    said = _("The transcript is published after {wait}. Look at it before, and take out what you like: {address}")
    return said.format(wait=_spoken(wait), address=address)


def consent_notice(chat: Chat, said: str = "") -> str:
    """How to be in a record that shows only those who said yes; empty for other chats, and where `said` has it.

    It is short, so that the rules with it are one post on X.
    """
    if chat.publish != "consented" or CONSENT in said.casefold():
        return ""
    return _('Only people who write "{words}" are in the transcript.').format(words=CONSENT)


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
    """The wait in words, to the minute that has begun: up to two days in hours, but `1 day`."""
    wait = -(-wait // _MINUTE) * _MINUTE
    days, rest = divmod(wait, _DAY) if wait > 2 * _DAY or not wait % _DAY else (0, wait)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    parts = [
        ngettext("{count} day", "{count} days", days).format(count=days) if days else "",
        ngettext("{count} hour", "{count} hours", hours).format(count=hours) if hours else "",
        ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes) if minutes else "",
    ]
    *first, last = [one for one in parts if one]
    return _("{names} and {last}").format(names=", ".join(first), last=last) if first else last
