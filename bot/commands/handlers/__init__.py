"""The handlers: a function for each command, named after it, and one that takes its effect back.

`timing` has the commands that change the plan, `posting` those that post as the bot, `message_decisions` those about
messages, and `people` those about people and the state of a chat. The table is in `execution`.
"""
