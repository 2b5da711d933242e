"""The live chats: their posts, the question each message belongs to, and people who asked to be left out."""
