"""After a chat: its record, made from the event log, and from the record the figures, the transcript and the page."""
