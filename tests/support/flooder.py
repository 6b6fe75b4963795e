"""Sockets that send one frame as fast as they can: a program, so that its work is not the test's.

    python tests/support/flooder.py '{"port": 7788, "seconds": 2, "does_read": true,
                                      "floods": [{"path": ..., "first": [...], "frame": ...}]}'

Frames are in base64. A flood with `cut_in_s` goes on until it is cut, so long at most. Prints, as
JSON, for each flood whether the relay has cut it.
"""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import sys
import threading
import time
from typing import Any

from tests.support.raw_sockets import handshake

PIECE_BYTES = 1_000_000


def main() -> int:
    wishes = json.loads(sys.argv[1])
    is_cut = [False] * len(wishes["floods"])

    def run(number: int, flood: dict[str, Any]) -> None:
        is_cut[number] = _flood(wishes, flood)

    threads = [
        threading.Thread(target=run, args=(number, flood))
        for number, flood in enumerate(wishes["floods"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(is_cut) + "\n")
    return 0


def _flood(wishes: dict[str, Any], flood: dict[str, Any]) -> bool:
    with socket.create_connection(("127.0.0.1", wishes["port"])) as peer:
        peer.settimeout(0.2)
        peer.sendall(handshake(wishes["port"], flood["path"]))
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += peer.recv(1)
        for first in flood["first"]:
            peer.sendall(base64.b64decode(first))
        frame = base64.b64decode(flood["frame"])
        many = frame * (PIECE_BYTES // len(frame))
        end_s = time.monotonic() + flood.get("cut_in_s", wishes["seconds"])
        at = 0
        try:
            while time.monotonic() < end_s:
                with contextlib.suppress(TimeoutError):
                    at = (at + peer.send(many[at:])) % len(many)
                # A moment for the relay, which may share the processor with us.
                time.sleep(0.005)
                while wishes["does_read"]:
                    try:
                        if not peer.recv(65_536, socket.MSG_DONTWAIT):
                            return True
                    except BlockingIOError:
                        break
        except OSError:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
