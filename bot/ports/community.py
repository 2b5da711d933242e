"""The community that runs the chats, as their pages show it: a name, a contact, colours and a logo. Values only."""

from __future__ import annotations

import base64

from bot.messages import Value


class Colours(Value, frozen=True, kw_only=True):
    """The community's colour on light and on dark pages, as `#rrggbb`, each with a tint of it for backgrounds.

    Whoever makes them has checked their contrast.
    """

    light: str
    light_tint: str
    dark: str
    dark_tint: str

    @property
    def css(self) -> str:
        """The colours as custom properties of a page. What is printed keeps its own."""
        light = f"--accent: {self.light}; --on-accent: #fff; --tint: {self.light_tint};"
        dark = f"--accent: {self.dark}; --on-accent: #000; --tint: {self.dark_tint};"
        deep = f"--deep: {self.light}; --on-deep: #fff; --deep-soft: #fff;"
        return (
            f"@media screen {{ :root {{ {light} {deep} }} }}\n"
            f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        )


class Logo(Value, frozen=True, kw_only=True):
    """A picture and its media type."""

    data: bytes
    media_type: str

    @property
    def inline(self) -> str:
        """The picture as an address that needs no other file."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode()}"


class Community(Value, frozen=True, kw_only=True):
    """The community. Fields are empty if the operator has not set them. `contact`: an e-mail or web address.

    `responsible` is the body that answers for the records, and `privacy` the e-mail or web address to ask about them.
    """

    name: str = ""
    contact: str = ""
    responsible: str = ""
    privacy: str = ""
    colours: Colours | None = None
    logo: Logo | None = None

    @property
    def contact_url(self) -> str:
        """The contact as a link."""
        return _url(self.contact)

    @property
    def contact_text(self) -> str:
        """The contact as people read it."""
        return _text(self.contact)

    @property
    def privacy_url(self) -> str:
        """The address for questions about privacy as a link."""
        return _url(self.privacy)

    @property
    def privacy_text(self) -> str:
        """The same as people read it."""
        return _text(self.privacy)


def _url(address: str) -> str:
    return f"mailto:{address}" if "@" in address and "/" not in address else address


def _text(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")
