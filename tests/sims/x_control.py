"""What a test tells the pretend X over `/_sim/…`: what participants do, and what goes wrong. Described in `x.py`."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.sims import x_text
from tests.sims.x_billing import Billing, Limits
from tests.sims.x_store import Account, Post, User, World

_SAY = {"by", "text", "id", "name", "followers", "reply_to", "quote_of", "edit_of", "protected", "at"}
_SAY |= {"visible_after", "leave_out", "pictures"}
_DIRECT = {"by", "text", "id", "name", "to", "at", "group", "kind"}


class Control:
    """The test's hand on the world."""

    def __init__(self, world: World, billing: Billing, limits: Limits) -> None:
        self._world = world
        self._billing = billing
        self._limits = limits

    def add_to(self, app: web.Application) -> None:
        for verb in (
            self.say,
            self.direct,
            self.edit,
            self.delete,
            self.protect,
            self.suspend,
            self.account,
            self.credit,
            self.limits,
            self.refuse,
        ):
            app.router.add_post(f"/_sim/{verb.__name__}", verb)
        app.router.add_get("/_sim/truth", self.truth)

    async def say(self, request: web.Request) -> web.Response:
        told = await request.json()
        if strange := set(told) - _SAY:
            raise web.HTTPBadRequest(text=f"say does not know {sorted(strange)}")
        if "edit_of" in told:
            return self._edited(told["edit_of"], told["text"])
        by = self._user(told)
        parent = self._post(told["reply_to"]) if told.get("reply_to") else None
        prefix = self._prefix(by, parent, told)
        at = self._world.now() + told.get("at", 0)
        made = self._world.add(
            by,
            prefix + told["text"],
            at=at,
            seen_from=at + told.get("visible_after", self._world.visible_after),
            reply_to=parent.id if parent else None,
            quote_of=self._post(told["quote_of"]).id if told.get("quote_of") else None,
            prefix=len(prefix),
            media=[self._world.picture(by, alt) for alt in told.get("pictures", [])],
        )
        return web.json_response({"id": str(made.id), "user_id": by.id})

    async def direct(self, request: web.Request) -> web.Response:
        """Somebody writes to an account of ours, or one of these writes `to` somebody."""
        told = await request.json()
        if strange := set(told) - _DIRECT:
            raise web.HTTPBadRequest(text=f"direct does not know {sorted(strange)}")
        by = self._user(told)
        to = self._user({"by": told["to"]}) if "to" in told else self._world.accounts[0]
        between = told.get("group") or "-".join(sorted((by.id, to.id), key=int))
        made = self._world.write(
            by,
            told.get("text", ""),
            between,
            at=self._world.now() + told.get("at", 0),
            kind=told.get("kind", "MessageCreate"),
            group=[by.id, to.id],
        )
        return web.json_response({"id": str(made.id), "user_id": by.id})

    async def edit(self, request: web.Request) -> web.Response:
        told = await request.json()
        return self._edited(told["id"], told["text"])

    def _edited(self, id_: str, text: str) -> web.Response:
        old = self._post(id_)
        made = self._world.edit(old, old.text[: old.prefix] + text)
        return web.json_response({"id": str(made.id), "user_id": made.by.id})

    async def delete(self, request: web.Request) -> web.Response:
        self._world.delete(self._post((await request.json())["id"]))
        return web.json_response({})

    async def protect(self, request: web.Request) -> web.Response:
        told = await request.json()
        self._user(told).protected = told.get("protected", True)
        return web.json_response({})

    async def suspend(self, request: web.Request) -> web.Response:
        told = await request.json()
        user = self._user(told)
        user.suspended, user.says_so = told.get("suspended", True), told.get("says_so", False)
        return web.json_response({})

    async def account(self, request: web.Request) -> web.Response:
        told = await request.json()
        account = self._world.named(told["by"])
        if not isinstance(account, Account):
            raise web.HTTPBadRequest(text=f"no account {told['by']}")
        account.suspended = told.get("suspended", account.suspended)
        account.read_only = told.get("read_only", account.read_only)
        account.direct = told.get("direct", account.direct)
        return web.json_response({})

    async def credit(self, request: web.Request) -> web.Response:
        """What may still be spent, in dollars; null is without end."""
        usd = (await request.json())["usd"]
        self._billing.credit = None if usd is None else self._billing.spent + round(usd * 1000)
        return web.json_response({})

    async def limits(self, request: web.Request) -> web.Response:
        self._limits.change(await request.json())
        return web.json_response({})

    async def refuse(self, request: web.Request) -> web.Response:
        """From now on refuse every post, alternative text or upload with one of these texts in it; "" is in all.

        And every post that weighs more than `longest`.
        """
        told = await request.json()
        self._world.longest = told.get("longest", x_text.MOST)
        self._world.refused = {where: list(told.get(where, [])) for where in ("post", "alt", "upload")}
        return web.json_response({})

    async def truth(self, _request: web.Request) -> web.Response:
        return web.json_response(self._world.truth() | self._billing.truth())

    def _post(self, id_: str) -> Post:
        try:
            return self._world.posts[int(id_)]
        except KeyError as error:
            raise web.HTTPBadRequest(text=f"no post {id_}") from error

    def _user(self, told: dict[str, Any]) -> User:
        user = self._world.named(told["by"])
        if user is None:
            given = told.get("id", str(2000 + len(self._world.users)))
            user = User(given, told["by"], told.get("name", f"Pretend participant {told['by']}"))
            self._world.users[user.id] = user
        user.followers = told.get("followers", user.followers)
        user.protected = told.get("protected", user.protected)
        return user

    def _prefix(self, by: User, parent: Post | None, told: dict[str, Any]) -> str:
        """The names X puts before a reply: the author replied to, and who was mentioned there."""
        if parent is None:
            return ""
        there = [self._world.users[one].username for one in sorted(parent.mentions)]
        said = {name.casefold() for name in [*x_text.names(told["text"]), *told.get("leave_out", []), by.username]}
        names = dict.fromkeys([parent.by.username, *there])
        return "".join(f"@{name} " for name in names if name.casefold() not in said)
