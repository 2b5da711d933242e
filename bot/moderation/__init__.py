"""Moderation: the rules for messages, the judge that applies them, its decisions, and their effects.

A held message waits for a moderator; once one has decided, the reason is deleted. Messages come from `bot.listening`,
which also decides which of them are commands.
"""
