"""Moderation: the rules for messages, the judge that applies them, its decisions, and their effects.

A held message waits for a moderator, and the reason is deleted once one has decided. Nothing here says anything about a
person. Messages come from `bot.listening`, which also decides which of them are commands.
"""
