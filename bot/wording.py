"""The bot's own texts: short, warm, plain.

They promise nothing that depends on settings. Each fits into one post on every platform, unless a title or the hosts'
names are long. A host's own wording replaces the whole text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat import DEFAULT_MARKS
from bot.clock import clock_time
from bot.hashtags import has_hashtag

_ENDS = ("?", "!", ".", "…", "\u3002", "\uff1f", "\uff01", "\u061f")
"""The last character of a title after which nothing else ends the sentence."""


def welcome(
    title: str, hosts: Sequence[str], hashtag: str = "", link: str | None = None, *, mark: str = DEFAULT_MARKS[0]
) -> str:
    """The post at the start. It explains how to answer; `mark` is the letter before the number of an answer."""
    text = (
        f"Welcome! Our chat is: {sentence(titled(title, hosts))} Say hello and tell us who you are. "
        f"To answer a question, simply reply to it. Writing {mark}1, {mark}2 … first is welcome, but not needed."
    )
    return with_hashtag(f"{text} {link}" if link else text, hashtag)


def rules(hashtag: str = "") -> str:
    """The post soon after the welcome. It says what is published, and how to be left out."""
    text = (
        "This chat is public and recorded. Please protect patients' confidentiality: write nothing that could "
        'tell who someone is. To be left out of the transcript, write "leave me out" at any time.'
    )
    return with_hashtag(text, hashtag)


def closing(hashtag: str = "") -> str:
    """The post at the end."""
    text = (
        "That is the end of our chat. Thank you all, whether you wrote or read along! A late answer is welcome: simply "
        'reply to its question. If you would rather not be in the transcript, write "leave me out".'
    )
    return with_hashtag(text, hashtag)


def reminder(title: str, hosts: Sequence[str], starts: datetime, zone: str, hashtag: str = "") -> str:
    """The post before the chat. `starts` may be in any zone; the text has it in `zone`."""
    local = starts.astimezone(ZoneInfo(zone))
    when = f"{local:%A} {local.day} {local:%B}, {clock_time(local)} ({zone})"
    return with_hashtag(
        f"Coming up on {when}: {sentence(titled(title, hosts))} Come and answer, or just read along.", hashtag
    )


def question(number: int, text: str, hashtag: str = "") -> str:
    """A question as it is posted: `Q1. … #OTalk`."""
    return with_hashtag(f"Q{number}. {text}", hashtag)


def left_out_receipt(number: str) -> str:
    """The answer to a request to be left out. `number` makes each differ: platforms refuse the same text twice."""
    return f"Done: nothing of yours will be in our transcript. (Receipt {number})"


def held_notice() -> str:
    """The private notice to the author of a held message. It blames nobody: most held messages are harmless."""
    return (
        "Thank you for your message. A part of it looks as if it could tell who a patient is, so it is not in our "
        "transcript yet. If it does, please edit or delete it. If not, there is nothing to do: a moderator will look."
    )


def moderator_notice(number: int, why: str, url: str | None = None) -> str:
    """The private notice to a moderator. `why` is the kind and position of what was found, never the words."""
    where = f" {url}" if url else ""
    return (
        f"Message {number} waits for you: {why}.{where} "
        f"`approve {number}` lets it through, `drop {number}` leaves it out, `held` lists all."
    )


def confidentiality_reminder(day: datetime, hashtag: str = "") -> str:
    """The public reminder, at most once a chat. It has the day in it: platforms refuse the same text each week."""
    text = "A reminder for all of us: this chat is public. Please write nothing that could tell who a patient is."
    return with_hashtag(f"{text} ({day.day} {day:%B})", hashtag)


def place_lost(called: str, hashtag: str = "") -> str:
    """The post in the other places while one is unreachable."""
    return with_hashtag(f"We cannot reach {called} at the moment; the chat goes on here.", hashtag)


def place_back(minutes: int, question: str, hashtag: str = "") -> str:
    """The post in a place that is reachable again. `question` is the number of the current one."""
    pause = "a minute" if minutes <= 1 else f"{minutes} minutes"
    return with_hashtag(f"Sorry, we could not reach you for about {pause}. We are at {question} now.", hashtag)


def budget_used_up(called: str, cap: str, place: str) -> str:
    """The notice to host and operator that the budget for reading is used up. `cap` is `chat` or `month`."""
    span = "for this chat" if cap == "chat" else "for this month"
    return (
        f"The money {span} on {called} is used up, so answers there are read no more. The questions are still asked. "
        f"To go on reading, raise cap_per_{cap} in [places.{place}] and start again."
    )


def posts_wait(called: str, reason: str) -> str:
    """The notice to host and operator that nothing can be posted just now. `reason` is the platform's."""
    return f"Posts to {called} wait, and are tried again by themselves. {reason}"


def answers_wait(called: str, reason: str) -> str:
    """The notice to host and operator that nothing can be read just now. `reason` is the platform's."""
    return f"Answers on {called} cannot be read just now, and are read later. {reason}"


def store_was_silent(since: datetime, until: datetime, reason: str) -> str:
    """The notice to the operator that the store took nothing for a while. Times are in UTC."""
    when = f"from {since:%H:%M:%S} to {until:%H:%M:%S} UTC"
    return f"The store took nothing {when}: posts may have come late, and people were asked to send again. {reason}"


def post_refused(key: str, kind: str, called: str, reason: str) -> str:
    """The notice to host and operator that a post will not be tried again. `reason` is the platform's."""
    names = {
        "question": key.upper(),
        "calendar": "The entry in the calendar",
        "edit": "The new text of a post",
        "measure": "What a moderator asked for",
        "receipt": "An answer to a person",
    }
    return f"{names.get(kind, f'The {kind}')} did not go out on {called}: {reason}"


def concern_notice(text: str) -> str:
    """The private notice to those who lead a chat that something in it did not work."""
    return f"Something needs you in the chat. {text}"


def with_hashtag(text: str, hashtag: str) -> str:
    """The text with the hashtag after it, unless it contains the hashtag already."""
    return text if not hashtag or has_hashtag(text, hashtag) else f"{text} {hashtag}"


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if text.endswith(_ENDS) else f"{text}."


def titled(title: str, hosts: Sequence[str]) -> str:
    """A title with its hosts: `Sleep, with A, B and C`; after a title that ends a sentence `Why sleep? With A`."""
    if not hosts:
        return title
    names = " and ".join(filter(None, (", ".join(hosts[:-1]), hosts[-1])))
    return f"{title} With {names}" if title.endswith(_ENDS) else f"{title}, with {names}"
