"""What the pretend X says when it refuses: its problem documents, in its words."""

from __future__ import annotations

from typing import Any

_TYPES = "https://api.twitter.com/2/problems/"


class Refused(Exception):  # noqa: N818 -- it is an answer, not a mistake
    """The request is answered with a problem document."""

    def __init__(self, status: int, title: str, detail: str, kind: str = "about:blank", **more: Any) -> None:  # noqa: ANN401 -- JSON
        super().__init__(detail)
        self.status = status
        self.body = {"title": title, "detail": detail, "type": kind, "status": status, **more}


def invalid(message: str, **parameters: object) -> Refused:
    """400, with the parameter that is at fault. `__` in a name stands for a dot."""
    named = {name.replace("__", "."): [str(value)] for name, value in parameters.items()}
    return Refused(
        400,
        "Invalid Request",
        "One or more parameters to your request was invalid.",
        _TYPES + "invalid-request",
        errors=[{"parameters": named, "message": message}],
    )


def forbidden(detail: str) -> Refused:
    return Refused(403, "Forbidden", detail)


def unauthorized() -> Refused:
    return Refused(401, "Unauthorized", "Unauthorized")


def unknown_place() -> Refused:
    return Refused(404, "Not Found", "Not Found")


def too_many() -> Refused:
    return Refused(429, "Too Many Requests", "Too Many Requests")


def no_credits() -> Refused:
    detail = "Your enrolled account does not have any credits to fulfill this request."
    return Refused(402, "CreditsDepleted", detail, _TYPES + "credits")


def suspended() -> Refused:
    return forbidden("Your account is suspended and is not permitted to access this feature.")


def only_reads() -> Refused:
    words = "lient app is not configured with the appropriate oauth1 app permissions for this endpoint."
    return Refused(403, "C" + words, "Your c" + words, _TYPES + "oauth1-permissions")


def duplicate() -> Refused:
    return forbidden("You are not allowed to create a Tweet with duplicate content.")


def not_engaged() -> Refused:
    return forbidden(
        "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
        "author of the post you are replying to."
    )


def no_direct_messages() -> Refused:
    return forbidden("You do not have permission to DM one or more participants.")


def not_there() -> Refused:
    return forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")


def no_quotes() -> Refused:
    return forbidden("Quoting a post is not available to your app.")


# Parts of an answer that is otherwise good --------------------------------------------------------------------


def missing(what: str, parameter: str, value: str, *, many: bool = True) -> dict[str, Any]:
    """An entry of `errors` for something asked for that does not exist. `what` is "tweet" or "user"."""
    shown = f"{parameter}: [{value}]" if many else f"{parameter}: [{value}]."
    return {
        "value": value,
        "detail": f"Could not find {what} with {shown}",
        "title": "Not Found Error",
        "resource_type": what,
        "parameter": parameter,
        "resource_id": value,
        "type": _TYPES + "resource-not-found",
    }


def barred(what: str, parameter: str, value: str) -> dict[str, Any]:
    """An entry of `errors` for somebody who is suspended, or for what they posted: not found, X says, and why."""
    return missing(what, parameter, value) | {"title": "Forbidden", "detail": f"User has been suspended: [{value}]."}


def closed(what: str, parameter: str, value: str) -> dict[str, Any]:
    """An entry of `errors` for something protected, or posted by somebody who is suspended."""
    return {
        "value": value,
        "detail": f"Sorry, you are not authorized to see the {what} with {parameter}: [{value}].",
        "title": "Authorization Error",
        "section": "data",
        "resource_type": what,
        "parameter": parameter,
        "resource_id": value,
        "type": _TYPES + "not-authorized-for-resource",
    }
