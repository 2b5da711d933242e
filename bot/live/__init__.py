"""The live chats: their posts, the question of each message, and people who asked to be left out."""
