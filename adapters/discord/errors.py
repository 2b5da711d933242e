"""Discord's refusals as PlatformErrors: pure tables. A text names the remedy, and never quotes a participant.

The codes are those of https://docs.discord.com/developers/topics/opcodes-and-status-codes.
"""

from __future__ import annotations

import re
from datetime import datetime

import discord

from adapters.kit.errors import ErrorMapper, Refusal, UnsentError, final, lost, retry_after
from bot.errors import PlatformError

UNKNOWN_CHANNEL, UNKNOWN_MEMBER, UNKNOWN_MESSAGE, UNKNOWN_USER, UNKNOWN_INTERACTION = 10003, 10007, 10008, 10013, 10062
BAD_TOKEN, LOCKED = 40001, 40002
ACKNOWLEDGED, NO_ACCESS, NO_PERMISSION, BAD_FORM, HAS_THREAD = 40060, 50001, 50013, 50035, 160004
NEEDS_TAG, WRONG_CHANNEL = 40067, 50024
TOO_LARGE, THREAD_ARCHIVED, NO_REPLY, THREAD_LOCKED = 40005, 50083, 160002, 160005
EXPLICIT, FILE_TOO_LARGE, BAD_FILE = 20009, 50045, 50046

TOKEN = "Discord does not accept the token; make a new one in the developer portal under Bot → Reset Token."  # noqa: S105
_SWITCH = "switch it on in the developer portal under Bot → Privileged Gateway Intents, or set message_content = false."
INTENT = f"Discord does not let the bot use the Message Content intent; {_SWITCH}"

GATEWAY_BLOCKED = (
    "Discord's gateway cannot be reached: slash commands, buttons and direct messages don't arrive, and messages only"
    " when the channel is read, every ten seconds."
)
LET_THROUGH = "Let WebSocket connections to it through, or set `proxy`."

MESSAGE_GONE = "The message is not on Discord any more."
PERSON_GONE = "That person is not on the server any more."
NO_DIRECT_MESSAGES = "That person takes no private messages from the bot on Discord."


MAY_NOT_READ = "The bot may not read back: give its role Read Message History under Edit Channel → Permissions."
MAY_NOT_SEND = "The bot may not write in the channel: give its role Send Messages under Edit Channel → Permissions."

CLOSED_TO_US: dict[int, str] = {
    UNKNOWN_CHANNEL: "There is no thread: it was deleted, or could not be opened.",
    NO_ACCESS: "The bot cannot see the thread.",
    NO_PERMISSION: "Give its role Send Messages in Threads under Edit Channel → Permissions.",
    THREAD_ARCHIVED: "The thread is archived and locked; a moderator can unlock it.",
    THREAD_LOCKED: "The thread is locked; a moderator can unlock it.",
}
"""Refusals of a message to a thread that mean that it takes none from us, each with what to tell the host."""


BY_CODE: dict[int, Refusal] = {
    10003: lost("Discord does not know the channel: it is gone, or `channel` in the settings is wrong."),
    10004: lost("Discord does not know the server: invite the bot to it, or put `guild` in the settings right."),
    10007: final(PERSON_GONE),
    10008: final(MESSAGE_GONE),
    10013: final(PERSON_GONE),
    20009: final("Discord takes the post for explicit, and refuses it."),
    20016: Refusal(text="The channel is in slow mode; let the bot's role bypass it under Edit Channel → Permissions."),
    20028: Refusal(text="More is being written in the channel than Discord takes for now."),
    20029: Refusal(text="More is being done on the server than Discord takes for now."),
    30003: final("The channel has as many pins as it can have; unpin some."),
    30033: final("The channel has as many threads as it can have; archive some."),
    30046: final("That was changed too often; Discord takes no more changes of it for now."),
    BAD_TOKEN: lost(TOKEN),
    LOCKED: lost("Discord has locked the bot's account; its owner finds out why in the developer portal."),
    40003: Refusal(text="Discord lets the bot begin no more private conversations for now."),
    40004: Refusal(text="Discord lets the bot write no messages for now."),
    40005: final("The picture is too large for Discord; make it smaller than 10 MB."),
    40006: Refusal(text="Discord has switched that off for now."),
    40062: Refusal(text="Discord is asked for too much of that for now."),
    NEEDS_TAG: final("The forum wants a tag for each post, and has none; add one under Edit Channel → Tags."),
    40333: Refusal(text="Discord's own firewall refuses the call for now."),
    50001: lost(
        "The bot cannot see the channel: invite it to the server, and give its role View Channel under "
        "Edit Channel → Permissions."
    ),
    50005: final("The message is not the bot's own, so it cannot be changed."),
    50007: final(NO_DIRECT_MESSAGES),
    50008: lost("The bot cannot write in that kind of channel; set `channel` to an ordinary text channel."),
    50013: final("The bot may not do that; `convenor doctor` names the permission that its role lacks."),
    50021: final("That is a notice of Discord's own."),
    50033: final(PERSON_GONE),
    50035: final("Discord refuses the post."),
    50045: final("The picture is too large for Discord; make it smaller than 10 MB."),
    50046: final("Discord cannot read the picture."),
    50083: final("The thread is archived and locked; a moderator has to unlock it."),
    50278: final(NO_DIRECT_MESSAGES),
    160002: final("The bot may not reply: give its role Read Message History under Edit Channel → Permissions."),
    160005: final("The thread is locked; a moderator has to unlock it."),
    130000: Refusal(text="Discord has too much to do for now."),
    200000: final("The server's AutoMod refuses the post; let the bot's role pass under AutoMod's exemptions."),
    200001: final("The server's AutoMod refuses the title; let the bot's role pass under AutoMod's exemptions."),
    240000: final("Discord takes a link in the post for harmful, and refuses it."),
}

