"""WordPress, by its REST API: drafts of transcripts. It makes no chats, so it is no place.

A person makes an application password in their profile there; the account needs a role that may write posts. Nothing is
published, and nothing is deleted.
"""
