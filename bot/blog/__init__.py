"""The blog: a draft for each published chat, made once and changed whenever the record changes."""
