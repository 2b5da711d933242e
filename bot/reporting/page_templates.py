"""The templates of the pages after a chat, and the script of the transcript."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.reporting.page_text import FILTERS
from bot.reporting.post_markup import page_link, page_thread, wordpress_link, wordpress_thread
from bot.template_translation import install

TEMPLATES = Environment(
    loader=PackageLoader("bot.reporting"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    undefined=StrictUndefined,
    extensions=["jinja2.ext.i18n"],
)
install(TEMPLATES)
TEMPLATES.filters.update(
    FILTERS,
    page_link=page_link,
    page_thread=page_thread,
    wordpress_link=wordpress_link,
    wordpress_thread=wordpress_thread,
)

SCRIPT = (Path(__file__).parent / "templates/transcript.js").read_text(encoding="utf-8")
"""The search within the transcript; the page is complete without it."""

SCRIPT_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
"""Allows this script, and no other, in the page's content security policy."""

TEMPLATES.globals.update(script=SCRIPT, script_hash=SCRIPT_HASH)
