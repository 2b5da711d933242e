"""X, through tweepy's asynchronous client.

It posts, looks for its own posts, reads mentions and searches, tells names and what is gone, hides replies, and says
what each answer cost. Where it is switched on it reads direct messages and answers them; it writes to nobody unasked.
It reads no stream, likes nothing and quotes nothing.
"""

from adapters.x.platform import X
from adapters.x.settings import Caps, Credentials, Extras, Polling, PostRules, XNetwork, XSettings, traits_of

__all__ = ["Caps", "Credentials", "Extras", "Polling", "PostRules", "X", "XNetwork", "XSettings", "traits_of"]
