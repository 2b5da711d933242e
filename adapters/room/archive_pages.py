"""The archive in the room: the site's own files as they are. They need no cookie, and no store."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adapters.room.app_context import AppContext

_FRONT = "index.html"


class ArchivePages:
    """The GET handlers."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    async def front(self, request: Request) -> Response:
        """To the list of all chats, whose links are relative to it."""
        del request
        return RedirectResponse("/archive/", 301)

    async def file(self, request: Request) -> Response:
        """A file; the list where a folder is asked for. Raises 404, which says so before the first chat is there."""
        path: str = request.path_params["path"]
        archive = self._app.adapter.archive
        found = await archive.read(f"{path}{_FRONT}" if path == "" or path.endswith("/") else path)
        if found is None:
            known = archive.has(_FRONT)
            raise HTTPException(404, None if known else "No chat is published yet. Please come back later.")
        headers = {"Content-Security-Policy": f"{found.policy}; frame-ancestors 'none'"} if found.policy else {}
        if not found.indexed:
            headers["X-Robots-Tag"] = "noindex"
        return Response(found.data, media_type=found.media_type, headers=headers)
