"""Replies to commands that came in a message: privately where the platform can, else below the message.

A person who may not give the command gets no reply: nothing is posted because somebody wants to make the bot talk.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.commands.context import CommandEnvironment
from bot.commands.execution import ExecutedCommand
from bot.commands.grammar.catalogue import BY_WORD
from bot.live import receipts
from bot.store import planned_posts
from bot.translation import _

_NAME_PEOPLE = {"people", "queue", "record"}
"""Groups of commands whose receipts name people. In public the reply only says that it is done."""


def plan_reply(
    connection: Connection, environment: CommandEnvironment, executed: ExecutedCommand, now: datetime, *, public: bool
) -> None:
    """Plan the receipt as a post, if its place posts replies. `public`: others can read it."""
    command, traits = executed.command, environment.places.get(executed.command.place)
    if traits is None or not traits.features.receipts or executed.result.outcome == "denied":
        return
    text = (_public_text(executed) if public else executed.result.receipt) + _way_back(executed)
    if traits.text.unrepeated:
        text = _("{text} (Receipt {id})").format(
            text=text, id=command.id[-6:]
        )  # the platform refuses the same text twice
    below, to = (command.id, None) if public else (None, command.author.id)
    # the reply to `held` has a key of its own, because it is deleted with the messages that it tells of
    key = f"{'held' if executed.name == 'held' else 'answer'}-{command.id}"
    post = receipts.receipt(command.chat or "", key, command.place, text, now, reply_to=below, to=to)
    planned_posts.save_plan(connection, [post])


def _way_back(executed: ExecutedCommand) -> str:
    """How to take the change back, in words: a reply has no buttons. Empty where nothing was changed."""
    if executed.undo is None or executed.result.outcome != "done":
        return ""
    return " " + _("To take that back: `{command}`.").format(command=executed.undo)


def _public_text(executed: ExecutedCommand) -> str:
    """The part of a receipt that everybody may read."""
    info = BY_WORD.get(executed.name)
    if info is None or (info.group not in _NAME_PEOPLE and info.name not in {"handover", "lead"}):
        return executed.result.receipt
    if executed.result.confirm and info.group == "queue":
        return _("Say `{confirm}` to do it.").format(confirm=executed.result.confirm)
    return _("Done.") if executed.result.outcome == "done" else _("That could not be done; the host's page says why.")
