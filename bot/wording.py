"""The bot's own texts: the house wording, or a series' own in its place, in the language of the chat.

Texts that are posted for everybody are in `wording.toml`, which says what each is for and which variables it may have.
Only these variables are filled in, so a text from a file reaches nothing else. Notices to one person are in
`private_notices`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.chat import Chat, first_mark
from bot.clock import clock_time
from bot.hashtags import has_hashtag
from bot.local_dates import spoken_date, spoken_moment, spoken_time
from bot.translation import _, ngettext, speaking

HOUSE = Path(__file__).parent / "wording.toml"

VARIABLES = ("title", "hosts", "chat", "when", "hashtag", "link", "mark")
"""The variables that every text may have."""

MORE_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "announcement": ("now",),
    "question_now": ("question",),
    "reminder_soon": ("left", "time"),
    "join": ("address",),
    "moved": ("before",),
    "confidentiality": ("day",),
    "resumed": ("next",),
    "extended": ("time",),
    "shortened": ("time",),
    "place_lost": ("place",),
    "place_back": ("pause", "question"),
}
"""The further variables of some texts."""

_ENDS = ("?", "!", ".", "…", "\u3002", "\uff1f", "\uff01", "\u061f")
"""The last character of a title after which nothing else ends the sentence."""

_SOON = timedelta(minutes=90)
"""A reminder so long before the start, or less, says how long it still is."""

_BRACES = re.compile(r"\{([^{}]*)\}")
_VARIABLE = re.compile(
    r"""(?P<gap>\s?)\{(?P<name>\w+)\}(?P<quote>["\u201c\u201d\u2019»«]?)(?P<mark>[.,;]?)(?P<next>\s+\w)?"""
)
"""A variable with what may have to change when it is filled in: the blank before it, and how its sentence goes on."""


@cache
def house_wording() -> Mapping[str, str]:
    """The house wording in English, by the name of each text."""
    found: dict[str, str] = tomllib.loads(HOUSE.read_text(encoding="utf-8"))
    return found


def unknown_variables(name: str, text: str) -> Iterator[str]:
    """The words in braces in a text that are no variables of this text."""
    return (one for one in _BRACES.findall(text) if one not in allowed_variables(name))


def allowed_variables(name: str) -> tuple[str, ...]:
    """The variables that the text of this name may have."""
    return (*VARIABLES, *MORE_VARIABLES.get(name, ()))


def posted_text(chat: Chat, name: str, **values: str) -> str:
    """The text of this name as this chat posts it, its series' or the house's, with the hashtag."""
    return with_hashtag(_text(chat, name, **values), chat.hashtag)


def _text(chat: Chat, name: str, **values: str) -> str:
    with speaking(chat.language):
        text = chat.wording.get(name) or _(house_wording()[name])
        return filled(text, _values(chat) | values)


def own_text(chat: Chat, text: str) -> str:
    """A text from the chat's own file as it is posted. No hashtag is added: its author puts it where they want it."""
    with speaking(chat.language):
        return filled(text, _values(chat))


def _values(chat: Chat) -> dict[str, str]:
    """The values of the variables that every text has."""
    hosts = [host.name for host in chat.hosts]
    return {
        "title": chat.title,
        "hosts": names(hosts),
        "chat": titled(chat.title, hosts),
        "when": spoken_moment(chat.starts, chat.timezone, chat.zones),
        "hashtag": chat.hashtag,
        "link": chat.link or "",
        "mark": first_mark(chat.marks),
    }


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its variables filled in once: variables in their values are not. Unknown ones stay as they are.

    An empty value is dropped together with the blank before it. After a value that ends a sentence, a full stop is left
    out, and `, with` becomes ` With`.
    """

    def value(found: re.Match[str]) -> str:
        if found["name"] not in values:
            return found[0]
        text, mark, following = values[found["name"]], found["mark"], found["next"] or ""
        if text.endswith(_ENDS) and mark:
            mark, following = "", following.upper() if mark != "." else following
        return f"{found['gap'] if text else ''}{text}{found['quote']}{mark}{following}"

    return _VARIABLE.sub(value, text).strip()


def welcome(chat: Chat, *, link: bool = True) -> str:
    """The post at the start, with the chat's link or without."""
    return posted_text(chat, "welcome") if link else posted_text(chat, "welcome", link="")


def reminder(chat: Chat, before: timedelta = timedelta.max) -> str:
    """The post before the chat. If it comes shortly `before` the start, it says how long that still is."""
    if not says_how_long(before):
        return posted_text(chat, "reminder")
    with speaking(chat.language):
        time = spoken_time(chat.starts, chat.timezone, chat.zones)
        return posted_text(chat, "reminder_soon", left=_in_words(before), time=time)


def says_how_long(before: timedelta) -> bool:
    """Whether a reminder this long before the start names the time left, and not the day."""
    return before <= _SOON


def _in_words(length: timedelta) -> str:
    """A short time ahead: `In ten minutes`."""
    minutes = round(length / timedelta(minutes=1))
    known = {60: _("In an hour"), 10: _("In ten minutes"), 5: _("In five minutes")}
    return known.get(minutes) or ngettext("In a minute", "In {minutes} minutes", minutes).format(minutes=minutes)


def moved(chat: Chat, was: datetime) -> str:
    """The post to those who were told that the chat was to start at another time."""
    local = was.astimezone(ZoneInfo(chat.timezone))
    with speaking(chat.language):
        before = _("{day}, {time}").format(day=spoken_date(local, "weekday"), time=clock_time(local))
    return posted_text(chat, "moved", before=before)


def with_addresses(chat: Chat, text: str, address: str, link: str) -> str:
    """An announcement or reminder with the address of the chat's page and the chat's link, if there are any."""
    head, *rest = text.split("\n\n", 1)
    joins = _text(chat, "join", address=address) if address else ""
    more = _text(chat, "more", link=link) if link else ""
    return "\n\n".join(("\n".join(filter(None, (head, joins, more))), *rest))


def announcement(chat: Chat, current: str) -> str:
    """The post during the chat that invites people to it. `current` is the key of the question that is on, or empty."""
    now = _text(chat, "question_now", question=current.upper()) if current else ""
    return posted_text(chat, "announcement", now=now)


def question(number: int, text: str, hashtag: str = "") -> str:
    """A question as it is posted: `Q1. … #OTalk`."""
    return with_hashtag(f"Q{number}. {text}", hashtag)


def confidentiality_reminder(chat: Chat, at: datetime) -> str:
    """The public reminder, at most once a chat."""
    with speaking(chat.language):
        day = spoken_date(at.astimezone(ZoneInfo(chat.timezone)), "day")
    return posted_text(chat, "confidentiality", day=day)


def place_lost(chat: Chat, called: str) -> str:
    """The post in the other places while one is unreachable."""
    with speaking(chat.language):
        return posted_text(chat, "place_lost", place=_(called))


def place_back(chat: Chat, minutes: int, question: str) -> str:
    """The post in a place that is reachable again. `question` is the number of the current one."""
    with speaking(chat.language):
        pause = ngettext("a minute", "{minutes} minutes", max(minutes, 1)).format(minutes=minutes)
    return posted_text(chat, "place_back", pause=pause, question=question)


def dated(chat: Chat, text: str, at: datetime) -> str:
    """A text with day and hour after it, for platforms that refuse the same text twice."""
    local = at.astimezone(ZoneInfo(chat.timezone))
    with speaking(chat.language):
        return noted(chat, text, f"{spoken_date(local, 'day')}, {clock_time(local)}")


def noted(chat: Chat, text: str, note: str) -> str:
    """A text with a note in brackets after it; a hashtag at its end stays there."""
    said = text.removesuffix(f" {chat.hashtag}")
    return f"{said} ({note}){text[len(said) :]}"


def with_hashtag(text: str, hashtag: str) -> str:
    """The text with the hashtag after it, unless it contains the hashtag already."""
    return text if not hashtag or has_hashtag(text, hashtag) else f"{text} {hashtag}"


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if text.endswith(_ENDS) else f"{text}."


def names(people: Sequence[str]) -> str:
    """Names in a row: `A, B and C`."""
    if len(people) < 2:  # noqa: PLR2004 -- two are joined by a word
        return "".join(people)
    return _("{names} and {last}").format(names=", ".join(people[:-1]), last=people[-1])


def titled(title: str, hosts: Sequence[str]) -> str:
    """A title with its hosts: `Sleep, with A, B and C`; after a title that ends a sentence `Why sleep? With A`."""
    return filled(_("{title}, with {hosts}"), {"title": title, "hosts": names(hosts)}) if hosts else title
