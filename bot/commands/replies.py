"""How somebody is answered whose command came in a message: to them alone where that can be, else below what they said.

Whoever may not command gets no answer there: nothing is posted because somebody wishes to make the bot talk.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.commands.context import CommandEnvironment
from bot.commands.execution import ExecutedCommand
from bot.commands.grammar.catalogue import BY_WORD
from bot.live import receipts
from bot.store import planned_posts

_SHORT = {"people", "queue"}
"""Groups of commands whose receipts name people: where everybody reads, only that it is done."""


def plan(
    connection: Connection, environment: CommandEnvironment, carried: ExecutedCommand, now: datetime, *, public: bool
) -> None:
    """Plan the receipt as a post, where there is a platform to post it on; `public` where others could read it."""
    said, traits = carried.said, environment.places.get(carried.said.place)
    if traits is None or not traits.features.receipts or carried.effect.outcome == "denied":
        return
    text = _public(carried) if public else carried.effect.receipt
    if traits.text.unrepeated:
        text = f"{text} (Receipt {said.id[-6:]})"  # no text is taken twice, not even within a second
    below, to = (said.id, None) if public else (None, said.author.id)
    key = f"{'held' if carried.name == 'held' else 'answer'}-{said.id}"  # `held` is forgotten with what it tells
    post = receipts.receipt(said.chat or "", key, said.place, text, now, reply_to=below, to=to)
    planned_posts.save_plan(connection, [post])


def _public(carried: ExecutedCommand) -> str:
    """What everybody may read of a receipt."""
    spec = BY_WORD.get(carried.name)
    if spec is None or (spec.group not in _SHORT and spec.name != "handover"):
        return carried.effect.receipt
    return "Done." if carried.effect.outcome == "done" else "That could not be done; the host's page says why."
