"""Faults of X by name, for `Simulator.fails`: `x.fails("POST /2/tweets$", **CREDITS_DEPLETED)`."""

from __future__ import annotations

import json
import time
from typing import Any

from tests.sims import x_problems


def _answer(refusal: x_problems.Refused, **headers: str) -> dict[str, Any]:
    headers["Content-Type"] = "application/problem+json"
    return {"kind": "status", "status": refusal.status, "body": json.dumps(refusal.body), "headers": headers}


CREDITS_DEPLETED = _answer(x_problems.no_credits())
"""402: nothing left to spend."""

USAGE_CAP = _answer(
    x_problems.Refused(
        429,
        "UsageCapExceeded",
        "Usage cap exceeded: Monthly product cap",
        "https://api.twitter.com/2/problems/usage-capped",
        period="Monthly",
        scope="Product",
    )
)
"""429 without a reset header: a cap, not a rate."""

TOO_MANY = _answer(x_problems.too_many())
"""429 that says nothing about when it ends. The contract names no header of any answer."""

HTML_503: dict[str, Any] = {
    "kind": "status",
    "status": 503,
    "body": "<html><body><h1>Service Unavailable</h1></body></html>",
}
"""A page of a machine on the way, not JSON."""

GONE = _answer(
    x_problems.Refused(
        404,
        "Not Found Error",
        "Could not find tweet with id: [1].",
        "https://api.twitter.com/2/problems/resource-not-found",
        parameter="id",
        resource_id="1",
        resource_type="tweet",
        value="1",
    )
)
"""404 about one post: the contract's ResourceNotFoundProblem, as the whole answer."""

UNAUTHORIZED = _answer(x_problems.unauthorized())
SUSPENDED = _answer(x_problems.suspended())


def too_many(seconds: float) -> dict[str, Any]:
    """429 that says when it ends, `seconds` from now."""
    return _answer(x_problems.too_many(), **{"x-rate-limit-reset": str(int(time.time() + seconds) + 1)})


def bad_request(message: str) -> dict[str, Any]:
    """400, with the one mistake that it names."""
    return _answer(x_problems.invalid(message))
