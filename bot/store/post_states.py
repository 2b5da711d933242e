"""The states of an outgoing post, and which kinds of posts stand in the order of a chat. No query is here."""

from __future__ import annotations

from typing import Literal

State = Literal["planned", "paused", "sending", "sent", "retry", "ambiguous", "failed", "skipped"]

OPEN_STATES: tuple[State, ...] = ("planned", "sending", "retry", "ambiguous")
"""States of a post that is not finished."""

SIDE_KINDS = ("receipt", "calendar", "measure", "edit")
"""Kinds outside the order of a chat's posts: they wait for no other post, and none waits for them."""

OPENING_KINDS = ("welcome", "rules", "question", "notice", "closing")
"""Kinds of posts that can be a chat's first on a place; reminders and answers can't."""
