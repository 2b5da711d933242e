"""The addresses of the team's page. There are none where nobody plans chats, as in a rehearsal."""

from __future__ import annotations

from adapters.room.app_context import AppContext
from adapters.room.store_timeout import Handler
from adapters.room.team_drafts import TeamDrafts
from adapters.room.team_new import TeamNewChat
from adapters.room.team_page import TeamPages
from adapters.room.team_views import TeamViews

Address = tuple[str, Handler, list[str]]
"""A path, its handler, and the methods by which it is called."""


def team_routes(context: AppContext) -> list[Address]:
    """All addresses of the team's page."""
    if context.adapter.team is None:
        return []
    views = TeamViews(context, context.adapter.team)
    pages, new, drafts = TeamPages(views), TeamNewChat(views), TeamDrafts(views)
    get, post = ["GET"], ["POST"]
    series = "/team/{series}"
    draft, chat = f"{series}/draft/{{draft}}", f"{series}/chat/{{name}}"
    return [
        ("/team", pages.index, get),
        ("/team/out", pages.sign_out, post),
        (series, pages.calendar, get),
        (f"{series}/advice", pages.advice, get),
        (f"{series}/new", new.page, get),
        (f"{series}/new", new.begin, post),
        (draft, drafts.form, get),
        (draft, drafts.change, post),
        (f"{draft}/text", drafts.text, get),
        (f"{draft}/text", drafts.change_text, post),
        (f"{draft}/look", drafts.look, get),
        (f"{draft}/look", drafts.publish, post),
        (f"{draft}/source", drafts.source, get),
        (f"{draft}/file", drafts.file, get),
        (chat, pages.chat, get),
        (chat, pages.change_chat, post),
        (f"{chat}/texts", pages.texts, get),
        (f"{chat}/version/{{version}}", pages.version, get),
        (f"{chat}/off", pages.call_off, get),
        (f"{chat}/off", pages.call_off_now, post),
    ]
