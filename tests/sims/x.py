"""A pretend X: API v2 as tweepy 4.17 speaks it, in a process of its own, with the ground truth of what was posted.

`python -m tests.sims.x '{…}'` prints its port and ends with its standard input; tests use `simulator("x", …)`.

Setup, all optional: `accounts` (see `x_store.Account`; its user gets in by OAuth 1.0a signature or bearer),
`visible_after` seconds until a post shows up in timelines and search (0.3), `rate_limits` {kind: limit or [limit,
seconds]} with the kinds of `x_billing.LIMITS`, `duplicate_window` seconds in which a text may not be repeated (null:
for ever), `counted_ids` (false: ids tell the time, as X's do without promising it), `reply_rule` "author" (who ever
engaged the bot may be replied to) or "post" (only posts that do), `short_links` (true: links are shown as t.co, as X
does), `credit_usd` what may be spent, `access_level` (true: answers name the keys' permission in a header, which no
contract has), `usage` (true: an app can ask how much was read), `quotes` (true: quotes of a post can be read),
`blind_search` (false; true: a query with more in it than one hashtag finds nothing), `verbose`.

Told over POST `/_sim/…` (besides `faults` and `down` of every simulator):
  say {by, text, id, name, followers, reply_to, quote_of, edit_of, protected, at, visible_after, leave_out, pictures}
    → {id, user_id}: a participant posts. `at` seconds from now (less than 0: in the past), `leave_out` names that a
    reply does not mention, `pictures` their descriptions (null: none). A reply begins with the names X puts there.
  direct {by, text, to, id, name, at, group, kind} → {id, user_id}: somebody writes to our first account (or `to`
    somebody); `group` is the id of a conversation of several, `kind` X's name for what happened there.
  edit {id, text} → {id}; delete {id}; protect {by, protected}; account {by, suspended, read_only, direct};
  suspend {by, suspended, says_so}: a participant, not an account of ours. X knows two answers about their posts: that
    they are closed to us, or with `says_so` that they are not found because their author is suspended;
  refuse {post, alt, upload: texts, longest}: what has one of the texts in it, and a post that weighs more than
    `longest`, is answered with 400, an InvalidRequestProblem;
  usage {day: number} what was read on a day, as 2026-11-29, instead of what is on the bill;
  credit {usd} what may still be spent; limits {kind: limit or [limit, seconds]}.
GET `/_sim/truth`: {posts, deleted, users, direct, charges, spent_usd, spent_usd_without_dedup, reads}.
Faults by name are in `x_faults.py`.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.sims import x_direct_messages, x_problems, x_read, x_write
from tests.sims.simulator_server import SimulatorServer
from tests.sims.x_auth import Authentication
from tests.sims.x_billing import Billing, Limits
from tests.sims.x_control import Control
from tests.sims.x_read import Answer, Call
from tests.sims.x_store import Account, World
from tests.sims.x_usage import Usage

Work = Callable[[Call], Answer | Awaitable[Answer]]

_DEFAULTS: dict[str, Any] = {
    "accounts": [{}],
    "visible_after": 0.3,
    "rate_limits": {},
    "duplicate_window": None,
    "reply_rule": "author",
    "counted_ids": False,
    "short_links": True,
    "access_level": True,
    "usage": True,
    "quotes": True,
    "blind_search": False,
    "credit_usd": None,
    "verbose": False,
}
_ACCOUNT = {"id": "1000", "username": "OTalk_", "name": "OTalk"}

PLACES: list[tuple[str, str, str, Work]] = [
    ("POST", "/2/tweets", "post", x_write.create),
    ("GET", "/2/tweets", "posts", x_read.posts),
    ("GET", "/2/tweets/search/recent", "search", x_read.search),
    ("GET", "/2/tweets/{id}", "posts", x_read.post),
    ("DELETE", "/2/tweets/{id}", "delete", x_write.delete),
    ("PUT", "/2/tweets/{id}/hidden", "hide", x_write.hide),
    ("GET", "/2/users", "users", x_read.users),
    ("GET", "/2/users/me", "me", x_read.me),
    ("GET", "/2/users/by", "users", x_read.users_named),
    ("GET", "/2/users/by/username/{username}", "users", x_read.user_named),
    ("GET", "/2/users/{id}", "users", x_read.user),
    ("GET", "/2/tweets/{id}/quote_tweets", "quotes", x_read.quotes),
    ("GET", "/2/users/{id}/mentions", "mentions", x_read.mentions),
    ("GET", "/2/users/{id}/tweets", "posts_of", x_read.posts_of),
    ("GET", "/2/dm_events", "direct messages", x_direct_messages.events),
    ("GET", "/2/dm_conversations/with/{id}/dm_events", "direct messages with", x_direct_messages.among),
    ("POST", "/2/dm_conversations/with/{id}/messages", "write", x_direct_messages.send),
    ("POST", "/2/media/upload", "upload", x_write.upload),
    ("POST", "/2/media/metadata", "metadata", x_write.describe),
]
"""Method, path, what its rate limit is called, and who answers."""


class X:
    """The whole of it."""

    def __init__(self, setup: dict[str, Any]) -> None:
        if strange := set(setup) - set(_DEFAULTS):
            message = f"unknown setup {sorted(strange)}"
            raise ValueError(message)
        self._setup = _DEFAULTS | setup
        accounts = [Account(**(_ACCOUNT | told)) for told in self._setup["accounts"]]
        credit = self._setup["credit_usd"]
        self._world = World(accounts, self._setup["visible_after"], counted=self._setup["counted_ids"])
        self._billing = Billing(None if credit is None else round(credit * 1000))
        self._limits = Limits(self._setup["rate_limits"])
        self._authentication = Authentication(accounts)
        self.server = SimulatorServer("x")
        Control(self._world, self._billing, self._limits).add_to(self.server.app)
        Usage(accounts, self._billing, offered=self._setup["usage"]).add_to(self.server.app)
        for method, path, kind, work in PLACES:
            self.server.app.router.add_route(method, path, self._place(kind, work))
        self.server.app.router.add_route("*", "/{rest:.*}", self._nowhere)

    def _place(self, kind: str, work: Work) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def place(request: web.Request) -> web.Response:
            headers: dict[str, str] = {}
            try:
                status, body = await self._work(request, kind, work, headers)
            except x_problems.Refused as refused:
                status, body = refused.status, refused.body
            if self._setup["verbose"]:
                print(request.method, request.path_qs, status, file=sys.stderr)
            sort = "application/json" if status < 400 else "application/problem+json"
            return web.Response(status=status, text=json.dumps(body), content_type=sort, headers=headers)

        return place

    async def _work(self, request: web.Request, kind: str, work: Work, headers: dict[str, str]) -> Answer:
        """Everything that is asked before the work is done. `headers` are those of the answer, whatever it is."""
        caller = await self._authentication.who(request)
        headers |= self._limits.take(caller.id, kind)
        if self._setup["access_level"]:
            headers["x-access-level"] = _level(caller)
        self._limits.check(caller.id, kind)
        if caller.suspended:
            raise x_problems.suspended()
        if caller.read_only and request.method != "GET":
            raise x_problems.only_reads()
        self._billing.check()
        answer = work(Call(self._world, self._billing, caller, request, self._setup))
        return await answer if inspect.isawaitable(answer) else answer

    async def _nowhere(self, _request: web.Request) -> web.Response:
        problem = x_problems.unknown_place()
        return web.json_response(problem.body, status=404, content_type="application/problem+json")


def _level(caller: Account) -> str:
    if caller.read_only:
        return "read"
    return "read-write-directmessages" if caller.direct else "read-write"


def server(setup: dict[str, Any]) -> SimulatorServer:
    return X(setup).server


if __name__ == "__main__":
    asyncio.run(server(json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}).serve())
