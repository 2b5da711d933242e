"""Who ran the chat, in the files afterwards; and the logo that the settings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.ports.community import Colours, Community, Logo
from bot.reporting.files import write
from bot.reporting.imprint import Imprint
from bot.settings.settings import Settings
from bot.wiring.community import community
from tests.fakes.chats import a_chat

COLOURS = Colours(light="#005eb8", light_tint="#e6eff8", dark="#72b0ff", dark_tint="#2a3948")


def test_the_transcript_has_the_community_and_loads_nothing(tmp_path: Path) -> None:
    logo = Logo(data=b"picture", media_type="image/png")
    whose = Community(name="Pretend <Community>", contact="https://example.org", colours=COLOURS, logo=logo)
    written = write(tmp_path, a_chat(), (), imprint=Imprint(community=whose))
    page = written.html.read_text(encoding="utf-8")
    assert "Pretend &lt;Community&gt;" in page
    assert '<a href="https://example.org">example.org</a>' in page
    assert 'src="data:image/png;base64,cGljdHVyZQ=="' in page
    assert "img-src data:" in page
    assert "--accent: #005eb8" in page
    assert "Pretend &#60;Community\\>, example.org" in written.markdown.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("data", "said"),
    [(None, "can't be read"), (b"x" * 300_000, "300 kB"), (b"words", "no picture"), (b"\x89PNG\r\n\x1a\n", "")],
)
def test_a_logo_that_cannot_be_shown_is_refused(tmp_path: Path, data: bytes | None, said: str) -> None:
    path = tmp_path / "logo"
    if data is not None:
        path.write_bytes(data)
    settings = Settings.model_validate({"community": {"logo": str(path)}})
    if said:
        with pytest.raises(SetupError, match=said):
            community(settings)
    else:
        assert community(settings).logo == Logo(data=data or b"", media_type="image/png")
