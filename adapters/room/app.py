"""The web application: its routes, and the headers of every response. The handlers are in other modules."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.room.app_context import AppContext
from adapters.room.errors import ErrorPages
from adapters.room.host_page import HostPage
from adapters.room.pages import Pages
from adapters.room.participant_posts import ParticipantPosts
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


def build(context: AppContext) -> ASGIApp:
    """The whole room as one ASGI application."""
    pages, posts, host, errors = Pages(context), ParticipantPosts(context), HostPage(context), ErrorPages(context)
    chat = "/{series}/{name}"
    app = Starlette(
        routes=[
            Route("/", pages.index),
            Route("/about", pages.about),
            Route("/healthz", _health),
            Mount("/.static", StaticFiles(directory=STATIC)),
            Route("/host/{key:path}", host.enter),
            Route(chat, pages.chat),
            Route(f"{chat}/host", host.page, methods=["GET"]),
            Route(f"{chat}/host", host.command, methods=["POST"]),
            Route(f"{chat}/host/fragment", host.fragment),
            Route(f"{chat}/host/stream", host.stream),
            Route(f"{chat}/fragment", pages.fragment),
            Route(f"{chat}/stream", pages.stream),
            Route(f"{chat}/picture/{{key}}", pages.picture),
            Route(f"{chat}/edit/{{id}}", pages.edit),
            Route(f"{chat}/delete/{{id}}", pages.delete),
            Route(f"{chat}/out", pages.opt_out),
            Route(f"{chat}/join", posts.join, methods=["POST"]),
            Route(f"{chat}/say", posts.post, methods=["POST"]),
            Route(f"{chat}/edit", posts.edit, methods=["POST"]),
            Route(f"{chat}/delete", posts.delete, methods=["POST"]),
            Route(f"{chat}/leave", posts.leave, methods=["POST"]),
            Route(f"{chat}/out", posts.opt_out, methods=["POST"]),
        ],
        exception_handlers={
            HTTPException: errors.http_error,
            StoreError: errors.server_error,
            Exception: errors.server_error,
        },
    )
    app.router.redirect_slashes = False
    return _HeadersMiddleware(app)


async def _health(_: Request) -> Response:
    return PlainTextResponse("ok\n")


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
