"""The settings of what comes after a chat: the archive, blog posts, and how long what is kept."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr

from bot.toml.duration import Wait
from bot.toml.validation import custom_error, web_address


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _site_address(value: str) -> str:
    return web_address(value) if value else value


def _blog_address(value: str) -> str:
    """Refuse an address that would carry the password in the clear; within this machine nobody else hears it."""
    if not value:
        return value
    parts = urlsplit(web_address(value))
    if parts.scheme.lower() != "https" and not _is_loopback(parts.hostname or ""):
        raise custom_error("begin it with https://, because the password goes there with every call")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class SiteSettings(_Table):
    """The archive of published chats: the folder that the running bot keeps up to date; empty: none.

    `address` is where people see it. Without `search_engines` they are asked to leave it out of their results.
    """

    folder: str = "site"
    address: Annotated[str, AfterValidator(_site_address)] = ""
    search_engines: bool = False


class WordPress(_Table):
    """A WordPress site on which transcripts become drafts. Without an `address` there is none."""

    address: Annotated[str, AfterValidator(_blog_address)] = ""
    user: str = ""
    application_password: SecretStr = SecretStr("")


class Retention(_Table):
    """How long after a chat's end the bot keeps what it does not publish, and the platforms' ids of `accounts`.

    Zero: for good.
    `held` are the words of messages that a moderator was to look at, or that were dropped: they may be about a patient.
    `unpublished` are those too, and words that were left out or deleted, earlier wordings, commands, and who joined.
    """

    held: Wait = timedelta(days=30)
    unpublished: Wait = timedelta(days=60)
    accounts: Wait = timedelta(days=365)
