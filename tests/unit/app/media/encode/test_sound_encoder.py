from __future__ import annotations

import threading

import numpy as np

from app.media.capture.source import AudioBlock
from app.media.clock import MediaClock
from app.media.encode.sound_encoder import SoundEncoder
from wire.media_packet import Flags, MediaPacket


class Sink:
    def __init__(self) -> None:
        self.packets: list[MediaPacket] = []
        self.changed = threading.Condition()
        self.encoder = SoundEncoder(clock=MediaClock(), on_packet=self.on_packet)
        self.encoder.start()

    def on_packet(self, packet: MediaPacket) -> None:
        with self.changed:
            self.packets.append(packet)
            self.changed.notify_all()

    def push(self, pts_us: int, milliseconds: int) -> None:
        samples = np.zeros((milliseconds * 48, 2), np.float32)
        self.encoder.push(AudioBlock(samples, pts_us))

    def wait_for(self, packets: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.packets) >= packets, 10)
        self.encoder.stop()


def test_sound_when_a_block_is_missing_then_packets_still_come_every_20_ms() -> None:
    sink = Sink()
    sink.push(0, 200)
    sink.push(500_000, 200)
    sink.wait_for(34)
    pts = [packet.pts_us for packet in sink.packets]
    assert set(np.diff(pts).tolist()) == {20_000}
    assert [packet.sequence for packet in sink.packets] == list(range(34))
    assert {packet.flags for packet in sink.packets} == {Flags.NONE}


def test_sound_when_it_jumps_far_then_the_first_packet_behind_says_so() -> None:
    sink = Sink()
    sink.push(0, 200)
    sink.push(60_000_000, 200)
    sink.wait_for(18)
    flagged = [packet for packet in sink.packets if packet.flags]
    assert [packet.flags for packet in flagged] == [Flags.DISCONTINUITY]
    assert flagged[0].pts_us >= 60_000_000
    assert [packet.sequence for packet in sink.packets] == list(range(18))
