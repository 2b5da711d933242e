"""The documentation is true: links, verbs, settings, files and log events exist, and the example gives its figures."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from itertools import cycle
from pathlib import Path
from typing import get_args
from urllib.parse import unquote

import pytest
from durationpy import from_str
from pydantic import BaseModel, SecretStr

from bot.authoring.advice_reasons import REASONS
from bot.authoring.chatfile import ChatFile, PersonTable, QuestionTable, SeriesFile, SessionTable
from bot.authoring.loader import load
from bot.authoring.source import validate_file
from bot.authoring.writing_advice import RULES
from bot.cli.verbs import SECTIONS
from bot.commands.grammar.catalogue import BY_WORD, COMMANDS, info_of
from bot.commands.grammar.command_types import Misunderstood
from bot.commands.grammar.parser import parse
from bot.messages import event_log
from bot.ports.commands import CommandInfo
from bot.reporting.files import WrittenFiles, write
from bot.reporting.numbers import BusiestMinute
from bot.settings.places import DiscordPlace, RoomPlace, XPlace
from bot.settings.settings import Settings
from bot.store.post_states import State
from bot.toml.document import parse_toml
from docs import drawing

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
PICTURES = ROOT / "docs/pictures"
CHAT = ROOT / "schedules/otalk/2020-10-13-online-groups.toml"
LARGEST = 250_000

_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(
    r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s*(\S+)|\b(?:href|src|srcset)=\"([^\"\s]+)",
    re.MULTILINE,
)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_FILE = re.compile(r"(?:bot|adapters|tests|docs|benchmarks)(?:/[\w.-]+)*/?|[\w/-]+\.py")
_WHO = {"participant": "all", "moderator": "M", "host": "H"}
_CALL = re.compile(r"`(?:!|/chat |/moderate |@(?:Convenor|OTalk_) )([a-z]+(?:[- ](?:all|off|now))?)\b")
_VERB = re.compile(r"(?<![\w/@.-])convenor (?!convenor\b)(?:--config \S+ )?([a-z]+(?:-[a-z]+)*)\b")

_VERBS = {name for verbs in SECTIONS.values() for name in verbs}


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def code(page: Path) -> str:
    """The code in a page, in blocks and in lines."""
    text = read(page)
    fenced = [found[0] for found in _FENCE.finditer(text)]
    return "\n".join([*fenced, *_CODE.findall(_FENCE.sub("", text))])


def links(page: Path) -> list[str]:
    found = _LINK.findall(_CODE.sub("", _FENCE.sub("", read(page))))
    return ["".join(parts) for parts in found]


def local(page: Path) -> list[tuple[str, Path, str]]:
    """Links within the repository: as written, the file, and the anchor."""
    found = [(link, *link.partition("#")[::2]) for link in links(page) if not re.match(r"[a-z][a-z0-9+.-]*:", link)]
    return [(link, (page.parent / unquote(path)).resolve() if path else page, anchor) for link, path, anchor in found]


def anchors(page: Path) -> set[str]:
    """Anchors as on GitHub: small letters, no punctuation, a dash for a blank, a number for the second of a name."""
    text = _FENCE.sub("", read(page))
    seen = Counter[str]()
    found = set(re.findall(r"\b(?:id|name)=\"([^\"]+)\"", text))
    for heading in _HEADING.findall(text):
        plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading).casefold()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def settings(model: type[BaseModel], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], object]:
    """The default of every setting, by its path. A place's platform has that of the place's name."""
    found = dict[tuple[str, ...], object]()
    for name, field in model.model_fields.items():
        kind: object = field.annotation
        if name == "places":
            for place, table in (("room", RoomPlace), ("x", XPlace), ("discord", DiscordPlace)):
                found |= settings(table, (*path, name, place)) | {(*path, name, place, "platform"): place}
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= settings(kind, (*path, name))
        else:
            found[(*path, name)] = field.default
    return found


def plain_default(value: object) -> object:
    """A default as it is written in TOML."""
    match value:
        case SecretStr():
            return value.get_secret_value()
        case Path():
            return str(value)
        case tuple():
            return list(value)
        case _:
            return value


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_exist(page: Path) -> None:
    assert [link for link, file, _ in local(page) if not (file.is_relative_to(ROOT) and file.exists())] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_anchors_exist(page: Path) -> None:
    named = [(link, file, anchor) for link, file, anchor in local(page) if anchor and file.suffix == ".md"]
    assert [link for link, file, anchor in named if not file.exists() or anchor not in anchors(file)] == []


def test_anchors_are_named_as_on_github(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# What's `late`?\n\n```sh\n# no heading\n```\n## Ports & places\n## A_b / c\n## Ports & places\n")
    assert anchors(page) == {"whats-late", "ports--places", "a_b--c", "ports--places-1"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_verbs_exist(page: Path) -> None:
    assert set(_VERB.findall(code(page))) <= _VERBS


def test_every_verb_is_explained() -> None:
    assert {verb for page in PAGES for verb in _VERB.findall(code(page))} == _VERBS


def commands() -> dict[str, list[str]]:
    """The rows about commands in the guide for moderators, by usage."""
    page = read(ROOT / "docs/moderators.md")
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"^\|.*\|$", page, re.MULTILINE)]
    found = [row for row in rows if len(row) == 5 and row[0].startswith("`")]
    return {row[0].strip("`"): row for row in found}


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.slug)
def test_every_command_is_explained(spec: CommandInfo) -> None:
    _, shorts, example, _, who = commands()[spec.usage]
    assert {one.strip("` ") for one in shorts.split(",") if one} == set(spec.shorts)
    assert who == _WHO[spec.role]
    order = parse(example.strip("`"), places=("room", "x", "discord"))
    assert not isinstance(order, Misunderstood)
    assert info_of(order) == spec


def test_no_other_command_is_named() -> None:
    assert commands().keys() == {spec.usage for spec in COMMANDS}
    known = {name for word, spec in BY_WORD.items() for name in (word, spec.slug)}
    for page in PAGES:
        assert {name for name in _CALL.findall(read(page)) if name not in known} == set(), page.name


def test_every_picture_is_shown_and_small() -> None:
    shown = {file for page in PAGES for _, file, _ in local(page) if file.parent == PICTURES}
    there = {file for file in PICTURES.iterdir() if not file.name.startswith(".")}
    assert {file.name for file in shown} == {file.name for file in there}
    assert [file.name for file in there if file.stat().st_size >= LARGEST] == []


@pytest.mark.parametrize("name", ["terminal.svg", "parts.svg"])
def test_a_drawn_picture_loads_nothing(name: str) -> None:
    drawn = read(PICTURES / name)
    assert re.findall(r"url\((?!#)[^)]*|(?:href|src)=\"(?!#)[^\"]*|@import|@font-face", drawn) == []


def test_the_picture_of_the_parts_is_up_to_date() -> None:
    assert read(PICTURES / "parts.svg") == drawing.picture(), "run `make drawing` and look at the picture"
    assert read(drawing.PAGE) == drawing.page(read(drawing.PAGE)), "run `make drawing`"


def test_every_part_is_connected_in_the_picture() -> None:
    ends = {part for arrow in drawing.drawn() for part in arrow}
    assert ends == drawing.PLACES.keys()


@pytest.mark.parametrize("box", drawing.PLACES)
def test_no_arrow_crosses_a_box_in_the_picture(box: str) -> None:
    left, right, top, bottom = (getattr(drawing.PLACES[box], side) for side in ("left", "right", "top", "bottom"))
    for arrow in [one for one in drawing.drawn() if box not in one]:
        x1, y1, x2, y2 = drawing.line(*arrow)
        points = [(x1 + (x2 - x1) * step / 100, y1 + (y2 - y1) * step / 100) for step in range(101)]
        crossed = [(x, y) for x, y in points if left < x < right and top < y < bottom]
        assert crossed == [], f"{arrow}: give a part another place in PLACES of docs/drawing.py"


def test_how_it_works_is_short() -> None:
    assert len(read(drawing.PAGE).splitlines()) <= 250


def own_parts() -> list[tuple[str, set[Path], int]]:
    """The rows of "What we write ourselves, and why": the part, its files, and their lines as said there."""
    table = read(drawing.PAGE).partition("## What we write ourselves")[2].partition("\n## ")[0]
    found, named = [], set[Path]()
    for part, files, lines in re.findall(r"^\| ([^|]+) \| ([^|]*`[^|]*) \| ([\d of]+) \|", table, re.MULTILINE):
        folder, paths = ROOT, set[Path]()
        for name in re.findall(r"`([^`]+)`", files):
            folder = (ROOT / name).parent if "/" in name else folder
            path = folder / name.rpartition("/")[2]
            paths |= set(folder.glob(path.name)) if "*" in name else set((ROOT / name).rglob("*.py"))
            paths |= {path} if path.is_file() else set()
        paths -= named if files.startswith("the other") else set()
        named |= paths
        found.append((part, paths, int(lines.rpartition(" ")[2])))
    return found


@pytest.mark.parametrize(("part", "files", "said"), [pytest.param(*row, id=row[0]) for row in own_parts()])
def test_the_lines_of_what_we_write_ourselves_are_counted(part: str, files: set[Path], said: int) -> None:
    lines = sum(len(read(file).splitlines()) for file in files)
    assert abs(lines - said) <= lines / 6, f"{part}: {lines} lines; say so in how-it-works.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_exists(page: Path, ours: list[str]) -> None:
    """A path from the top, or the bare name of one of our modules."""
    known = {*ours, *(name.rpartition("/")[2] for name in ours)}
    named = {name for name in re.findall(r"`([\w./-]+)`", read(page)) if _FILE.fullmatch(name)}
    assert [name for name in sorted(named) if name not in known and not (ROOT / name).exists()] == []


def test_every_log_event_that_is_explained_exists(ours: list[str]) -> None:
    source = "".join(read(ROOT / name) for name in ours if re.match(r"(?:bot|adapters)/.*\.py$", name))
    logged = {re.sub(r"\{.*?\}", "*", name) for name in re.findall(r"\"([a-z_]+(?:\.[a-z_{}]+)+)\"", source)}
    table = read(ROOT / "docs/reference.md").partition("| event |")[2].partition("\n\n")[0]
    explained = {name for row in table.splitlines()[1:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])}
    assert len(explained) > 20
    assert [event for event in sorted(explained) if not any(fnmatchcase(event, one) for one in logged)] == []


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> WrittenFiles:
    chat = load(CHAT, root=ROOT / "schedules").chat
    assert chat
    return write(tmp_path_factory.mktemp("example"), chat, event_log.read(ROOT / "docs/example/hour.jsonl"))


def test_the_example_gives_the_figures_counted_by_hand(example: WrittenFiles) -> None:
    # 30 messages: one deleted, two by a person who is left out, one after 20:15 UTC.
    # Impressions: 5 x 121 + 4 x 45 + 3 x 300.
    # Times are from the question on the place of the answer: Q1 was answered after 60, 118, 180 and 238 s.
    found = example.figures
    figures = [
        (one.posts, one.participants, one.posts_per_hour, one.posts_per_participant, one.impressions, one.answered)
        for one in (found, found.places["room"], found.places["x"])
    ]
    assert figures == [(26, 6, 21, 4, 1685, 6), (14, 3, 11, 5, None, 3), (12, 3, 10, 4, 1685, 3)]
    assert found.window_minutes == 75
    assert found.busiest_minute == BusiestMinute(at=datetime(2020, 10, 13, 19, 2, tzinfo=UTC), posts=1)
    questions = {
        key: (one.posts, one.participants, one.answered_percent, one.first_answer_seconds, one.median_answer_seconds)
        for key, one in found.questions.items()
    }
    assert questions == {
        "q1": (5, 4, 67, 60, 149),
        "q2": (3, 3, 50, 60, 118),
        "q3": (3, 3, 50, 120, 178),
        "q4": (3, 3, 50, 60, 118),
        "q5": (3, 3, 50, 58, 120),
        "q6": (5, 5, 83, 60, 298),
    }
    assert found.places["x"].questions["q1"].median_answer_seconds == 178


def test_the_example_publishes_no_withdrawn_words(example: WrittenFiles) -> None:
    for file in (example.html, example.markdown, example.transcript, example.events):
        text = read(file)
        assert "video later" in text
        assert "No harm done" in text
        assert "wiht" not in text
        assert "Sent before" not in text
        assert "where I work" not in text
        assert "participant D" not in text


def test_every_state_of_a_post_is_explained() -> None:
    explained = read(ROOT / "docs/how-it-works.md")
    assert [state for state in get_args(State) if not re.search(rf"\b{state}\b", explained)] == []


def test_every_setting_is_in_the_reference_with_its_default() -> None:
    page = read(ROOT / "docs/reference.md").partition("## The verbs")[0]
    rows = re.findall(r"^\| `([a-z_.]+)` \| `(\[\]|\"[^`]*\"|[^`]+)` \| \S", page, re.MULTILINE)
    explained = {name: tomllib.loads(f"default = {default}")["default"] for name, default in rows}
    wanted = {".".join(path): default for path, default in settings(Settings).items()}
    assert explained.keys() == wanted.keys()
    for name, default in wanted.items():
        told = explained[name]
        lengths = isinstance(default, tuple) and any(isinstance(one, timedelta) for one in default)
        read_back = list(map(from_str, told)) if lengths else from_str(told) if isinstance(default, timedelta) else told
        assert read_back == plain_default(default), name


def test_the_guide_for_operators_is_short() -> None:
    assert len(read(ROOT / "docs/operators.md").split()) < 4000


def test_every_key_of_a_chat_file_is_in_its_reference() -> None:
    page = read(ROOT / "docs/chat-file.md").partition("### Every key")[2].partition("\n## ")[0]
    first_cells = [row.split("|")[1] for row in page.splitlines() if row.startswith("| `")]
    explained = {key for cell in first_cells for key in re.findall(r"`\[?\[?([a-z]+)\]?\]?`", cell)}
    tables = (ChatFile, SeriesFile, QuestionTable, SessionTable)
    keys = {field.alias or key for table in tables for key, field in table.model_fields.items()}
    assert sorted(keys - explained) == []
    assert sorted(explained - keys) == []
    assert all(f"`{key}`" in page for key in PersonTable.model_fields)


def test_every_example_of_a_key_can_be_read() -> None:
    page = read(ROOT / "docs/chat-file.md")
    of_chat, of_series = page.split("| key of a series | example |")
    rows = [(ChatFile, of_chat), (SeriesFile, of_series)]
    found = [
        (model, key, value)
        for model, part in rows
        for keys, values in re.findall(r"^\| (`[a-z`, ]+`) \| (`[^|]+`) \| \S", part, re.MULTILINE)
        for key, value in zip(_CODE.findall(keys), cycle(_CODE.findall(values)), strict=False)
    ]
    assert {(SeriesFile, "`extra`"), (ChatFile, "`starts`")} <= {(model, key) for model, key, _value in found}
    for model, key, value in found:
        document = parse_toml(f"{key.strip('`')} = {value.strip('`')}", key)
        wrong = [one for one in validate_file(document, model).problems if key.strip("`") in one.message]
        assert (document.problems, wrong) == ((), []), value


def test_advice_has_the_same_reasons_in_the_docs_and_on_the_team_s_page() -> None:
    page = read(ROOT / "docs/chat-file.md").partition("### Advice")[2].partition("\n#")[0]
    rows = [row.strip("| ").split(" | ") for row in page.splitlines() if row.startswith("| `")]
    told = [(tuple(name.strip("`") for name in names.split(", ")), advised, why) for names, advised, why in rows]
    assert told == list(REASONS)
    assert [name for names, _advised, _why in REASONS for name in names] == list(RULES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_of_a_file_can_be_read(page: Path) -> None:
    for example in re.findall(r"^```toml\n(.*?)^```", read(page), re.MULTILINE | re.DOTALL):
        assert parse_toml(example, page.name).problems == (), example


def test_the_guide_for_hosts_fits_on_two_screens() -> None:
    assert len(read(ROOT / "docs/hosts.md").split()) < 900
