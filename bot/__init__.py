"""Convenor: hosts scheduled chats. Knows no platform; the adapters do."""
