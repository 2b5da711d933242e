"""The samples for nginx and Caddy, in front of a room: both are really started, with other ports and paths."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import NamedTuple

import aiohttp
import pytest
import yaml

from adapters.room.platform import Room
from tests.adapters.conftest import HOST_KEY, make_room
from tests.fakes.ports import CHAT, FakeCore, chat_view

DEPLOY = Path(__file__).parents[2] / "deploy"
NAME = "chat.example.org"
PATIENCE = 60
HSTS = "Strict-Transport-Security"


class Front(NamedTuple):
    """A proxy in front of a room: its ports for https and http, and the access log that it writes, if it does."""

    https: int
    http: int
    log: Path | None


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def nginx(folder: Path, upstream: int) -> tuple[list[str], Front]:
    """The nginx sample, in a folder of its own."""
    front = Front(free_port(), free_port(), folder / "access.log")
    certificate, key = folder / "own.pem", folder / "own.key"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={NAME}", "-days", "2"]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)  # noqa: S603
    server = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for old, new in {
        "listen 80;": f"listen {front.http};",
        "listen 443 ssl;": f"listen {front.https} ssl;",
        "/etc/ssl/chat.example.org.pem": str(certificate),
        "/etc/ssl/chat.example.org.key": str(key),
        "/var/log/nginx/access.log": str(front.log),
    }.items():
        assert server.count(old) == 1, old
        server = server.replace(old, new)
    server = server.replace("127.0.0.1:8080", f"127.0.0.1:{upstream}")
    server = re.sub(r"listen \[::\]:.*\n", "\n", server)
    temporary = "".join(
        f"{one}_temp_path {folder}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    own = f"{'user root; ' if os.geteuid() == 0 else ''}daemon off; pid {folder}/pid; error_log {folder}/error.log;"
    (folder / "all.conf").write_text(f"{own} events {{}} http {{ {temporary}\n{server} }}", encoding="utf-8")
    return ["nginx", "-p", str(folder), "-c", str(folder / "all.conf")], front


def caddy(folder: Path, upstream: int, sample: str = "") -> tuple[list[str], Front]:
    """The Caddy sample, or another one, with a certificate of Caddy's own making."""
    front = Front(free_port(), free_port(), folder / "access.log" if not sample else None)
    sample = sample or (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    version = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < (2, 8):
        sample = sample.replace("log_skip", "skip_log")
    sample = re.sub(r"(127\.0\.0\.1|convenor):8080", f"127.0.0.1:{upstream}", sample)
    sample = re.sub(r"^    log$", f"    log {{\n        output file {front.log}\n    }}", sample, flags=re.MULTILINE)
    own = f"admin off\n local_certs\n skip_install_trust\n http_port {front.http}\n https_port {front.https}\n"
    (folder / "all").write_text(f"{{\n {own} storage file_system {folder}\n}}\n{sample}", encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "all")], front


def composed(folder: Path, upstream: int) -> tuple[list[str], Front]:
    """The Caddyfile inside docker-compose.yml."""
    file = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text(encoding="utf-8"))
    content = file["configs"]["caddyfile"]["content"].replace("$$", "$").replace("{$DOMAIN}", NAME)
    return caddy(folder, upstream, content)


@pytest.fixture
def core() -> FakeCore:
    """A live chat, and a host's private link."""
    core = FakeCore()
    core.add_chat(chat_view())
    core.clock.move(minutes=10)
    core.add_post("q1", "Q1. What groups are running online now? #OTalk")
    return core


@pytest.fixture
async def room(core: FakeCore) -> AsyncIterator[Room]:
    """A room as the guide says, in which an address may join once a minute."""
    room = make_room(core, public_url=f"https://{NAME}", behind_proxy=True, per_address="1/minute")
    await room.open()
    yield room
    await room.close()


@pytest.fixture(params=[nginx, caddy, composed], ids=["nginx", "caddy", "compose"])
async def front(request: pytest.FixtureRequest, room: Room, tmp_path: Path) -> AsyncIterator[Front]:
    """A proxy that runs."""
    prepare: Callable[[Path, int], tuple[list[str], Front]] = request.param
    needed = ("nginx", "openssl") if prepare is nginx else ("caddy",)
    if missing := [one for one in needed if shutil.which(one) is None]:
        pytest.skip(f"no {missing[0]} here: `apt-get install nginx-light caddy`")
    command, front = prepare(tmp_path, int(room.address.rpartition(":")[2]))
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    with (tmp_path / "said").open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=said, stderr=said, env=home, start_new_session=True
        )
    try:
        async with asyncio.timeout(PATIENCE):
            while not await answers(front):
                assert process.returncode is None, (tmp_path / "said").read_text(encoding="utf-8")
                await asyncio.sleep(0.05)
        yield front
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # asked to end, Caddy waits for streams that nobody reads any more
        await process.wait()


