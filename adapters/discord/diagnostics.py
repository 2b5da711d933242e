"""Whether the token, the channel and each permission will do; and what to do where one will not. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Literal

import aiohttp
import discord

from adapters.discord.client import DiscordClient
from adapters.discord.errors import INTENT, to_error
from adapters.discord.settings import DiscordSettings
from adapters.kit.errors import clock_drift, diagnosis_of
from bot.clock import Clock
from bot.ports.platform import Diagnosis

_DRIFT = 20.0
"""Seconds by which our clock and Discord's may differ."""

_GRANT = "Give the bot's role “{name}” under {where}."
_COPY = "Copy the role's id under Server Settings → Roles → … → Copy Role ID, with Developer Mode switched on."
_CHANNEL, _SERVER = "Edit Channel → Permissions", "Server Settings → Roles"

Level = Literal["doubt", "wrong"]


@dataclass(frozen=True, kw_only=True)
class Need:
    """A permission by the library's name and by Discord's own, and what is lost without it."""

    flag: str
    name: str
    without: str
    level: Level = "wrong"
    where: str = _CHANNEL


def needs(settings: DiscordSettings) -> list[Need]:
    """What the bot needs with these settings. One rule a line."""
    every = [
        Need(flag="view_channel", name="View Channel", without="cannot see the channel"),
        Need(flag="send_messages", name="Send Messages", without="cannot post"),
        Need(flag="read_message_history", name="Read Message History", without="cannot look whether a post is there"),
        Need(flag="attach_files", name="Attach Files", without="cannot post pictures", level="doubt"),
        Need(flag="embed_links", name="Embed Links", without="shows links without a preview", level="doubt"),
    ]
    if settings.rights.delete:
        without = "cannot delete messages, though `delete` is set"
        every.append(Need(flag="manage_messages", name="Manage Messages", without=without, level="doubt"))
    if settings.rights.timeouts:
        without = "cannot silence people, though `timeouts` is set"
        every.append(
            Need(flag="moderate_members", name="Moderate Members", without=without, level="doubt", where=_SERVER)
        )
    if settings.features.threads != "none":
        every += [
            Need(flag="create_public_threads", name="Create Public Threads", without="cannot open threads"),
            Need(flag="send_messages_in_threads", name="Send Messages in Threads", without="cannot post in threads"),
        ]
    if settings.features.pin:
        every.append(Need(flag="pin_messages", name="Pin Messages", without="cannot pin the question", level="doubt"))
    if settings.features.calendar:
        without = "cannot enter chats in the server's calendar"
        every.append(Need(flag="create_events", name="Create Events", without=without, level="doubt", where=_SERVER))
    return every


@dataclass
class Diagnostics:
    """One look, with a client of its own."""

    settings: DiscordSettings
    clock: Clock
    findings: list[Diagnosis] = field(default_factory=list)

    async def run(self) -> tuple[Diagnosis, ...]:
        """All that was found. Never raises."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._compare_clocks)
        line = DiscordClient(self.settings, trace=trace)
        try:
            await line.login(self.settings.token)
            self._examine_application(line)
            await self._examine_channel(line)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is told
            self.findings.append(diagnosis_of(to_error(error, now=self.clock.now())))
        finally:
            await line.close()
        return tuple(self.findings)

    def _examine_application(self, line: DiscordClient) -> None:
        self._add("ok", f"The bot is {line.user}.")
        flags = line.application.flags if line.application else discord.ApplicationFlags()
        granted = flags.gateway_message_content or flags.gateway_message_content_limited
        if self.settings.features.message_content and not granted:
            self._add("wrong", INTENT)

    async def _examine_channel(self, line: DiscordClient) -> None:
        guild = await line.fetch_guild(self.settings.guild, with_counts=False)
        channel = await guild.fetch_channel(self.settings.channel)
        if not isinstance(channel, discord.TextChannel):
            self._add("wrong", "`channel` must be the id of an ordinary text channel.")
            return
        self._add("ok", f"The channel is #{channel.name} in {guild.name}.")
        self._examine_roles(guild)
        may = channel.permissions_for(await guild.fetch_member(line.user.id if line.user else 0))
        for need in needs(self.settings):
            if not getattr(may, need.flag):
                remedy = _GRANT.format(name=need.name, where=need.where)
                self._add(need.level, f"The bot {need.without}: it lacks “{need.name}”.", remedy)

    def _examine_roles(self, guild: discord.Guild) -> None:
        """Whether each role in the settings is one that people of the server can have. Everybody's own is none."""
        there = {str(role.id) for role in guild.roles} - {str(guild.id)}
        for id, rank in self.settings.roles.ranks.items():
            if id not in there:
                self._add("doubt", f"The role {id} in `{rank}s` is none that people of the server have.", _COPY)

    async def _compare_clocks(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, ended: aiohttp.TraceRequestEndParams
    ) -> None:
        apart = clock_drift(ended.response.headers, self.clock.now())
        text = "This machine's clock and Discord's differ"
        if apart is not None and apart > _DRIFT and not any(one.text.startswith(text) for one in self.findings):
            self._add("doubt", f"{text} by {apart:.0f} s.", "Let the machine set its clock over the network (NTP).")

    def _add(self, level: Literal["ok", "doubt", "wrong"], text: str, remedy: str = "") -> None:
        self.findings.append(Diagnosis(level=level, text=text, remedy=remedy))
