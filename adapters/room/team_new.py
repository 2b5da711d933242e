"""Handlers of a new chat on the team's page: a pasted text, a file, or an empty form becomes a draft.

What is pasted is kept for whoever opens the same private link, until it is read or thrown away. A file is not kept: no
page may put one back into a browser's form.
"""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adapters.room.errors import wants_json
from adapters.room.forms import Form, FormLimits, Upload
from adapters.room.team_access import TeamMember
from adapters.room.team_second import ANNOUNCEMENT_NAME, SecondVersion
from adapters.room.team_views import TeamViews, revision_of, see
from bot.errors import ChangedDraftError, TeamError
from bot.ports.kept_texts import ANNOUNCEMENT, MOST_KEPT, KeptText
from bot.translation import _, pending

_UPLOAD = FormLimits(size=22_000_000, fields=10, files=1, seconds=180.0)
"""A little more than the largest document that is read, on a slow telephone."""

_TOO_LARGE = pending(
    "An announcement may have 20 MB, and this is more. Take the pictures out, or copy its text and paste that."
)
_CHANGED = pending(
    "This text was changed in another window or on another device meanwhile. Nothing is lost: look at both, and choose."
)
_LOAD_AGAIN = pending("Your words are kept, too. Load this page again to see both.")
_NOTHING = pending("Please paste the text, or choose a file.")

_CONFLICT = 409


class TeamNewChat:
    """The page for a new chat, and what its buttons do."""

    def __init__(self, views: TeamViews) -> None:
        self._views, self._team, self._kept = views, views.team, views.app.adapter.kept_texts

    async def page(self, request: Request) -> Response:
        """The ways to begin a chat, with what was pasted before."""
        member, series = await self._views.member(request)
        pasted = await self._pasted(series, member)
        second, kept = self._second(series, member), await self._second(series, member).find()
        if kept and kept["text"] != pasted["text"]:
            mine = replace(pasted, fields=dict(kept.fields))
            return self._page(member, mine, kept=kept.revision, problem=_(_CHANGED), theirs=pasted["text"])
        if kept:
            await second.drop(kept)
        day = request.query_params.get("day", pasted["day"])[:10]
        return self._page(member, replace(pasted, fields=pasted.fields | {"day": day}))

    async def begin(self, request: Request) -> Response:
        """Keep what was pasted, and do what the button says: begin a draft from it, from a file, or an empty one."""
        try:
            member, series, form = await self._views.form(request, _UPLOAD)
        except HTTPException as error:
            raise HTTPException(413, _TOO_LARGE) if error.status_code == 413 else error from None  # noqa: PLR2004
        fields = {"text": form["text"].replace("\r\n", "\n"), "day": form["day"][:10]}
        mine = replace(_empty(series, member), fields=fields, revision=revision_of(form))
        path = f"/team/{quote(series)}/draft/"
        match form["do"]:
            case "leave":
                await self._second(series, member).settle(form)
                return see(f"/team/{quote(series)}/new")
            case "empty":
                return see(path + await self._team.drafts.begin(series, mine["day"], member.name))
            case "read":
                return await self._read_in(member, mine, form, path)
            case "discard":
                return await self._keep(request, member, form, replace(mine, fields={}), shown=mine)
            case _:
                return await self._keep(request, member, form, mine, shown=mine)

    async def _pasted(self, series: str, member: TeamMember) -> KeptText:
        found = await self._kept.of(series, member.session.id)
        return found.get(ANNOUNCEMENT) or _empty(series, member)

    async def _keep_text(self, mine: KeptText) -> KeptText:
        """Keep a text; without one, the day alone is nothing to keep."""
        kept = await self._kept.keep(mine if mine["text"].strip() else replace(mine, fields={}))
        return replace(kept, fields=mine.fields)

    def _second(self, series: str, member: TeamMember) -> SecondVersion:
        """What was pasted in a window in which it could not be kept, for another had changed the text."""
        return SecondVersion(self._kept, member, series, ANNOUNCEMENT_NAME)

    async def _keep(
        self, request: Request, member: TeamMember, form: Form, mine: KeptText, *, shown: KeptText
    ) -> Response:
        """Keep a text, or remove an empty one; `shown` is what stands in the box."""
        try:
            kept = await self._keep_text(mine)
        except ChangedDraftError as error:
            second = await self._second(mine.about, member).keep(shown.fields)
            if wants_json(request):
                return JSONResponse({"problem": f"{error} {_(_LOAD_AGAIN)}"}, _CONFLICT)
            theirs = await self._pasted(mine.about, member)
            shown, both = replace(shown, revision=theirs.revision), {"kept": second.revision, "theirs": theirs["text"]}
            return self._page(member, shown, status=_CONFLICT, problem=str(error), **both)
        except TeamError as error:
            if wants_json(request):
                return JSONResponse({"problem": str(error)}, 422)
            return self._page(member, shown, status=422, problem=str(error))
        await self._second(mine.about, member).settle(form)
        if wants_json(request):
            return JSONResponse({"revision": kept.revision})
        return see(f"/team/{quote(mine.about)}")

    async def _read_in(self, member: TeamMember, mine: KeptText, form: Form, path: str) -> Response:
        """Begin a draft from a file or from the text, which was kept first, so that no failure loses it.

        What was kept from another device meanwhile stays: only the text that is read is removed.
        """
        file, kept = form.files.get("file"), None
        if len(mine["text"]) <= MOST_KEPT:
            with suppress(ChangedDraftError):
                kept = await self._keep_text(mine)
        try:
            id = await self._team.drafts.read_in(mine.about, mine["day"], _announcement(mine, file), member.name)
        except TeamError as error:
            return self._page(member, kept or mine, status=422, problem=str(error))
        if not file:
            await self._second(mine.about, member).settle(form)
        if kept and not file:
            with suppress(ChangedDraftError):
                await self._kept.keep(replace(kept, fields={}))
        return see(path + id)

    def _page(self, member: TeamMember, pasted: KeptText, *, status: int = 200, **context: object) -> Response:
        own = {"series": pasted.about, "pasted": pasted, "theirs": "", "kept": 0}
        return self._views.page("team_new.html", member, status=status, **{**own, **context})


def _empty(series: str, member: TeamMember) -> KeptText:
    return KeptText(about=series, owner=member.session.id, form=ANNOUNCEMENT)


def _announcement(pasted: KeptText, file: Upload | None) -> tuple[str, bytes]:
    """The name and the bytes of what is to be read: the file, or else the text. Raises TeamError."""
    if file is None and not pasted["text"].strip():
        raise TeamError(_(_NOTHING))
    data, name = (file.data, file.name) if file else (pasted["text"].encode(errors="replace"), "pasted.txt")
    if not data:
        raise TeamError(_("This file is empty. Is it the right one?"))
    return name[-100:], data
