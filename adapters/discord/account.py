"""One bot on Discord, for all places that have its token: one HTTP client, one connection to the gateway.

Rate limits are counted by token, sessions are few a day, and Discord tells each session of everything; so places share
them. Nothing is connected before the first place opens, nor after the last one closed.
"""

from __future__ import annotations

import asyncio

import msgspec

from adapters.discord.client import DiscordClient
from adapters.discord.gateway import Gateway
from adapters.discord.settings import DiscordNetwork, DiscordSettings
from bot.clock import Clock


class Account:
    """A bot, by the settings of its places. The network is that of the first, with the longest time limit of all."""

    def __init__(self, clock: Clock) -> None:
        self._settings: list[DiscordSettings] = []
        self._client: DiscordClient | None = None
        self._users, self._turns = 0, asyncio.Lock()
        self.gateway = Gateway(self, clock)

    def add(self, settings: DiscordSettings) -> None:
        """Take note of a place. It may open later."""
        self._settings.append(settings)

    @property
    def token(self) -> str:
        """The bot's token."""
        return self._settings[0].token

    @property
    def network(self) -> DiscordNetwork:
        """How Discord is reached."""
        longest = max(one.network.timeout for one in self._settings)
        return msgspec.structs.replace(self._settings[0].network, timeout=longest)

    @property
    def reads_all(self) -> bool:
        """Whether the text of every message is asked for: if a place wants it, and Discord lets the bot have it."""
        wanted = any(one.features.message_content for one in self._settings)
        return wanted and self._client is not None and self._client.may_read_all

    async def log_in(self) -> DiscordClient:
        """The client for calls; the first to use it logs in. Raises the library's errors."""
        async with self._turns:  # places open at the same time
            if self._client is None:
                client = DiscordClient(self.network)
                try:
                    await client.login(self.token)
                except BaseException:
                    await client.close()
                    raise
                self._client = client
            self._users += 1
            return self._client

    async def log_out(self) -> None:
        """End the use; the last to do so closes the client."""
        self._users -= 1
        if not self._users:
            client, self._client = self._client, None
            if client:
                await client.close()


class Accounts:
    """The bots of one Convenor. Places with the same token and addresses have the same bot."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str, str], Account] = {}

    def of(self, settings: DiscordSettings, clock: Clock) -> Account:
        """The bot of a place."""
        key = settings.token, settings.network.api_url, settings.network.gateway_url
        account = self._by_key.setdefault(key, Account(clock))
        account.add(settings)
        return account
