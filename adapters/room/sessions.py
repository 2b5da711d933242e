"""Sessions: a signed cookie for each browser, and a signed CSRF token in every form.

The cookie holds all that the room knows about a session; there are no accounts and no list of users. The CSRF token
proves that a form was made for the session, and carries the form's id. A message gets the id of its form, so that a
form that is sent twice is one message.
"""

from __future__ import annotations

import hashlib
import secrets

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from bot.messages import Author, Role, Value

_MAX_AGE = 30 * 24 * 3600
"""Seconds a cookie or a token is good for: 30 days."""
CLEAR = '"storage"'
"""What browsers are to forget of the room when somebody leaves or signs out: drafts too, on a computer others use."""
_WAITED = 60
"""Seconds after which a visitor counts as one who was there before."""
_PUBLIC_ID_LENGTH = 16


UNNAMED = Author(id="unnamed-", name="Somebody")
"""The author of messages without a name; a keyed hash of the session follows in the id."""


class Session(Value, frozen=True):
    """One user in one browser. `name` is empty until they join; `chat` is the chat they joined last.

    `role` is above `participant` only with a private link, or for somebody who was handed the lead.
    """

    id: str
    name: str = ""
    chat: str = ""
    opted_out: bool = False
    role: Role = "participant"

    @property
    def is_staff(self) -> bool:
        """Whether this session leads or moderates."""
        return self.role != "participant"

    @property
    def has_link(self) -> bool:
        """Whether a private link made this session."""
        return self.id.startswith("link-")

    @property
    def own_role(self) -> Role:
        """The role that a private link gives. The core itself knows who was handed the lead."""
        return self.role if self.has_link else "participant"

    @property
    def author(self) -> Author:
        """The session's user as the core knows them."""
        return Author(id=self.id, name=self.name)

    def chat_path(self, chat: str) -> str:
        """The path of the chat's page for this session: the host's page for staff."""
        return f"/{chat}/host" if self.is_staff else f"/{chat}"

    def opt_out(self, chat: str) -> Session:
        """The same session, after asking to be left out of the record."""
        return Session(id=self.id, name=self.name, chat=chat, opted_out=True)

    def come_back(self, chat: str) -> Session:
        """The same session, after asking to be in the record again."""
        return Session(id=self.id, name=self.name, chat=chat)


class Sessions:
    """Signs and reads cookies and CSRF tokens. `secure` keeps the cookies to https."""

    def __init__(self, secret: str, *, secure: bool) -> None:
        self._secret = secret or secrets.token_urlsafe(32)
        self._key = hashlib.sha256(self._secret.encode()).digest()
        self._secure = secure
        self._cookies = _serializer(self._secret, "room cookie")
        self._tokens = _serializer(self._secret, "room form")

    @property
    def cookie(self) -> str:
        """The cookie's name. The prefix makes browsers refuse one set by another host."""
        return "__Host-convenor" if self._secure else "convenor"

    def new(self) -> Session:
        """A session for a user without a cookie."""
        return Session(id=new_id())

    def read(self, request: Request) -> Session | None:
        """The session in the request's cookie; None if there is no cookie, or it is too old or not ours."""
        cookie = request.cookies.get(self.cookie)
        if cookie is None:
            return None
        try:
            saved = self._cookies.loads(cookie, max_age=_MAX_AGE)
            return Session(id=saved["i"], name=saved["n"], chat=saved["c"], opted_out=saved["o"])
        except (BadData, KeyError, TypeError):
            return None

    def has_waited(self, request: Request) -> bool:
        """Whether the request's cookie was set some time ago: the page was open before whatever is going on now."""
        try:
            self._cookies.loads(request.cookies.get(self.cookie, ""), max_age=_WAITED)
        except SignatureExpired:
            return True
        except BadData:
            return False
        return False

    def set_cookie(self, response: Response, session: Session) -> None:
        """Save the session in the browser for 30 days."""
        value = self._cookies.dumps({"i": session.id, "n": session.name, "c": session.chat, "o": session.opted_out})
        response.set_cookie(
            self.cookie,
            value if isinstance(value, str) else value.decode(),
            max_age=_MAX_AGE,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def clear_cookie(self, response: Response) -> None:
        """Delete the cookie from the browser."""
        response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="lax")

    def clear_bad_cookie(self, request: Request, response: Response) -> None:
        """Delete a cookie that came with the request and can't be read."""
        if self.cookie in request.cookies and self.read(request) is None:
            self.clear_cookie(response)

    def csrf_token(self, session: Session, form_id: str = "") -> str:
        """A token for one form of this session. A form shown again after a refusal keeps its `form_id`."""
        token = self._tokens.dumps([session.id, form_id or new_id()])
        return token if isinstance(token, str) else token.decode()

    def form_id(self, session: Session, token: str) -> str | None:
        """The form's id in a CSRF token; None if the token was not made for this session."""
        try:
            owner, form_id = self._tokens.loads(token, max_age=_MAX_AGE)
        except (BadData, TypeError, ValueError):
            return None
        return form_id if owner == session.id and isinstance(form_id, str) else None

    def unnamed(self, session: Session) -> Author:
        """The author of a session's messages without a name: always the same, and unconnected with the session."""
        digest = hashlib.blake2b(b"unnamed " + session.id.encode(), key=self._key, digest_size=_PUBLIC_ID_LENGTH // 2)
        return Author(id=UNNAMED.id + digest.hexdigest(), name=UNNAMED.name)

    def authors(self, session: Session) -> tuple[str, str]:
        """The ids under which a session's messages are stored: with its name, and without."""
        return session.id, self.unnamed(session).id

    def public_ids(self, session: Session, chat: str, *, unnamed: bool) -> str:
        """The public id of a page's reader, by which it knows their messages; with that of `unnamed` ones, if any."""
        return " ".join(self.public_id(one, chat) for one in self.authors(session)[: 1 + unnamed])

    def public_id(self, author: str, chat: str) -> str:
        """A keyed hash of an author's id, safe to show on the pages of a chat; it differs from chat to chat."""
        person = f"{chat}\n{author}".encode()
        return hashlib.blake2b(person, key=self._key, digest_size=_PUBLIC_ID_LENGTH // 2).hexdigest()


def new_id() -> str:
    """A random id, fit for HTML and URLs. It starts with a letter, so that it can't be read as a number or a flag."""
    return "r" + secrets.token_urlsafe(12)


def _serializer(secret: str, salt: str) -> URLSafeTimedSerializer:
    """Signs with HMAC-SHA-256, and still reads older values signed with the library's HMAC-SHA-1."""
    return URLSafeTimedSerializer(
        secret, salt=salt, signer_kwargs={"digest_method": hashlib.sha256}, fallback_signers=[{}]
    )
