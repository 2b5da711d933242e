"""`convenor cpd`: a sheet of a stored chat."""

from __future__ import annotations

from pathlib import Path

from tests.cli.run import DATA, convenor, ended


def test_a_sheet_of_a_stored_chat(tmp_path: Path) -> None:
    ended(convenor("import", DATA / "events.jsonl", "--chat", DATA / "chat.toml", cwd=tmp_path), 0)
    done = ended(convenor("cpd", "data/chat", cwd=tmp_path), 0)
    assert done.stdout == "Sheet: out/data/chat/cpd.html\n"
    page = (tmp_path / "out/data/chat/cpd.html").read_text(encoding="utf-8")
    assert "Q2. And why?" in page
    assert "wrote</h2>" not in page
    ended(convenor("cpd", "chat", "--name", "@kate", "--out", "own.docx", cwd=tmp_path), 0)
    assert (tmp_path / "own.docx").read_bytes().startswith(b"PK")
    assert "Nobody called" in ended(convenor("cpd", "chat", "--name", "nobody", cwd=tmp_path), 2).stderr
    assert "has to end in" in ended(convenor("cpd", "chat", "--out", "own.pdf", cwd=tmp_path), 2).stderr
