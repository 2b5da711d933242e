"""What the bot says by itself, in the house's words: short, warm, plain.

Nothing is promised here that depends on settings. Each wording fits into one post on every platform unless a title or
the hosts' names are long; a host's own wording replaces it as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo


def welcome(title: str, hosts: Sequence[str], hashtag: str = "", link: str | None = None) -> str:
    """Said at the start. It tells how to answer."""
    text = (
        f"Welcome! Our chat is: {title}{_led(hosts)}. Say hello and tell us who you are. "
        "To answer a question, simply reply to it. Writing A1, A2 … first is welcome, but not needed."
    )
    return tagged(f"{text} {link}" if link else text, hashtag)


def rules(hashtag: str = "") -> str:
    """Said soon after the welcome. It tells what is published, and how to be left out."""
    text = (
        "This chat is public and recorded. Please protect patients' confidentiality: write nothing that could "
        'tell who someone is. To be left out of the transcript, write "leave me out" at any time.'
    )
    return tagged(text, hashtag)


def closing(hashtag: str = "") -> str:
    """Said at the end."""
    text = (
        "That is the end of our chat. Thank you all, whether you wrote or read along! A late answer is welcome: simply "
        'reply to its question. If you would rather not be in the transcript, write "leave me out".'
    )
    return tagged(text, hashtag)


def reminder(title: str, hosts: Sequence[str], starts: datetime, zone: str, hashtag: str = "") -> str:
    """Said before the chat. `starts` in any zone; people are told it on the clock of `zone`."""
    local = starts.astimezone(ZoneInfo(zone))
    when = f"{local:%A} {local.day} {local:%B}, {local:%H:%M} ({zone})"
    return tagged(f"Coming up on {when}: {title}{_led(hosts)}. Come and answer, or just read along.", hashtag)


def question(number: int, text: str, hashtag: str = "") -> str:
    """A question as it is posted: `Q1. … #OTalk`."""
    return tagged(f"Q{number}. {text}", hashtag)


def left_out(number: str) -> str:
    """Said to whoever asked to be left out. `number` tells one receipt from another: no platform takes a text twice."""
    return f"Done: nothing of yours will be in our transcript. (Receipt {number})"


def waits() -> str:
    """Said to somebody alone whose message the guard held. It blames nobody: most of what is held is harmless."""
    return (
        "Thank you for your message. A part of it looks as if it could tell who a patient is, so it is not in our "
        "transcript yet. If it does, please edit or delete it. If not, there is nothing to do: a moderator will look."
    )


def flagged(number: int, why: str, url: str | None = None) -> str:
    """Said to a moderator alone. `why` is where it lies in the text and what it looks like, never the words."""
    where = f" {url}" if url else ""
    return (
        f"Message {number} waits for you: {why}.{where} "
        f"`approve {number}` lets it through, `drop {number}` leaves it out, `held` lists all."
    )


def confidentiality(day: datetime, hashtag: str = "") -> str:
    """Said to everybody, at most once a chat. The day is there because no platform takes the same text each week."""
    text = "A reminder for all of us: this chat is public. Please write nothing that could tell who a patient is."
    return tagged(f"{text} ({day.day} {day:%B})", hashtag)


def elsewhere(called: str, hashtag: str = "") -> str:
    """Said in the other places while one cannot be reached."""
    return tagged(f"We cannot reach {called} at the moment; the chat goes on here.", hashtag)


def back(minutes: int, question: str, hashtag: str = "") -> str:
    """Said in a place that can be reached again. `question` is the number of the one that is on."""
    pause = "a minute" if minutes <= 1 else f"{minutes} minutes"
    return tagged(f"Sorry, we could not reach you for about {pause}. We are at {question} now.", hashtag)


def used_up(called: str, cap: str, place: str) -> str:
    """For the host and the operator: the money for reading is gone. `cap` is `chat` or `month`."""
    span = "for this chat" if cap == "chat" else "for this month"
    return (
        f"The money {span} on {called} is used up, so answers there are read no more. The questions are still asked. "
        f"To go on reading, raise cap_per_{cap} in [places.{place}] and start again."
    )


def tagged(text: str, hashtag: str) -> str:
    """The text with the hashtag, which is not doubled where it stands in it already."""
    if not hashtag or re.search(rf"(?<![\w#&]){re.escape(hashtag.casefold())}(?!\w)", text.casefold()):
        return text
    return f"{text} {hashtag}"


def _led(hosts: Sequence[str]) -> str:
    """`, with A, B and C`."""
    if not hosts:
        return ""
    return f", with {' and '.join(filter(None, (', '.join(hosts[:-1]), hosts[-1])))}"
