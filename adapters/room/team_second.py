"""The second of two versions of a draft or of a pasted announcement, kept for its author until they have chosen.

It belongs to their private link, so a reload, a restart or another device shows both versions again. Nobody else sees
it, and it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from msgspec.structs import replace

from adapters.room.forms import Form
from adapters.room.team_access import TeamMember
from bot.errors import ChangedDraftError
from bot.ports.kept_texts import KeptText, KeptTexts

ANNOUNCEMENT_NAME = "second announcement"
"""What the second version of a pasted announcement is kept as."""

_NOT_KEPT = frozenset({"token", "do", "revision", "kept"})

_TRIES = 3
"""How often a version is kept, while other windows with the same link keep theirs."""


class SecondVersion:
    """The version of one member, of one form in a series."""

    def __init__(self, kept: KeptTexts, member: TeamMember, series: str, name: str) -> None:
        self._kept, self._nothing = kept, KeptText(about=series, owner=member.session.id, form=name)

    async def find(self) -> KeptText | None:
        """What is kept."""
        nothing = self._nothing
        return (await self._kept.of(nothing.about, nothing.owner)).get(nothing.form)

    async def keep(self, fields: Mapping[str, str]) -> KeptText:
        """Keep the fields of a form, instead of those before. Raises TeamError if they are too long."""
        own = {name: value for name, value in fields.items() if name not in _NOT_KEPT}
        for _try in range(_TRIES - 1):
            with suppress(ChangedDraftError):
                return await self._keep(own)
        return await self._keep(own)

    async def settle(self, form: Form) -> None:
        """Remove what was kept, if the form was made from it: its author has chosen."""
        kept = await self.find() if form["kept"] else None
        if kept and str(kept.revision) == form["kept"]:
            await self.drop(kept)

    async def drop(self, kept: KeptText) -> None:
        """Remove what was kept, unless another window has kept something else meanwhile."""
        with suppress(ChangedDraftError):
            await self._kept.keep(replace(kept, fields={}))

    async def _keep(self, fields: dict[str, str]) -> KeptText:
        return await self._kept.keep(replace(await self.find() or self._nothing, fields=fields))


def form_name(draft: str) -> str:
    """What the second version of the form of a draft with this id is kept as."""
    return f"draft {draft}"


def text_name(draft: str) -> str:
    """What the second version of the text of a draft with this id is kept as."""
    return f"text {draft}"
