"""Lets Jinja templates speak the language that is spoken where they are rendered: `_("…")` and `{% trans %}`."""

from __future__ import annotations

from typing import Any

import jinja2
from markupsafe import Markup

from bot.translation import _, html_language, language, ngettext, script_words, speaking


def install(templates: jinja2.Environment) -> None:
    """Give an environment, which has the extension `jinja2.ext.i18n`, the texts and the language of its pages."""
    templates.policies["ext.i18n.trimmed"] = True
    extended: Any = templates  # the extension adds the method
    extended.install_gettext_callables(_, ngettext, newstyle=True)
    templates.filters.update(translated=_)  # for what comes from code: unlike `_`, it escapes
    templates.globals.update(html_language=html_language, script_words=script_words, lang_of=lang_of)


def lang_of(code: str) -> Markup:
    """The attribute for words in a language that is not the page's, for those who hear it; empty for the page's own."""
    if code in {"", language()}:
        return Markup()
    with speaking(code):
        return Markup(' lang="{}"').format(html_language())
