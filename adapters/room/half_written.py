"""Half-written forms of the host's page, kept until they are sent.

Our script sends it a moment after each change. Without a script it is kept when a command is refused. It belongs to the
private link, so that it is found again on another device; nobody else sees it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.forms import Form
from adapters.room.sessions import Session
from adapters.room.team_views import revision_of
from bot.errors import ChangedDraftError, ConvenorError
from bot.ports.kept_texts import KeptText

REVIEW, LINE = "review", "line"
FORMS = frozenset({"say", "add", "edit", "summary", "move", REVIEW, LINE})
"""The forms that are kept: those of commands by their command, the review page, and the line for any command."""

_NOT_KEPT = frozenset({"token", "do", "typed"})

_MOST_FIELDS = 300
_CONFLICT = 409

_fields = msgspec.json.Decoder(dict[str, str]).decode


class HalfWritten:
    """Keeps, finds and removes forms of the host's page."""

    def __init__(self, app: AppContext) -> None:
        self._kept = app.adapter.kept_texts

    async def keep(self, form: Form) -> Response:
        """Keep a form for our script. Of two devices the second gets what the first has written. Raises 400."""
        try:
            fields = _fields(form["fields"])
        except (msgspec.DecodeError, msgspec.ValidationError):
            raise HTTPException(400) from None
        if form["form"] not in FORMS or len(fields) > _MOST_FIELDS:
            raise HTTPException(400)
        about, owner = form.session.chat, form.session.id
        mine = KeptText(about=about, owner=owner, form=form["form"], fields=fields, revision=revision_of(form))
        try:
            kept = await self._kept.keep(mine if _is_written(fields) else msgspec.structs.replace(mine, fields={}))
        except ChangedDraftError as error:
            theirs = (await self._kept.of(about, owner)).get(mine.form)
            revision, text = (theirs.revision, theirs["text"]) if theirs else (0, "")
            return JSONResponse({"problem": str(error), "revision": revision, "text": text}, _CONFLICT)
        return JSONResponse({"revision": kept.revision})

    async def of(self, session: Session) -> Mapping[str, KeptText]:
        """All that is kept for somebody in their chat."""
        return await self._kept.of(session.chat, session.id)

    async def after_command(self, form: Form, command: str, *, done: bool, by_script: bool) -> None:
        """Remove the form of a command that was carried out; keep one that was refused. Never raises.

        Our script has kept its form itself.
        """
        with suppress(ConvenorError):  # the answer to the command comes first
            await self._after_command(form, command, done=done, by_script=by_script)

    async def _after_command(self, form: Form, command: str, *, done: bool, by_script: bool) -> None:
        name, session = LINE if form["typed"] else form["do"] or command.partition(" ")[0], form.session
        if name not in FORMS:
            return
        if done:
            await self._kept.remove(session.chat, session.id, name)
        elif (form["do"] or form["typed"]) and not by_script:
            fields = {key: value for key, value in form.fields.items() if key not in _NOT_KEPT}
            known = (await self.of(session)).get(name)
            revision = known.revision if known else 0
            text = KeptText(about=session.chat, owner=session.id, form=name, fields=fields, revision=revision)
            if _is_written(fields):
                await self._kept.keep(text)

    async def reviewed(self, session: Session) -> None:
        """Remove the choices of the review page: they were carried out."""
        await self._kept.remove(session.chat, session.id, REVIEW)


def template_values(kept: Mapping[str, KeptText]) -> dict[str, object]:
    """The values for templates: of a field, and the revision of a form, 0 if none is kept."""
    return {
        "kept_value": lambda form, field: kept[form][field] if form in kept else "",
        "kept_revision": lambda form: kept[form].revision if form in kept else 0,
    }


def _is_written(fields: Mapping[str, str]) -> bool:
    """Whether there is something to keep: where there is a text, a choice alone is not."""
    return bool(fields["text"].strip()) if "text" in fields else any(value.strip() for value in fields.values())
