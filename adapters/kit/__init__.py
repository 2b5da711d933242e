"""The adapters' kit: code that every platform needs.

Error mapper, lookups after a lost answer, routing of posts, a connection that comes back, answers in time, and bounded
memory. It knows no platform.
"""
