"""What can be read of the pretend X. Every function answers one kind of request and puts it on the bill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.sims import x_params
from tests.sims.x_billing import Billing
from tests.sims.x_payloads import Payloads
from tests.sims.x_problems import barred, closed, invalid, missing, unknown_place
from tests.sims.x_query import compile_query
from tests.sims.x_store import Account, Post, User, World

Answer = tuple[int, dict[str, Any]]


@dataclass
class Call:
    """One request: who asks what."""

    world: World
    billing: Billing
    caller: Account
    request: web.Request
    setup: Mapping[str, Any]

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query

    def show(self) -> Payloads:
        return Payloads(self.world, self.caller, self.query, shorten=self.setup["short_links"])


def mentions(call: Call) -> Answer:
    user, wrong = _user(call)
    found = [post for post in call.world.timeline() if user and user.id in post.mentions and post.by.id != user.id]
    return _timeline(call, "mentions", found, least=5, own=user is call.caller, wrong=wrong)


def posts_of(call: Call) -> Answer:
    user, wrong = _user(call)
    left_out = x_params.wanted(call.query, "exclude")
    found = [post for post in call.world.timeline() if post.by is user]
    if user and not _open(user, call):
        found, wrong = [], closed("user", "id", user.id)
    if "replies" in left_out:
        found = [post for post in found if not post.reply_to]
    return _timeline(call, "posts_of", found, least=5, own=user is call.caller, wrong=wrong)


def search(call: Call) -> Answer:
    if not call.query.get("query"):
        raise invalid("The `query` query parameter can not be empty", query="")
    finds = compile_query(call.query["query"], call.world)
    blind = call.setup["blind_search"] and len(call.query["query"].split()) > 1
    found = [post for post in call.world.timeline() if finds(post) and not blind]
    return _timeline(call, "search", found, least=10)


def quotes(call: Call) -> Answer:
    """Who quotes a post. Unlike a timeline it can't begin at a time or an id."""
    if not call.setup["quotes"]:
        raise unknown_place()
    asked = call.request.match_info["id"]
    quoted = call.world.get(x_params.id_(asked, "id"))
    ids = set(quoted.history) if quoted else set()
    found = [post for post in call.world.timeline() if post.quote_of in ids]
    return _timeline(call, "quotes", found, least=10, wrong=None if quoted else missing("tweet", "id", asked))


def posts(call: Call) -> Answer:
    x_params.names(call.query, "posts")
    asked = x_params.several(call.query, "ids")
    found, wrong = _look_up(call, asked, "ids")
    body = _shown(call, "posts", found, "post read")
    return 200, body | ({"errors": wrong} if wrong else {})


def post(call: Call) -> Answer:
    x_params.names(call.query, "post")
    found, wrong = _look_up(call, [call.request.match_info["id"]], "id")
    body = _shown(call, "posts", found, "post read")
    if found:
        body["data"] = body["data"][0]
    return 200, body | ({"errors": wrong} if wrong else {})


def me(call: Call) -> Answer:
    x_params.names(call.query, "user")
    return _one_user(call, call.caller, "id", call.caller.id)


def user(call: Call) -> Answer:
    x_params.names(call.query, "user")
    asked = call.request.match_info["id"]
    return _one_user(call, call.world.users.get(str(x_params.id_(asked, "id"))), "id", asked)


def user_named(call: Call) -> Answer:
    x_params.names(call.query, "user")
    asked = call.request.match_info["username"]
    return _one_user(call, call.world.named(asked), "username", asked)


def users(call: Call) -> Answer:
    x_params.names(call.query, "users")
    asked = x_params.several(call.query, "ids")
    return _users(call, asked, "ids", lambda one: call.world.users.get(str(x_params.id_(one, "ids"))))


def users_named(call: Call) -> Answer:
    x_params.names(call.query, "usernames")
    return _users(call, x_params.several(call.query, "usernames"), "usernames", call.world.named)


