"""All that the room's handlers share. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.kit.bounded import RecentMap
from adapters.room.chat_pages import ChatPages
from adapters.room.live_updates import LiveUpdates
from adapters.room.private_links import PrivateLinks
from adapters.room.rate_limits import RateLimits
from adapters.room.render import Renderer
from adapters.room.resemblance import Resemblance
from adapters.room.sessions import Sessions
from adapters.room.settings import RoomSettings
from bot.messages import Time, Value
from bot.ports.inbound import AdapterContext
from bot.translation import _


class LastAnswer(Value, frozen=True):
    """The answer to a command from the host's page. `command` is what it answers; `at` is UTC.

    `confirm` is the command to send if the host is sure, and `undo` the one that takes it back. `link` is a
    private link to pass on. `draft` is text that the host typed and that was not carried out; the page puts it back
    into the field.
    """

    text: str
    at: Time
    command: str = ""
    confirm: str | None = None
    draft: str = ""
    done: bool = False
    undo: str | None = None
    link: str = ""

    @property
    def asked(self) -> str:
        """The text, without the words that a button stands for."""
        return self.text.removesuffix(" " + _("Say `{command}`.").format(command=self.confirm))


@dataclass(frozen=True, kw_only=True)
class AppContext:
    """The context of every handler: the ports, the settings, and the parts that keep something in memory.

    `last_answers` are by session id, so that the page fetched after a form can show the answer. A restart loses only
    these texts: the log keeps what was done.
    """

    adapter: AdapterContext
    settings: RoomSettings
    sessions: Sessions
    private_links: PrivateLinks
    rate_limits: RateLimits
    resemblance: Resemblance
    last_answers: RecentMap[str, LastAnswer]
    chat_pages: ChatPages
    live_updates: LiveUpdates
    renderer: Renderer
