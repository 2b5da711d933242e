"""Handles what is posted as the bot: say, announce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import wording
from bot.chat import Chat, Slot
from bot.clock import clock_time
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.command_types import Announce, Say
from bot.commands.plan import announcements
from bot.ports.platform import Traits
from bot.scheduling import planning, timeline
from bot.scheduling.post_text import Doubt, post_texts
from bot.store import planned_posts
from bot.store.outbox_queries import OutboxRow
from bot.store.planned_posts import PlannedPost
from bot.translation import _, pending

_DOUBTS: dict[Doubt, str] = {
    "long": pending("it is too long"),
    "links": pending("only one post of a chat may have a link there; say it without"),
    "same": pending("another account says it there already"),
    "bare": pending("nothing is left of it without its link"),
}


def say(connection: Connection, context: CommandContext, command: Say) -> CommandResult:
    """Post a text as the bot, on one place or on all places of the chat."""
    if command.place is not None and command.place not in context.places:
        return refused(
            _("This chat does not go to {place}. It goes to {places}.").format(
                place=command.place, places=place_names(list(context.places))
            )
        )
    if context.now >= context.ends + planning.CLOSING_GRACE:
        return refused(announcements.describe_plan(context.chat, context.plan, context.now))
    places = [command.place] if command.place else list(context.places)
    slot = context.with_own_key(announcements.notice(context.chat, command.text, context.now))
    refusing = _refusing_places(context, slot, places)
    places = [place for place in places if place not in refusing]
    _plan_notice(connection, context, slot, places)
    if not places:
        return refused(_explain(refusing))
    return CommandResult(
        receipt=" ".join(filter(None, [_("Said in {places}.").format(places=place_names(places)), _explain(refusing)]))
    )


def announce(connection: Connection, context: CommandContext, _command: Announce) -> CommandResult:
    """Announce the chat, before or during it."""
    chat, plan = context.chat, context.plan
    if plan.is_over(context.now):
        return refused(announcements.describe_plan(chat, plan, context.now))
    if plan.has_begun(context.now):
        text = wording.announcement(chat, plan.current_question or "")
    else:
        text = wording.reminder(chat)
    clock = clock_time(context.now.astimezone(ZoneInfo(chat.timezone)))  # platforms refuse the same text twice
    _plan_notice(
        connection,
        context,
        context.with_own_key(announcements.notice(chat, wording.noted(chat, text, clock), context.now)),
        list(context.places),
    )
    return CommandResult(receipt=_("Announced in {places}.").format(places=place_names(list(context.places))))


def _refusing_places(context: CommandContext, slot: Slot, places: Sequence[str]) -> dict[str, Doubt]:
    """The places that can't post this text as it is, with the reason."""
    chosen = {place: traits for place, traits in context.places.items() if place in places}
    texts = post_texts(context.chat, [*timeline.all_slots(context.chat), slot], chosen)
    doubts = {place: found[-1].doubt for place, found in texts.items() if found[-1].doubt}
    linked: dict[str, Doubt] = {place: "links" for place in chosen if _out_of_links(context, place, slot)}
    return linked | doubts


def _out_of_links(context: CommandContext, place: str, slot: Slot) -> bool:
    """Whether the text has a link, and the place has already had as many posts with one as it may."""
    traits = context.places[place]
    if traits.text.most_links is None or not traits.text.links(slot.text):
        return False
    with_link = {row.post.key for row in context.outbox_rows if row.post.place == place and _uses_link(row, traits)}
    return len(with_link) >= traits.text.most_links


def _uses_link(row: OutboxRow, traits: Traits) -> bool:
    return row.post.is_public and row.state not in ("skipped", "failed") and bool(traits.text.links(row.post.text))


def _explain(refusing: Mapping[str, Doubt]) -> str:
    return " ".join(
        _("Not in {place}: {why}.").format(place=place, why=_(_DOUBTS[doubt])) for place, doubt in refusing.items()
    )


def _plan_notice(connection: Connection, context: CommandContext, slot: Slot, places: Sequence[str]) -> None:
    planned_posts.save_plan(connection, plan_in(context, context.chat, slot, places))


def plan_in(context: CommandContext, chat: Chat, slot: Slot, places: Sequence[str]) -> list[PlannedPost]:
    """The posts of a slot in these places."""
    chosen = {place: traits for place, traits in context.places.items() if place in places}
    return planning.plan_posts(chat, [slot], chosen, ends=context.ends, slack=context.environment.slack)


def place_names(places: Sequence[str]) -> str:
    """The places in words."""
    return wording.names(places) or _("no place")
