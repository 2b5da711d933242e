"""From a line of text to a command, the same on every platform. Pure: no store, no clock, no roles.

`parser` decides whether a message is a command and parses it. `catalogue` has one row for each command, `readers` and
`arguments` read what follows its name, and `command_types` are the parsed commands.
"""
