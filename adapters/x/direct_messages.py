"""Direct messages: commands that people write to the bot alone, and its answers. It writes to no one unasked.

X returns the newest first and has no way to ask for new ones only, so we read as few as possible.
"""

from __future__ import annotations

from datetime import datetime

from adapters.kit.lost_answers import earliest, find_own, pages_by_token
from adapters.kit.payloads import read_in_part
from adapters.x.client import XClient
from adapters.x.matching import same_direct_message
from adapters.x.payloads import DirectMessage, Response, exact_time, valid_ids
from adapters.x.translation import Me, to_command
from bot.messages import Post, Receipt
from bot.ports.platform import Page, ReadRequest

_LOOKED, _PAGES = 10, 3
"""Direct messages in a page, and pages, that are searched for one of ours."""


async def page(client: XClient, me: Me, reading: ReadRequest, place: str, now: datetime) -> Page:
    """One page of direct messages, as commands. While no chat is open only the newest is read: each costs a cent.

    Raises PlatformError.
    """
    answer = await client.direct_messages(
        most=reading.limit if reading.chat else 1, more=reading.more, chat=reading.chat
    )
    payload = _read(answer)
    new = [one for one in payload if exact_time(one.id, one.created_at, now) >= reading.since]
    events = (to_command(one, place=place, me=me, now=now) for one in new)
    more = answer.meta.next_token if new and len(new) == len(payload) else None
    return Page(events=tuple(one for one in events if one), more=more)


async def send(client: XClient, post: Post, to: str, now: datetime) -> Receipt:
    """Answer a person who wrote to us. Raises PlatformError; `ambiguous` if the answer may have been sent."""
    id = await client.send_direct_message(to, post)
    return _receipt(id, exact_time(id, None, now))


async def find(client: XClient, me: Me, post: Post, to: str, now: datetime) -> Receipt | None:
    """Look for our own words among the last direct messages with a person. Raises PlatformError."""
    if not valid_ids([to]):
        return None

    async def read(more: str | None) -> tuple[list[DirectMessage], str | None]:
        answer = await client.direct_messages(most=_LOOKED, more=more, chat=post.chat, among=to)
        return _read(answer), answer.meta.next_token

    found = await find_own(
        pages_by_token(read, _PAGES),
        lambda one: one.sender_id == me.id and same_direct_message(one, post),
        too_old=lambda one: exact_time(one.id, one.created_at, now) < earliest(post),
    )
    return _receipt(found.id, exact_time(found.id, found.created_at, now)) if found else None


def _receipt(id: str, at: datetime) -> Receipt:
    """A receipt without an address: only the two can see the message."""
    return Receipt(id=id, url=None, at=at)


def _read(answer: Response) -> list[DirectMessage]:
    return [message for payload in answer.entries if (message := read_in_part(payload, DirectMessage))]
