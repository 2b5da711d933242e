"""Commands: what people tell the bot to do, and what it does by itself while a chat is on.

`service` receives every command, `worker` takes those that wait in the store, and `execution` has the table of handlers
and executes one command in one transaction, on a `context`. `replies` posts the receipts.

`grammar/` parses commands and says who may give them, `plan/` changes the plan of a chat, and `handlers/` has a
function for each command. `queries` answers commands that only ask, `lookup` finds the person or message that a command
names, and `role_lookup` finds people's roles.

`dashboard` is what hosts see. `autopilot` moves questions and stands in for an absent host, as `pacing` and
`host_presence` decide.
"""
