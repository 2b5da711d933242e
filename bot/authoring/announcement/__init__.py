"""Turns an announcement that a host wrote for people into a draft of a chat and a list of doubts. Pure."""
