"""Asks once more before a message that may tell who a patient is goes out to everybody."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.commands.context import CommandContext, CommandResult
from bot.moderation import reasons
from bot.moderation.policy import MessageFacts, Policy
from bot.moderation.reasons import AnyReason
from bot.store import moderation_queue
from bot.store.message_rows import MessageRow
from bot.translation import _


def ask_once_more(
    connection: Connection, context: CommandContext, row: MessageRow, confirm: str
) -> CommandResult | None:
    """The question whether a message is to be released, where the guard sees a patient in it; None where it doesn't.

    The reasons with which it was held count, and where these are gone, because somebody has decided since, its text.
    """
    if row.verdict == "keep" or row.gone:
        return None
    signs = reasons.about_patients(_reasons(connection, context, row))
    if not signs:
        return None
    why = reasons.summary(signs)
    return CommandResult(
        receipt=" ".join(
            (
                _("That may tell who a patient is: {why}. Let everybody read it?").format(why=why),
                _("Say `{command}`.").format(command=confirm),
            )
        ),
        outcome="refused",
        confirm=confirm,
    )


def _reasons(connection: Connection, context: CommandContext, row: MessageRow) -> tuple[AnyReason, ...]:
    entry = moderation_queue.find_by_message(connection, row.place, row.id)
    if entry is not None and entry.reasons:
        return entry.reasons
    from bot.moderation import message_rules  # noqa: PLC0415 -- the guard takes a third of the time of a short verb

    names = (row.author.handle, row.author.name) if row.author else ()
    facts = MessageFacts(Policy(guard=context.environment.guard), names=names)
    return (*message_rules.identifying(row.text, facts), *message_rules.identifying_name(row.text, facts))
