from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.media.capture import url_source
from app.media.capture.test_card import read_blocks
from app.media.capture.url_source import UrlMedia, hide_password
from app.media.clock import MediaClock
from app.media.errors import SourceNotFound
from app.media.events import PipelineEvent, SourceLost, SourceRestored
from tests.unit.app.media.media_files import luma, write_clip

if TYPE_CHECKING:
    from app.media.capture.source import AudioBlock, VideoFrame


class Sender:
    """Sends a transport stream to whoever connects, and hangs up behind it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.sendall(self._data)
                except OSError:
                    continue

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


@contextmanager
def sending(path: Path) -> Iterator[Sender]:
    sender = Sender(path.read_bytes())
    try:
        yield sender
    finally:
        sender.close()


def test_url_when_the_sender_hangs_up_then_a_card_goes_out_and_the_picture_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(url_source, "SIGNAL_TIMEOUT_S", 0.15)
    monkeypatch.setattr(url_source, "REOPEN_INTERVAL_S", 1.2)
    frames: list[VideoFrame] = []
    blocks: list[AudioBlock] = []
    events: list[PipelineEvent] = []
    enough = threading.Event()

    def on_event(event: PipelineEvent) -> None:
        events.append(event)
        if sum(isinstance(event, SourceRestored) for event in events) == 2:
            enough.set()

    with sending(write_clip(tmp_path / "a.ts", seconds=0.6)) as sender:
        media = UrlMedia(
            sender.address, wants_sound=True, loop=False, clock=MediaClock(), on_event=on_event
        )
        assert media.audio is not None
        media.audio.start(blocks.append)
        media.video.start(frames.append)
        assert enough.wait(20)
        media.video.stop()
    assert any(isinstance(event, SourceLost) for event in events)
    readings = [read_blocks(luma(frame.image)) for frame in frames]
    assert sum(reading is not None for reading in readings) >= 30
    assert sum(reading is None for reading in readings) >= 2
    steps = np.diff([frame.pts_us for frame in frames])
    assert (steps > 0).all()
    assert steps.max() < 500_000
    ends = [block.pts_us + len(block.samples) * 1e6 / 48_000 for block in blocks]
    gaps = [block.pts_us - end for end, block in zip(ends, blocks[1:], strict=False)]
    assert max(gaps) < 200_000


def test_url_when_nobody_answers_then_fails_at_once_without_the_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(SourceNotFound) as caught:
        UrlMedia(
            f"http://user:secret@127.0.0.1:{port}/a?key=secret",
            wants_sound=True,
            loop=False,
            clock=MediaClock(),
            on_event=lambda event: None,
        )
    assert "secret" not in caught.value.message
    assert f"127.0.0.1:{port}/a" in caught.value.message


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://user:pass@cam.local:554/live?token=1", "rtsp://cam.local:554/live"),
        ("http://host/a.m3u8", "http://host/a.m3u8"),
        ("rtsp://[::1", "(an address that does not parse)"),
        ("udp:1234", "udp:///1234"),
    ],
)
def test_hide_when_an_address_holds_secrets_then_they_are_not_shown(
    address: str, shown: str
) -> None:
    assert hide_password(address).replace("udp://1234", "udp:///1234") == shown
