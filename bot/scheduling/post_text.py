"""What each place really says: the wording for it, within its limits and manners. Pure.

`check` shows it beforehand and `planning` plans it, so that both always agree. When it is said is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from bot import wording
from bot.chat import Chat, Slot
from bot.messages import Value
from bot.ports.platform import Traits
from bot.scheduling.split import split

Doubt = Literal["", "long", "links", "same", "bare"]
"""Why a place does not say just what was written: it is too long, has one link too many, is said already, or nothing is
left of it without its link."""

_WEEKLY = ("rules", "closing", "reminder")
"""Kinds whose words are the same each time. A platform that takes no text twice gets the day with them."""


class PostText(Value, frozen=True, kw_only=True):
    """What a place says for a slot, in parts that fit. No parts: it says nothing, because of the doubt."""

    slot: Slot
    parts: tuple[str, ...]
    doubt: Doubt = ""


def sayings(chat: Chat, slots: Sequence[Slot], places: Mapping[str, Traits]) -> dict[str, list[PostText]]:
    """What each of these places says for each slot, in the order of the slots. Places are in order of preference.

    Of two accounts on a platform that minds it, only the first says a text; the other needs a wording of its own.
    """
    said: set[tuple[str, str]] = set()
    found: dict[str, list[PostText]] = {}
    for place, traits in places.items():
        texts = {slot.key: _text(chat, slot, place, traits) for slot in slots}
        linked = _linked(slots, texts, traits)
        found[place] = [_saying(chat, slot, texts[slot.key], traits, linked) for slot in slots]
        if traits.text.unrepeated:
            found[place] = [_once(saying, traits.platform, said) for saying in found[place]]
            said.update((traits.platform, _plain(saying.parts)) for saying in found[place])
    return found


def _text(chat: Chat, slot: Slot, place: str, traits: Traits) -> str:
    """The wording for a place. Where a link is dear, the house's own welcome does without."""
    text = slot.wording(place, traits.platform)
    hosts = [host.name for host in chat.hosts]
    ours = slot.kind == "welcome" and text == wording.welcome(chat.title, hosts, chat.hashtag, chat.link)
    return wording.welcome(chat.title, hosts, chat.hashtag) if ours and traits.text.most_links is not None else text


def _saying(chat: Chat, slot: Slot, text: str, traits: Traits, linked: set[str] | None) -> PostText:
    doubt: Doubt = ""
    if linked is not None and slot.key not in linked and (links := traits.text.links(text)):
        text, doubt = _without(text, links), "links"
    if traits.text.unrepeated and (slot.kind in _WEEKLY or (slot.kind == "welcome" and chat.title not in text)):
        text = f"{text} ({_marked(chat, slot)})"
    parts = split(text, traits.text.limit, traits.text.length)
    if traits.text.most_links is not None and (
        several := [part for part in parts if traits.text.links(part)][traits.text.most_links :]
    ):
        parts = tuple(_without(part, traits.text.links(part)) if part in several else part for part in parts)
        doubt = "links"
    if len(parts) > 1 and not traits.text.splits:
        doubt = "long"
    if doubt == "links" and slot.kind == "question" and not _words(slot, parts, chat.hashtag):
        doubt = "bare"
    return PostText(slot=slot, parts=parts, doubt=doubt)


def _words(slot: Slot, parts: Sequence[str], hashtag: str) -> str:
    """What is left of a question without its number and hashtag."""
    text = " ".join(parts).replace(hashtag, "") if hashtag else " ".join(parts)
    return text.strip().removeprefix(f"{slot.key.upper()}.").strip()


def _once(saying: PostText, platform: str, said: set[tuple[str, str]]) -> PostText:
    if (platform, _plain(saying.parts)) in said:
        return PostText(slot=saying.slot, parts=(), doubt="same")
    return saying


def _plain(parts: Sequence[str]) -> str:
    """A text as a platform compares it: capitals and white space do not count."""
    return " ".join(" ".join(parts).casefold().split())


def _linked(slots: Sequence[Slot], texts: Mapping[str, str], traits: Traits) -> set[str] | None:
    """The slots that may keep their links, questions before all others; None where all may."""
    if traits.text.most_links is None:
        return None
    having = [slot for slot in slots if traits.text.links(texts[slot.key])]
    having.sort(key=lambda slot: slot.kind != "question")
    return {slot.key for slot in having[: traits.text.most_links]}


def _without(text: str, links: Sequence[str]) -> str:
    for link in sorted(links, key=len, reverse=True):
        text = re.sub(rf"\s*{re.escape(link)}", "", text)
    return text.strip()


def _marked(chat: Chat, slot: Slot) -> str:
    """What tells this text from last week's: the day, or for a reminder how long it is before the chat."""
    if slot.kind == "reminder":
        return f"{slot.key.removeprefix('reminder-')} to go"
    day = chat.starts.astimezone(ZoneInfo(chat.timezone))
    return f"{day.day} {day:%B %Y}, {day:%H:%M}"
