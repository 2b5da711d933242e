"""Handles who leads: `handover` gives the lead to a person, to the moderators or by a link, and `lead` takes it back.

Whoever hands over leads on. Hosts of the chat file, and holders of a link that the operator made, always lead.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from bot import wording
from bot.commands import lookup
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.command_types import Handover, Lead
from bot.commands.grammar.permissions import rank
from bot.commands.lookup import NotFound
from bot.messages import Value
from bot.store import chats, participants, private_links
from bot.store.chats import ChatState
from bot.translation import _

_replace = msgspec.structs.replace

_LONGEST_NAME = 60
"""Characters of a name on a link."""


class LeadUndo(Value, frozen=True, kw_only=True, tag="leading"):
    """A change of who leads as `undo` needs it: who led before, and the links that were made or revoked."""

    hosts: tuple[tuple[str, str], ...] = ()
    moderators_lead: bool = False
    moderators_stay: bool = False
    handed_links: tuple[str, ...] = ()
    made: str = ""
    revoked: tuple[str, ...] = ()


def handover(connection: Connection, context: CommandContext, command: Handover) -> CommandResult:
    """Let somebody else lead as well."""
    if command.moderators:
        return _to_moderators(connection, context)
    if command.by_link:
        return _by_link(connection, context, command.person.name if command.person else None)
    found = lookup.find_person(connection, context, command.person, joined=True) if command.person else None
    if found is None or isinstance(found, NotFound):
        reason = found.reason if found else _("Say to whom.")
        return refused(_("{reason} They have to join, or say something in the chat, first.").format(reason=reason))
    if rank(context.environment.role(context.chat, context.state, found.place, found.author)) >= rank("host"):
        return refused(_("{who} can lead already.").format(who=found.author.shown))
    state = _replace(context.state, hosts=(*context.state.hosts, (found.place, found.author.id)))
    traits = context.environment.places.get(found.place)
    in_room = traits is not None and traits.features.own_pages
    how = _(" The controls are a press away on their page.") if in_room else ""
    return _save(
        connection,
        context,
        state,
        _("{who} leads now, with all commands.{how}").format(who=found.author.shown, how=how),
        found.named,
    )


def lead(connection: Connection, context: CommandContext, _command: Lead) -> CommandResult:
    """Take the lead back from everybody who was handed it, but not from the person who says so."""
    state, me = context.state, context.command.author
    kept = tuple(one for one in state.hosts if one == (context.command.place, me.id))
    ended = tuple(one for one in state.handed_links if me.id != f"link-{one}")
    gone = [one for one in state.hosts if one not in kept]
    if not (gone or ended or state.moderators_lead):
        return refused(_("Nobody was handed the lead."))
    names = participants.names(connection, context.chat.name, gone)
    names += private_links.names(connection, ended)
    names += [_(_("the moderators"))] * state.moderators_lead
    for id in ended:
        private_links.revoke_links(connection, context.chat.name, id, context.now)
    after = _replace(
        state,
        hosts=kept,
        moderators_lead=False,
        moderators_stay=False,
        handed_links=tuple(one for one in state.handed_links if one not in ended),
    )
    receipt = _("The lead is taken back from {names}.").format(names=_listed(names))
    return _save(connection, context, after, receipt, "", revoked=ended)


def undo(connection: Connection, context: CommandContext, change: LeadUndo) -> CommandResult:
    """Let those lead who led before."""
    if change.made:
        private_links.revoke_links(connection, context.chat.name, change.made, context.now)
    private_links.restore_links(connection, change.revoked)
    state = _replace(
        context.state,
        hosts=change.hosts,
        moderators_lead=change.moderators_lead,
        moderators_stay=change.moderators_stay,
        handed_links=change.handed_links,
    )
    chats.save_state(connection, context.chat.name, state)
    return CommandResult(receipt=_("Taken back."))


def _to_moderators(connection: Connection, context: CommandContext) -> CommandResult:
    if context.state.moderators_stay:
        return refused(_("The moderators can lead already."))
    state = _replace(context.state, moderators_lead=True, moderators_stay=True)
    return _save(
        connection, context, state, _("Every moderator can lead now, until you say `lead`."), _("the moderators")
    )


def _by_link(connection: Connection, context: CommandContext, name: str | None) -> CommandResult:
    traits = context.environment.places.get(context.command.place)
    if traits is None or not traits.features.own_pages:
        return refused(_("A link is made on the host's page, where nobody else sees it; or your operator makes one."))
    shown = " ".join((name or "").split())
    if not 0 < len(shown) <= _LONGEST_NAME or not shown.isprintable():
        return refused(_("A name has 1 to {most} characters, all of them visible.").format(most=_LONGEST_NAME))
    id, key = private_links.create_link(connection, chat=context.chat.name, name=shown, role="host", now=context.now)
    state = _replace(context.state, handed_links=(*context.state.handed_links, id))
    receipt = _("Whoever opens this link leads as {shown}. It is shown only now: pass it on to nobody else.").format(
        shown=shown
    )
    made = _save(connection, context, state, receipt, f"link {id}", made=id)
    return _replace(made, link=private_links.link_path(key, context.chat.name))


def _save(
    connection: Connection,
    context: CommandContext,
    state: ChatState,
    receipt: str,
    after: str,
    *,
    made: str = "",
    revoked: tuple[str, ...] = (),
) -> CommandResult:
    chats.save_state(connection, context.chat.name, state)
    before = context.state
    undo = LeadUndo(
        hosts=before.hosts,
        moderators_lead=before.moderators_lead,
        moderators_stay=before.moderators_stay,
        handed_links=before.handed_links,
        made=made,
        revoked=revoked,
    )
    return CommandResult(receipt=receipt, before="", after=after, change=msgspec.json.encode(undo).decode())


def _listed(names: list[str]) -> str:
    return wording.names(names) if names else _("the others")
