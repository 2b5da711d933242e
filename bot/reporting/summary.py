"""The host's summary, written as CommonMark: as HTML, as Markdown of our own, and as plain text. Pure.

Headings, paragraphs, lists, quotes, emphasis and links to the web or a mailbox are understood. Everything else, as
HTML, code and pictures, stays literal text: nothing in a summary acts, or loads anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from bot.readable.links import web_url


class _Reader(MarkdownIt):
    """CommonMark without code, pictures and HTML. A link to anything but the web or a mailbox is no link."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.disable(["code", "fence", "backticks", "html_block", "html_inline", "reference"])
        self.inline.ruler.at("image", _picture_as_text)

    def validateLink(self, url: str) -> bool:  # noqa: N802 -- the library's name
        """Whether a link may lead there."""
        return web_url(url) is not None or url.startswith("mailto:")


def _picture_as_text(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the library's
    """A picture stays as it was typed, with its address: a link in its place would lead away unasked."""
    start = state.pos
    if not image(state, silent=True):
        return False
    if not silent:
        state.pending += state.src[start : state.pos]
    return True


_READER = _Reader()
_OTHER_READERS = MarkdownIt("commonmark")
_HEADINGS = {"h1": "h3", "h2": "h3"}
"""A summary stands below a heading of the second level."""

Escape = Callable[[str], str]


def summary_html(source: str) -> Markup:
    """The summary as HTML; its own headings begin at the third level."""
    tokens = _READER.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _HEADINGS.get(token.tag, "h4")
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrSet("rel", "nofollow noopener")
    return Markup(_READER.renderer.render(tokens, _READER.options, {}))  # noqa: S704 -- it escapes all but its own tags


def summary_markdown(source: str, escape: Escape) -> str:
    """The summary as Markdown in which every text is escaped by `escape`.

    A line loses its emphasis where other readers would show the marks of it, as with stars that stand at its edge.
    """
    return _written(source, _MarkdownText(escape))


def summary_text(source: str) -> str:
    """The summary as plain text, with an address behind each link."""
    return _written(source, _PlainText())


class _MarkdownText:
    """Inline text as Markdown."""

    heading = "### "

    def __init__(self, escape: Escape) -> None:
        self._escape = escape

    def line(self, node: SyntaxTreeNode) -> str:
        written, plain = _inline(node, self), _inline(node, _WithoutEmphasis(self._escape))
        return written if _words(written) == _words(plain) else plain

    def text(self, text: str) -> str:
        escaped = self._escape(text)
        return rf"{escaped[:-1]}\!" if escaped.endswith("!") else escaped  # a link behind it would be a picture

    def emphasis(self, text: str, mark: str) -> str:
        return f"{mark}{text}{mark}" if text.strip() else text

    def link(self, text: str, url: str) -> str:
        return f"[{text}](<{url.replace('{', '%7B').replace('}', '%7D')}>)"

    line_break = "\\\n"


class _WithoutEmphasis(_MarkdownText):
    """The same without emphasis."""

    def emphasis(self, text: str, mark: str) -> str:
        del mark
        return text


class _PlainText:
    """Inline text without markup."""

    heading = ""
    line_break = "\n"

    def line(self, node: SyntaxTreeNode) -> str:
        return _inline(node, self)

    def text(self, text: str) -> str:
        return text

    def emphasis(self, text: str, mark: str) -> str:
        del mark
        return text

    def link(self, text: str, url: str) -> str:
        address = url.removeprefix("mailto:")
        return text if text == address else f"{text} ({address})"


_Inline = _MarkdownText | _PlainText


def _written(source: str, inline: _Inline) -> str:
    return "\n\n".join(_blocks(SyntaxTreeNode(_READER.parse(source)), inline))


def _blocks(parent: SyntaxTreeNode, inline: _Inline) -> Iterator[str]:
    for node in parent.children:
        match node.type:
            case "heading":
                yield inline.heading + " ".join(inline.line(node.children[0]).split("\n"))
            case "paragraph":
                yield inline.line(node.children[0])
            case "blockquote":
                yield _prefixed("\n\n".join(_blocks(node, inline)), "> ", "> ")
            case "bullet_list":
                yield "\n".join(_item(one, "- ", inline) for one in node.children)
            case "ordered_list":
                start = count(int(node.attrs.get("start", 1)))
                yield "\n".join(_item(one, f"{next(start)}. ", inline) for one in node.children)
            case _:  # a line across the page is a pause, and says no more
                continue


def _item(node: SyntaxTreeNode, mark: str, inline: _Inline) -> str:
    return _prefixed("\n\n".join(_blocks(node, inline)), mark, " " * len(mark))


def _prefixed(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        (first if not number else rest if line or rest.strip() else "") + line for number, line in enumerate(lines)
    )


_MARKS: Mapping[str, str] = {"em": "*", "strong": "**"}


def _inline(parent: SyntaxTreeNode, inline: _Inline) -> str:
    parts: list[str] = []
    for node in parent.children:
        match node.type:
            case "text" | "text_special":
                parts.append(inline.text(node.content))
            case "softbreak":
                parts.append("\n")
            case "hardbreak":
                parts.append(inline.line_break)
            case "em" | "strong":
                parts.append(inline.emphasis(_inline(node, inline), _MARKS[node.type]))
            case "link":
                parts.append(inline.link(_inline(node, inline), str(node.attrs["href"])))
            case _:
                parts.append(_inline(node, inline))
    return "".join(parts)


def _words(markdown: str) -> str:
    """What other readers show of a line of Markdown."""
    [line] = _OTHER_READERS.parseInline(markdown)
    return "".join(" " if token.type.endswith("break") else token.content for token in line.children or ())
