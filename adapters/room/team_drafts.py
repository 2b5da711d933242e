"""Handlers of drafts on the team's page: the form, the same as text, how it will look, and saving it as a chat's file.

A form that was made from another revision than the newest writes over nothing: both are shown, and somebody chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adapters.room.errors import wants_json
from adapters.room.forms import Form
from adapters.room.team_access import TeamMember
from adapters.room.team_forms import after, chat_form, differences, shown_fields
from adapters.room.team_second import SecondVersion, form_name, text_name
from adapters.room.team_views import GONE, TeamViews, revision_of, see
from bot.errors import ChangedDraftError, ChangedMeanwhileError, TeamError
from bot.ports.team_drafts import Draft
from bot.translation import _

_CONFLICT = 409


class TeamDrafts:
    """All that is done with a draft."""

    def __init__(self, views: TeamViews) -> None:
        self._views, self._team = views, views.team

    async def form(self, request: Request) -> Response:
        """The form of a draft; the text, where there can't be a form."""
        member, series = await self._views.member(request)
        draft = await self._found(request, member, series)
        if isinstance(draft, Response):
            return draft
        if second := await self._second(member, draft, form_name).find():
            sent = chat_form(second.fields)
            if draft.form is None or differences(sent, draft.form):
                return await self._both(member, replace(draft, form=sent), draft, kept=second.revision)
            await self._second(member, draft, form_name).drop(second)
        if draft.form is None:
            return see(f"{_path(draft)}/text")
        newer = await self._team.drafts.newer_file(draft)
        return await self._form_page(member, draft, focus=request.query_params.get("at", ""), newer=newer)

    async def change(self, request: Request) -> Response:
        """Keep a form as it was sent, and do what its button says."""
        member, series, form = await self._views.form(request)
        draft = await self._found(request, member, series, form_name, form.fields)
        if isinstance(draft, Response):
            return draft
        second = self._second(member, draft, form_name)
        if form["do"] == "leave":
            await second.settle(form)
            return see(_path(draft))
        sent, at = after(chat_form(form.fields), form["do"])
        looked = draft.looked or form["do"] == "look"
        mine = replace(draft, form=sent, revision=revision_of(form), looked=looked)
        try:
            kept = await self._kept(mine, draft, member)
        except ChangedDraftError:
            return await self._conflict(request, member, mine, form)
        await second.settle(form)
        if wants_json(request):
            return JSONResponse({"revision": kept.revision})
        pages = {"look": f"{_path(draft)}/look", "later": f"/team/{quote(series)}"}
        return see(pages.get(form["do"]) or (f"{_path(draft)}?at={at}#{at}" if at else _path(draft)))

    async def _kept(self, mine: Draft, draft: Draft, member: TeamMember) -> Draft:
        """The draft, kept; nothing is written where nothing has changed, so that looking around makes no revisions."""
        if mine == draft:
            return draft
        return await self._team.drafts.keep(mine, member.name)

    async def _found(
        self,
        request: Request,
        member: TeamMember,
        series: str,
        name: Callable[[str], str] | None = None,
        sent: Mapping[str, str] | None = None,
    ) -> Draft | Response:
        """The draft in the address; if it is gone, the page with what this member wrote too late. Raises 404.

        What they have `sent` just now to a draft that is gone is kept first, under its `name`.
        """
        id, kept = str(request.path_params["draft"]), self._views.app.adapter.kept_texts
        if (draft := await self._team.drafts.find(series, id)) is not None:
            return draft
        if name and sent:
            await SecondVersion(kept, member, series, name(id)).keep(sent)
        form = await SecondVersion(kept, member, series, form_name(id)).find()
        text = await SecondVersion(kept, member, series, text_name(id)).find()
        if not form and not text:
            raise HTTPException(404, _(GONE))
        if wants_json(request):
            said = _("Your words are kept. Load this page again to see them.")
            return JSONResponse({"problem": f"{_(GONE)} {said}"}, 404)
        own = {"series": series, "fields": shown_fields(chat_form(form.fields)) if form else []}
        return self._views.page(
            "team_gone.html", member, status=404, problem=_(GONE), text=text["text"] if text else "", **own
        )

    def _second(self, member: TeamMember, draft: Draft, name: Callable[[str], str]) -> SecondVersion:
        """What this member wrote into a form of a draft that somebody else changed meanwhile."""
        return SecondVersion(self._views.app.adapter.kept_texts, member, draft.series, name(draft.id))

    async def _conflict(self, request: Request, member: TeamMember, mine: Draft, form: Form) -> Response:
        draft = await self._views.draft(request, mine.series)
        kept, problem = await self._keep_second(member, draft, form_name, form.fields)
        if wants_json(request):
            return _conflict_answer(problem, kept)
        return await self._both(member, mine, draft, status=_CONFLICT, kept=kept, problem=problem)

    async def _keep_second(
        self, member: TeamMember, draft: Draft, name: Callable[[str], str], fields: Mapping[str, str]
    ) -> tuple[int, str]:
        """Keep what a member sent too late. Returns its revision, 0 if it is too long, and what to tell them."""
        try:
            return (await self._second(member, draft, name).keep(fields)).revision, _changed_by(draft)
        except TeamError as error:
            return 0, f"{_changed_meanwhile(draft)} {error}"

    async def _both(self, member: TeamMember, mine: Draft, draft: Draft, **context: object) -> Response:
        other = differences(mine.form, draft.form) if mine.form and draft.form else []
        shown = replace(mine, revision=draft.revision, by=draft.by)
        own = {"other": other, "problem": _changed_by(draft)}
        return await self._form_page(member, shown, **{**own, **context})  # type: ignore[arg-type]

    async def _form_page(self, member: TeamMember, draft: Draft, *, status: int = 200, **context: object) -> Response:
        found, problem = None, ""
        try:
            found = await self._team.drafts.review(draft) if draft.looked else None
        except TeamError as error:  # the form is shown all the same, so that nothing is lost
            problem = str(error)
        own: dict[str, object] = {
            "draft": draft,
            "form": draft.form,
            "review": found,
            "focus": "",
            "other": (),
            "path": _path(draft),
        }
        own |= {"problem": problem, "newer": None, "kept": 0}
        return self._views.page("team_form.html", member, status=status, series=draft.series, **{**own, **context})

    async def text(self, request: Request) -> Response:
        """A draft as text, with its mistakes at their lines."""
        member, series = await self._views.member(request)
        draft = await self._found(request, member, series)
        if isinstance(draft, Response):
            return draft
        found = await self._team.drafts.review(draft)
        second = self._second(member, draft, text_name)
        kept = await second.find()
        if kept and kept["text"] != found.text:
            mine = await self._team.drafts.with_text(draft, kept["text"])
            return await self._both_texts(member, mine, draft, kept=kept.revision, problem=_changed_by(draft))
        if kept:
            await second.drop(kept)
        return self._text_page(member, draft, found.text, notes=found.notes, language=found.language)

    async def change_text(self, request: Request) -> Response:
        """Keep a text as it was sent."""
        member, series, form = await self._views.form(request)
        draft = await self._found(request, member, series, text_name, {"text": form["text"]})
        if isinstance(draft, Response):
            return draft
        second = self._second(member, draft, text_name)
        if form["do"] == "leave":
            await second.settle(form)
            return see(f"{_path(draft)}/text")
        text = form["text"].replace("\r\n", "\n").rstrip() + "\n"
        mine = replace(await self._team.drafts.with_text(draft, text), revision=revision_of(form))
        try:
            kept = await self._kept(mine, draft, member)
        except ChangedDraftError:
            draft = await self._views.draft(request, series)
            revision, problem = await self._keep_second(member, draft, text_name, {"text": text})
            if wants_json(request):
                return _conflict_answer(problem, revision)
            return await self._both_texts(member, mine, draft, status=_CONFLICT, kept=revision, problem=problem)
        await second.settle(form)
        if wants_json(request):
            return JSONResponse({"revision": kept.revision})
        return see(f"{_path(kept)}/{'look' if form['do'] == 'look' else 'text'}")

    async def _both_texts(self, member: TeamMember, mine: Draft, draft: Draft, **context: object) -> Response:
        theirs, found = await self._team.drafts.review(draft), await self._team.drafts.review(mine)
        shown = replace(mine, revision=draft.revision)
        own = {"notes": found.notes, "language": found.language, "theirs": theirs.text, "by": draft.by}
        return self._text_page(member, shown, mine.text, **{**own, **context})  # type: ignore[arg-type]

    def _text_page(
        self, member: TeamMember, draft: Draft, text: str, *, status: int = 200, **context: object
    ) -> Response:
        own = {"series": draft.series, "draft": draft, "text": text, "theirs": "", "kept": 0, "path": _path(draft)}
        return self._views.page("team_text.html", member, status=status, **{**own, **context})

    async def look(self, request: Request) -> Response:
        """How a draft will look in each place, what is to put right, and the button that saves it."""
        member, series = await self._views.member(request)
        return await self._look_page(member, await self._views.draft(request, series))

    async def publish(self, request: Request) -> Response:
        """Save a draft as its chat's file, switch advice off, or throw the draft away."""
        member, series, form = await self._views.form(request)
        draft = await self._views.draft(request, series)
        if revision_of(form) != draft.revision:
            return await self._look_page(member, draft, status=_CONFLICT, problem=_changed_by(draft))
        if form["do"] == "discard":
            await self._team.drafts.discard(draft)
            return see(f"/team/{quote(series)}")
        if form["do"].startswith("ignore "):
            code = form["do"].removeprefix("ignore ")
            await self._team.drafts.keep(await self._team.drafts.without_advice(draft, code), member.name)
            return see(f"{_path(draft)}/look")
        if form["do"] == "over":
            draft = await self._team.drafts.onto_newer(draft, member.name)
        try:
            name = await self._team.drafts.publish(draft, member.name)
        except (TeamError, ChangedMeanwhileError) as error:
            now = await self._views.draft(request, series)
            return await self._look_page(member, now, status=_CONFLICT, problem=str(error))
        return see(f"/team/{quote(series)}/chat/{quote(name.partition('/')[2])}?saved")

    async def _look_page(self, member: TeamMember, draft: Draft, **context: object) -> Response:
        found, newer = await self._team.drafts.review(draft), await self._team.drafts.newer_file(draft)
        other = differences(draft.form, newer.form) if newer and draft.form and newer.form else []
        own = {"series": draft.series, "draft": draft, "review": found, "newer": newer, "path": _path(draft)}
        own["other"] = other
        return self._views.page("team_look.html", member, **{**own, **context})  # type: ignore[arg-type]

    async def source(self, request: Request) -> Response:
        """The announcement that a draft was made from, line by line."""
        member, series = await self._views.member(request)
        draft = await self._views.draft(request, series)
        if not draft.source:
            raise HTTPException(404)
        return self._views.page("team_source.html", member, series=series, draft=draft, path=_path(draft))

    async def file(self, request: Request) -> Response:
        """The chat's file, to keep, or to give to whoever can put it into the folder."""
        series = (await self._views.member(request))[1]
        found = await self._team.drafts.review(await self._views.draft(request, series))
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.file_name)}"}
        return Response(found.text, media_type="application/toml", headers=headers)


def _path(draft: Draft) -> str:
    return f"/team/{quote(draft.series)}/draft/{draft.id}"


def _changed_by(draft: Draft) -> str:
    said = _("{name} has changed this draft meanwhile. Nothing is lost: look at both, and choose.")
    return said.format(name=draft.by or _("Somebody"))


def _changed_meanwhile(draft: Draft) -> str:
    return _("{name} has changed this draft meanwhile.").format(name=draft.by or _("Somebody"))


def _conflict_answer(problem: str, kept: int) -> Response:
    """The answer for our script."""
    also = f" {_('Your words are kept, too. Load this page again to see both.')}" if kept else ""
    return JSONResponse({"problem": f"{problem}{also}"}, _CONFLICT)
