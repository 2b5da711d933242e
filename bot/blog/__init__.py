"""The blog: the record of each published chat as a draft there, made once and changed when the record is."""
