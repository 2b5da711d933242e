"""A pretend WordPress that keeps the truth of its posts, after its published REST reference.

https://developer.wordpress.org/rest-api/reference/posts/ and …/using-the-rest-api/authentication/: posts are made and
changed by POST, found by slug in the states that are asked for, and only those who may edit see `raw`. Application
passwords come by Basic authentication; spaces in them count for nothing.
"""

from __future__ import annotations

import base64
import itertools
from typing import Any

from aiohttp import web

from tests.sims.simulator_server import SimulatorServer

POSTS = "/wp-json/wp/v2/posts"
USER, PASSWORD = "pretend_editor", "abcd EFGH 1234 ijkl MNOP 5678"
_STATES = {"publish", "future", "draft", "pending", "private", "trash"}


def server(setup: dict[str, Any]) -> SimulatorServer:
    """A site. `role`: author, or subscriber, who may write nothing."""
    return WordPress(role=setup.get("role", "author"))


class WordPress(SimulatorServer):
    """Posts by id; what is done to them is done in the order in which it came."""

    def __init__(self, role: str) -> None:
        super().__init__("wordpress")
        self._role, self._ids = role, itertools.count(11)
        self.posts: dict[int, dict[str, Any]] = {}
        self.app.router.add_get(POSTS, self._list)
        self.app.router.add_post(POSTS, self._create)
        self.app.router.add_get(POSTS + r"/{id:\d+}", self._read)
        self.app.router.add_post(POSTS + r"/{id:\d+}", self._update)
        self.app.router.add_route("*", "/wp-json/{rest:.*}", self._no_route)
        self.app.router.add_get("/_sim/posts", self._tell)
        self.app.router.add_post("/_sim/edit", self._edit)

    async def _list(self, request: web.Request) -> web.Response:
        self._check(request)
        states = set(request.query.get("status", "publish").split(","))
        if not states <= _STATES | {"any"}:
            return _refused(400, "rest_invalid_param", "Invalid parameter(s): status")
        slugs = set(filter(None, request.query.get("slug", "").split(",")))
        found = [one for one in self.posts.values() if one["status"] in states and (not slugs or one["slug"] in slugs)]
        return web.json_response([_shown(one, request) for one in reversed(found)])

    async def _create(self, request: web.Request) -> web.Response:
        self._check(request)
        given = await request.json()
        if not set(given) & {"title", "content", "excerpt"}:
            return _refused(400, "empty_content", "Content, title, and excerpt are empty.")
        number = next(self._ids)
        self.posts[number] = post = {
            "id": number,
            "status": given.get("status", "draft"),
            "slug": given.get("slug", ""),
            "title": given.get("title", ""),
            "content": given.get("content", ""),
        }
        return web.json_response(_shown(post, request), status=201)

    async def _read(self, request: web.Request) -> web.Response:
        self._check(request)
        post = self.posts.get(int(request.match_info["id"]))
        if post is None:
            return _refused(404, "rest_post_invalid_id", "Invalid post ID.")
        return web.json_response(_shown(post, request))

    async def _update(self, request: web.Request) -> web.Response:
        self._check(request)
        post = self.posts.get(int(request.match_info["id"]))
        if post is None:
            return _refused(404, "rest_post_invalid_id", "Invalid post ID.")
        given = await request.json()
        post.update({key: value for key, value in given.items() if key in {"status", "slug", "title", "content"}})
        return web.json_response(_shown(post, request))

    async def _no_route(self, _request: web.Request) -> web.Response:
        return _refused(404, "rest_no_route", "No route was found matching the URL and request method.")

    async def _tell(self, _request: web.Request) -> web.Response:
        return web.json_response(list(self.posts.values()))

    async def _edit(self, request: web.Request) -> web.Response:
        """Somebody works on a post in WordPress itself; without a status left it is deleted for good."""
        given = await request.json()
        number = given.pop("id")
        if given.get("status") == "gone":
            del self.posts[number]
        else:
            self.posts[number].update(given)
        return web.json_response({})

    def _check(self, request: web.Request) -> None:
        """Raise the refusal that a stranger gets, or an account that may not edit."""
        kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
        user, _, password = base64.b64decode(encoded).decode().partition(":") if kind == "Basic" else ("", "", "")
        if user != USER:
            raise _error(401, "invalid_username" if user else "rest_cannot_create", "Unknown username.")
        if password.replace(" ", "") != PASSWORD.replace(" ", ""):
            raise _error(401, "incorrect_password", "The provided password is an invalid application password.")
        if self._role == "subscriber":
            reading = request.method == "GET"
            code = "rest_forbidden_status" if reading else "rest_cannot_create"
            raise _error(
                403, code, "Status is forbidden." if reading else "Sorry, you are not allowed to create posts."
            )


def _shown(post: dict[str, Any], request: web.Request) -> dict[str, Any]:
    shown = {key: post[key] for key in ("id", "status", "slug")}
    shown["link"] = f"{request.url.origin()}/?p={post['id']}"
    for key in ("title", "content"):
        shown[key] = {"rendered": post[key]}
        if request.query.get("context") == "edit":
            shown[key]["raw"] = post[key]
    return shown


def _body(status: int, code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "data": {"status": status}}


def _refused(status: int, code: str, message: str) -> web.Response:
    return web.json_response(_body(status, code, message), status=status)


def _error(status: int, code: str, message: str) -> web.HTTPException:
    kinds: dict[int, type[web.HTTPException]] = {401: web.HTTPUnauthorized, 403: web.HTTPForbidden}
    text = web.json_response(_body(status, code, message)).text
    return kinds[status](text=text, content_type="application/json")
