"""Before a chat: its file is read into a Chat, or into problems with line numbers. No platform, no store, no clock."""
