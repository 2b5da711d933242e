"""Rehearsals: a chat on a fast clock with pretend participants, and their discovery. Nothing leaves this machine."""

from bot.rehearsal.discovery import FOLDER_PREFIX, RehearsalMarker, running_rehearsals
from bot.rehearsal.rehearsal import Rehearsal, rehearsing

__all__ = ["FOLDER_PREFIX", "Rehearsal", "RehearsalMarker", "rehearsing", "running_rehearsals"]
