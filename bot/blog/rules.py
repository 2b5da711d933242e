"""The rules for a chat's post on the blog: the next step, and the content. Pure.

           ┌────────▶ retry ◀──────┐   refused for now, or until a person acts: again after 1, 2, 4 … 60 min
    sending ───────▶ sent ────────▶ sending      the record changed
       │               │
       │               └──▶ taken    somebody deleted the post, or took our marks out of it: it stays as it is, and
       │                             whoever runs the chats is told once the record changes
       └ no answer came: after a while the blog is asked for the slug before anything is posted

A post is never made without a look whether it is there already, and a lost answer is waited for, so it is made once.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from bot.errors import PlatformError
from bot.store.blog_posts import BlogEntry

Step = Literal["create", "update", "tell", "nothing"]

LOOK_AFTER = timedelta(minutes=2)
"""After a call without an answer: by then PHP has given up, or the post is there."""

_FIRST, _LONGEST = timedelta(minutes=1), timedelta(minutes=60)

_BEGIN, _END = "<!-- convenor: transcript begins -->", "<!-- convenor: transcript ends -->"

WITHDRAWN = "<p>The transcript of this chat was withdrawn.</p>"
"""What a post says of a chat that is published no more."""


def next_step(entry: BlogEntry | None, digest: str, now: datetime) -> Step:
    """The next step for a body with this digest."""
    if entry is None:
        return "create"
    if (entry.state in {"sent", "taken"} and entry.digest == digest) or now < entry.next_at:
        return "nothing"
    if entry.state == "taken":
        return "tell"
    return "create" if entry.post is None else "update"


def begun(entry: BlogEntry | None, chat: str, digest: str, now: datetime) -> BlogEntry:
    """The entry before a call: a crash leaves it so, and then it is looked for."""
    entry = entry or BlogEntry(chat=chat, state="sending", digest=digest, next_at=now)
    return msgspec.structs.replace(entry, state="sending", digest=digest, next_at=now + LOOK_AFTER)


def done(entry: BlogEntry, post: str, now: datetime) -> BlogEntry:
    """The entry after a call that worked."""
    return msgspec.structs.replace(entry, state="sent", post=post, attempts=0, next_at=now)


def failed(entry: BlogEntry, error: PlatformError, now: datetime) -> BlogEntry:
    """The entry after one that didn't. Without an answer it stays as before, and is looked for."""
    attempts = entry.attempts + 1
    wait = min(_FIRST * 2 ** min(entry.attempts, 10), _LONGEST)
    if error.lost or error.permanent:
        wait = _LONGEST
    if error.retry_after is not None:
        wait = max(wait, timedelta(seconds=error.retry_after))
    if error.ambiguous:
        return msgspec.structs.replace(entry, attempts=attempts, next_at=now + max(wait, LOOK_AFTER))
    return msgspec.structs.replace(entry, state="retry", attempts=attempts, next_at=now + wait)


def taken(entry: BlogEntry) -> BlogEntry:
    """The entry of a post that people made their own."""
    return msgspec.structs.replace(entry, state="taken", attempts=0)


def slug_of(chat: str) -> str:
    """The slug of a chat's post: small letters, digits and hyphens, and no other chat has it."""
    plain = "-".join("".join(one if one.isascii() and one.isalnum() else " " for one in chat.casefold()).split())
    return f"{plain[:80]}-{hashlib.sha256(chat.encode()).hexdigest()[:8]}"


def marked(transcript: str) -> str:
    """A transcript between the marks by which it is found again in its post."""
    inside = transcript.replace(_BEGIN, "").replace(_END, "")
    return f"{_BEGIN}\n{inside}\n{_END}"


def with_transcript(body: str, transcript: str) -> str | None:
    """A post's body with another transcript, and all that people wrote around it. None if they took the marks out."""
    before, begin, rest = body.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    return f"{before}{marked(transcript)}{after}" if begin and end else None


def digest_of(transcript: str) -> str:
    """A digest of a transcript."""
    return hashlib.sha256(transcript.encode()).hexdigest()
