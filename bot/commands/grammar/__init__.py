"""What people may tell the bot to do, in words: read once, purely, and the same on every place."""
