"""A doubt about an announcement: what the host has to look at before the draft is a chat."""

from __future__ import annotations

from msgspec.structs import replace

from bot.messages import Value
from bot.translation import translated


class Doubt(Value, frozen=True, kw_only=True):
    """A doubt: the line of the text and the words in it, the assumption and its reason, and how to change it.

    `field` is a key of the chat file, as `starts`, or one question, as `questions.2`. `assumed` is None where nothing
    was. `settled`: the series says it, so a note is enough. What we say in it can be translated.
    """

    field: str
    line: int | None
    said: str
    assumed: str | None
    why: str
    settled: bool = False

    def spoken(self) -> Doubt:
        """The doubt in the language that is spoken here, for one who passes it on."""
        return replace(self, assumed=translated(self.assumed) if self.assumed else None, why=translated(self.why))
