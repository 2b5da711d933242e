"""Changes to the plan of a chat. Pure: time is an argument, and nothing is stored or posted.

`plan` is the plan and its changes as values. `question_changes` and `chat_changes` have one rule for each command,
`apply` chooses the rule and takes changes back, and `announcements` are the texts.
"""
