"""The confidentiality guard: signs that a message could identify a patient. Pure.

The guard reads one text and returns keep or hold, with the reasons. It knows no chat, author or platform, stores
nothing, and guesses no names: a name counts only where the sentence itself says that it is a patient's.
"""

from bot.moderation.guard.check import check_further, check_lines, check_text, check_texts
from bot.moderation.guard.normalized_text import GuardReason, GuardVerdict, Kind

__all__ = ["GuardReason", "GuardVerdict", "Kind", "check_further", "check_lines", "check_text", "check_texts"]
