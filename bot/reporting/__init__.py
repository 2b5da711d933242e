"""After a chat: the record, the numbers, the transcript, the pages."""
