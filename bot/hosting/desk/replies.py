"""How somebody is answered whose command came in a message: to them alone where that can be, else below what they said.

Whoever may not command gets no answer there: nothing is posted because somebody wishes to make the bot talk.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.hosting.desk.case import House
from bot.hosting.desk.clerk import Carried
from bot.hosting.orders.table import BY_WORD
from bot.messages import Command, Post
from bot.store import drafts, incoming
from bot.store.drafts import Draft, nonce

_WORTH = timedelta(minutes=10)
"""How long a receipt is worth sending."""

_SHORT = {"people", "queue"}
"""Groups of commands whose receipts name people: where everybody reads, only that it is done."""


def said_aloud(connection: Connection, command: Command) -> bool:
    """Whether a command was said in a message that others could read."""
    return bool(incoming.standing(connection, [(command.place, command.id)]))


def plan(connection: Connection, house: House, carried: Carried, now: datetime, *, aloud: bool, public: bool) -> None:
    """Plan the receipt as a post, where there is a platform to post it on."""
    said, traits = carried.said, house.places.get(carried.said.place)
    if traits is None or not traits.receipts or carried.effect.outcome == "denied":
        return
    text = _public(carried) if public else carried.effect.receipt
    if traits.unrepeated:
        text = f"{text} ({said.at:%H:%M:%S} UTC)"  # no text is taken twice
    key = f"receipt-{nonce(said.id, 'command', said.place, 1)[:16]}"
    post = Post(
        chat=said.chat or "",
        key=key,
        place=said.place,
        kind="receipt",
        text=text,
        nonce=nonce(said.chat or "", key, said.place, 1),
        due=now,
        reply_to=said.id if aloud and public else None,
        to=None if public else said.author.id,
    )
    drafts.plan(connection, [Draft(post=post, expires=now + _WORTH)])


def _public(carried: Carried) -> str:
    """What everybody may read of a receipt."""
    spec = BY_WORD.get(carried.name)
    if spec is None or spec.group not in _SHORT:
        return carried.effect.receipt
    return "Done." if carried.effect.outcome == "done" else "That could not be done; the host's page says why."
