"""Messages between the bot and the process of a rehearsal: its task, and a line about its state. Values only."""

from __future__ import annotations

from bot.chat import Chat
from bot.messages import Value


class RehearsalTask(Value, frozen=True, kw_only=True):
    """A rehearsal to run. `chat` has the name of the rehearsal, not its own.

    `settings` are the bot's as JSON, without accounts, secrets and its store. `script` is the file of the pretend
    participants; empty: there are none. `folder` is an empty folder for its store, `seconds` the longest that it lasts.
    """

    chat: Chat
    settings: str
    script: str
    speed: float
    folder: str
    seconds: float


class RehearsalLine(Value, frozen=True, kw_only=True):
    """Where a rehearsal is served from now on, and the path that opens the host's page; or why it could not begin."""

    room: str = ""
    host_path: str = ""
    problem: str = ""
