"""Builds what reads the places that have to be asked: a poller each, the sweep after a chat, and the resyncs later."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bot.listening.budget import ReadingBudget
from bot.listening.final_sweep import FinalSweep
from bot.listening.inbox import Inbox
from bot.listening.poller import AccountGroup, PolledPlace, Poller
from bot.listening.resync import Resync
from bot.wiring.concerns import Concerns
from bot.wiring.foundation import Foundation
from bot.wiring.places import Places


def readers(
    foundation: Foundation, places: Places, inbox: Inbox, concerns: Concerns
) -> Iterator[tuple[str, Poller | FinalSweep | Resync]]:
    """The readers of each place that has sources, each with the place's name."""
    settings, clock, database, live_chats, _ = foundation
    for place in _polled(foundation, places, concerns):
        poller = Poller(place, inbox=inbox, live_chats=live_chats, clock=clock, record_result=places.record_result)
        sweep = FinalSweep(place, poller=poller, inbox=inbox, live_chats=live_chats, clock=clock, database=database)
        resync = Resync(
            place,
            inbox=inbox,
            live_chats=live_chats,
            clock=clock,
            database=database,
            after=settings.publication.follow,
            report_gone=concerns.mostly_gone,
        )
        yield from ((place.name, one) for one in (poller, sweep, resync))


def _polled(foundation: Foundation, places: Places, concerns: Concerns) -> Iterator[PolledPlace]:
    """The places with sources. Those on one platform are a group: what one of them reads, the others need not."""
    groups: dict[str, AccountGroup] = {}
    for platform in {one.platform for one in places.traits().values()}:
        same = (name for name, one in places.traits().items() if one.platform == platform)
        groups[platform] = AccountGroup(tuple(same), places.monitor.available)
    for name, traits in places.traits().items():
        if traits.sources:
            places.listeners[name].use_push_source(traits)
            yield PolledPlace(
                name=name,
                platform=places.platforms[name],
                listener=places.listeners[name],
                budget=ReadingBudget(name, traits, foundation.database, concerns.budget_used_up),
                group=groups[traits.platform],
                available=partial(places.monitor.available, name),
            )