BY_CLOSING: dict[int, Refusal] = {
    4004: lost(TOKEN),
    4010: lost("Discord refuses the connection; install the newest Convenor (shard refused)."),
    4011: lost("The bot is on too many servers for one connection; make a bot of your own for this server."),
    4012: lost("Discord refuses the connection; install the newest Convenor (gateway version refused)."),
    4013: lost("Discord refuses the connection; install the newest Convenor (intents refused)."),
    4014: lost(INTENT),
}
"""Refusals by the code with which the gateway closed. After any other code we may connect again."""

_ERRORS = ErrorMapper(
    name="Discord",
    unreachable="Discord cannot be reached.",
    misrouted="Discord cannot be reached that way; look at `proxy` and `api_url` in the settings.",
    silent="Discord did not answer.",
    broken="Discord did not answer.",
    busy="Discord asks us to wait.",
    trouble="Discord is in trouble ({status}).",
    elsewhere="Something between here and Discord refuses the call ({status}).",
    refused="Discord refuses the call ({status}, code {reason}).",
    strange="Discord answered with something unexpected ({kind}).",
    lost={401: TOKEN},
    unsure=frozenset({408}),
)

_QUOTED = re.compile(r"""(["'`]).*\1""")


def to_error(error: BaseException, *, now: datetime) -> PlatformError:  # noqa: PLR0911 -- a row for each kind
    """The error for a call that failed. It is `ambiguous` if Discord may have carried the call out."""
    match error:
        case discord.LoginFailure():
            return PlatformError(TOKEN, lost=True)
        case discord.PrivilegedIntentsRequired():
            return PlatformError(INTENT, lost=True)
        case discord.RateLimited():
            return _ERRORS.from_status(429, wait=error.retry_after)
        case discord.ConnectionClosed() if error.code in BY_CLOSING:
            return BY_CLOSING[error.code].error()
        case discord.ConnectionClosed():
            return PlatformError(f"Discord closed the connection ({error.code}).")
        case discord.GatewayNotFound():
            return _ERRORS.from_exception(UnsentError())
        case discord.HTTPException():
            return _refused(error, now)
    return _ERRORS.from_exception(error)


def _refused(error: discord.HTTPException, now: datetime) -> PlatformError:
    """A refusal by status and code. Without a code it comes from a proxy or a firewall."""
    known = BY_CODE.get(error.code)
    reason = "" if known else str(error.code)
    found = _ERRORS.from_status(
        error.status,
        own=bool(error.code),
        known=known,
        reason=_reason(error) if error.code == BAD_FORM else reason,
        code=str(error.code or ""),
        wait=retry_after(error.response.headers, now),
    )
    found.too_long = error.code == BAD_FORM and "in length" in error.text
    return found


def _reason(error: discord.HTTPException) -> str:
    """Discord's own text, without quotations."""
    said = _QUOTED.sub("…", " ".join(error.text.split("\n")[1:]))
    return f" {said[:200]}".rstrip()


def code_of(error: BaseException) -> int:
    """Discord's own code behind an error; 0 without one."""
    cause = error.__cause__
    return cause.code if isinstance(cause, discord.HTTPException) else 0


def for_this_post(error: PlatformError, text: str = "") -> PlatformError:
    """The failure of a post outside the channel: an error that would end the place is final for this post only.

    `text` replaces such an error's own, and that of a missing permission. An invalid token or a locked account still
    ends the place.
    """
    code = code_of(error)
    if code in {0, BAD_TOKEN, LOCKED} or not (error.lost or code == NO_PERMISSION):
        return error
    return PlatformError(text or str(error), permanent=True, code=error.code)


def of_the_channel(error: PlatformError) -> PlatformError:
    """The failure of a plain message in the channel: a bot that may not write there has lost the place."""
    if code_of(error) != NO_PERMISSION:
        return error
    return PlatformError(MAY_NOT_SEND, lost=True, code=error.code)
