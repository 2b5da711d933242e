"""Discord as a Platform: puts the parts together. Posts go out by `message_sending`, events come in by `gateway`."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.discord.buttons import Buttons
from adapters.discord.diagnostics import Diagnostics
from adapters.discord.direct_messages import DirectMessages
from adapters.discord.gateway import Gateway
from adapters.discord.history import History
from adapters.discord.interactions import Interactions
from adapters.discord.location import ChannelIndex, Location
from adapters.discord.message_actions import MessageActions
from adapters.discord.message_sending import MessageSending
from adapters.discord.private_commands import PrivateCommands
from adapters.discord.rest import Rest
from adapters.discord.scheduled_events import ScheduledEvents
from adapters.discord.settings import DiscordSettings, traits_of
from adapters.discord.threads_and_pins import ThreadsAndPins
from adapters.kit.answers import AnswerTimeout
from adapters.kit.routing import RoutedPlatform
from bot.messages import CalendarEntry, PlatformAction, Post, Receipt
from bot.ports.inbound import AdapterContext
from bot.ports.platform import Diagnosis, Page, ReadRequest, Traits


class Discord(RoutedPlatform):
    """One channel, under the name `place`. Implements `bot.ports.platform.Platform`.

    Connected in two ways: calls go by REST, events come by the gateway; either may fail while the other works.
    """

    def __init__(self, context: AdapterContext, settings: DiscordSettings) -> None:
        self._place, self._clock, self._listener = place, clock, _ = context.place, context.clock, context.listener
        self._settings = settings
        self._traits = traits_of(settings)
        self._rest = Rest(settings, clock)
        self._direct_messages = DirectMessages(self._rest)
        self._answers = AnswerTimeout(place=place, commands=context.commands)
        self._buttons = Buttons()
        self._channels = ChannelIndex(settings.channel)
        self._threads_and_pins = ThreadsAndPins(
            place=place,
            settings=settings,
            rest=self._rest,
            channels=self._channels,
            listener=context.listener,
        )
        self._events = ScheduledEvents(settings=settings, rest=self._rest)
        self._gateway: Gateway | None = None

    @property
    def traits(self) -> Traits:
        """Posts can be looked up, and chats entered in a calendar. A nonce holds for some minutes only."""
        return self._traits

    async def open(self) -> None:
        """Log in, look at the channel, and listen. May be called again. Raises PlatformError."""
        await self.close()
        await self._rest.open()
        location = self._location
        self._gateway = Gateway(
            location=location,
            settings=self._settings,
            clock=self._clock,
            listener=self._listener,
            commands=Interactions(location=location, answers=self._answers, rest=self._rest, buttons=self._buttons),
            private=PrivateCommands(place=self._place, answers=self._answers, rest=self._rest),
            channels=self._channels,
        )
        try:
            await self._gateway.open()
        except BaseException:
            await self.close()
            raise

    async def send_message(self, post: Post) -> Receipt:
        """Post it in the channel, or in a thread of it. Raises PlatformError."""
        return await self._sending.send(post)

    async def find_message(self, post: Post) -> Receipt | None:
        """Look where it would be. Raises PlatformError."""
        return await self._sending.find(post)

    async def send_private(self, post: Post, person: str) -> Receipt:
        """Write to a person alone. Raises PlatformError."""
        return await self._direct_messages.send(post, person)

    async def find_private(self, post: Post, person: str) -> Receipt | None:
        """Look in the private channel. Raises PlatformError."""
        return await self._direct_messages.find(post, person)

    async def edit_message(self, post: Post, id: str) -> Receipt:
        """Give a message of ours another text. Raises PlatformError."""
        return await self._actions.edit(post, id)

    async def take_action(self, post: Post, action: PlatformAction) -> Receipt:
        """Delete a message, or time a person out. Raises PlatformError."""
        return await self._actions.take(post, action)

    async def enter_calendar(self, post: Post, entry: CalendarEntry) -> Receipt:
        """Make the chat a scheduled event of the server. Raises PlatformError."""
        return await self._events.enter(post, entry)

    async def find_in_calendar(self, post: Post, entry: CalendarEntry) -> Receipt | None:
        """Look for the event as it should be. Raises PlatformError."""
        return await self._events.find(post, entry)

    async def read(self, reading: ReadRequest) -> Page:
        """Read the history of the channel and its threads. Raises PlatformError."""
        return await (self._history.read(reading) if reading.source == "history" else super().read(reading))

    async def find_deleted(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        """Find deleted messages. Raises PlatformError."""
        del chat
        return await self._history.find_deleted(ids)

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        """Try the token, the channel and the permissions, over a connection of its own."""
        return await Diagnostics(self._settings, self._clock).run()

    async def close(self) -> None:
        """Disconnect; harmless twice, and before `open`."""
        gateway, self._gateway = self._gateway, None
        if gateway:
            await gateway.close()
        await self._threads_and_pins.close()
        await self._rest.close()

    @property
    def _location(self) -> Location:
        settings = self._settings
        return Location(
            place=self._place,
            guild=settings.guild,
            channel=settings.channel,
            me=self._rest.me,
            ranks=settings.roles.ranks,
        )

    @property
    def _sending(self) -> MessageSending:
        return MessageSending(
            location=self._location,
            settings=self._settings,
            rest=self._rest,
            channels=self._channels,
            threads=self._threads_and_pins,
            listener=self._listener,
        )

    @property
    def _actions(self) -> MessageActions:
        return MessageActions(
            location=self._location,
            settings=self._settings,
            rest=self._rest,
            channels=self._channels,
            history=self._history,
            clock=self._clock,
        )

    @property
    def _history(self) -> History:
        return History(
            location=self._location,
            settings=self._settings,
            rest=self._rest,
            channels=self._channels,
            threads=self._threads,
        )

    def _threads(self) -> set[int]:
        return self._gateway.threads() if self._gateway else self._channels.threads
