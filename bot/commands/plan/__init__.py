"""How commands change the plan of a chat. Pure: time is an argument, and nothing is stored or posted.

`plan` is the plan and its changes as values, `changes` has one rule for each command, `apply` chooses the rule and
takes changes back, and `announcements` are the texts.
"""
