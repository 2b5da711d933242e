"""Where in a TOML text each key and each value stands. Uses tree-sitter; does not judge the text.

A path is the way to a value, as in `("questions", 1, "at")`. Lines and columns count from 1; columns are characters,
whereas tree-sitter counts UTF-8 bytes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

Steps = tuple[str | int, ...]
Spots = dict[Steps, tuple[int, int]]

DEEPEST = 24
"""Values nested deeper than this are given the place of what is around them."""

_TOML = Language(tree_sitter_toml.language())
_KEYS = ("bare_key", "quoted_key", "dotted_key")


class _Walk:
    """One pass over a tree. `counts` knows how many elements each array of tables has by now."""

    def __init__(self, text: str) -> None:
        self.values: Spots = {}
        self.keys: Spots = {}
        self.counts: dict[Steps, int] = {}
        source = text.encode("utf-8", "replace")
        self.lines = source.split(b"\n")
        self.root = Parser(_TOML).parse(source).root_node

    def spot(self, node: Node) -> tuple[int, int]:
        row, column = node.start_point
        return row + 1, len(self.lines[row][:column].decode("utf-8", "replace")) + 1

    def all(self) -> None:
        self.pairs(self.root, ())
        for node in self.root.children:
            if node.type in ("table", "table_array_element"):
                self.table(node)

    def table(self, node: Node) -> None:
        key = next((child for child in node.children if child.type in _KEYS), None)
        if key is None or len(names := tuple(_names(key))) > DEEPEST:
            return
        path: Steps = ()
        for name in names[:-1]:
            path = self.newest((*path, name))
            self.values.setdefault(path, self.spot(node))
        path = (*path, names[-1])
        self.keys.setdefault(path, self.spot(key))
        self.values.setdefault(path, self.spot(node))
        if node.type == "table_array_element":
            self.counts[path] = self.counts.get(path, 0) + 1
            path = self.newest(path)
            self.values[path] = self.spot(node)
        self.pairs(node, path)

    def newest(self, path: Steps) -> Steps:
        """The last element, where `path` is an array of tables."""
        return (*path, self.counts[path] - 1) if path in self.counts else path

    def pairs(self, node: Node, path: Steps) -> None:
        for child in node.children:
            if child.type == "pair":
                self.pair(child, path)

    def pair(self, node: Node, path: Steps) -> None:
        key, value = [child for child in node.named_children if child.type != "comment"][:2] or (node, node)
        for name in _names(key):
            path = (*path, name)
            if len(path) > DEEPEST:
                return
            self.keys.setdefault(path, self.spot(key))
            self.values.setdefault(path, self.spot(value))
        self.inside(value, path)

    def inside(self, value: Node, path: Steps) -> None:
        if value.type == "inline_table":
            self.pairs(value, path)
        elif value.type == "array" and len(path) < DEEPEST:
            for index, element in enumerate(node for node in value.named_children if node.type != "comment"):
                self.values[*path, index] = self.spot(element)
                self.inside(element, (*path, index))


def located(text: str) -> tuple[Spots, Spots]:
    """Where the values stand, and where the keys. Lines end in a line feed."""
    walk = _Walk(text)
    walk.all()
    return walk.values, walk.keys


def statement(text: str, line: int) -> tuple[int, int] | None:
    """Where the statement begins that covers `line`, if there is one."""
    walk = _Walk(text)
    nodes = [node for table in walk.root.children for node in (table, *table.children)]
    around = [n for n in nodes if n.type == "pair" and n.start_point[0] < line <= n.end_point[0] + 1]
    return walk.spot(around[-1]) if around else None


def _names(key: Node) -> Iterator[str]:
    """The parts of a key. A dotted key is nested to the left, and may be very long."""
    parts: list[Node] = []
    while key.type == "dotted_key":
        parts.append(key.children[-1])
        key = key.children[0]
    for part in (key, *reversed(parts)):
        yield _name(part)


def _name(node: Node) -> str:
    text = (node.text or b"").decode("utf-8", "replace")
    if node.type != "quoted_key":
        return text
    try:
        return str(tomllib.loads(f"name = {text}")["name"])
    except ValueError:
        return text.strip("\"'")
