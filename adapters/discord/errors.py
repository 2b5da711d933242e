"""How Discord says no, and what that means: pure tables. A text names the remedy, and nothing a participant wrote.

The codes are those of https://docs.discord.com/developers/topics/opcodes-and-status-codes.
"""

from __future__ import annotations

from bot.errors import PlatformError
from bot.messages import Value

UNKNOWN_CHANNEL, UNKNOWN_MEMBER, UNKNOWN_MESSAGE, UNKNOWN_USER, UNKNOWN_INTERACTION = 10003, 10007, 10008, 10013, 10062
BAD_TOKEN, LOCKED = 40001, 40002
ACKNOWLEDGED, NO_ACCESS, NO_PERMISSION, BAD_FORM, HAS_THREAD = 40060, 50001, 50013, 50035, 160004

TOKEN = "Discord does not accept the token; make a new one in the developer portal under Bot → Reset Token."  # noqa: S105
_SWITCH = "switch it on in the developer portal under Bot → Privileged Gateway Intents, or set message_content = false."
INTENT = f"Discord does not let the bot use the Message Content intent; {_SWITCH}"

GONE_MESSAGE = "The message is not on Discord any more."
GONE_PERSON = "That person is not on the server any more."
NO_LETTERS = "That person takes no private messages from the bot on Discord."


class Refusal(Value, frozen=True, kw_only=True):
    """A kind of no. `lost`: nothing will work until somebody acts; else `permanent`: not for this post."""

    text: str
    lost: bool = False
    permanent: bool = False

    def error(self, reason: str = "") -> PlatformError:
        """The same as an error; `reason` are Discord's own words."""
        return PlatformError(f"{self.text}{reason}", lost=self.lost, permanent=self.permanent)


def _lost(text: str) -> Refusal:
    return Refusal(text=text, lost=True)


def _final(text: str) -> Refusal:
    return Refusal(text=text, permanent=True)


BY_CODE: dict[int, Refusal] = {
    10003: _lost("Discord does not know the channel: it is gone, or `channel` in the settings is wrong."),
    10004: _lost("Discord does not know the server: invite the bot to it, or put `guild` in the settings right."),
    10007: _final(GONE_PERSON),
    10008: _final(GONE_MESSAGE),
    10013: _final(GONE_PERSON),
    20016: Refusal(text="The channel is in slow mode; let the bot's role bypass it under Edit Channel → Permissions."),
    30003: _final("The channel has as many pins as it can have; unpin some."),
    30033: _final("The channel has as many threads as it can have; archive some."),
    30046: _final("That was changed too often; Discord takes no more changes of it for now."),
    BAD_TOKEN: _lost(TOKEN),
    LOCKED: _lost("Discord has locked the bot's account; its owner finds out why in the developer portal."),
    40003: Refusal(text="Discord lets the bot begin no more private conversations for now."),
    40005: _final("The picture is too large for Discord; make it smaller than 10 MB."),
    50001: _lost(
        "The bot cannot see the channel: invite it to the server, and give its role View Channel under "
        "Edit Channel → Permissions."
    ),
    50005: _final("The message is not the bot's own, so it cannot be changed."),
    50007: _final(NO_LETTERS),
    50008: _lost("The bot cannot write in that kind of channel; set `channel` to an ordinary text channel."),
    50013: _lost(
        "The bot may not do that in the channel: give its role View Channel, Send Messages, Send Messages in Threads, "
        "Attach Files and Read Message History under Edit Channel → Permissions."
    ),
    50021: _final("That is a notice of Discord's own."),
    50033: _final(GONE_PERSON),
    50035: _final("Discord refuses the post."),
    50083: _final("The thread is archived and locked; a moderator has to unlock it."),
    50278: _final(NO_LETTERS),
    160002: _lost("The bot may not reply: give its role Read Message History under Edit Channel → Permissions."),
    160005: _final("The thread is locked; a moderator has to unlock it."),
    200000: _final("The server's AutoMod refuses the post; let the bot's role pass under AutoMod's exemptions."),
    200001: _final("The server's AutoMod refuses the title; let the bot's role pass under AutoMod's exemptions."),
    240000: _final("Discord takes a link in the post for harmful, and refuses it."),
}

BY_CLOSING: dict[int, Refusal] = {
    4004: _lost(TOKEN),
    4010: _lost("Discord refuses the connection; install the newest Convenor (shard refused)."),
    4011: _lost("The bot is on too many servers for one connection; make a bot of your own for this server."),
    4012: _lost("Discord refuses the connection; install the newest Convenor (gateway version refused)."),
    4013: _lost("Discord refuses the connection; install the newest Convenor (intents refused)."),
    4014: _lost(INTENT),
}
"""By the code with which the gateway closed. With any other we may connect again."""
