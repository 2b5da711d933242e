"""A proxy in front of PostgreSQL that goes mute, or cuts all connections.

Mute means that connections stay open, and nothing comes through any more. What was sent meanwhile is kept, and
delivered once it speaks again, as a network does that was away for a while.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.engine import make_url


class StoreProxy:
    """Listens on loopback; `url` is a database's address through it."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._speaking = _ways()
        self._muted = list[dict[str, threading.Event]]()
        self._lost = list[bytes]()
        self._cut = False
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, database: str) -> str:
        """The address through the proxy of a database that is given with its socket's folder."""
        name = make_url(database).database
        return f"postgresql://postgres@127.0.0.1:{self._listening.getsockname()[1]}/{name}?sslmode=disable"

    def mute(self, *ways: str) -> None:
        """Let nothing through, of `questions`, `answers`, or both."""
        for way in ways or self._speaking:
            self._speaking[way].clear()

    def mute_old(self) -> None:
        """Let nothing through on the connections that there are; new ones are not concerned."""
        self.mute()
        self._muted.append(self._speaking)
        self._speaking = _ways()

    def cut(self) -> None:
        """End every connection, and each new one, until it speaks again. What was kept is lost."""
        self._cut = True
        self._end_all()

    def lose_answer(self, *words: bytes) -> None:
        """Go mute when these words have been said one after the other: the last is heard, and its answer kept."""
        self._lost = list(words)

    @property
    def listens(self) -> bool:
        """Whether answers come through."""
        return self._speaking["answers"].is_set()

    def speak(self) -> None:
        """Let everything through again, and what was kept."""
        self._cut = False
        for speaking in (*self._speaking.values(), *(event for ways in self._muted for event in ways.values())):
            speaking.set()

    def close(self) -> None:
        """Cut all connections."""
        self._listening.close()
        self._end_all()
        self.speak()

    def _is_cut(self) -> bool:
        return self._cut

    def _end_all(self) -> None:
        ended, self._pairs = self._pairs, []
        for sock in [sock for pair in ended for sock in pair]:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                if self._is_cut():
                    here.close()
                    continue
                there = socket.socket(socket.AF_UNIX)
                there.connect(self._target)
                self._pairs.append((here, there))
                if self._is_cut():  # meanwhile
                    self._end_all()
                for way, source, drain in (("questions", here, there), ("answers", there, here)):
                    args = (way, source, drain, self._speaking[way])
                    threading.Thread(target=self._pass, args=args, daemon=True).start()

    def _pass(self, way: str, source: socket.socket, drain: socket.socket, speaking: threading.Event) -> None:
        with suppress(OSError):
            while said := source.recv(65536):
                if way == "questions" and self._lost and self._lost[0] in said:
                    self._lost.pop(0)
                    if not self._lost:
                        self.mute("answers")
                speaking.wait()
                drain.sendall(said)
        speaking.wait()
        with suppress(OSError):
            drain.shutdown(socket.SHUT_WR)


def _ways() -> dict[str, threading.Event]:
    """Both ways of a connection, open."""
    ways = {"questions": threading.Event(), "answers": threading.Event()}
    for speaking in ways.values():
        speaking.set()
    return ways


@contextmanager
def store_proxy(database: str) -> Iterator[tuple[StoreProxy, str]]:
    """A proxy in front of the server of this database, and the database's address through it."""
    proxy = StoreProxy(f"{make_url(database).query['host']}/.s.PGSQL.5432")
    try:
        yield proxy, proxy.url(database)
    finally:
        proxy.close()
