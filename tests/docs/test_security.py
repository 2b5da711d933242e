"""docs/security.md: every test that its table names exists, and the samples for proxies do what it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

_RUNS_TEXT = re.compile(r"eval|exec|compile|__import__|os\.(system|popen|exec\w*|spawn\w*)|subprocess\.\w+")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    """The rows of the table, as cells."""
    table = read("docs/security.md").partition("| item | met |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


def test_every_test_that_the_table_names_exists() -> None:
    named = {name for row in rows() for name in re.findall(r"`(test_\w+)`", row[-1])}
    written = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        if "node_modules" not in file.parts
        for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))
    }
    assert len(named) > 40
    assert sorted(named - written) == []


def test_every_row_says_whether_it_is_met_and_how() -> None:
    for row in rows():
        assert row[1] in {"yes", "partly", "no", "by the proxy", "by the operator"}, row
        assert len(row) >= 3, row


def test_the_samples_send_hsts_and_keep_links_out_of_logs() -> None:
    nginx, caddy = read("deploy/nginx.conf"), read("deploy/Caddyfile")
    for sample in (nginx, caddy):
        assert re.search(r'Strict-Transport-Security "max-age=31536000; includeSubDomains"', sample)
        assert "/host/" in sample
        assert "/metrics" in sample
    assert re.search(r"ssl_protocols +TLSv1\.2 TLSv1\.3;", nginx)
    assert "X-Forwarded-For $remote_addr" in nginx, "not appended to what the visitor sent"


def _calls(file: Path) -> Iterator[tuple[int, str]]:
    """Every call in a file: its line, and what is called."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


_HTTP_CLIENT = re.compile(r"^\s*(?:import|from) (?:aiohttp|requests|urllib\.request|httpx)\b", re.MULTILINE)


def test_nothing_runs_text() -> None:
    """No text is run as code, no system command but for backups; the room has no HTTP client for people's addresses."""
    found = []
    for top in ("bot", "adapters"):
        for file in sorted((ROOT / top).rglob("*.py")):
            found += [f"{file}:{line} {name}" for line, name in _calls(file) if _RUNS_TEXT.fullmatch(name)]
    assert [one for one in found if not re.search(r"bot/store/dumps\.py:\d+ subprocess\.", one)] == []
    clients = {file.name for file in (ROOT / "adapters" / "room").glob("*.py") if _HTTP_CLIENT.search(file.read_text())}
    rehearsals = {"browser_client.py", "rehearsal_gateway.py"}
    assert clients == rehearsals, "pretend participants use the room itself, and the gateway our own process"
