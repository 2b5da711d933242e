"""The community's own colours and logo, as files of the room whose addresses change with them: browsers keep them."""

from __future__ import annotations

import hashlib

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.ports.community import Community

COLOURS, LOGO = "/.static/community.css", "/.static/community.logo"

NOBODY = Community()
"""Nobody has said who runs the chats."""


def colours_url(community: Community) -> str:
    """The address of the colours; empty without any."""
    return f"{COLOURS}?v={_digest(community.colours.css.encode())}" if community.colours else ""


def logo_url(community: Community) -> str:
    """The address of the logo; empty without one."""
    return f"{LOGO}?v={_digest(community.logo.data)}" if community.logo else ""


class CommunityFiles:
    """The GET handlers."""

    def __init__(self, community: Community) -> None:
        self._community = community

    async def colours(self, _: Request) -> Response:
        """The colours as a style sheet."""
        if self._community.colours is None:
            raise HTTPException(404)
        return Response(self._community.colours.css, media_type="text/css")

    async def logo(self, _: Request) -> Response:
        """The logo."""
        if self._community.logo is None:
            raise HTTPException(404)
        return Response(self._community.logo.data, media_type=self._community.logo.media_type)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
