"""Health: what a program that watches the bot asks for. Values and a protocol only."""

from __future__ import annotations

from typing import Protocol

from bot.messages import Value


class Health(Value, frozen=True, kw_only=True):
    """The health of the bot: each part, and each place, in a few words without names of people or reasons.

    `is_well`: nothing keeps it from hosting. `is_ready`: it has started, and everything is planned that is due within
    the hour. `reading` says how many chat files are still to be read, in words; empty if none is.
    """

    is_well: bool = True
    is_ready: bool = True
    reading: str = ""
    parts: tuple[tuple[str, str], ...] = ()


class HealthCheck(Protocol):
    """Asks for the bot's health. It answers within three seconds, whatever hangs."""

    async def __call__(self) -> Health:
        """The health now, or a moment ago."""


class MetricsPage(Protocol):
    """Asks for the numbers of the bot, in Prometheus' text format. It answers within three seconds, whatever hangs."""

    async def __call__(self) -> bytes:
        """The numbers now, or some seconds ago."""


async def unmeasured() -> bytes:
    """The numbers of what nobody measures."""
    return b""


async def unwatched() -> Health:
    """The health of what nobody watches."""
    return Health()
