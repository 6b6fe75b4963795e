"""The viewers of a room's chat, some of whom write: all in one process, on raw sockets.

A message carries its number and the time at which it was sent by this process's clock, so that a
delivery's delay is from the writer's `send` to the moment when a viewer has read the last byte. The
relay sends every viewer the same bytes: what they hold is parsed once, and a viewer costs one read,
so that this program is not what is measured. JSON lines on stdout: connected, measuring, measured.
"""

from __future__ import annotations

import argparse
import json
import selectors
import socket
import sys
import time
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from benchmarks.harness.chat_accounts import token_of
from benchmarks.harness.report import say
from benchmarks.harness.server_frames import (
    OPCODE_CLOSE,
    OPCODE_PING,
    OPCODE_PONG,
    OPCODE_TEXT,
    BadFrame,
    ServerFrame,
    ServerFrames,
    pack_client_frame,
)
from wire import (
    CONTROL_PATH,
    account_commands,
    chat_commands,
    command_base,
    commands,
    room_commands,
)
from wire.ids import RoomId

READ_BYTES: Final = 128 * 1024
STEP_US: Final = 100
KNOWN_PAYLOADS: Final = 64
DRAIN_S_MAX: Final = 5.0
"""After the last message: what is still on its way then is lost."""


class Batch(NamedTuple):
    """What one message of the relay holds of ours: the texts' numbers and times of sending."""

    numbers: tuple[int, ...]
    sent_us: tuple[int, ...]


@dataclass(eq=False)
class Viewer:
    socket: socket.socket
    number: int
    state: str = "upgrading"
    """upgrading, resuming, joining, watching, closed."""
    response: bytes = b""
    received: int = 0
    sum_of_numbers: int = 0
    frames: ServerFrames = field(default_factory=ServerFrames)


