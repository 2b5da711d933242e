"""The text of each post on each place: its wording, within the platform's rules, split into parts that fit. Pure.

`check` previews it and `planning` plans it, so both always agree. When it is posted is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

import regex

from bot import privacy_notice, wording
from bot.chat import ADVANCE_KINDS, Chat, Slot, SlotKind
from bot.clock import clock_time
from bot.local_dates import spoken_date
from bot.messages import Value
from bot.ports.platform import Traits
from bot.translation import _, speaking

Doubt = Literal["", "long", "links", "same", "bare"]
"""Why a place can't post a text as written: `long` for the platform, one of too many `links`, the `same` as another
account's, or `bare` of any words without its link."""

_LINKS_FIRST: tuple[SlotKind, ...] = ("question", "announcement")
"""Whose links matter most, where only some posts may have one. Those of reminders matter least."""

_MOST_POSTS = 6
"""About so many posts make an announcement with its questions at most."""

_RECURRING_KINDS = ("rules", "closing", "reminder")
"""Kinds whose text is the same in every chat. A platform that refuses duplicates gets the date with it."""

_BOUNDARIES = (
    re.compile(r"\s*\n\s*\n\s*"),
    # after a sentence; a question's number stays with the question, and a hashtag with the sentence that it ends
    regex.compile(
        r"""(?V1) (?<=[.!?…:] | [\p{STerm}--[.!?]] [\p{Pe}\p{Pf}]*) (?<!^Q\d\d?\.) \s+ (?![\#\s])
        | \s*\n\s*
        # many scripts put no space between two sentences
        | (?<=[\p{STerm}--[.!?]] [\p{Pe}\p{Pf}]*) (?![\s\d\p{STerm}\p{Pe}\p{Pf}])(?!\Z)""",
        regex.VERBOSE,
    ),
    # between words; where there is no space between words either, after a comma
    regex.compile(r"(?<!^Q\d\d?\.)\s+|(?<=[\u3001\uff0c\uff1b\uff1a])(?![\s\d])(?!\Z)"),
    # between two characters as a reader sees them, such as a letter with its accents or a family emoji
    regex.compile(r"\X\K(?!\Z)"),
    # one such character can be longer than the limit, if many accents are heaped on a letter
    re.compile(r"(?<=.)(?=.)", re.DOTALL),
)
"""Where a text can be cut, the best boundary first."""


_WHOLE_HOURS = re.compile(r"(\d+)h")
_DAYS = range(48, 24 * 366 + 1, 24)
"""Whole hours that are said as days."""


class PostText(Value, frozen=True, kw_only=True):
    """The text that a place posts for a slot, in parts that fit. Without parts it posts nothing, because of `doubt`."""

    slot: Slot
    parts: tuple[str, ...]
    doubt: Doubt = ""


def post_texts(chat: Chat, slots: Sequence[Slot], places: Mapping[str, Traits]) -> dict[str, list[PostText]]:
    """The texts of these slots, by place, in the order of the slots. Places are in order of preference.

    Of two accounts on a platform that refuses duplicates, only the first posts a text; the other needs its own wording.
    """
    address = next((f"{one.address}/{quote(chat.name)}" for one in places.values() if one.address), "")
    used: set[tuple[str, str]] = set()
    found: dict[str, list[PostText]] = {}
    for place, traits in places.items():
        texts = {slot.key: _wording_for(chat, slot, place, traits, address) for slot in slots}
        linked = _keys_with_links(slots, texts, traits)
        texts |= {
            slot.key: _without_address(chat, slot, place, traits, address)
            for slot in slots
            if slot.kind in (*ADVANCE_KINDS, "closing") and linked is not None and slot.key not in linked
        }
        found[place] = [_post_text(chat, slot, texts[slot.key], traits, linked) for slot in slots]
        if traits.text.unrepeated:
            found[place] = [_unless_used(text, traits.platform, used) for text in found[place]]
            used.update((traits.platform, _comparable(text.parts)) for text in found[place])
    return found


