"""The settings of what comes after a chat: the archive, blog posts, and how long what is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr

from bot.toml.duration import Wait
from bot.toml.validation import web_address


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _site_address(value: str) -> str:
    return web_address(value) if value else value


class SiteSettings(_Table):
    """The archive of published chats: the folder that the running bot keeps up to date; empty: none.

    `address` is where people see it. Without `search_engines` they are asked to leave it out of their results.
    """

    folder: str = "site"
    address: Annotated[str, AfterValidator(_site_address)] = ""
    search_engines: bool = False


class WordPress(_Table):
    """A WordPress site on which transcripts become drafts. Without an `address` there is none."""

    address: Annotated[str, AfterValidator(_site_address)] = ""
    user: str = ""
    application_password: SecretStr = SecretStr("")


class Retention(_Table):
    """How long after a chat's end the bot keeps what it does not publish, and the platforms' ids of `accounts`.

    Zero: for good.
    `unpublished` are words that were held, dropped, left out or deleted, earlier wordings, commands, and who joined.
    """

    unpublished: Wait = timedelta(days=60)
    accounts: Wait = timedelta(days=365)