class Visitor:
    """Somebody with a network address of their own, who speaks https with the proxy."""

    def __init__(self, front: Front, address: str) -> None:
        self.base = f"https://{NAME}:{front.https}"
        unchecked = ssl.create_default_context()
        unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
        connector = aiohttp.TCPConnector(ssl=unchecked, resolver=_Here(), local_addr=(address, 0))
        self.session = aiohttp.ClientSession(connector=connector, headers={"Host": NAME})

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self.session

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()


class _Here(aiohttp.abc.AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[aiohttp.abc.ResolveResult]:
        return [aiohttp.abc.ResolveResult(hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """There is nothing to close."""


async def answers(front: Front) -> bool:
    """Whether the proxy is up."""
    try:
        async with Visitor(front, "127.0.0.1") as web, web.get(f"https://{NAME}:{front.https}/healthz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def join(front: Front, address: str, headers: dict[str, str] | None = None) -> int:
    """The status of the answer to somebody at this address who joins."""
    base = f"https://{NAME}:{front.https}"
    async with Visitor(front, address) as web:
        async with web.get(f"{base}/{CHAT}") as page:
            token = re.findall(r'name="token" value="([^"]+)"', await page.text())[0]
        fields = {"name": "Pretend participant A", "token": token}
        sent = {"Origin": f"https://{NAME}", **(headers or {})}
        async with web.post(f"{base}/{CHAT}/join", data=fields, headers=sent, allow_redirects=False) as answer:
            return answer.status


async def test_pages_come_with_the_headers_and_metrics_stay_inside(front: Front) -> None:
    base = f"https://{NAME}:{front.https}"
    async with Visitor(front, "127.0.0.1") as web:
        async with web.get(f"{base}/{CHAT}") as page:
            assert page.status == 200
            assert page.headers[HSTS].startswith("max-age=31536000")
            assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert page.headers.get("Server", "nginx") == "nginx", "without a version"
            assert len(page.headers.getall("X-Content-Type-Options")) == 1
        async with web.get(f"{base}/nowhere") as refused:
            assert (refused.status, HSTS in refused.headers) == (404, True)
        async with web.get(f"{base}/metrics") as metrics:
            assert (metrics.status, HSTS in metrics.headers) == (404, True)
            assert "convenor_" not in await metrics.text()
        async with web.get(f"http://{NAME}:{front.http}/{CHAT}", allow_redirects=False) as plain:
            assert plain.status in {301, 308}
            assert plain.headers["Location"].startswith(f"https://{NAME}")


async def test_updates_arrive_when_they_are_made(front: Front, core: FakeCore) -> None:
    async with (
        Visitor(front, "127.0.0.1") as web,
        web.get(f"https://{NAME}:{front.https}/{CHAT}/stream", headers={"Accept-Encoding": "gzip, br"}) as stream,
    ):
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        for number in range(3):
            core.add_message(str(number), f"A1 update number {number}")
            core.wake_up("messages")
            heard = b""
            async with asyncio.timeout(PATIENCE):  # before the next one is made: nothing is held back
                while f"update number {number}".encode() not in heard:
                    heard += await stream.content.readany()


async def test_a_large_body_is_refused_but_for_an_announcement(front: Front) -> None:
    base = f"https://{NAME}:{front.https}"
    for path, size, expected in (  # Caddy before 2.7 says 502
        (f"/{CHAT}/say", 3_000_000, {413, 502}),
        ("/team/otalk/new", 19_000_000, {404}),  # it came through to the room, where nobody plans chats
    ):
        form = aiohttp.FormData({"file": io.BytesIO(b"a" * size)})
        async with Visitor(front, "127.0.0.1") as web, web.post(base + path, data=form) as answer:
            assert answer.status in expected, path


async def test_each_visitor_counts_by_their_own_address_whatever_they_say_it_is(front: Front) -> None:
    assert await join(front, "127.0.0.2") == 303
    assert await join(front, "127.0.0.2") == 429
    assert await join(front, "127.0.0.2", {"X-Forwarded-For": "203.0.113.9"}) == 429
    assert await join(front, "127.0.0.3") == 303


async def test_private_links_are_in_no_log(front: Front) -> None:
    if front.log is None:
        pytest.skip("this one keeps no access log")
    async with Visitor(front, "127.0.0.1") as web:
        for path in (f"/host/{HOST_KEY}", f"/{CHAT}?seen"):
            async with web.get(f"https://{NAME}:{front.https}{path}") as page:
                await page.read()
    async with asyncio.timeout(PATIENCE):
        while "?seen" not in front.log.read_text(encoding="utf-8"):
            await asyncio.sleep(0.05)
    assert HOST_KEY not in front.log.read_text(encoding="utf-8")
