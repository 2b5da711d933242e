"""The whole hour in a minute, and the sign by which other processes find it. All of it stays on this machine."""

from bot.rehearsal.discovery import PREFIX, RehearsalMarker, signs
from bot.rehearsal.rehearsal import Rehearsal, rehearsing

__all__ = ["PREFIX", "Rehearsal", "RehearsalMarker", "rehearsing", "signs"]
