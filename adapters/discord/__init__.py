"""Discord: one channel of one server, and the threads below it.

Without the Message Content intent Discord gives the bot only the text of messages that mention it or reply to it with a
ping, in threads too. Messages without text are no events.

Commands come in four ways: by `/chat` and `/moderate`, from a message's menu, in private, and as ordinary messages
(`!next`, `@bot next`), which are events like any other.
"""
