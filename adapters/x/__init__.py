"""X, through tweepy's asynchronous client.

It posts, looks for its own posts, reads mentions and searches, tells names and what is gone, and says what each answer
cost. It reads no stream, likes nothing, quotes nothing and sends no direct messages.
"""

from adapters.x.account import Account, traits_of
from adapters.x.platform import X

__all__ = ["Account", "X", "traits_of"]
