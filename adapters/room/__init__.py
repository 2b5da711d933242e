"""The room: our own web page for a chat, an adapter like any other.

It needs no account, no script from elsewhere and no JavaScript to read or to post. It keeps nothing: what people write
goes inward through the Ear, and what it shows it reads from the Board.
"""

from adapters.room.platform import TRAITS, Room

__all__ = ["TRAITS", "Room"]
