"""Diagnosis of the token, the channel and each permission, with the remedy for a problem. Changes nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Literal

import aiohttp
import discord
from discord.gateway import DiscordWebSocket

from adapters.discord.client import DiscordClient
from adapters.discord.errors import BY_CODE, GATEWAY_BLOCKED, INTENT, LET_THROUGH, NEEDS_TAG, to_error
from adapters.discord.rest import NO_CHANNEL
from adapters.discord.settings import DiscordSettings
from adapters.discord.slash_commands import MANAGE_EVENTS, MANAGE_MESSAGES
from adapters.kit.errors import clock_drift, diagnosis_of
from bot.clock import Clock
from bot.errors import PlatformError
from bot.ports.platform import Diagnosis

_DRIFT = 20.0
"""Seconds by which our clock and Discord's may differ."""

_GRANT = "Give the bot's role “{name}” under {where}."
_COPY = "Copy the role's id under Server Settings → Roles → … → Copy Role ID, with Developer Mode switched on."
_CHANNEL, _SERVER = "Edit Channel → Permissions", "Server Settings → Roles"

_LET = "Server Settings → Integrations → the bot"
_SEEN_WITH = (("/chat", "Manage Events", MANAGE_EVENTS), ("/moderate", "Manage Messages", MANAGE_MESSAGES))
"""Commands, and the permission with which they are seen."""

Level = Literal["doubt", "wrong"]


@dataclass(frozen=True, kw_only=True)
class Permission:
    """A permission under the library's name and Discord's own, and the consequence of lacking it."""

    flag: str
    name: str
    without: str
    level: Level = "wrong"
    where: str = _CHANNEL


def required_permissions(settings: DiscordSettings, *, in_forum: bool = False) -> list[Permission]:
    """The permissions that the bot needs with these settings, in a channel or a forum."""
    every = [
        Permission(flag="view_channel", name="View Channel", without="cannot see the channel"),
        Permission(flag="send_messages", name="Send Messages", without="cannot post"),
        Permission(
            flag="read_message_history", name="Read Message History", without="cannot look whether a post is there"
        ),
        Permission(flag="attach_files", name="Attach Files", without="cannot post pictures", level="doubt"),
        Permission(flag="embed_links", name="Embed Links", without="shows links without a preview", level="doubt"),
    ]
    if settings.rights.delete:
        without = "cannot delete messages, though `delete` is set"
        every.append(Permission(flag="manage_messages", name="Manage Messages", without=without, level="doubt"))
    if settings.rights.timeouts:
        without = "cannot silence people, though `timeouts` is set"
        every.append(
            Permission(flag="moderate_members", name="Moderate Members", without=without, level="doubt", where=_SERVER)
        )
    if settings.features.threads != "none" and not in_forum:
        every.append(
            Permission(flag="create_public_threads", name="Create Public Threads", without="cannot open threads")
        )
    if settings.features.threads != "none" or in_forum:
        without = "cannot post in threads"
        every.append(Permission(flag="send_messages_in_threads", name="Send Messages in Threads", without=without))
    if settings.features.pin:
        every.append(
            Permission(flag="pin_messages", name="Pin Messages", without="cannot pin the question", level="doubt")
        )
    if settings.features.calendar:
        without = "cannot enter chats in the server's calendar"
        every.append(
            Permission(flag="create_events", name="Create Events", without=without, level="doubt", where=_SERVER)
        )
    return every


HEARD = (
    "The bot reads only messages that mention it, replies to its posts with the ping on, and direct messages to it. Of "
    "all others Discord hides words, pictures, previews of links and polls (no Message Content intent)."
)
"""What the bot hears without the intent, by Discord's documentation of the message object."""


