"""The confidentiality guard: signs that a message could identify a patient. Pure.

It reads one text and says keep or hold, and why. It knows no chat, no author and no platform, keeps nothing, and
guesses no names: a name counts only where the sentence itself says that it is a patient's.
"""

from bot.moderation.guard.check import judged, verdict
from bot.moderation.guard.normalized_text import GuardReason, GuardVerdict, Kind

__all__ = ["GuardReason", "GuardVerdict", "Kind", "judged", "verdict"]
