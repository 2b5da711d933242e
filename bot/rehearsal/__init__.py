"""The whole hour in a minute, and the sign by which other processes find it. All of it stays on this machine."""

from bot.rehearsal.hour import Rehearsal, rehearsing
from bot.rehearsal.sign import PREFIX, Sign, signs

__all__ = ["PREFIX", "Rehearsal", "Sign", "rehearsing", "signs"]