@dataclass
class Diagnostics:
    """One diagnosis, with a client of its own."""

    settings: DiscordSettings
    clock: Clock
    findings: list[Diagnosis] = field(default_factory=list)

    async def run(self) -> tuple[Diagnosis, ...]:
        """Run all checks. Never raises. Discord isn't asked while a setting is missing."""
        try:
            self.settings.check()
        except PlatformError as error:
            return (diagnosis_of(error),)
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._compare_clocks)
        client = DiscordClient(self.settings.network, trace=trace)
        try:
            await client.login(self.settings.token)
            self._examine_application(client)
            await self._examine_channel(client)
            await self._examine_gateway(client)
        except Exception as error:  # noqa: BLE001 - every failure is reported
            self.findings.append(diagnosis_of(to_error(error, now=self.clock.now())))
        finally:
            await client.close()
        return tuple(self.findings)

    def _examine_application(self, client: DiscordClient) -> None:
        self._add("ok", f"The bot is {client.user}.")
        if not self.settings.features.message_content:
            self._add("ok", HEARD)
        elif client.may_read_all:
            self._add("ok", "The bot reads every message in the channel and its threads.")
        else:
            self._add("wrong", INTENT)

    async def _examine_channel(self, client: DiscordClient) -> None:
        guild = await client.fetch_guild(self.settings.guild, with_counts=False)
        channel = await guild.fetch_channel(self.settings.channel)
        is_forum = isinstance(channel, discord.ForumChannel) and not channel.is_media()
        if not isinstance(channel, discord.TextChannel) and not is_forum:
            self._add("wrong", NO_CHANNEL)
            return
        if isinstance(channel, discord.ForumChannel):
            self._examine_forum(channel)
        self._add("ok", f"The channel is #{channel.name} in {guild.name}.")
        self._examine_roles(guild)
        may = channel.permissions_for(await guild.fetch_member(client.user.id if client.user else 0))
        self._examine_announcement(guild, may)
        for need in required_permissions(self.settings, in_forum=is_forum):
            if not getattr(may, need.flag):
                remedy = _GRANT.format(name=need.name, where=need.where)
                self._add(need.level, f"The bot {need.without}: it lacks “{need.name}”.", remedy)

    async def _examine_gateway(self, client: DiscordClient) -> None:
        """See whether the gateway greets us. No session is begun."""
        try:
            async with asyncio.timeout(self.settings.network.timeout):
                socket = await client.calls.ws_connect(str(DiscordWebSocket.DEFAULT_GATEWAY.with_query(v=10)))
                try:
                    await socket.receive_json()
                finally:
                    await socket.close()
        except (aiohttp.ClientError, OSError, TypeError, ValueError, discord.HTTPException):
            self._add("wrong", f"{GATEWAY_BLOCKED} Posts go out all the same.", LET_THROUGH)
        else:
            self._add("ok", "Discord's gateway can be reached.")

    def _examine_roles(self, guild: discord.Guild) -> None:
        """Check that each role in the settings exists. The server's @everyone role doesn't count."""
        there = {str(role.id) for role in guild.roles} - {str(guild.id)}
        for id, rank in self.settings.roles.ranks.items():
            if id not in there:
                self._add("doubt", f"The role {id} in `{rank}s` is none that people of the server have.", _COPY)
            elif role := guild.get_role(int(id)):
                self._examine_sight(role, role.permissions.value | guild.default_role.permissions.value)

    def _examine_sight(self, role: discord.Role, may: int) -> None:
        """Say which commands people with a role see only if an administrator lets them. That can't be asked for."""
        lacking = [(command, name) for command, name, bit in _SEEN_WITH if not may & bit]
        if lacking and not discord.Permissions(may).administrator:
            commands, names = (" and ".join(one) for one in zip(*lacking, strict=True))
            text = f"People with the role “{role.name}” see {commands} only with {names}, or if you let them: {_LET}."
            self._add("ok", text)

    def _examine_forum(self, forum: discord.ForumChannel) -> None:
        """Check that a forum that wants a tag for each post has one, and say which is taken."""
        if not forum.flags.require_tag:
            return
        tags = [one for one in forum.available_tags if not one.moderated] or list(forum.available_tags)
        if tags:
            self._add("ok", f"The forum wants a tag for each post; the bot takes its first, “{tags[0].name}”.")
        else:
            self._add("wrong", BY_CODE[NEEDS_TAG].text, "Add a tag under Edit Channel → Tags, or require none.")

    def _examine_announcement(self, guild: discord.Guild, may: discord.Permissions) -> None:
        """Check that the role in `announce_role` can be pinged. Everybody never is."""
        id = self.settings.features.announce_role
        role = guild.get_role(id)
        if not id:
            return
        if role is None or role.is_default():
            self._add("doubt", f"The role {id} in `announce_role` is none that can be pinged.", _COPY)
        elif not role.mentionable and not may.mention_everyone:
            remedy = "Allow anyone to @mention it under Server Settings → Roles."
            self._add("doubt", f"The bot may not ping the role “{role.name}” in `announce_role`.", remedy)

    async def _compare_clocks(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, ended: aiohttp.TraceRequestEndParams
    ) -> None:
        apart = clock_drift(ended.response.headers, self.clock.now())
        text = "This machine's clock and Discord's differ"
        if apart is not None and apart > _DRIFT and not any(one.text.startswith(text) for one in self.findings):
            self._add("doubt", f"{text} by {apart:.0f} s.", "Let the machine set its clock over the network (NTP).")

    def _add(self, level: Literal["ok", "doubt", "wrong"], text: str, remedy: str = "") -> None:
        self.findings.append(Diagnosis(level=level, text=text, remedy=remedy))
