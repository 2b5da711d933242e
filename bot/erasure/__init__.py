"""After a chat: which data is held on a person, how it is erased, and what is deleted after a set time."""
