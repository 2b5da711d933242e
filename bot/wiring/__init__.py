"""Puts the rooms together, starts them and stops them. The only room that names adapters; it decides nothing else."""

from adapters.room.browser_client import BrowserClient
from bot.wiring.adapters import PLATFORMS, Builder, address, diagnosed, traits
from bot.wiring.convenor import Convenor, settle_memory

__all__ = [
    "PLATFORMS",
    "BrowserClient",
    "Builder",
    "Convenor",
    "address",
    "diagnosed",
    "settle_memory",
    "traits",
]
