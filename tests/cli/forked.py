"""A process that has the loaded program forked and ends as the fork does, for code that starts its processes itself.

Run as `python -I -S forked.py ADDRESS PROGRAM`, see `tests/cli/preloaded.py`. The fork has its folder, its environment
and its standard files, and is killed with it. It loads nothing but what Python brings, and so starts quickly.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import sys


def main() -> None:
    address, program = sys.argv[1:]
    request = {
        "program": program,
        "words": [],
        "folder": text(os.getcwdb()),  # noqa: PTH109 -- as bytes
        "environment": [[text(name), text(value)] for name, value in os.environb.items()],
    }
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as answers:
        answers.connect(address)
        socket.send_fds(answers, [json.dumps(request).encode()], [0, 1, 2])
        os.closerange(0, 3)
        answers.recv(20)
        code = int(answers.recv(20))
    if code < 0:
        os.kill(os.getpid(), -code)
    os._exit(code)


def text(value: bytes) -> str:
    """Bytes as msgspec has them in JSON."""
    return base64.b64encode(value).decode()


if __name__ == "__main__":
    main()
