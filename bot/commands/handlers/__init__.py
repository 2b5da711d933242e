"""The handlers: a function for each command, named after it, and one that takes its effect back.

`timing` and `moving` have the commands that change the plan, `posting` and `rewording` those about posts,
`message_decisions` and `people` those about messages and people, `leading` those about who leads, and `corrections` and
`publication` those about the record. `undoing` finds what takes the newest change back. The table is in `execution`.
"""
