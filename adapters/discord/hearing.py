"""One place's part of its bot's connection: events of its channel and threads, and changes to the bot's permissions.

The state of the connection is reported only once the place is open. One that could not open listens on, so that it
knows when it may.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
import structlog

from adapters.discord.addressees import Addressee
from adapters.discord.content import NameOf
from adapters.discord.location import ChannelIndex
from adapters.discord.proxies import Proxies
from adapters.discord.rest import Json, number
from adapters.discord.translation import as_if_unasked, to_events
from adapters.kit.bounded import BackgroundTasks
from adapters.kit.odd_parts import OddParts
from bot.clock import Clock
from bot.errors import PlatformError, StoreError
from bot.messages import AnyEvent, Message
from bot.ports.inbound import Listener

_log = structlog.get_logger()

_GRACE = 2.0
"""Wall seconds in which the last events may still be stored when we close."""

_PATIENCE = 5.0
"""Wall seconds in which a connection should stand; posting doesn't wait longer for it."""

_TOGETHER = 0.5
"""Wall seconds in which changes of permissions are looked at together."""

_NO_CHANNEL = "The channel was deleted; set `channel` in the settings to another one."
_NOTHING_YET = "Discord's gateway has told nothing yet. See that WebSocket connections to it get through."

_RIGHTS = frozenset(
    {
        *("CHANNEL_CREATE", "CHANNEL_UPDATE", "THREAD_UPDATE", "GUILD_UPDATE", "GUILD_MEMBER_UPDATE"),
        *("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"),
    }
)
"""Events after which the bot may be allowed more or less than before.

Discord tells of the bot's own membership whatever the intents.
"""


class Hearing:
    """The ears of one place, from `Gateway.add` to `close`. `look` looks at permissions: an error, or None."""

    def __init__(
        self,
        *,
        addressee: Addressee,
        channels: ChannelIndex,
        clock: Clock,
        listener: Listener,
        look: Callable[[], Awaitable[PlatformError | None]],
        reads_all: bool,
        name_of: NameOf,
        odd: OddParts,
    ) -> None:
        self.addressee, self._location = addressee, addressee.location
        self._channels, self._clock, self._listener = channels, clock, listener
        self._look, self._reads_all = look, reads_all
        self._name_of, self._odd = name_of, odd
        self._state: PlatformError | None = PlatformError(_NOTHING_YET)
        self._known, self._changed = asyncio.Event(), asyncio.Event()
        self._begun = self._shut_out = False
        self._proxies = Proxies()
        self._tasks, self._looks = BackgroundTasks(), BackgroundTasks()

    @property
    def name(self) -> str:
        """The place's name."""
        return self._location.place

    @property
    def server(self) -> int:
        """The id of its server."""
        return self._location.guild

    async def begin(self) -> None:
        """Report whether anything is heard, from now on. Raises PlatformError if that needs a person."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._known.wait()
        if self._state and self._state.lost:
            raise self._state
        self._begun = True
        self._report()

    def wait_for_rights(self) -> None:
        """Look again as soon as Discord tells of anything: the place could not open."""
        self._shut_out = True
        if self._known.is_set():
            self._look_soon()

    async def close(self) -> None:
        """End. Events that have arrived are stored first, if that is quick."""
        self._begun = False
        await self._looks.close(0)
        await self._tasks.close(_GRACE)

    def up(self) -> None:
        """The connection stands. Permissions may have changed while it did not."""
        if self._known.is_set() or self._shut_out:
            self._look_soon()
        self._change(None)

    def down(self, error: PlatformError) -> None:
        """Nothing is heard, for now or for good."""
        self._change(error)

    def on_event(self, kind: str, payload: Json, *, whole: bool = False) -> None:
        """Handle an event of the channel or its threads, or a change of what the bot may do there; ignore all others.

        `whole`: Discord gives the bot the text of every message, as some place of it has asked.
        """
        if kind in _RIGHTS:
            if self._concerns_rights(kind, payload):
                self._look_soon()
            return
        if kind == "CHANNEL_DELETE":
            if number(payload.get("id")) == self._location.channel:
                self.down(PlatformError(_NO_CHANNEL, lost=True))
            return
        where = number(payload.get("channel_id"))
        if where != self._location.channel and where not in self.addressee.threads():
            return
        if whole and not self._reads_all:
            payload = as_if_unasked(payload, self._location.me)
        for heard in self._proxies.read(kind, payload, self._clock.now()):
            events = to_events(
                heard.kind,
                heard.payload,
                location=self._location,
                now=self._clock.now(),
                name_of=self._name_of,
                note=self._odd.note,
            )
            for event in events:
                self._note(event, where, again=heard.again)

    def _note(self, event: AnyEvent, where: int, *, again: bool) -> None:
        """Take note of an event. A message that was heard before in other words is no command once more."""
        if isinstance(event, Message):
            self._channels.note(number(event.id), where)
            event = msgspec.structs.replace(event, changed=event.changed or again)
        self._tasks.start(self._hear(event))

    async def _hear(self, event: AnyEvent) -> None:
        try:
            await self._listener.hear(event)
        except StoreError:
            _log.warning("discord.event_not_stored", place=self.name, kind=type(event).__name__)

    def _change(self, state: PlatformError | None) -> None:
        self._state = state
        self._known.set()
        if self._begun:
            self._report()

    def _report(self) -> None:
        if self._state is None:
            self._listener.up()
        else:
            self._listener.down(self._state)

    # What the bot may do ----------------------------------------------------------------------------------------

    def _concerns_rights(self, kind: str, payload: Json) -> bool:
        guild = payload.get("id") if kind == "GUILD_UPDATE" else payload.get("guild_id")
        if number(guild) != self.server:
            return False
        if kind == "GUILD_MEMBER_UPDATE":
            user = payload.get("user")
            return isinstance(user, dict) and number(user.get("id")) == self._location.me
        if kind == "THREAD_UPDATE":
            return number(payload.get("parent_id")) == self._location.channel
        return not kind.startswith("CHANNEL") or number(payload.get("id")) == self._location.channel

    def _look_soon(self) -> None:
        if not self._changed.is_set():
            self._changed.set()
            self._looks.start(self._look_again())

    async def _look_again(self) -> None:
        await asyncio.sleep(_TOGETHER)
        self._changed.clear()
        error = await self._look()
        if error is None or (error.lost and self._begun):
            self._listener.may_post(error)
        if error is None and self._begun and self._state is None:
            self._listener.up()  # for a moment the channel may have been out of sight, and nothing told of it
