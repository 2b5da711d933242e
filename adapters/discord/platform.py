"""Discord as a Platform: puts the parts together. Posts go out by `message_sending`, events come in by `hearing`."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.discord.account import Accounts
from adapters.discord.addressees import Addressee
from adapters.discord.diagnostics import Diagnostics
from adapters.discord.direct_messages import DirectMessages
from adapters.discord.errors import INTENT
from adapters.discord.forum_posts import ForumPosts
from adapters.discord.hearing import Hearing
from adapters.discord.history import History
from adapters.discord.location import ChannelIndex, Location
from adapters.discord.message_actions import MessageActions
from adapters.discord.message_sending import MessageSending
from adapters.discord.rest import Rest
from adapters.discord.rights import Rights
from adapters.discord.scheduled_events import ScheduledEvents
from adapters.discord.settings import DiscordSettings, traits_of
from adapters.discord.threads_and_pins import ThreadsAndPins
from adapters.kit.answers import AnswerTimeout
from adapters.kit.odd_parts import OddParts
from adapters.kit.routing import RoutedPlatform
from bot.errors import PlatformError
from bot.messages import CalendarEntry, PlatformAction, Post, Receipt
from bot.ports.inbound import AdapterContext
from bot.ports.platform import CurrentMessages, Diagnosis, Page, ReadRequest, Traits


class Discord(RoutedPlatform):
    """One channel, under the name `place`. Implements `bot.ports.platform.Platform`.

    Connected in two ways: calls go by REST, events come by the gateway; either may fail while the other works. Both are
    shared with the other places of the same bot, which are made with the same `accounts`.
    """

    def __init__(self, context: AdapterContext, settings: DiscordSettings, accounts: Accounts | None = None) -> None:
        self._place, self._clock, self._listener = place, clock, _ = context.place, context.clock, context.listener
        self._settings = settings
        self._traits = traits_of(settings)
        self._account = (accounts or Accounts()).of(settings, clock)
        self._rest = Rest(settings, clock, self._account)
        self._rights = Rights(settings, self._rest, context.listener)
        self._direct_messages = DirectMessages(self._rest)
        self._answers = AnswerTimeout(place=place, commands=context.commands)
        self._channels = ChannelIndex(settings.channel)
        self._threads_and_pins = ThreadsAndPins(
            place=place,
            settings=settings,
            rest=self._rest,
            channels=self._channels,
            listener=context.listener,
        )
        self._events = ScheduledEvents(settings=settings, rest=self._rest)
        self._odd = OddParts(place, clock)
        self._hearing: Hearing | None = None
        self._open, self._listens = False, True

    @property
    def traits(self) -> Traits:
        """Posts can be looked up, and chats entered in a calendar. A nonce holds for some minutes only."""
        return self._traits

    async def open(self) -> None:
        """Log in, look at the channel, and listen. May be called again. Raises PlatformError.

        Posting doesn't wait for the gateway: if that can't be reached, the Listener is told. A place that a person has
        to put right listens on, so that it knows when that has been done.
        """
        await self.close()
        await self._rest.open()
        try:
            await self._look_at_intent()
            hearing = await self._begin_hearing() if self._listens else None
            await self._rights.check()
            if hearing:
                await hearing.begin()
            self._open = True
            await self.listen(wanted=self._listens)
        except BaseException as error:
            if isinstance(error, PlatformError) and error.lost and self._hearing:
                self._hearing.wait_for_rights()
            else:
                await self.close()
            raise

    async def listen(self, *, wanted: bool) -> None:
        """Join the account's connection to the gateway, or leave it."""
        self._listens = wanted
        if not wanted:
            await self._end_hearing()
        elif self._open and self._hearing is None:
            try:
                await (await self._begin_hearing()).begin()
            except PlatformError as error:
                self._listener.down(error)

    async def _begin_hearing(self) -> Hearing:
        hearing = self._hearing = self._make_hearing()
        await self._account.gateway.add(hearing)
        return hearing

    async def _end_hearing(self) -> None:
        hearing, self._hearing = self._hearing, None
        if hearing:
            await self._account.gateway.remove(hearing)
            await hearing.close()

    async def _look_at_intent(self) -> None:
        """Ask whether Discord lets the bot read every message, if the settings want that; where not, tell of it.

        It then hears what is meant for it, and posts as ever.
        """
        if not self._settings.features.message_content:
            return
        await self._rest.call(self._rest.client.refresh())
        if self._reads_all:
            self._listener.settled("intent")
        else:
            self._listener.concern("intent", f"{INTENT} Until then it hears only what is meant for it.")

    @property
    def _reads_all(self) -> bool:
        """Whether this place has the text of every message: it asks for it, and Discord lets it."""
        return self._settings.features.message_content and self._account.reads_all

    def _make_hearing(self) -> Hearing:
        return Hearing(
            addressee=Addressee(location=self._location, threads=self._threads, answers=self._answers, rest=self._rest),
            channels=self._channels,
            clock=self._clock,
            listener=self._listener,
            look=self._rights.problem,
            reads_all=self._reads_all,
            name_of=self._name_of,
            odd=self._odd,
        )

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

    async def find_current(self, ids: Sequence[str], chat: str) -> CurrentMessages:
        """Look what became of messages: each in a page or by itself. Nobody's are withheld. Raises PlatformError."""
        del chat
        return await self._history.find_current(ids)

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        """Try the token, the channel and the permissions, over a connection of its own."""
        return await Diagnostics(self._settings, self._clock).run()

    async def close(self) -> None:
        """Disconnect; harmless twice, and before `open`."""
        self._open = False
        await self._end_hearing()
        await self._threads_and_pins.close()
        await self._rest.close()
        self._odd.close()

    @property
    def _location(self) -> Location:
        settings = self._settings
        return Location(
            place=self._place,
            guild=settings.guild,
            channel=settings.channel,
            me=self._rest.me,
            ranks=settings.roles.ranks,
            hears_all=self._reads_all,
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
            forum=self._forum_posts,
        )

    @property
    def _forum_posts(self) -> ForumPosts | None:
        """The posts of the place's forum, if its channel is one."""
        if self._rest.forum is None:
            return None
        return ForumPosts(rest=self._rest, history=self._history, channel=self._settings.channel)

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
            only_mentions=self._account.reads_all and not self._settings.features.message_content,
            name_of=self._name_of,
            odd=self._odd,
        )

    def _name_of(self, mark: str) -> str | None:
        return self._account.gateway.name_of(self._settings.guild, mark)

    def _threads(self) -> set[int]:
        """The known threads of the channel."""
        return self._channels.threads | self._account.gateway.threads(self._settings.guild, self._settings.channel)
