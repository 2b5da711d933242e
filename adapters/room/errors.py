"""Error pages in plain words, each with a remedy. Of what was sent only a message is given back."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.input_rules import InvalidInput
from adapters.room.private_links import BAD_LINK, NOT_LEADING, SIGNED_OUT
from adapters.room.rate_limits import TooManyRequests
from adapters.room.rehearsal_gateway import OVER
from adapters.room.team_access import NOT_ON_TEAM
from bot.errors import StoreError
from bot.translation import _, pending, translated_error

_TEXTS = {
    400: (
        pending("That did not make sense to us"),
        pending("The address or the form is not complete. Please go back and try again."),
    ),
    403: (
        pending("That is not allowed"),
        pending("You can change only what you wrote yourself, from the browser you wrote it in."),
    ),
    404: (
        pending("There is no such page"),
        pending("Please check the address, or choose the chat from the list of all chats."),
    ),
    405: (
        pending("This address cannot be used like that"),
        pending("Please open the chat's page and go on from there."),
    ),
    408: (
        pending("That took too long"),
        pending("Your connection may be slow. Please send it again; nothing is posted twice."),
    ),
    413: (pending("That is too much at once"), pending("Please shorten your text, or send it in two parts.")),
    429: (pending("A little slower, please"), pending("Please wait a minute and then try again.")),
    500: (
        pending("Something went wrong here"),
        pending("It is our fault, not yours. Please go back and try again in a minute."),
    ),
    503: (pending("We are very busy"), pending("Please try again in a minute; what you read and wrote is safe.")),
}
"""The title and the text for each status."""

_LINK_TITLES = {
    BAD_LINK: pending("This link does not work"),
    SIGNED_OUT: pending("You are not signed in here"),
    NOT_LEADING: pending("You do not lead this chat"),
    NOT_ON_TEAM: pending("You are not signed in here"),
    OVER: pending("No rehearsal is on here"),
}

_STORE = (
    pending("We cannot do that just now"),
    pending("Please go back and send it again in a moment; nothing is posted twice."),
)
"""The same for a store that does not answer."""

FORM_ERRORS = (InvalidInput, TooManyRequests, StoreError)
"""Errors after which the form is shown again, with all that was typed."""


def form_error(error: Exception) -> tuple[int, str, int]:
    """One of FORM_ERRORS as status, text, and seconds to wait (0: none)."""
    if isinstance(error, TooManyRequests):
        said = _("That was a little fast for us. Your text is still here: please send it again in {seconds} seconds.")
        return 429, said.format(seconds=error.seconds), error.seconds
    if isinstance(error, StoreError):
        return 503, _("We could not save that just now. Your text is still here: please send it again soon."), 5
    return 400, str(error), 0


class ErrorPages:
    """The exception handlers of the application."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    async def http_error(self, request: Request, error: Exception) -> Response:
        """An error that a handler raised on purpose."""
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
        title, text = _TEXTS.get(error.status_code, _TEXTS[500])
        title = _LINK_TITLES.get(error.detail, title)
        own = error.detail if error.detail and error.detail[-1] in ".!?" else text
        return self._page(request, error.status_code, title, own, dict(error.headers or {}))

    async def team_error(self, request: Request, error: Exception) -> Response:
        """What the team asked for and can't be done; the error says why."""
        return self._page(request, 409, pending("That could not be done"), translated_error(error), {})

    async def server_error(self, request: Request, error: Exception) -> Response:
        """An unexpected error, or an unreachable store. The server logs it."""
        if isinstance(error, StoreError):
            return self._page(request, 503, *_STORE, {"Retry-After": "5"})
        return self._page(request, 500, *_TEXTS[500], {})

    def _page(self, request: Request, status: int, title: str, text: str, headers: dict[str, str]) -> Response:
        title, text = _(title), _(text)
        if wants_json(request):
            return JSONResponse({"problem": text}, status, headers)
        typed = getattr(request.state, "typed", "")
        html = self._app.renderer.page("error.html", status=status, title=title, text=text, typed=typed)
        response = HTMLResponse(html, status, headers)
        self._app.sessions.clear_bad_cookie(request, response)
        return response


def wants_json(request: Request) -> bool:
    """Whether our own script sent the request, and not a browser's navigation."""
    return request.headers.get("accept") == "application/json"
