"""Puts the rooms together, starts them and stops them. The only room that names adapters; it decides nothing else."""

from adapters.room.browser_client import Visitor
from bot.wiring.adapters import PLATFORMS, Builder, Given, address, examined, traits
from bot.wiring.convenor import Convenor, settle_memory

__all__ = ["PLATFORMS", "Builder", "Convenor", "Given", "Visitor", "address", "examined", "settle_memory", "traits"]
