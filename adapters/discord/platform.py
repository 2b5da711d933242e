"""Discord as a Platform: puts the parts together. What it says is in `posting`, what it hears in `gateway`."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.discord.buttons import Buttons
from adapters.discord.channel_index import ChannelIndex
from adapters.discord.diagnostics import Diagnostics
from adapters.discord.direct_messages import DirectMessages
from adapters.discord.gateway import Gateway
from adapters.discord.history import History
from adapters.discord.interactions import Interactions
from adapters.discord.message_actions import MessageActions
from adapters.discord.message_sending import MessageSending
from adapters.discord.payloads import Home
from adapters.discord.private_commands import PrivateCommands
from adapters.discord.rest import Rest
from adapters.discord.scheduled_events import ScheduledEvents
from adapters.discord.settings import DiscordSettings, traits_of
from adapters.discord.threads_and_pins import ThreadsAndPins
from adapters.kit.answers import AnswerTimeout
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import Author, Post, Receipt
from bot.ports.commands import CommandPort
from bot.ports.inbound import Listener
from bot.ports.platform import Diagnosis, Page, ReadRequest, Traits


class Discord:
    """One channel, under the name `place`. Implements `bot.ports.platform.Platform`.

    Connected in two ways: calls go by REST, hearing by the gateway; either may fail while the other works.
    """

    def __init__(
        self, *, place: str, clock: Clock, listener: Listener, commands: CommandPort, server: DiscordSettings
    ) -> None:
        self._place, self._clock, self._listener, self._server = place, clock, listener, server
        self._traits = traits_of(server)
        self._rest = Rest(server, clock)
        self._letters = DirectMessages(self._rest)
        self._asking = AnswerTimeout(place=place, commands=commands)
        self._buttons = Buttons()
        self._whereabouts = ChannelIndex(server.channel)
        self._tending = ThreadsAndPins(place=place, server=server, rest=self._rest, whereabouts=self._whereabouts)
        self._meetings = ScheduledEvents(server=server, rest=self._rest)
        self._gateway: Gateway | None = None

    @property
    def traits(self) -> Traits:
        """Posts can be looked up, and chats entered in a calendar. A nonce holds for some minutes only."""
        return self._traits

    async def open(self) -> None:
        """Log in, look at the channel, and listen. May be called again. Raises PlatformError."""
        await self.close()
        await self._rest.open()
        home = self._home
        self._gateway = Gateway(
            home=home,
            server=self._server,
            clock=self._clock,
            listener=self._listener,
            commands=Interactions(home=home, asking=self._asking, rest=self._rest, buttons=self._buttons),
            private=PrivateCommands(place=self._place, asking=self._asking, rest=self._rest),
            whereabouts=self._whereabouts,
        )
        try:
            await self._gateway.open()
        except BaseException:
            await self.close()
            raise

    async def send(self, post: Post) -> Receipt:
        """Say it, or do what it is about. Raises PlatformError."""
        if post.calendar_entry:
            return await self._meetings.enter(post, post.calendar_entry)
        if post.action:
            return await self._deeds.take(post, post.action)
        if post.amends:
            return await self._deeds.amend(post, post.amends)
        if post.to:
            return await self._letters.send(post, post.to)
        return await self._posting.send(post)

    async def find(self, post: Post) -> Receipt | None:
        """Look whether it is there. What may be done twice is not looked for. Raises PlatformError."""
        if post.calendar_entry:
            return await self._meetings.find(post, post.calendar_entry)
        if post.action or post.amends:
            return None
        if post.to:
            return await self._letters.find(post, post.to)
        return await self._posting.find(post)

    async def read(self, reading: ReadRequest) -> Page:
        """The history of the channel and its threads. Raises PlatformError."""
        if reading.source != "history":
            raise PlatformError(f"Discord has no source '{reading.source}'.", permanent=True)
        return await self._history.read(reading)

    async def find_names(self, ids: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Nothing: events carry names."""
        del ids, chat
        return ()

    async def find_handles(self, handles: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Never asked: Discord tells the handle with every message."""
        del handles, chat
        return ()

    async def find_deleted(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        """Which were deleted. Raises PlatformError."""
        del chat
        return await self._history.find_deleted(ids)

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        """Try the token, the channel and the permissions, over a connection of its own."""
        return await Diagnostics(self._server, self._clock).run()

    async def close(self) -> None:
        """Hang up; harmless twice, and before `open`."""
        gateway, self._gateway = self._gateway, None
        if gateway:
            await gateway.close()
        await self._tending.close()
        await self._rest.close()

    @property
    def _home(self) -> Home:
        server = self._server
        return Home(place=self._place, guild=server.guild, channel=server.channel, me=self._rest.me, ranks=server.ranks)

    @property
    def _posting(self) -> MessageSending:
        return MessageSending(
            home=self._home,
            server=self._server,
            rest=self._rest,
            whereabouts=self._whereabouts,
            tending=self._tending,
        )

    @property
    def _deeds(self) -> MessageActions:
        return MessageActions(
            home=self._home,
            server=self._server,
            rest=self._rest,
            whereabouts=self._whereabouts,
            history=self._history,
            clock=self._clock,
        )

    @property
    def _history(self) -> History:
        return History(
            home=self._home, server=self._server, rest=self._rest, whereabouts=self._whereabouts, threads=self._threads
        )

    def _threads(self) -> set[int]:
        return self._gateway.threads() if self._gateway else self._whereabouts.threads
