"""The calls to a WordPress site: each is made once, and what comes back is a BlogPost or a PlatformError.

Redirects are not followed: a POST would become a GET on its way. https://developer.wordpress.org/rest-api/reference/posts/
"""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TypeVar

import aiohttp
import msgspec

from adapters.kit.errors import diagnosis_of, retry_after
from adapters.wordpress.errors import MAPPER, REFUSALS, redirected
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import Value
from bot.ports.blog import BlogDraft, BlogPost
from bot.ports.platform import Diagnosis

TIMEOUT = 30.0
"""Seconds for a call. PHP itself gives up after as many, usually."""

_STATES = "publish,future,draft,pending,private"
"""All states but the trash, which has slugs of its own."""

_LONGEST = 64 << 20
"""Bytes of an answer that are read at most. It has a transcript twice, as it was sent and as it is shown."""

_NO_POST = "convenor-doctor"

T = TypeVar("T")


class WordPressSettings(Value, frozen=True, kw_only=True):
    """The site's address without a slash at its end, and the account that writes there."""

    address: str
    user: str
    application_password: str

    def __repr__(self) -> str:
        """Without the password."""
        return f"WordPressSettings(address={self.address!r}, user={self.user!r})"


class _Content(msgspec.Struct, frozen=True):
    raw: str = ""


class _Post(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    status: str = ""
    content: _Content = _Content()


class _Refused(msgspec.Struct, frozen=True):
    """A refusal by WordPress. Any other answer that is not a post comes from something in front of it."""

    code: str
    message: str = ""


class WordPress:
    """A blog. Made inside a running loop; `close` it."""

    def __init__(self, settings: WordPressSettings, clock: Clock, timeout: float = TIMEOUT) -> None:
        self._settings, self._clock = settings, clock
        self._posts = f"{settings.address}/wp-json/wp/v2/posts"
        # people copy the password with the spaces that WordPress shows in it
        password = settings.application_password.replace(" ", "")
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timeout),
            headers={
                "Authorization": aiohttp.encode_basic_auth(settings.user, password),
                "Accept": "application/json",
                "User-Agent": "Convenor",
            },
        )

    async def find(self, slug: str) -> BlogPost | None:
        """The post with this slug, in any state but the trash."""
        query = {"slug": slug, "status": _STATES, "context": "edit"}
        found = await self._call("GET", self._posts, list[_Post], query=query)
        return self._post(found[0]) if found else None

    async def read(self, id: str) -> BlogPost | None:
        """One post; None if it was deleted for good."""
        try:
            return self._post(await self._call("GET", f"{self._posts}/{id}", _Post, query={"context": "edit"}))
        except PlatformError as error:
            if error.code in {"404/rest_post_invalid_id", "410/rest_post_invalid_id"}:
                return None
            raise

    async def create(self, draft: BlogDraft) -> BlogPost:
        """Make a draft. A title is HTML there, so it is escaped."""
        title = escape(draft.title, quote=False)
        body = {"status": "draft", "slug": draft.slug, "title": title, "content": draft.body}
        return self._post(await self._call("POST", self._posts, _Post, body=body, query={"context": "edit"}))

    async def update(self, id: str, body: str) -> BlogPost:
        """Replace a post's body."""
        query = {"context": "edit"}
        return self._post(await self._call("POST", f"{self._posts}/{id}", _Post, body={"content": body}, query=query))

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        """Look for a post as before each draft, which only those may who write posts there."""
        try:
            await self.find(_NO_POST)
        except PlatformError as error:
            return (diagnosis_of(error),)
        return (Diagnosis(level="ok", text=f"{self._settings.user} may write drafts on {self._settings.address}."),)

    async def close(self) -> None:
        """End its connections."""
        await self._session.close()

    def _post(self, found: _Post) -> BlogPost:
        url = f"{self._settings.address}/wp-admin/post.php?post={found.id}&action=edit"
        return BlogPost(id=str(found.id), url=url, body=found.content.raw, in_trash=found.status == "trash")

    async def _call(
        self,
        method: str,
        url: str,
        kind: type[T],
        *,
        query: dict[str, str],
        body: dict[str, str] | None = None,
    ) -> T:
        posting = body is not None
        try:
            async with self._session.request(method, url, params=query, json=body, allow_redirects=False) as answer:
                data = await _read(answer)
                if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
                    raise self._refusal(answer, data, posting=posting)
                return msgspec.json.decode(data, type=kind)
        except (aiohttp.ClientError, OSError, EOFError, msgspec.DecodeError) as error:
            raise MAPPER.from_exception(error, posting=posting) from error

    def _refusal(self, answer: aiohttp.ClientResponse, data: bytes, *, posting: bool) -> PlatformError:
        if answer.status in range(HTTPStatus.MULTIPLE_CHOICES, HTTPStatus.BAD_REQUEST):
            return redirected(answer.headers.get("Location", ""))
        try:
            said = msgspec.json.decode(data, type=_Refused)
        except msgspec.DecodeError:
            said = None
        return MAPPER.from_status(
            answer.status,
            own=said is not None,
            known=REFUSALS.get(said.code if said else f"{answer.status}"),
            reason=f": {said.message}" if said and said.message else "",
            code=said.code if said else "",
            wait=retry_after(answer.headers, self._clock.now()),
            posting=posting,
        )


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """The answer's body. One without an end is no answer: raises msgspec.DecodeError."""
    data = bytearray()
    async for part in answer.content.iter_any():
        data += part
        if len(data) > _LONGEST:
            answer.close()
            raise msgspec.DecodeError("too long")
    return bytes(data)
