"""Discord: one channel of one server, and the threads below it.

Without the Message Content intent the bot is given the text of what mentions it or replies to it with a ping, and no
other; in threads too. What arrives without text is not told.

Commands come in four ways: by `/chat` and `/moderate`, from the menu of a message, in private, and as ordinary messages
(`!next`, `@bot next`), which are told on like any other.
"""

from adapters.discord.platform import Discord
from adapters.discord.settings import (
    ChannelFeatures,
    DiscordNetwork,
    DiscordSettings,
    ModerationRights,
    ServerRoles,
    traits_of,
)

__all__ = [
    "ChannelFeatures",
    "Discord",
    "DiscordNetwork",
    "DiscordSettings",
    "ModerationRights",
    "ServerRoles",
    "traits_of",
]