class ChatViewers:
    """All of one run, in one selector."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._selector = selectors.DefaultSelector()
        self._viewers: list[Viewer] = []
        self._known: OrderedDict[bytes, Batch] = OrderedDict()
        self._arrivals: Counter[tuple[int, int]] = Counter()
        """By time of sending and of arrival, in steps: how many messages."""
        self._next_number = 1
        self._measured_from: int | None = None
        self._accepted = 0
        self._refused = 0
        self._closed = 0
        self._late_us_max = 0
        self._error = ""

    def connect_all(self) -> dict[str, Any]:
        deadline = time.monotonic() + self._options.connect_timeout
        while time.monotonic() < deadline:
            waiting = sum(viewer.state not in {"watching", "closed"} for viewer in self._viewers)
            missing = self._options.viewers - len(self._viewers)
            if not missing and not waiting:
                break
            for _ in range(min(self._options.batch - waiting, missing)):
                self._start_viewer()
            self._turn(time.monotonic() + 0.05)
        return {"event": "connected", "connected": self._count_watching(), "error": self._error}

    def write_for(self, seconds: float) -> None:
        """Open loop: messages are due at their times, whatever the relay does."""
        began, written = time.monotonic(), 0
        rate = self._options.rate
        while (now := time.monotonic()) < began + seconds:
            due = int((now - began) * rate) - written
            for index in range(due):
                due_at = began + (written + index) / rate
                self._late_us_max = max(self._late_us_max, int((now - due_at) * 1e6))
                self._write()
            written += due
            next_due = began + (written + 1) / rate if rate else began + seconds
            self._turn(min(next_due, began + seconds))

    def measure(self) -> dict[str, Any]:
        """Write for the time asked, then wait for what is on its way."""
        self._measured_from = self._next_number
        self._accepted = self._refused = self._late_us_max = 0
        cpu_s, began = time.process_time(), time.monotonic()
        self.write_for(self._options.seconds)
        cpu_s, elapsed_s = time.process_time() - cpu_s, time.monotonic() - began
        drained = time.monotonic() + DRAIN_S_MAX
        while time.monotonic() < drained and not self._has_all():
            self._turn(time.monotonic() + 0.1)
        return self._report(elapsed_s, cpu_s)

    def close(self) -> None:
        for viewer in self._viewers:
            viewer.socket.close()
        self._selector.close()

    # --- within -----------------------------------------------------------------------------------

    def _has_all(self) -> bool:
        """Deliveries, and the answers to the writers."""
        sent = self._next_number - (self._measured_from or 1) - self._refused
        return self._accepted >= sent and all(
            viewer.received >= sent for viewer in self._viewers if viewer.state == "watching"
        )

    def _report(self, elapsed_s: float, cpu_s: float) -> dict[str, Any]:
        first, end = self._measured_from or 1, self._next_number
        sent = end - first
        should_sum = sum(range(first, end))
        watching = [viewer for viewer in self._viewers if viewer.state == "watching"]
        delays: Counter[int] = Counter()
        for (sent_step, read_step), messages in self._arrivals.items():
            delays[max(0, read_step - sent_step)] += messages
        return {
            "event": "measured",
            "seconds": round(elapsed_s, 3),
            "watching": len(watching),
            "closed": self._closed,
            "sent": sent,
            "accepted": self._accepted,
            "refused": self._refused,
            "deliveries": sum(viewer.received for viewer in watching),
            "lost": sum(max(0, sent - self._refused - viewer.received) for viewer in watching),
            "viewers_with_gaps": sum(viewer.sum_of_numbers != should_sum for viewer in watching)
            if not self._refused
            else None,
            "delay_ms": {
                "p50": _percentile_ms(delays, 0.50),
                "p95": _percentile_ms(delays, 0.95),
                "p99": _percentile_ms(delays, 0.99),
                "max": _percentile_ms(delays, 1.0),
            },
            "late_ms_max": self._late_us_max / 1000,
            "cpu_s": round(cpu_s, 3),
            "error": self._error,
        }

    def _count_watching(self) -> int:
        return sum(viewer.state == "watching" for viewer in self._viewers)

    def _start_viewer(self) -> None:
        host, port = self._options.host, self._options.port
        connection = socket.create_connection((host, port), timeout=5)
        viewer = Viewer(connection, len(self._viewers))
        self._viewers.append(viewer)
        request = (
            f"GET {CONTROL_PATH} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: bGl2ZWhvdXNlLWJlbmNoMA==\r\n"
            "Sec-WebSocket-Protocol: livehouse.v1\r\n\r\n"
        )
        connection.sendall(request.encode())
        connection.setblocking(False)
        self._selector.register(connection, selectors.EVENT_READ, viewer)

    def _write(self) -> None:
        number = self._next_number
        self._next_number += 1
        writer = self._viewers[number % self._options.writers]
        if writer.state != "watching":
            self._refused += 1
            return
        text = f"{number} {_now_us()} 这首歌太好听了，再来一遍吧"
        self._ask(
            writer,
            chat_commands.SendDanmaku(id=number, room_id=RoomId(self._options.room), text=text),
        )

    def _ask(self, viewer: Viewer, command: command_base.Command) -> None:
        payload = commands.pack(command).encode()
        viewer.socket.sendall(pack_client_frame(OPCODE_TEXT, payload))

    def _turn(self, until_mono_s: float) -> None:
        for key, _ in self._selector.select(max(0.0, until_mono_s - time.monotonic())):
            self._read(key.data)

    def _read(self, viewer: Viewer) -> None:
        try:
            data = viewer.socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._drop(viewer, f"connection lost: {error}")
            return
        if not data:
            self._drop(viewer, "connection lost: end of stream")
            return
        read_us = _now_us()
        try:
            if viewer.state == "upgrading":
                data = self._take_response(viewer, data)
            for frame in viewer.frames.take(data):
                self._take_frame(viewer, frame, read_us)
                if viewer.state == "closed":
                    return
        except (BadFrame, OSError) as error:
            self._drop(viewer, str(error))

    def _drop(self, viewer: Viewer, why: str) -> None:
        self._error = self._error or why
        self._closed += viewer.state == "watching"
        viewer.state = "closed"
        self._selector.unregister(viewer.socket)
        viewer.socket.close()

    def _take_response(self, viewer: Viewer, data: bytes) -> bytes:
        viewer.response += data
        head, end, rest = viewer.response.partition(b"\r\n\r\n")
        if not end:
            return b""
        if not head.startswith(b"HTTP/1.1 101"):
            raise BadFrame(f"handshake refused: {head[:40].decode(errors='replace')}")
        if viewer.number < self._options.writers:
            viewer.state = "resuming"
            self._ask(viewer, account_commands.Resume(id=0, token=token_of(viewer.number)))
        else:
            self._join(viewer)
        return rest

    def _join(self, viewer: Viewer) -> None:
        viewer.state = "joining"
        self._ask(viewer, room_commands.JoinRoom(id=0, room_id=RoomId(self._options.room)))

    def _take_frame(self, viewer: Viewer, frame: ServerFrame, read_us: int) -> None:
        if frame.opcode == OPCODE_TEXT:
            if frame.payload[:1] == b"[" or frame.payload.startswith(b'{"type":"DanmakuPosted"'):
                self._take_events(viewer, frame.payload, read_us)
            else:
                self._take_answer(viewer, frame.payload)
        elif frame.opcode == OPCODE_PING:
            viewer.socket.sendall(pack_client_frame(OPCODE_PONG, frame.payload))
        elif frame.opcode == OPCODE_CLOSE:
            code = int.from_bytes(frame.payload[:2], "big")
            self._drop(viewer, f"closed by the relay: {code}")

    def _take_answer(self, viewer: Viewer, payload: bytes) -> None:
        message = json.loads(payload)
        kind = message["type"]
        if kind == "LoggedIn" and viewer.state == "resuming":
            self._join(viewer)
        elif kind == "RoomJoined" and viewer.state == "joining":
            viewer.state = "watching"
        elif kind == "DanmakuAccepted":
            self._accepted += 1
        elif kind == "Error":
            self._error = self._error or payload.decode()[:200]
            self._refused += viewer.state == "watching"
            if viewer.state != "watching":
                self._drop(viewer, payload.decode()[:200])

    def _take_events(self, viewer: Viewer, payload: bytes, read_us: int) -> None:
        batch = self._known.get(payload)
        if batch is None:
            batch = self._parse(payload)
            self._known[payload] = batch
            if len(self._known) > KNOWN_PAYLOADS:
                self._known.popitem(last=False)
        if self._measured_from is None:
            return
        numbers, times = batch
        if numbers and min(numbers) < self._measured_from:
            kept = [n >= self._measured_from for n in numbers]
            numbers = tuple(n for n, keep in zip(numbers, kept, strict=True) if keep)
            times = tuple(t for t, keep in zip(times, kept, strict=True) if keep)
        viewer.received += len(numbers)
        viewer.sum_of_numbers += sum(numbers)
        read_step = read_us // STEP_US
        for sent_us in times:
            self._arrivals[sent_us // STEP_US, read_step] += 1

    def _parse(self, payload: bytes) -> Batch:
        message = json.loads(payload)
        found = message if isinstance(message, list) else [message]
        texts = [one["text"].split(" ") for one in found if one["type"] == "DanmakuPosted"]
        return Batch(tuple(int(text[0]) for text in texts), tuple(int(text[1]) for text in texts))


def _now_us() -> int:
    return time.monotonic_ns() // 1_000


def _percentile_ms(steps: Counter[int], share: float) -> float:
    """The upper edge of the step that holds it."""
    total, seen = sum(steps.values()), 0
    for step in sorted(steps):
        seen += steps[step]
        if seen >= share * total:
            return (step + 1) * STEP_US / 1000
    return 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--room", required=True)
    parser.add_argument("--viewers", type=int, required=True)
    parser.add_argument("--writers", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True, help="messages a second, of all")
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--warmup", type=float, default=2)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connect-timeout", type=float, default=60)
    options = parser.parse_args()
    viewers = ChatViewers(options)
    say(json.dumps(viewers.connect_all()))
    sys.stdin.readline()
    viewers.write_for(options.warmup)
    say(json.dumps({"event": "measuring"}))
    say(json.dumps(viewers.measure()))
    sys.stdin.read()
    viewers.close()


if __name__ == "__main__":
    main()
