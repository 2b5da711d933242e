"""X, through tweepy's asynchronous client.

It posts, finds its own posts, reads mentions and searches, looks up names and deleted posts, hides replies, and reports
what each answer cost. If switched on, it reads direct messages and answers them; it writes to no one unasked. It reads
no stream, and never likes or quotes.
"""
