"""Builds the bot from its parts, and starts and stops it. The only package that names adapters; it decides nothing."""

from adapters.room.browser_client import BrowserClient
from bot.wiring.adapters import PLATFORMS, Builder, address, diagnosed, traits
from bot.wiring.convenor import Convenor, tune_garbage_collector

__all__ = [
    "PLATFORMS",
    "BrowserClient",
    "Builder",
    "Convenor",
    "address",
    "diagnosed",
    "traits",
    "tune_garbage_collector",
]
