"""X's prices, in millionths of a US dollar.

Source: https://docs.x.com/x-api/getting-started/pricing, as it stood in August 2026. The same post or user read twice
on one day of UTC is paid for once. X may change these at any time; nothing here asks X.
"""

from __future__ import annotations

from adapters.x.counting import links_in

POST = 15_000
"""A post without a link ("Content: Create")."""

POST_WITH_LINK = 200_000
"""A post with a link ("Content: Create (with URL)")."""

ALT_TEXT = 5_000
"""A picture's alternative text ("Media Metadata"). The upload itself is not on the list."""

POST_READ = 5_000
"""Another account's post, found by search or by its id ("Posts: Read")."""

OWN_READ = 1_000
"""A post of the bot's own, or one that mentions it ("Owned Reads")."""

MEDIA_READ = 5_000
"""A picture or video that comes with a post, for its alternative text ("Media: Read")."""

USER_READ = 10_000
"""An account's name ("User: Read")."""

DIRECT_READ = 10_000
"""A direct message, received or sent ("DM Event: Read")."""

DIRECT = 15_000
"""A direct message sent ("DM Interaction: Create")."""

MANAGED = 5_000
"""A reply hidden or shown. X's list does not name it; "Content: Manage" is the line that fits."""


def post_price(text: str) -> int:
    """The price of posting a text, without its picture."""
    return POST_WITH_LINK if links_in(text) else POST
