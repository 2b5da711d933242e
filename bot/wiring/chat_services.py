"""Builds what serves the chats: the inbox, the command service with its worker, the roles and the autopilot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from bot.chat import Host
from bot.commands.autopilot import Autopilot
from bot.commands.context import CommandEnvironment
from bot.commands.dashboard import DashboardBuilder
from bot.commands.privacy import PrivacyRequests
from bot.commands.role_lookup import Roles
from bot.commands.service import CommandService
from bot.commands.worker import CommandWorker
from bot.erasure.holdings import describe, holdings
from bot.erasure.people import accounts_of
from bot.erasure.traces import Ident
from bot.listening.batch_writer import RoleLookup
from bot.listening.inbox import Inbox, Wakeups
from bot.moderation.decision_writer import PlaceCapabilities
from bot.moderation.policy import policy
from bot.ports.platform import Platform, Traits
from bot.scheduling.outbox import Outbox
from bot.scheduling.place_monitor import PlaceMonitor
from bot.scheduling.plan_sync import PlanSync
from bot.scheduling.scheduler import Scheduler
from bot.settings.settings import StaffMember
from bot.translation import _
from bot.wiring.adapters import traits
from bot.wiring.foundation import Foundation


class ChatServices:
    """Built before the places, which need the command service. `add_places` and `connect` add what is built later."""

    def __init__(self, foundation: Foundation) -> None:
        settings, clock, database, live_chats, notifications = foundation
        self._settings, self._database = settings, database
        self._live_chats, self._notifications = live_chats, notifications
        self._places: dict[str, Traits] = {}
        self.recount: Callable[[str], Awaitable[None]] | None = None
        """Where other processes change counts as well, they are read from the store after a command."""
        self.roles = Roles(
            database=database,
            live_chats=live_chats,
            clock=clock,
            admins=_hosts(settings.admins),
            moderators=_hosts(settings.moderators),
        )
        self._dashboards = DashboardBuilder(database, live_chats, self._places)
        environment = self._make_environment(foundation)
        self.service = CommandService(
            database=database,
            live_chats=live_chats,
            clock=clock,
            environment=environment,
            roles=self.roles,
            dashboards=self._dashboards,
        )
        self.worker = CommandWorker(database, self.service, environment)
        self.autopilot = self._make_autopilot(foundation)

    def _make_environment(self, foundation: Foundation) -> CommandEnvironment:
        settings, clock, *_ = foundation
        return CommandEnvironment(
            places=self._places,
            slack=settings.hosting.shift,
            role=self.roles.role,
            speed=clock.speed,
            guard=settings.moderation.guard,
            open_after=settings.hosting.open_after,
            draft=settings.publication.draft,
        )

    def _make_autopilot(self, foundation: Foundation) -> Autopilot:
        settings, clock, database, live_chats, _ = foundation
        return Autopilot(
            database=database,
            live_chats=live_chats,
            clock=clock,
            service=self.service,
            roles=self.roles,
            places=self._places,
            absent=settings.hosting.absent,
            lead=settings.hosting.lead,
        )

    def inbox(self, answered: Callable[[], None]) -> Inbox:
        """The inbox for all places. `answered` is called when a receipt is planned."""
        abilities, rules = traits(self._settings), self._settings.moderation
        self._inbox = Inbox(
            self._database,
            self._live_chats,
            self._notifications,
            policy=policy(
                guard=rules.guard,
                blocked=rules.blocked,
                longest=rules.longest,
                flood=rules.flood,
                remind=rules.remind,
            ),
            capabilities=PlaceCapabilities(
                answering={place for place, one in abilities.items() if one.features.receipts},
                private={place for place, one in abilities.items() if one.features.private},
                action_kinds={place: one.features.actions for place, one in abilities.items()},
                same_platform=_same_platform(abilities),
            ),
            roles=RoleLookup(has_role=self.roles.has_role, moderators=self.roles.leader_accounts),
            wakeups=Wakeups(outbox=answered, commands=self.worker.wake),
        )
        self.roles.store_event = self._inbox.hear
        return self._inbox

    def add_places(self, places: Mapping[str, Platform], monitor: PlaceMonitor) -> None:
        """Give the places to everything that needs them."""
        self._places.update((place, platform.traits) for place, platform in places.items())
        self.roles.platforms = places
        self._dashboards.conditions = monitor.statuses

    def connect(self, plan_sync: PlanSync, outbox: Outbox, scheduler: Scheduler) -> None:
        """Connect the commands with scheduling, so that they take effect."""

        async def refresh(chat: str, count_changes: Sequence[tuple[str, int]]) -> None:
            await plan_sync.reload(chat)
            live = self._live_chats.by_name.get(chat)
            if count_changes and self.recount is not None:
                await self.recount(chat)
            elif live is not None:
                for question, by in count_changes:
                    live.counts[question] += by
            for what in ("heard", "queue") if count_changes else ("queue",):
                self._notifications.notify(chat, what)
            scheduler.wake()

        self.service.executor.lock = scheduler.lock
        self.service.executor.release_claims = outbox.release_claims
        self.service.executor.refresh = refresh
        self.service.executor.corrected = self._inbox.hear
        platforms = {name: place.platform for name, place in self._settings.places.items()}
        requests = PrivacyRequests(
            self._database,
            hear=self._inbox.hear,
            stop=self._inbox.stop_writing_to,
            accounts=lambda place, id: accounts_of(place, id, platforms),
            tell=self._holdings,
        )
        self.service.about_self = requests.carry_out
        self.worker.reply_planned = scheduler.wake

    async def _holdings(self, accounts: tuple[Ident, ...]) -> str:
        """The data held on a person, and until when, in words for them."""
        held, kept = await self._database.read(holdings, accounts), self._settings.retention
        days = [one.days for one in (kept.unpublished, kept.accounts)]
        return describe(held) if held.nothing or not all(days) else f"{describe(held)}\n{_until(*days)}"


def _until(unpublished: int, accounts: int) -> str:
    text = _("What is not published goes {unpublished} days after its chat, your account's id after {accounts} days.")
    return text.format(unpublished=unpublished, accounts=accounts)


def _hosts(staff: Iterable[StaffMember]) -> list[Host]:
    return [Host(name=one.name, handles=one.handles) for one in staff]


def _same_platform(abilities: Mapping[str, Traits]) -> dict[str, list[str]]:
    """For each place on a platform that refuses the same text twice, all places on it: people are the same there."""
    return {
        place: [other for other, one in abilities.items() if one.platform == mine.platform]
        for place, mine in abilities.items()
        if mine.text.unrepeated
    }
