"""Whether a message counts: the rules, each one function with one name. Pure.

The rules are given a text and a small value that says how it was said. They look nothing up, keep nothing, and say
nothing about a person: what is held waits for a moderator, and the reason is forgotten once that has decided.
"""
