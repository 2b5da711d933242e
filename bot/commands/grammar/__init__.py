"""The grammar: from a line of text to a command, the same on every platform. Pure: no store, no clock.

`parser` decides whether a message is a command and parses it. `catalogue` has one row for each command, and
`permissions` says which role it needs. The `readers` parse the arguments, and the types are the parsed commands: those
about a chat, about moderation, and about the record.
"""