def _wording_for(chat: Chat, slot: Slot, place: str, traits: Traits, address: str) -> str:
    """The wording for a place. Where links are limited, the default welcome has none.

    What comes before the chat has the room's `address` and the chat's link: one of them, where links are limited.
    """
    text = slot.wording(place, traits.platform)
    if slot.kind in ADVANCE_KINDS:
        address = "" if traits.features.own_pages else address
        both = traits.text.most_links is None or not address
        return wording.with_addresses(chat, text, address, (chat.link or "") if both else "")
    if slot.kind in ("rules", "closing"):
        return _with_notice(chat, slot, text, address)
    limited = slot.kind == "welcome" and traits.text.most_links is not None
    return wording.welcome(chat, link=False) if limited and text == wording.welcome(chat) else text


def _without_address(chat: Chat, slot: Slot, place: str, traits: Traits, address: str) -> str:
    """The wording for a place where another post has the only link: whole sentences without the bot's own address."""
    text = slot.wording(place, traits.platform)
    if slot.kind == "closing":
        return _with_notice(chat, slot, text, address, linked=False)
    return _without_links(text, traits.text.links(text))


def _with_notice(chat: Chat, slot: Slot, text: str, address: str, *, linked: bool = True) -> str:
    """The rules with who is responsible, the closing with when the record is published and where it can be seen.

    Unless `linked` it does not say where. `address` is that of the chat's page in the room, if there is one. Where only
    those are in the record who said yes, both say how to.
    """
    with speaking(chat.language):
        if slot.kind == "rules":
            said = privacy_notice.responsible()
        else:
            where = address if linked else ""
            said = privacy_notice.publication_notice(chat, where) if address or chat.publish == "nobody" else ""
        consent = privacy_notice.consent_notice(chat, text)
    return " ".join(one for one in (text, consent, said) if one).strip() if consent or said else text


def _post_text(chat: Chat, slot: Slot, text: str, traits: Traits, linked: set[str] | None) -> PostText:
    doubt: Doubt = ""
    if linked is not None and slot.key not in linked and (links := traits.text.links(text)):
        text, doubt = _without_links(text, links), "links"
    if traits.text.unrepeated and (
        slot.kind in _RECURRING_KINDS or (slot.kind == "welcome" and chat.title not in text)
    ):
        text = f"{text} ({_distinguishing_mark(chat, slot)})"
    if slot.kind == "announcement":
        text = _shortened(text, traits.text.limit)
    parts = split(text, traits.text.limit, traits.text.length)
    if traits.text.most_links is not None and (
        several := [part for part in parts if traits.text.links(part)][traits.text.most_links :]
    ):
        parts = tuple(_without_links(part, traits.text.links(part)) if part in several else part for part in parts)
        doubt = "links"
    if len(parts) > 1 and not traits.text.splits:
        if slot.kind == "announcement":
            return PostText(slot=slot, parts=parts[:1])
        doubt = "long"
    if doubt == "links" and slot.kind == "question" and not _without_frame(slot, parts, chat.hashtag):
        doubt = "bare"
    return PostText(slot=slot, parts=parts, doubt=doubt)


def _shortened(text: str, limit: int) -> str:
    """An announcement with as many of its questions as a few posts of this length hold: a timeline is not a book."""
    kept, *paragraphs = text.split("\n\n")
    for one in paragraphs:
        longer = f"{kept}\n\n{one}"
        if len(longer) > _MOST_POSTS * limit:
            break
        kept = longer
    return kept


def _without_frame(slot: Slot, parts: Sequence[str], hashtag: str) -> str:
    """A question's text without its number and hashtag."""
    text = " ".join(parts).replace(hashtag, "") if hashtag else " ".join(parts)
    return text.strip().removeprefix(f"{slot.key.upper()}.").strip()


def _unless_used(text: PostText, platform: str, used: set[tuple[str, str]]) -> PostText:
    if (platform, _comparable(text.parts)) in used:
        return PostText(slot=text.slot, parts=(), doubt="same")
    return text


def _comparable(parts: Sequence[str]) -> str:
    """A text as platforms compare it: without case and white space."""
    return " ".join(" ".join(parts).casefold().split())


