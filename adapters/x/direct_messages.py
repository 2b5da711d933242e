"""Direct messages: what people ask of the bot alone, and its answers. Nobody is written to unasked.

X gives the newest first, and cannot be asked for what is new; so as little as possible is asked for.
"""

from __future__ import annotations

from adapters.kit.lookup import earliest, find_own, pages_by_token
from adapters.kit.payloads import read_in_part
from adapters.x.client import XClient
from adapters.x.matching import same_letter
from adapters.x.payloads import Answer, Direct, numbers
from adapters.x.snowflake import time_of
from adapters.x.translation import Me, to_command
from bot.messages import Post, Receipt
from bot.ports.platform import Page, ReadRequest

_LOOKED, _PAGES = 10, 3
"""Direct messages in a page, and pages, that are looked through for one of ours."""


async def page(calls: XClient, me: Me, reading: ReadRequest, place: str) -> Page:
    """One page of what was asked, as commands. Where no chat is open the newest alone is asked for: each costs a cent.

    Raises PlatformError.
    """
    answer = await calls.letters(most=reading.limit if reading.chat else 1, more=reading.more, chat=reading.chat)
    told = _read(answer)
    new = [one for one in told if time_of(one.id) >= reading.since]
    events = (to_command(one, place=place, me=me) for one in new)
    more = answer.meta.next_token if new and len(new) == len(told) else None
    return Page(events=tuple(one for one in events if one), more=more)


async def write(calls: XClient, post: Post, to: str) -> Receipt:
    """Answer somebody who wrote to us. Raises PlatformError; `ambiguous` where the answer may be there."""
    return _receipt(await calls.write(to, post))


async def find(calls: XClient, me: Me, post: Post, to: str) -> Receipt | None:
    """Look for our own words among the last direct messages with a person. Raises PlatformError."""
    if not numbers([to]):
        return None

    async def read(more: str | None) -> tuple[list[Direct], str | None]:
        answer = await calls.letters(most=_LOOKED, more=more, chat=post.chat, among=to)
        return _read(answer), answer.meta.next_token

    found = await find_own(
        pages_by_token(read, _PAGES),
        lambda one: one.sender_id == me.id and same_letter(one, post),
        too_old=lambda one: time_of(one.id) < earliest(post),
    )
    return _receipt(found.id) if found else None


def _receipt(id: str) -> Receipt:
    """Nobody but the two can see it, so it has no address."""
    return Receipt(id=id, url=None, at=time_of(id))


def _read(answer: Answer) -> list[Direct]:
    return [letter for told in answer.several if (letter := read_in_part(told, Direct))]
