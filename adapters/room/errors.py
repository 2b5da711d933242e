"""Refusals and failures as pages in plain words, each with what to do. Nothing of what was sent is repeated."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.input_rules import InvalidInput
from adapters.room.private_links import NO_LINK
from adapters.room.rate_limits import TooFast
from bot.errors import StoreError

_WORDS = {
    400: ("That did not make sense to us", "The address or the form is not complete. Please go back and try again."),
    403: ("That is not allowed", "You can change only what you wrote yourself, from the browser you wrote it in."),
    404: ("There is no such page", "Please check the address, or choose the chat from the list of all chats."),
    405: ("This address cannot be used like that", "Please open the chat's page and go on from there."),
    408: ("That took too long", "Your connection may be slow. Please send it again; nothing is posted twice."),
    413: ("That is too much at once", "Please shorten your text, or send it in two parts."),
    429: ("A little slower, please", "Please wait a minute and then try again."),
    500: ("Something went wrong here", "It is our fault, not yours. Please go back and try again in a minute."),
    503: ("We are very busy", "Please try again in a minute; what you read and wrote is safe."),
}


REFUSALS = (InvalidInput, TooFast, StoreError)
"""What may come of trying to say something; the form is then shown again."""


def verdict(error: Exception) -> tuple[int, str, int]:
    """A refusal as status, words, and seconds to wait (0: none)."""
    if isinstance(error, TooFast):
        again = f"please send it again in {error.seconds} seconds."
        return 429, f"That was a little fast for us. Your text is still here: {again}", error.seconds
    if isinstance(error, StoreError):
        return 503, "We could not save that just now. Your text is still here: please send it again soon.", 5
    return 400, str(error), 0


class Errors:
    """The handlers for what handlers raise."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    async def refused(self, request: Request, error: Exception) -> Response:
        """An answer we meant to give."""
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
        title, words = _WORDS.get(error.status_code, _WORDS[500])
        title = "This link does not work" if error.detail == NO_LINK else title
        own = error.detail if error.detail and error.detail[-1] in ".!?" else words
        return self._page(request, error.status_code, title, own, dict(error.headers or {}))

    async def broken(self, request: Request, error: Exception) -> Response:
        """Something we did not foresee, or a store that cannot be reached. The server logs it."""
        status = 503 if isinstance(error, StoreError) else 500
        return self._page(request, status, *_WORDS[status], {})

    def _page(self, request: Request, status: int, title: str, words: str, headers: dict[str, str]) -> Response:
        if wants_data(request):
            return JSONResponse({"problem": words}, status, headers)
        response = HTMLResponse(
            self._app.renderer.page("error.html", status=status, title=title, words=words), status, headers
        )
        people = self._app.people
        if people.cookie in request.cookies and people.read(request) is None:
            people.forget(response)
        return response


def wants_data(request: Request) -> bool:
    """Whether our own script asks, rather than a person."""
    return request.headers.get("accept") == "application/json"
