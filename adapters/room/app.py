"""The web application: its routes, and the headers of every response. The handlers are in other modules."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.room.app_context import AppContext
from adapters.room.archive_pages import ArchivePages
from adapters.room.calendar_files import CalendarFiles
from adapters.room.community import COLOURS, LOGO, CommunityFiles
from adapters.room.concealed_chats import ConcealedChats
from adapters.room.cpd_sheet import CpdSheets
from adapters.room.errors import ErrorPages
from adapters.room.host_page import HostPage
from adapters.room.monitoring import HealthPages, MetricsGate
from adapters.room.own_choices import OwnChoices
from adapters.room.own_data import OwnData
from adapters.room.page_language import in_language
from adapters.room.pages import Pages
from adapters.room.participant_posts import ParticipantPosts
from adapters.room.rehearsal_gateway import RehearsalGateway
from adapters.room.render import STATIC
from adapters.room.request_guard import RequestGuard
from adapters.room.review_page import ReviewPage
from adapters.room.store_timeout import Handler, patient
from adapters.room.team_routes import team_routes
from bot.errors import ChatFileError, StoreError, TeamError
from bot.ports.rehearsals import SERIES

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # not `no-referrer`: browsers then send the origin "null" with our own forms
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


_EFFORT = 4
"""gzip's level: a page of 90 messages shrinks to a sixth in less than a millisecond. Level 9 takes thrice as long for a
twentieth less."""


RouteMaker = Callable[..., Route]
"""Makes a route from a path, a handler and its methods."""

_CHAT = "/{series}/{name}"


def routes(context: AppContext) -> list[BaseRoute]:
    """Every address of the room."""
    pages = Pages(context)

    def route(path: str, handler: Handler, *methods: str) -> Route:
        careful = in_language(patient(handler, context.adapter.trouble), context.adapter.conversation)
        return Route(path, careful, methods=methods or None)

    return [
        *_machine_routes(context),
        *_rehearsal_routes(context),
        *(route(path, handler, *methods) for path, handler, methods in team_routes(context)),
        *_room_routes(context, pages, route),
        *_host_routes(HostPage(context), ReviewPage(context), route),
        *_reading_routes(context, pages, route),
        *_writing_routes(ParticipantPosts(context), ConcealedChats(context).guard, route),
    ]


def build(context: AppContext) -> ASGIApp:
    """The whole room as one ASGI application."""
    errors = ErrorPages(context)
    app = Starlette(
        routes=routes(context),
        exception_handlers={
            HTTPException: errors.http_error,
            StoreError: errors.server_error,
            TeamError: errors.team_error,
            ChatFileError: errors.team_error,
            Exception: errors.server_error,
        },
    )
    app.router.redirect_slashes = False
    # not the stream of events: it is written to its connection, and a compressor would hold events back. Pages may be
    # compressed: the token in each is new every time, so that their length tells nothing of it (BREACH)
    compressed = GZipMiddleware(app, minimum_size=1000, compresslevel=_EFFORT)
    return _HeadersMiddleware(RequestGuard(compressed, context.settings.origin))


def _machine_routes(context: AppContext) -> list[BaseRoute]:
    """Routes for machines and browsers, which work without the store, or say something of their own without it."""
    health, own = HealthPages(context.adapter.health), CommunityFiles(context.adapter.community)
    return [
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz),
        Route("/metrics", MetricsGate(context.adapter.metrics, context.settings.metrics_token).metrics),
        Route(COLOURS, own.colours),
        Route(LOGO, own.logo),
        Mount("/.static", StaticFiles(directory=STATIC)),
    ]


def _rehearsal_routes(context: AppContext) -> list[BaseRoute]:
    """Rehearsals, which other processes serve: none where nobody plans chats, as in a rehearsal itself."""
    if context.adapter.team is None:
        return []
    gateway, methods = RehearsalGateway(context.adapter.team.rehearsals, context.settings), ["GET", "POST"]
    path = f"/{SERIES}/{{id}}"
    return [Route(one, gateway.handle, methods=methods) for one in (path, f"{path}/{{path:path}}")]


def _room_routes(context: AppContext, pages: Pages, route: RouteMaker) -> list[BaseRoute]:
    """Routes that belong to no single chat. Paths of two words come before `/{series}/{name}`."""
    dates, archive = CalendarFiles(context), ArchivePages(context)
    return [
        route("/", pages.index),
        route("/about", pages.about),
        route("/archive", archive.front),
        route("/archive/{path:path}", archive.file),
        route("/calendar.ics", dates.calendar),
        route("/feed.atom", dates.feed),
        route("/{series}/calendar.ics", dates.calendar),
        route("/{series}/feed.atom", dates.feed),
        route(f"{_CHAT}/calendar.ics", dates.calendar),
    ]


def _host_routes(host: HostPage, review: ReviewPage, route: RouteMaker) -> list[BaseRoute]:
    """Routes that need a private link."""
    return [
        route("/host/{key:path}", host.enter),
        route(f"{_CHAT}/host", host.page, "GET"),
        route(f"{_CHAT}/host", host.command, "POST"),
        route(f"{_CHAT}/host/out", host.sign_out, "POST"),
        route(f"{_CHAT}/host/fragment", host.fragment),
        route(f"{_CHAT}/host/over", host.hand_over),
        route(f"{_CHAT}/host/correct", host.correct),
        route(f"{_CHAT}/host/review", review.page, "GET"),
        route(f"{_CHAT}/host/review", review.correct, "POST"),
        route(f"{_CHAT}/host/stream", host.stream),
        route(f"{_CHAT}/host/kept", host.keep, "POST"),
    ]


def _reading_routes(context: AppContext, pages: Pages, route: RouteMaker) -> list[BaseRoute]:
    """A chat, for everybody who reads."""
    sheets, choices, own = CpdSheets(context, pages), OwnChoices(context), OwnData(context, pages)
    concealed = ConcealedChats(context)
    public = concealed.guard
    return [
        route(_CHAT, concealed.guard_page(pages.chat)),
        route(f"{_CHAT}/fragment", public(pages.fragment)),
        route(f"{_CHAT}/stream", public(pages.stream)),
        route(f"{_CHAT}/picture/{{key}}", public(pages.picture)),
        route(f"{_CHAT}/edit/{{id}}", pages.edit),
        route(f"{_CHAT}/delete/{{id}}", pages.delete),
        route(f"{_CHAT}/out", choices.page, "GET"),
        route(f"{_CHAT}/out", choices.choose, "POST"),
        route(f"{_CHAT}/mine", own.page, "GET"),
        route(f"{_CHAT}/mine", own.forget, "POST"),
        route(f"{_CHAT}/cpd", public(sheets.page)),
        route(f"{_CHAT}/cpd.docx", public(sheets.word)),
    ]


def _writing_routes(
    posts: ParticipantPosts, public: Callable[[Handler], Handler], route: RouteMaker
) -> list[BaseRoute]:
    """The forms of participants."""
    return [
        route(f"{_CHAT}/join", public(posts.join), "POST"),
        route(f"{_CHAT}/say", public(posts.post), "POST"),
        route(f"{_CHAT}/edit", public(posts.edit), "POST"),
        route(f"{_CHAT}/delete", posts.delete, "POST"),
        route(f"{_CHAT}/leave", posts.leave, "POST"),
    ]


class _HeadersMiddleware:
    """Puts the same headers on every response, errors too; a page of the archive has a policy of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caching = "public, max-age=86400" if scope.get("path", "").startswith("/.static/") else "no-store"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers["Cache-Control"] = caching if message["status"] in {200, 304} else "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)
