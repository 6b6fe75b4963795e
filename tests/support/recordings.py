"""Recordings as the relay writes them, made in a moment, and a server of their bytes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from app.media.capture.test_card import TestCard
from app.media.capture.test_tone import make_tone
from tests.support.scheduling import scheduled_as_before

FRAME_RATE: Final = 25
GOP: Final = 20
WIDTH, HEIGHT = 320, 180
TICKET: Final = "a-ticket"
FAST: Final = {"preset": "ultrafast", "tune": "zerolatency"}
MOVFLAGS: Final = "empty_moov+default_base_moof+frag_keyframe"


@scheduled_as_before()
def write_recording(
    path: Path,
    *,
    seconds: float = 6.0,
    fragment_s: float = 1.0,
    first_s: float = 0.0,
    has_sound: bool = True,
    codec: str = "libx264",
    has_b_frames: bool = False,
) -> Path:
    """A test card and a tone in fragments that do not all begin with a keyframe."""
    card = TestCard(WIDTH, HEIGHT)
    options = {"movflags": MOVFLAGS, "frag_duration": str(round(fragment_s * 1_000_000))}
    with av.open(path, "w", format="mp4", options=options) as container:
        video = container.add_stream(codec, rate=FRAME_RATE)
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.gop_size = GOP
        video.options = {"preset": "8"} if "av1" in codec else FAST
        if has_b_frames:
            video.codec_context.max_b_frames = 3
            video.options = {"preset": "veryfast", "bf": "3"}
        audio = container.add_stream("libopus", rate=48_000) if has_sound else None
        for number in range(round(seconds * FRAME_RATE)):
            frame = card.draw(frame_number=number, captured_at_unix_us=number)
            frame.pts = number + round(first_s * FRAME_RATE)
            frame.time_base = Fraction(1, FRAME_RATE)
            container.mux(video.encode(frame))
            if isinstance(audio, AudioStream):
                container.mux(audio.encode(_sound(number, first_s)))
        container.mux(video.encode(None))
        if isinstance(audio, AudioStream):
            container.mux(audio.encode(None))
    return path


def _sound(number: int, first_s: float) -> av.AudioFrame:
    frames = 48_000 // FRAME_RATE
    tone = make_tone(number * frames, frames).T
    made = av.AudioFrame.from_ndarray(np.ascontiguousarray(tone), format="fltp", layout="stereo")
    made.sample_rate = 48_000
    made.pts = number * frames + round(first_s * 48_000)
    made.time_base = Fraction(1, 48_000)
    return made


class RangeServer:
    """Gives ranges of `body` to whoever has the ticket, and counts what was asked."""

    def __init__(self, body: bytes, *, keeps_alive: bool = True) -> None:
        self.body = body
        self.asked: list[str] = []
        self.refuses = False
        server = self

        class Handler(BaseHTTPRequestHandler):
            disable_nagle_algorithm = True
            timeout = 2.0  # a connection that nobody uses is closed, as a relay does
            protocol_version = "HTTP/1.1" if keeps_alive else "HTTP/1.0"

            def do_GET(self) -> None:
                server._answer(self)

            def log_message(self, *_arguments: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = False  # so that none outlives the server
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._http.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        words = request.headers.get("Range", "")
        self.asked.append(words)
        total = len(self.body)
        if self.refuses or request.headers.get("Authorization") != f"Bearer {TICKET}":
            self._send(request, 401, b"", "")
            return
        if not words:
            self._send(request, 404, b"", "")
            return
        first, _, last = words.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last) + 1, total)
        if start >= total:
            self._send(request, 416, b"", f"bytes */{total}")
            return
        piece = self.body[start:end]
        self._send(request, 206, piece, f"bytes {start}-{end - 1}/{total}")

    @staticmethod
    def _send(request: BaseHTTPRequestHandler, status: int, body: bytes, span: str) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        if span:
            request.send_header("Content-Range", span)
        with contextlib.suppress(ConnectionError):  # whoever asked has gone
            request.end_headers()
            request.wfile.write(body)


@contextmanager
def serving(body: bytes, *, keeps_alive: bool = True) -> Iterator[RangeServer]:
    server = RangeServer(body, keeps_alive=keeps_alive)
    server.start()
    try:
        yield server
    finally:
        server.stop()
