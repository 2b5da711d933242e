"""Listening: events from all places, polled or pushed, each stored once and tied to its question."""
