"""After a chat: its record, built from the event log, and from it the numbers, the transcript and the page."""
