"""Recordings to cut, as the relay writes them and as others do."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import av

from tests.unit.app.media.media_files import write_clip

if TYPE_CHECKING:
    import numpy as np

GOP_MS = 480
"""Of media_files.write_clip: 12 pictures at 25 a second."""


def write_recording(folder: Path, *, seconds: float = 4.0) -> Path:
    return write_clip(folder / "recording.mp4", seconds=seconds)


def write_fragments(folder: Path, *, seconds: float = 4.0, cut_bytes: int = 0) -> Path:
    """As a recording that is being written: in fragments, without an index at its end."""
    whole = write_clip(folder / "whole.mp4", seconds=seconds)
    path = folder / "fragments.mp4"
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof+skip_trailer"}
    with av.open(str(whole)) as source, av.open(str(path), "w", options=options) as file:
        tracks = {
            track.index: file.add_stream_from_template(track)
            for track in (source.streams.video[0], source.streams.audio[0])
        }
        for packet in source.demux(source.streams.video[0], source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = tracks[packet.stream.index]
                file.mux(packet)
    if cut_bytes:
        path.write_bytes(path.read_bytes()[:-cut_bytes])
    return path


def read_times(path: Path) -> tuple[list[float], float]:
    """When each picture shows in seconds, and how long the sound is."""
    with av.open(str(path)) as file:
        times = [float(frame.time or 0) for frame in file.decode(video=0)]
    with av.open(str(path)) as file:
        if not file.streams.audio:
            return times, 0.0
        samples = sum(frame.samples for frame in file.decode(audio=0))
        return times, samples / file.streams.audio[0].rate


def read_pictures(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]


class CountedFile(io.BytesIO):
    """Knows whether it was closed."""

    was_closed = False

    def close(self) -> None:
        self.was_closed = True
        super().close()