def _user(call: Call) -> tuple[User | None, dict[str, Any] | None]:
    asked = call.request.match_info["id"]
    found = call.world.users.get(str(x_params.id_(asked, "id")))
    if found is None:
        return None, missing("user", "id", asked)
    return (None, barred("user", "id", asked)) if found.suspended else (found, None)


def _open(user: User, call: Call) -> bool:
    return not user.protected or user is call.caller


def _timeline(
    call: Call, kind: str, found: list[Post], *, least: int, own: bool = False, wrong: dict[str, Any] | None = None
) -> Answer:
    excludes = kind in {"posts_of", "quotes"}
    query = {name: value for name, value in call.query.items() if not (name == "exclude" and excludes)}
    x_params.names(query, kind if kind in {"search", "quotes"} else "timeline")
    page = x_params.page(call.request.path, query, least=least, now=call.world.now(), recent=kind == "search")
    if wrong:
        return 200, {"errors": [wrong]}
    inside = [
        one
        for one in found
        if page.after < one.id < page.before
        and page.since <= one.at < page.until
        and call.world.open_to(one, call.caller)
    ]
    part = inside[: page.most]
    body = _shown(call, kind, part, "own read" if own else "post read")
    meta: dict[str, Any] = {"result_count": len(part)}
    if part:
        meta |= {"newest_id": str(part[0].id), "oldest_id": str(part[-1].id)}
    if len(inside) > len(part):
        meta["next_token"] = x_params.token(part[-1].id, page.scope)
    return 200, body | {"meta": meta}


def _look_up(call: Call, asked: list[str], name: str) -> tuple[list[Post], list[dict[str, Any]]]:
    found, wrong = [], []
    for one in dict.fromkeys(asked):
        seen = call.world.get(x_params.id_(one, name))
        if seen is None:
            wrong.append(missing("tweet", name, one))
        elif not call.world.open_to(seen, call.caller):
            says_so = seen.by.suspended and seen.by.says_so
            found_closed = closed("Tweet", name, one) | {"resource_type": "tweet"}
            wrong.append(barred("tweet", name, one) if says_so else found_closed)
        else:
            found.append(seen)
    return found, wrong


def _shown(call: Call, kind: str, found: list[Post], price: str) -> dict[str, Any]:
    """The posts and what comes with them, on the bill."""
    show = call.show()
    people, others, pictures = show.expanded(found)
    now = call.world.now()
    for one in found:
        call.billing.charge(price, str(one.id), now)
    for one in others:
        call.billing.charge("post read", str(one.id), now)
    for person in people:
        call.billing.charge("user read", person.id, now)
    for picture in pictures:
        call.billing.charge("media read", picture.key, now)
    call.billing.count(kind, posts=len(found) + len(others), users=len(people))
    body: dict[str, Any] = {"data": [show.post(one) for one in found]} if found else {}
    includes = show.includes(people, others, pictures)
    return body | ({"includes": includes} if includes else {})


def _one_user(call: Call, found: User | None, name: str, asked: str) -> Answer:
    if found is None or found.suspended:
        return 200, {"errors": [(barred if found else missing)("user", name, asked)]}
    call.billing.charge("user read", found.id, call.world.now())
    call.billing.count("users", users=1)
    return 200, {"data": call.show().user(found)}


def _users(call: Call, asked: list[str], name: str, find: Callable[[str], User | None]) -> Answer:
    pairs = [(one, find(one)) for one in asked]
    found = [one for _, one in pairs if one and not one.suspended]
    for one in found:
        call.billing.charge("user read", one.id, call.world.now())
    call.billing.count("users", users=len(found))
    wrong = [
        (barred if known else missing)("user", name, one) for one, known in pairs if known is None or known.suspended
    ]
    body: dict[str, Any] = {"data": [call.show().user(one) for one in found]} if found else {}
    return 200, body | ({"errors": wrong} if wrong else {})
