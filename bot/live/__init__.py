"""The chats that are on: what was asked where and when, which question a message answers, who asked to be left out."""
