"""All tables of a store, also those that are defined beside their queries: whoever goes through all of them needs each.

The table of the migrations' version is not among them.
"""

from __future__ import annotations

from sqlalchemy import Table

from bot.store import (
    blog_posts,
    chat_drafts,
    chat_pictures,
    chat_texts,
    erasures,
    kept_texts,
    leases,
    message_schema,
    outputs,
    resyncs,
    retention,
    schema,
    shared_files,
)

_DEFINED_IN = (
    blog_posts,
    chat_drafts,
    chat_pictures,
    chat_texts,
    erasures,
    kept_texts,
    leases,
    message_schema,
    outputs,
    resyncs,
    retention,
    schema,
    shared_files,
)
"""The modules that define tables: importing them is what makes the list whole."""

ALL: tuple[Table, ...] = tuple(schema.metadata.sorted_tables)