def _keys_with_links(slots: Sequence[Slot], texts: Mapping[str, str], traits: Traits) -> set[str] | None:
    """The keys of slots that keep their links, questions first; None if all do."""
    if traits.text.most_links is None:
        return None
    having = [slot for slot in slots if traits.text.links(texts[slot.key])]
    having.sort(key=lambda slot: _weight(slot.kind))
    return {slot.key for slot in having[: traits.text.most_links]}


def _weight(kind: SlotKind) -> int:
    """The place of a kind's link among those of others: the lower, the sooner it is kept."""
    if kind in _LINKS_FIRST:
        return _LINKS_FIRST.index(kind)
    return len(_LINKS_FIRST) + (kind in ADVANCE_KINDS)


def _without_links(text: str, links: Sequence[str]) -> str:
    for link in sorted(links, key=len, reverse=True):
        text = re.sub(rf"\s*{re.escape(link)}", "", text)
    return text.strip()


def _distinguishing_mark(chat: Chat, slot: Slot) -> str:
    """The words that make a recurring text unique: the date, or for a reminder the time left."""
    with speaking(chat.language):
        if slot.kind == "reminder" and not wording.says_how_long(chat.starts - slot.at):
            return _time_left(slot.key.split("-")[1])
        day = chat.starts.astimezone(ZoneInfo(chat.timezone))
        return f"{spoken_date(day, 'year')}, {clock_time(day)}"


def _time_left(length: str) -> str:
    """How long it is to a start, by the length in a reminder's key."""
    days = _WHOLE_HOURS.fullmatch(length)
    if days and int(days[1]) in _DAYS:
        return _("{days} days to go").format(days=int(days[1]) // 24)
    return _("{time} to go").format(time=length)


def split(text: str, limit: int, measure: Callable[[str], int]) -> tuple[str, ...]:
    """The parts of a text, each at most `limit` long by `measure`. One part if it fits, none if it is empty.

    It is cut between paragraphs if possible, else between sentences, between words, or as a last resort inside a word,
    but not between a letter and its accent, nor inside an emoji, unless that alone is too long. White space at a cut is
    left out. Parts are neither numbered nor tagged. Raises ValueError if a single code point is longer than the limit.
    """
    text = text.strip()
    return tuple(_parts(text, limit, measure, 0)) if text else ()


def _parts(text: str, limit: int, measure: Callable[[str], int], level: int) -> list[str]:
    if measure(text) <= limit:
        return [text]
    if level == len(_BOUNDARIES):
        raise ValueError(f"a limit of {limit} does not hold a single character")
    parts: list[str] = []
    pieces, at = list(_pieces(text, _BOUNDARIES[level])), 0
    while at < len(pieces):
        count = _fitting(parts[-1], pieces[at:], limit, measure) if parts else 0
        if count:
            parts[-1] = _joined(parts[-1], pieces[at : at + count])
        else:
            parts += _parts(pieces[at][1], limit, measure, level + 1)
        at += count or 1
    return parts


def _fitting(part: str, pieces: Sequence[tuple[str, str]], limit: int, measure: Callable[[str], int]) -> int:
    """How many of these pieces fit after a part. They are not tried one by one: a platform's measure takes its time."""
    fits, too_many = 0, 1
    while too_many <= len(pieces) and measure(_joined(part, pieces[:too_many])) <= limit:
        fits, too_many = too_many, too_many * 2
    too_many = min(too_many, len(pieces) + 1)
    while too_many - fits > 1:
        half = (fits + too_many) // 2
        if measure(_joined(part, pieces[:half])) <= limit:
            fits = half
        else:
            too_many = half
    return fits


def _joined(part: str, pieces: Iterable[tuple[str, str]]) -> str:
    return part + "".join(gap + piece for gap, piece in pieces)


def _pieces(text: str, boundary: re.Pattern[str] | regex.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Each piece, with the gap before it."""
    begin, gap = 0, ""
    for cut in boundary.finditer(text):
        yield gap, text[begin : cut.start()]
        begin, gap = cut.end(), cut[0]
    yield gap, text[begin:]
