"""A recording of hours in some seconds: a clip copied over and over, as the relay writes it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import av
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from app.media.replay.byte_source import FileSource
from app.media.replay.fragment_finder import FragmentFinder
from server.recording.index import FileIndex

if TYPE_CHECKING:
    from app.media.replay.fragments import Fragment

FRAGMENT_US: Final = 1_000_000
MOVFLAGS: Final = "empty_moov+default_base_moof+frag_keyframe"
SOUND_HZ: Final = 48_000
COPY_BYTES: Final = 4 << 20


def write_long_recording(clip: Path, path: Path, *, seconds: float) -> None:
    """In fragments of a second at most, without an index: as a relay leaves it that was killed."""
    pictures, length_s = _read_pictures(clip)
    sound = _read_sound(clip, length_s)
    with av.open(str(clip)) as template:
        like = template.streams.video[0]
        options = {"movflags": MOVFLAGS, "frag_duration": str(FRAGMENT_US)}
        with av.open(str(path), "w", format="mp4", options=options) as container:
            video = container.add_stream_from_template(like)
            audio = container.add_stream("libopus", rate=SOUND_HZ)
            if not isinstance(video, VideoStream) or not isinstance(audio, AudioStream):
                raise TypeError("the clip has other streams than pictures and sound")
            for number in range(round(seconds / length_s)):
                _copy(container, video, pictures, number * length_s)
                _copy(container, audio, sound, number * length_s)


def write_index(source: Path, path: Path) -> None:
    """The same recording with the relay's index in its head: as it is when it has ended."""
    opened = FileSource(source)
    finder = FragmentFinder(opened)
    head_bytes = finder.open().end
    index = FileIndex.begin(head_bytes)
    fragment: Fragment | None = finder.find(0)
    while fragment is not None:
        pictures = fragment.of(finder.init.video)
        index.add(
            fragment.end - fragment.offset,
            is_key=bool(pictures) and pictures[0].is_sync,
            starts_at_us=finder.start_us(fragment),
            ends_at_us=max(one.pts_us + one.duration_us for one in fragment.samples),
        )
        fragment = finder.after(fragment)
    opened.close()
    with source.open("rb") as whole, path.open("wb") as out:
        out.write(whole.read(head_bytes))
        out.write(index.region())
        while piece := whole.read(COPY_BYTES):
            out.write(piece)


def _read_pictures(clip: Path) -> tuple[list[tuple[bytes, Fraction, bool]], Fraction]:
    """Packets with their moments, and how long all of them last."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        base, rate = stream.time_base, stream.average_rate
        if base is None or rate is None:
            raise ValueError("the clip does not say how fast it goes")
        packets = [
            (bytes(packet), packet.dts * base, packet.is_keyframe)
            for packet in container.demux(stream)
            if packet.dts is not None
        ]
    return packets, Fraction(len(packets)) / rate


def _read_sound(clip: Path, length_s: Fraction) -> list[tuple[bytes, Fraction, bool]]:
    """Opus, as long as the pictures."""
    encoder = av.CodecContext.create("libopus", "w")
    if not isinstance(encoder, av.AudioCodecContext):
        raise TypeError("libopus is not an audio codec")
    encoder.sample_rate, encoder.layout, encoder.format = SOUND_HZ, "stereo", "flt"
    encoder.time_base = Fraction(1, SOUND_HZ)
    encoder.open()
    resampler = AudioResampler("flt", "stereo", SOUND_HZ, frame_size=960)
    packets: list[Any] = []
    with av.open(str(clip)) as container:
        for frame in container.decode(audio=0):
            frame.pts = None
            for block in resampler.resample(frame):
                packets += encoder.encode(block)
    step = Fraction(960, SOUND_HZ)
    return [
        (bytes(packet), number * step, True)
        for number, packet in enumerate(packets)
        if number * step < length_s
    ]


def _copy(
    container: av.container.OutputContainer,
    stream: VideoStream | AudioStream,
    packets: list[tuple[bytes, Fraction, bool]],
    after_s: Fraction,
) -> None:
    base = Fraction(1, 90_000)
    for payload, at_s, is_keyframe in packets:
        packet = av.Packet(payload)
        packet.stream = stream
        packet.time_base = base
        packet.pts = packet.dts = round((after_s + at_s) / base)
        packet.is_keyframe = is_keyframe
        container.mux(packet)
