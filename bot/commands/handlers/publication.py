"""Handles the publication of a chat: now, later, or not at all. The running bot publishes it, when it is due."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.record_types import PublishLater, PublishNow, Withhold
from bot.local_dates import spoken_moment
from bot.messages import Value
from bot.publication import Publication, PublicationChoice, postponed, publication
from bot.store import chats, moderation_queue
from bot.translation import _, ngettext

_replace = msgspec.structs.replace


class PublicationUndo(Value, frozen=True, kw_only=True, tag="publication"):
    """A decision about the publication as `undo` needs it."""

    before: PublicationChoice


def publish_now(connection: Connection, context: CommandContext, command: PublishNow) -> CommandResult:
    """Publish the record now. It is asked to be confirmed first: people read it from then on."""
    found = _publication(context)
    if why := _why_not(context, found):
        return refused(why)
    if not command.sure:
        return _ask_to_confirm(connection, context)
    choice = PublicationChoice(due=context.now)
    return _save(connection, context, found, choice, _("The record is published within a minute."))


def publish_later(connection: Connection, context: CommandContext, command: PublishLater) -> CommandResult:
    """Publish the record later than it would be."""
    found = _publication(context)
    if found.phase == "published":
        return refused(_("It is published already. `withhold` takes it back."))
    if context.chat.publish == "nobody":
        return refused(_nothing_is())
    choice = PublicationChoice(due=postponed(found, command.by, context.now))
    when = spoken_moment(choice.due or context.now, context.chat.timezone)
    said = _("The record is published on {when}. Until then it can be changed.").format(when=when)
    return _save(connection, context, found, choice, said)


def withhold(connection: Connection, context: CommandContext, _command: Withhold) -> CommandResult:
    """Do not publish the record, or take it back."""
    found = _publication(context)
    choice = _replace(context.state.publication, withheld=True)
    if choice == context.state.publication or context.chat.publish == "nobody":
        return refused(_("It is not published anyway; nothing changed."))
    said = (
        _("The record is taken back. Copies that others have made stay where they are.")
        if found.is_public
        else _("The record is not published. `publish now` publishes it after all.")
    )
    return _save(connection, context, found, choice, said)


def undo(connection: Connection, context: CommandContext, change: PublicationUndo) -> CommandResult:
    """Take a decision back, unless the record was published by it meanwhile."""
    if context.state.publication.published_at is not None and change.before.published_at is None:
        return refused(_("It is published by now. `withhold` takes it back."))
    state = _replace(context.state, publication=change.before)
    chats.save_state(connection, context.chat.name, state)
    return CommandResult(receipt=_("Taken back."))


def _publication(context: CommandContext) -> Publication:
    environment = context.environment
    return publication(
        context.chat,
        context.state.publication,
        now=context.now,
        ends=context.ends,
        shuts=context.ends + environment.open_after,
        asked=any(row.post.kind == "question" and row.state == "sent" for row in context.outbox_rows),
        usual_wait=environment.draft,
    )


def _why_not(context: CommandContext, found: Publication) -> str:
    """Why a record can't be published now."""
    if context.now < context.ends:
        return _("The chat is not over yet; its record is published afterwards.")
    if context.chat.publish == "nobody":
        return _nothing_is()
    return _("It is published already.") if found.is_public else ""


def _nothing_is() -> str:
    return _("Its file says that nothing of this chat is published.")


def _ask_to_confirm(connection: Connection, context: CommandContext) -> CommandResult:
    held = len(moderation_queue.queue_entries(connection, context.chat.name))
    waiting = ngettext(
        " {held} message waits for a moderator and would not be in it.",
        " {held} messages wait for a moderator and would not be in it.",
        held,
    )
    question = _("Publish the record now?") + (waiting.format(held=held) if held else "")
    confirm = "publish now yes"
    said = _("{question} Say `{confirm}`.").format(question=question, confirm=confirm)
    return CommandResult(receipt=said, outcome="refused", confirm=confirm)


def _save(
    connection: Connection, context: CommandContext, found: Publication, choice: PublicationChoice, receipt: str
) -> CommandResult:
    chats.save_state(connection, context.chat.name, _replace(context.state, publication=choice))
    undo = PublicationUndo(before=context.state.publication)
    after = "withheld" if choice.withheld else f"due {choice.due:%Y-%m-%d %H:%M} UTC"
    return CommandResult(receipt=receipt, before=found.phase, after=after, change=msgspec.json.encode(undo).decode())
