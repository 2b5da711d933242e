"""An announcement, as a host has written it for people, becomes a draft of a chat and a list of doubts. Pure."""
