"""The line and column of every key and value in a TOML text, found with tree-sitter. Does not validate the text.

A path leads to a value, as in `("questions", 1, "at")`. Lines and columns count from 1; columns count characters,
whereas tree-sitter counts UTF-8 bytes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

KeyPath = tuple[str | int, ...]
Positions = dict[KeyPath, tuple[int, int]]

MAX_DEPTH = 24
"""Values nested deeper than this get the position of the table around them."""

_TOML = Language(tree_sitter_toml.language())
_KEYS = ("bare_key", "quoted_key", "dotted_key")


class _Visitor:
    """One pass over a syntax tree. `counts` has the number of elements of each array of tables so far."""

    def __init__(self, text: str) -> None:
        self.values: Positions = {}
        self.keys: Positions = {}
        self.counts: dict[KeyPath, int] = {}
        source = text.encode("utf-8", "replace")
        self.lines = source.split(b"\n")
        self.root = Parser(_TOML).parse(source).root_node

    def position(self, node: Node) -> tuple[int, int]:
        row, column = node.start_point
        return row + 1, len(self.lines[row][:column].decode("utf-8", "replace")) + 1

    def visit(self) -> None:
        self.visit_pairs(self.root, ())
        for node in self.root.children:
            if node.type in ("table", "table_array_element"):
                self.visit_table(node)

    def visit_table(self, node: Node) -> None:
        key = next((child for child in node.children if child.type in _KEYS), None)
        if key is None or len(names := tuple(_names(key))) > MAX_DEPTH:
            return
        path: KeyPath = ()
        for name in names[:-1]:
            path = self.newest((*path, name))
            self.values.setdefault(path, self.position(node))
        path = (*path, names[-1])
        self.keys.setdefault(path, self.position(key))
        self.values.setdefault(path, self.position(node))
        if node.type == "table_array_element":
            self.counts[path] = self.counts.get(path, 0) + 1
            path = self.newest(path)
            self.values[path] = self.position(node)
        self.visit_pairs(node, path)

    def newest(self, path: KeyPath) -> KeyPath:
        """The path of the last element, if `path` is an array of tables."""
        return (*path, self.counts[path] - 1) if path in self.counts else path

    def visit_pairs(self, node: Node, path: KeyPath) -> None:
        for child in node.children:
            if child.type == "pair":
                self.visit_pair(child, path)

    def visit_pair(self, node: Node, path: KeyPath) -> None:
        key, value = [child for child in node.named_children if child.type != "comment"][:2] or (node, node)
        for name in _names(key):
            path = (*path, name)
            if len(path) > MAX_DEPTH:
                return
            self.keys.setdefault(path, self.position(key))
            self.values.setdefault(path, self.position(value))
        self.visit_value(value, path)

    def visit_value(self, value: Node, path: KeyPath) -> None:
        if value.type == "inline_table":
            self.visit_pairs(value, path)
        elif value.type == "array" and len(path) < MAX_DEPTH:
            for index, element in enumerate(node for node in value.named_children if node.type != "comment"):
                self.values[*path, index] = self.position(element)
                self.visit_value(element, (*path, index))


def value_and_key_positions(text: str) -> tuple[Positions, Positions]:
    """The positions of the values, then those of the keys. Lines end in a line feed."""
    visitor = _Visitor(text)
    visitor.visit()
    return visitor.values, visitor.keys


def statement_start(text: str, line: int) -> tuple[int, int] | None:
    """The position at which the statement on `line` begins, if there is one."""
    visitor = _Visitor(text)
    nodes = [node for table in visitor.root.children for node in (table, *table.children)]
    covering = [n for n in nodes if n.type == "pair" and n.start_point[0] < line <= n.end_point[0] + 1]
    return visitor.position(covering[-1]) if covering else None


def _names(key: Node) -> Iterator[str]:
    """The parts of a key. A dotted key is nested to the left and may be very long, so this does not recurse."""
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
