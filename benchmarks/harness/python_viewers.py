"""Viewers in plain Python, for machines without Linux or a C compiler: same options, same JSON.

native/viewers.c is the real one and explains what is measured. This one costs about as much as the
relay itself, so delays it reports are an upper bound: its own lateness is among them.
"""

from __future__ import annotations

import argparse
import json
import selectors
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.harness.report import say
from benchmarks.harness.server_frames import (
    OPCODE_BINARY,
    OPCODE_CLOSE,
    OPCODE_PING,
    OPCODE_PONG,
    OPCODE_TEXT,
    BadFrame,
    ServerFrame,
    ServerFrames,
    pack_client_frame,
)
from wire.errors import PacketError
from wire.media_packet import Kind, parse_header, sequence_distance

READ_BYTES: Final = 256 * 1024
HISTOGRAM_STEP_US: Final = 50
RESPONSE_BYTES_MAX: Final = 64 * 1024


class DelayHistogram:
    """Delays in steps of 50 us; a percentile is the upper edge of its step."""

    def __init__(self) -> None:
        self.count = 0
        self.max_us = 0
        self.before_sent = 0
        """Delays below zero: the wall clock was set back."""
        self._steps: Counter[int] = Counter()

    def add(self, delay_us: int) -> None:
        if delay_us < 0:
            self.before_sent += 1
            delay_us = 0
        self.count += 1
        self.max_us = max(self.max_us, delay_us)
        self._steps[delay_us // HISTOGRAM_STEP_US] += 1

    def percentile_ms(self, share: float) -> float:
        wanted, seen = int(share * self.count), 0
        for step in sorted(self._steps):
            seen += self._steps[step]
            if seen > wanted or seen == self.count:
                return (step + 1) * HISTOGRAM_STEP_US / 1000
        return 0.0

    def to_json(self) -> dict[str, float]:
        return {
            "count": self.count,
            "p50": self.percentile_ms(0.50),
            "p95": self.percentile_ms(0.95),
            "p99": self.percentile_ms(0.99),
            "max": self.max_us / 1000,
            "before_sent": self.before_sent,
        }


@dataclass
class Counts:
    closed: int = 0
    bytes: int = 0
    lost: int = 0
    out_of_order: int = 0
    lagged: int = 0
    pings: int = 0
    loop_ms_max: float = 0.0


@dataclass(eq=False)
class Viewer:
    socket: socket.socket
    state: str = "upgrading"
    """upgrading, subscribing, watching, closed."""
    response: bytes = b""
    packets: int = 0
    frames: ServerFrames = field(default_factory=ServerFrames)
    sequences: dict[tuple[Kind, int], int] = field(default_factory=dict)


class Viewers:
    """All viewers of one run, in one selector."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._selector = selectors.DefaultSelector()
        self._viewers: list[Viewer] = []
        self._measuring = False
        self._counts = Counts()
        self._delays = {Kind.VIDEO: DelayHistogram(), Kind.AUDIO: DelayHistogram()}
        self._error = ""

    def connect_all(self) -> dict[str, Any]:
        began = time.monotonic()
        deadline = began + self._options.connect_timeout
        while time.monotonic() < deadline:
            waiting = sum(viewer.state in {"upgrading", "subscribing"} for viewer in self._viewers)
            if len(self._viewers) == self._options.viewers and not waiting:
                break
            for _ in range(
                min(
                    self._options.batch - waiting,
                    self._options.viewers - len(self._viewers),
                )
            ):
                self._start_viewer()
            self._turn(time.monotonic() + 0.05)
        return {
            "event": "connected",
            "connected": self._count("watching"),
            "seconds": round(time.monotonic() - began, 3),
            "error": self._error,
        }

    def warm_up(self) -> None:
        self._run_for(self._options.warmup)
        self._counts = Counts()
        self._measuring = True

    def measure(self) -> dict[str, Any]:
        began, cpu_s = time.monotonic(), time.process_time()
        self._run_for(self._options.seconds)
        cpu_s = time.process_time() - cpu_s
        counts = self._counts
        return {
            "event": "measured",
            "seconds": round(time.monotonic() - began, 4),
            "watching": self._count("watching"),
            "closed": counts.closed,
            "video_packets": self._delays[Kind.VIDEO].count,
            "audio_packets": self._delays[Kind.AUDIO].count,
            "bytes": counts.bytes,
            "lost": counts.lost,
            "out_of_order": counts.out_of_order,
            "lagged": counts.lagged,
            "pings": counts.pings,
            "packets_of_worst_viewer": min(viewer.packets for viewer in self._viewers),
            "cpu_s": round(cpu_s, 4),
            "loop_ms_max": round(counts.loop_ms_max, 2),
            "error": self._error,
            "delay_ms": {
                "video": self._delays[Kind.VIDEO].to_json(),
                "audio": self._delays[Kind.AUDIO].to_json(),
            },
        }

    def close(self) -> None:
        for viewer in self._viewers:
            viewer.socket.close()
        self._selector.close()

    def _count(self, state: str) -> int:
        return sum(viewer.state == state for viewer in self._viewers)

    def _run_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._turn(until)

    def _turn(self, until_mono_s: float) -> None:
        ready = self._selector.select(max(0.0, until_mono_s - time.monotonic()))
        began = time.monotonic()
        for key, _ in ready:
            self._read(key.data)
        loop_ms = (time.monotonic() - began) * 1000
        self._counts.loop_ms_max = max(self._counts.loop_ms_max, loop_ms)

    def _start_viewer(self) -> None:
        host, port = self._options.host, self._options.port
        try:
            connection = socket.create_connection((host, port), timeout=5)
        except OSError as error:
            sys.exit(f"connect: {error}")
        viewer = Viewer(connection)
        self._viewers.append(viewer)
        request = (
            f"GET {self._options.path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: bGl2ZWhvdXNlLWJlbmNoMA==\r\n"
            "Sec-WebSocket-Protocol: livehouse.v1\r\n\r\n"
        )
        connection.sendall(request.encode())
        connection.setblocking(False)
        self._selector.register(connection, selectors.EVENT_READ, viewer)

    def _drop(self, viewer: Viewer, why: str) -> None:
        self._error = self._error or why
        if viewer.state == "watching":
            self._counts.closed += 1
        viewer.state = "closed"
        self._selector.unregister(viewer.socket)
        viewer.socket.close()

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
        read_at_unix_us = time.time_ns() // 1_000
        try:
            if viewer.state == "upgrading":
                data = self._take_response(viewer, data)
            for frame in viewer.frames.take(data):
                self._take_frame(viewer, frame, read_at_unix_us)
                if viewer.state == "closed":
                    return
        except (BadFrame, PacketError, OSError) as error:
            self._drop(viewer, str(error))

    def _take_response(self, viewer: Viewer, data: bytes) -> bytes:
        viewer.response += data
        head, end, rest = viewer.response.partition(b"\r\n\r\n")
        if not end:
            if len(head) > RESPONSE_BYTES_MAX:
                raise BadFrame("an endless answer to the handshake")
            return b""
        if not head.startswith(b"HTTP/1.1 101"):
            raise BadFrame(f"handshake refused: {head[:40].decode(errors='replace')}")
        viewer.state = "subscribing"
        viewer.socket.sendall(pack_client_frame(OPCODE_TEXT, self._options.subscribe.encode()))
        return rest

    def _take_frame(self, viewer: Viewer, frame: ServerFrame, read_at_unix_us: int) -> None:
        if frame.opcode == OPCODE_BINARY:
            self._count_packet(viewer, frame.payload, read_at_unix_us)
        elif frame.opcode == OPCODE_PING:
            self._counts.pings += 1
            viewer.socket.sendall(pack_client_frame(OPCODE_PONG, frame.payload))
        elif frame.opcode == OPCODE_TEXT:
            self._take_text(viewer, frame.payload)
        elif frame.opcode == OPCODE_CLOSE:
            reason = frame.payload[2:].decode(errors="replace")
            code = int.from_bytes(frame.payload[:2], "big")
            self._drop(viewer, f"closed by the relay: {code} {reason}")

    def _take_text(self, viewer: Viewer, payload: bytes) -> None:
        message = json.loads(payload)
        kind = message.get("type")
        if kind == "Subscribed" and viewer.state == "subscribing":
            viewer.state = "watching"
        elif kind == "SubscriberLagged":
            self._counts.lagged += 1
        elif kind == "Error":
            self._error = self._error or payload.decode()[:200]

    def _count_packet(self, viewer: Viewer, message: bytes, read_at_unix_us: int) -> None:
        header = parse_header(message)
        stream = (header.kind, header.layer)
        last = viewer.sequences.get(stream)
        viewer.sequences[stream] = header.sequence
        if not self._measuring:
            return
        if last is not None:
            distance = sequence_distance(last, header.sequence)
            self._counts.lost += max(0, distance - 1)
            self._counts.out_of_order += distance < 1
        viewer.packets += 1
        self._counts.bytes += len(message)
        kind = Kind.VIDEO if header.kind is Kind.VIDEO else Kind.AUDIO
        self._delays[kind].add(read_at_unix_us - header.captured_at_unix_us)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/v1/subscribe")
    parser.add_argument("--subscribe", default="{}")
    parser.add_argument("--viewers", type=int, default=1)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--warmup", type=float, default=2)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connect-timeout", type=float, default=60)
    viewers = Viewers(parser.parse_args())
    say(json.dumps(viewers.connect_all()))
    viewers.warm_up()
    say(json.dumps({"event": "measuring"}))
    say(json.dumps(viewers.measure()))
    sys.stdin.read()
    viewers.close()


if __name__ == "__main__":
    main()
