"""Who is at the door: a signed cookie, and a signed token in every form.

The cookie says who somebody is to this room and nothing else; there is no account and no list of people. The token
proves that a form was made for that person, and carries the id under which what it says is heard, so that one form
is heard once however often it is sent.
"""

from __future__ import annotations

import hashlib
import secrets

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from bot.messages import Author, Role, Value

_MONTH = 30 * 24 * 3600
_MARK = 16


class Person(Value, frozen=True):
    """Someone with a cookie. `name` is empty until they joined; `chat` is the chat they joined last.

    `role` is above a participant's only where a private link made them so.
    """

    id: str
    name: str = ""
    chat: str = ""
    out: bool = False
    role: Role = "participant"

    @property
    def leads(self) -> bool:
        """Whether they came by a private link."""
        return self.role != "participant"

    @property
    def author(self) -> Author:
        """As the core knows them."""
        return Author(id=self.id, name=self.name)

    def home(self, chat: str) -> str:
        """The page of a chat that they use, as a path."""
        return f"/{chat}/host" if self.leads else f"/{chat}"

    def left_out(self, chat: str) -> Person:
        """The same person, after asking to be left out."""
        return Person(id=self.id, name=self.name, chat=chat, out=True)


class Sessions:
    """Signs and reads cookies and tokens. `secure` keeps cookies to https."""

    def __init__(self, secret: str, *, secure: bool) -> None:
        self._secret = secret or secrets.token_urlsafe(32)
        self._secure = secure
        self._cookies = URLSafeTimedSerializer(self._secret, salt="room cookie")
        self._tokens = URLSafeTimedSerializer(self._secret, salt="room form")

    @property
    def cookie(self) -> str:
        """The cookie's name. The prefix makes browsers refuse one set by another host."""
        return "__Host-convenor" if self._secure else "convenor"

    def newcomer(self) -> Person:
        """Someone we have not met."""
        return Person(id=fresh())

    def read(self, request: Request) -> Person | None:
        """Whose cookie this is; None where there is none, or it is too old or not ours."""
        try:
            known = self._cookies.loads(request.cookies.get(self.cookie, ""), max_age=_MONTH)
            return Person(id=known["i"], name=known["n"], chat=known["c"], out=known["o"])
        except (BadData, KeyError, TypeError):
            return None

    def keep(self, response: Response, person: Person) -> None:
        """Remember a person for 30 days, on their own machine."""
        value = self._cookies.dumps({"i": person.id, "n": person.name, "c": person.chat, "o": person.out})
        response.set_cookie(
            self.cookie,
            value if isinstance(value, str) else value.decode(),
            max_age=_MONTH,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def forget(self, response: Response) -> None:
        """Take the cookie away."""
        response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="lax")

    def token(self, person: Person, once: str = "") -> str:
        """For one form, made for this person. A form shown again after a refusal keeps its `once`."""
        token = self._tokens.dumps([person.id, once or fresh()])
        return token if isinstance(token, str) else token.decode()

    def once(self, person: Person, token: str) -> str | None:
        """The id in a form's token; None if the token was not made for this person."""
        try:
            whose, once = self._tokens.loads(token, max_age=_MONTH)
        except (BadData, TypeError, ValueError):
            return None
        return once if whose == person.id and isinstance(once, str) else None

    def mark(self, id: str) -> str:
        """A short mark for a person, for use in pages: the same each time, and no way back to the id."""
        key = hashlib.sha256(self._secret.encode()).digest()
        return hashlib.blake2b(id.encode(), key=key, digest_size=_MARK // 2).hexdigest()


def fresh() -> str:
    """An id nobody had before, fit for HTML and URLs. It starts with a letter, so that it is no number or flag."""
    return "r" + secrets.token_urlsafe(12)
