"""After a chat: what is held on a person, how they are forgotten, and what is deleted after a set time."""
