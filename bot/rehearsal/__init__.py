"""Rehearsals: a chat on a fast clock with pretend participants, and their discovery. Nothing leaves this machine."""
