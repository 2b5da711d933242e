"""The functions that the outbox calls: what is to happen when a post was sent, saved, refused or is wanted."""

from __future__ import annotations

from collections.abc import Callable

from bot.errors import PlatformError
from bot.messages import Edited, Image, Post, Posted, Value


class OutboxCallbacks(Value, frozen=True, kw_only=True):
    """The functions that the outbox calls, in its event loop.

    `on_sent` and `on_edited` (with the chat's name) are called as soon as the platform has answered, before anything is
    saved; `on_saved` after outcomes were saved; `on_result` with the place and the error of every call, None if it
    worked; `on_failed` with a post that will not be tried again, and the reason; `on_wanted` with a place that is not
    available, once for each post that becomes due there. `on_answered` is called with every outcome, for which another
    post may wait, and returns whether `claim_due` will be called at once.
    """

    on_sent: Callable[[Posted, Image | None], None] = lambda _posted, _image: None
    on_edited: Callable[[str, Edited], None] = lambda _chat, _edited: None
    on_saved: Callable[[], None] = lambda: None
    on_result: Callable[[str, PlatformError | None], None] = lambda _place, _error: None
    on_failed: Callable[[Post, str], None] = lambda _post, _reason: None
    on_answered: Callable[[], bool] = lambda: False
    on_wanted: Callable[[str], None] = lambda _place: None
