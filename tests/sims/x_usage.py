"""The pretend X's count of what was read: `/2/usage/tweets`, which only an app's own token gets, by the contract.

How an app gets that token is no part of the contract; it is https://docs.x.com/fundamentals/authentication/oauth-2-0/application-only
"""

from __future__ import annotations

import base64
from collections import Counter
from typing import Any

from aiohttp import web

from tests.sims.x_billing import Billing
from tests.sims.x_problems import Refused, invalid
from tests.sims.x_store import Account

TOKEN = "app-token"
_READS = ("post read", "own read")
_FIELDS = {
    "cap_reset_day",
    "daily_client_app_usage",
    "daily_project_usage",
    "project_cap",
    "project_id",
    "project_usage",
}


class Usage:
    """Counts by the billing, or as a test says. `offered`: whether there is any."""

    def __init__(self, accounts: list[Account], billing: Billing, *, offered: bool) -> None:
        self._accounts, self._billing, self._offered = accounts, billing, offered
        self._others: dict[str, Any] = {}

    def add_to(self, app: web.Application) -> None:
        app.router.add_post("/oauth2/token", self.token)
        app.router.add_get("/2/usage/tweets", self.usage)
        app.router.add_post("/_sim/usage", self.others)

    async def token(self, request: web.Request) -> web.Response:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        known = {base64.b64encode(f"{a.consumer_key}:{a.consumer_secret}".encode()).decode() for a in self._accounts}
        form = await request.post()
        if (
            not self._offered
            or scheme != "Basic"
            or secret not in known
            or form.get("grant_type") != "client_credentials"
        ):
            return web.json_response(
                {"errors": [{"code": 99, "message": "Unable to verify your credentials"}]}, status=403
            )
        return web.json_response({"token_type": "bearer", "access_token": TOKEN})

    async def usage(self, request: web.Request) -> web.Response:
        try:
            return web.json_response(self._counted(request))
        except Refused as refused:
            kind = "application/problem+json"
            return web.json_response(refused.body, status=refused.status, content_type=kind)

    async def others(self, request: web.Request) -> web.Response:
        """Set the readings of days, as {"2026-11-29": 12}, instead of those on the bill."""
        self._others |= await request.json()
        return web.json_response({})

    def _counted(self, request: web.Request) -> dict[str, Any]:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            said = "Authenticating with OAuth 1.0a User Context is forbidden for this endpoint."
            where = "https://api.twitter.com/2/problems/unsupported-authentication"
            raise Refused(403, "Unsupported Authentication", said, where)
        asked = request.query
        if strange := set(asked) - {"days", "usage.fields"}:
            raise invalid(f"unknown {sorted(strange)}", **{name: asked[name] for name in strange})
        if (
            not 1 <= int(asked.get("days", "7")) <= 90
            or set(asked.get("usage.fields", "project_id").split(",")) - _FIELDS
        ):
            raise invalid("One of the parameters is not valid", days=asked.get("days", ""))
        days = {**Counter(one["day"] for one in self._billing.lines if one["what"] in _READS), **self._others}
        usage = [{"date": f"{day}T00:00:00.000Z", "usage": number} for day, number in sorted(days.items())]
        return {"data": {"project_id": "1", "daily_project_usage": {"project_id": 1, "usage": usage}}} if usage else {}
