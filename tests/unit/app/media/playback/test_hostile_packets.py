"""What a hostile publisher sends to viewers costs pictures, and nothing else."""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from app.media.playback.isolated_decoder import IsolatedDecoder
from app.media.playback.spare_decoder import SpareDecoder
from tests.support.hostile_packets import CODECS, TRICKS, Samples, encode, hostile_packets
from tests.unit.app.media.playback.media_samples import VIDEO_TRACK, make_video
from wire.media_packet import Flags, Kind, MediaPacket
from wire.tracks import TrackInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKETS = 20_000
PATIENT_S = 30.0
SEED_VARIABLE = "LIVEHOUSE_FAULT_SEED"


@pytest.fixture(scope="module")
def samples() -> Samples:
    return Samples()


@pytest.fixture
def decoder() -> Iterator[IsolatedDecoder]:
    spare = SpareDecoder()
    decoder = IsolatedDecoder(spare)
    # A busy machine must not be taken for a child that hangs; a real hang is the test's timeout.
    decoder.answer_s_max = decoder.again_s_max = PATIENT_S
    decoder.start()
    yield decoder
    decoder.stop()
    spare.close()


def _packet(payload: bytes, number: int = 0) -> MediaPacket:
    """Called a keyframe, as a liar would, so that none is passed over unseen."""
    return MediaPacket(Kind.VIDEO, 0, Flags.KEYFRAME, number, number, 0, payload)


def _track(codec: str) -> TrackInfo:
    return TrackInfo(
        kind="video",
        codec=codec,  # type: ignore[arg-type] # one of the three, by CODECS
        width=160,
        height=90,
        frame_rate=30,
    )


def test_decoder_when_20000_mutated_packets_come_then_the_program_and_good_pictures_live_on(
    decoder: IsolatedDecoder, samples: Samples
) -> None:
    seed = int(os.environ.get(SEED_VARIABLE, "1"))
    sys.stderr.write(f"{SEED_VARIABLE}={seed} brings the same packets again\n")
    tracks = {codec: _track(codec) for codec in CODECS}
    tried: Counter[str] = Counter()
    pictures = 0
    for number, hostile in enumerate(hostile_packets(seed, PACKETS, samples)):
        packet = _packet(hostile.payload, number)
        pictures += len(decoder.decode(packet, tracks[hostile.codec]))
        tried[hostile.trick] += 1
    assert tried.total() == PACKETS
    assert tried.keys() == TRICKS.keys()
    assert decoder.errors > PACKETS // 10
    assert pictures > PACKETS // 10, "most mutations must reach the decoder's inside"
    good = make_video(30)
    assert [len(decoder.decode(packet, VIDEO_TRACK)) for packet in good] == [1] * 30


def test_hostile_packets_when_the_seed_is_the_same_then_so_are_they(samples: Samples) -> None:
    once, again, other = (list(hostile_packets(seed, 200, samples)) for seed in (5, 5, 6))
    assert once == again
    assert once != other


def test_picture_when_it_is_8192_wide_and_high_then_it_is_refused_and_memory_stays(
    decoder: IsolatedDecoder,
) -> None:
    (oversize,) = encode("h264", 8192, 8192)
    good = make_video(1)[0]
    assert len(decoder.decode(good, VIDEO_TRACK)) == 1
    pid = decoder.pid
    for _ in range(5):
        assert decoder.decode(_packet(oversize), VIDEO_TRACK) == []
    assert decoder.pid == pid, "it was refused, and did not need to be killed"
    assert len(decoder.decode(good, VIDEO_TRACK)) == 1


def test_picture_when_it_is_as_large_as_may_be_then_it_is_decoded(
    decoder: IsolatedDecoder,
) -> None:
    units = encode("h264", 4096, 2304, frames=3)
    shown = [
        picture
        for number, unit in enumerate(units)
        for picture in decoder.decode(_packet(unit, number), VIDEO_TRACK)
    ]
    assert [(picture.width, picture.height) for picture in shown] == [(4096, 2304)] * 3


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_packet_when_it_is_full_of_empty_units_then_it_is_refused_at_once(
    decoder: IsolatedDecoder, codec: str
) -> None:
    flood = b"\x00\x00\x01\x09" * 500_000
    pid = decoder.pid
    assert decoder.decode(_packet(flood), _track(codec)) == []
    assert decoder.errors == 1
    assert decoder.pid == pid


@pytest.mark.parametrize("codec", CODECS)
def test_stream_when_its_size_changes_without_a_word_then_pictures_follow(
    decoder: IsolatedDecoder, codec: str
) -> None:
    sizes = [(64, 64), (322, 182), (128, 72), (322, 182)]
    track = _track(codec)
    seen = []
    for number, (width, height) in enumerate(sizes):
        unit = encode(codec, width, height)[0]
        # libdav1d refuses to change sizes by itself once; the next keyframe starts afresh.
        for attempt in range(2):
            pictures = decoder.decode(_packet(unit, 2 * number + attempt), track)
            if pictures:
                seen.append((pictures[0].width // 16, pictures[0].height // 16))
                break
    assert seen == [(width // 16, height // 16) for width, height in sizes]
