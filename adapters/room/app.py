"""The web application: its routes, and the headers of every response. The handlers are in other modules."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.room.app_context import AppContext
from adapters.room.calendar_files import CalendarFiles
from adapters.room.community import COLOURS, LOGO, CommunityFiles
from adapters.room.cpd_sheet import CpdSheets
from adapters.room.errors import ErrorPages
from adapters.room.front_door import FrontDoor
from adapters.room.health import HealthPages
from adapters.room.host_page import HostPage
from adapters.room.metrics import MetricsGate
from adapters.room.pages import Pages
from adapters.room.participant_posts import ParticipantPosts
from adapters.room.patience import Handler, patient
from adapters.room.render import STATIC
from bot.errors import StoreError

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


def build(context: AppContext) -> ASGIApp:
    """The whole room as one ASGI application."""
    pages, posts, host, errors = Pages(context), ParticipantPosts(context), HostPage(context), ErrorPages(context)
    own = CommunityFiles(context.adapter.community)
    dates, sheets = CalendarFiles(context), CpdSheets(context, pages)
    health = HealthPages(context.adapter.health)
    chat = "/{series}/{name}"

    def route(path: str, handler: Handler, methods: list[str] | None = None) -> Route:
        return Route(path, patient(handler, context.adapter.trouble), methods=methods)

    app = Starlette(
        routes=[
            route("/", pages.index),
            route("/about", pages.about),
            Route("/healthz", health.healthz),
            Route("/readyz", health.readyz),
            Route("/metrics", MetricsGate(context.adapter.metrics, context.settings.metrics_token).metrics),
            Route(COLOURS, own.colours),
            Route(LOGO, own.logo),
            Mount("/.static", StaticFiles(directory=STATIC)),
            route("/host/{key:path}", host.enter),
            route("/calendar.ics", dates.calendar),
            route("/feed.atom", dates.feed),
            route("/{series}/calendar.ics", dates.calendar),
            route("/{series}/feed.atom", dates.feed),
            route(f"{chat}/calendar.ics", dates.calendar),
            route(f"{chat}/cpd", sheets.page),
            route(f"{chat}/cpd.docx", sheets.word),
            route(chat, pages.chat),
            route(f"{chat}/host", host.page, methods=["GET"]),
            route(f"{chat}/host", host.command, methods=["POST"]),
            route(f"{chat}/host/out", host.sign_out, methods=["POST"]),
            route(f"{chat}/host/fragment", host.fragment),
            route(f"{chat}/host/over", host.hand_over),
            route(f"{chat}/host/stream", host.stream),
            route(f"{chat}/fragment", pages.fragment),
            route(f"{chat}/stream", pages.stream),
            route(f"{chat}/picture/{{key}}", pages.picture),
            route(f"{chat}/edit/{{id}}", pages.edit),
            route(f"{chat}/delete/{{id}}", pages.delete),
            route(f"{chat}/out", pages.opt_out),
            route(f"{chat}/join", posts.join, methods=["POST"]),
            route(f"{chat}/say", posts.post, methods=["POST"]),
            route(f"{chat}/edit", posts.edit, methods=["POST"]),
            route(f"{chat}/delete", posts.delete, methods=["POST"]),
            route(f"{chat}/leave", posts.leave, methods=["POST"]),
            route(f"{chat}/out", posts.opt_out, methods=["POST"]),
        ],
        exception_handlers={
            HTTPException: errors.http_error,
            StoreError: errors.server_error,
            Exception: errors.server_error,
        },
    )
    app.router.redirect_slashes = False
    # not the stream of events: it is written to its connection, and a compressor would hold events back. Pages may be
    # compressed: the token in each is new every time, so that their length tells nothing of it (BREACH)
    compressed = GZipMiddleware(app, minimum_size=1000, compresslevel=_EFFORT)
    return _HeadersMiddleware(FrontDoor(compressed, context.settings.origin))


class _HeadersMiddleware:
    """Puts the same headers on every response, errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caching = "public, max-age=86400" if scope.get("path", "").startswith("/.static/") else "no-store"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers["Cache-Control"] = caching if message["status"] in {200, 304} else "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)
