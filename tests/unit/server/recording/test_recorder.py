"""What the tap sends to the writer, whose pipe is a list here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from server.gateway.framing import frame_binary
from server.recording import recorder as recorders
from server.recording.pipe import HEAD, Begun, Closed, Failed, Operation
from server.recording.recorder import WAITING_BYTES_LOW, WAITING_BYTES_MAX, LiveRecording, Recorder
from server.relay.packet import RelayedPacket
from wire.ids import BroadcastId, ReplayId, RoomId
from wire.media_packet import Flags, Kind, MediaPacket, pack, parse, parse_header
from wire.tracks import TrackInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.recording.pipe import Report

ROOM = RoomId("room")


class FakeProcess:
    """Takes what is sent, or lets it wait."""

    def __init__(self, *, on_report: Callable[[Report], None], on_died: Callable[[], None]) -> None:
        self.report, self.die = on_report, on_died
        self.sent: list[tuple[Operation, bytes]] = []
        self.waiting = 0

    def has_waiting_more_than(self, limit: int) -> bool:
        return self.waiting > limit

    def send(self, head: bytes, body: bytes | memoryview = b"") -> None:
        request = head + body
        operation, _, length = HEAD.unpack_from(request)
        assert length == len(request) - HEAD.size
        self.sent.append((Operation(operation), request[HEAD.size :]))

    async def stop(self) -> None:
        """Nothing runs here."""

    def packets(self) -> list[MediaPacket]:
        return [parse(body) for operation, body in self.sent if operation is Operation.PACKET]


class Listener:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def on_begun(self, _live: LiveRecording) -> None:
        self.heard.append("begun")

    def on_closed(self, _live: LiveRecording) -> None:
        self.heard.append("closed")

    def on_failed(self, _live: LiveRecording, *, is_full: bool) -> None:
        self.heard.append("full" if is_full else "failed")


class Desk:
    """A recorder of one room with some layers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, layers: int = 1) -> None:
        monkeypatch.setattr(recorders, "WriterProcess", FakeProcess)
        self.now_s = 100.0
        self.listener = Listener()
        self.recorder = Recorder(mono_s=lambda: self.now_s, listener=self.listener)
        process = self.recorder._process
        assert isinstance(process, FakeProcess)
        self.process: FakeProcess = process
        self.tracks = (
            *(
                TrackInfo(
                    kind="video", codec="h264", layer=layer, width=64, height=64, frame_rate=25
                )
                for layer in range(layers)
            ),
            TrackInfo(kind="audio", codec="opus", sample_rate_hz=48_000, channels=2),
        )
        self.live = self.recorder.begin(
            ROOM,
            broadcast_id=BroadcastId("b"),
            replay_id=ReplayId("r"),
            path=Path("r.mp4"),
            tracks=self.tracks,
            started_at_unix_ms=0,
        )
        self.sequence = 0

    def video(self, layer: int = 0, *, is_key: bool = False) -> int:
        return self._tap(Kind.VIDEO, layer, Flags.KEYFRAME if is_key else Flags.NONE)

    def sound(self) -> int:
        return self._tap(Kind.AUDIO, 0, Flags.NONE)

    def taken(self) -> list[int]:
        return [packet.sequence for packet in self.process.packets()]

    def _tap(self, kind: Kind, layer: int, flags: Flags) -> int:
        self.sequence += 1
        packet = MediaPacket(kind, layer, flags, self.sequence, self.sequence * 1_000, 0, b"x" * 70)
        message = pack(packet)
        relayed = RelayedPacket(parse_header(message), frame_binary(message), self.sequence)
        self.recorder.tap(ROOM, relayed)
        return self.sequence


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_tap_when_a_broadcast_begins_then_from_its_first_keyframe_on(desk: Desk) -> None:
    desk.video()
    wanted = [desk.video(is_key=True), desk.sound(), desk.video()]
    assert desk.taken() == wanted


def test_tap_when_the_pipe_is_full_then_pictures_are_left_out_up_to_the_next_keyframe(
    desk: Desk,
) -> None:
    wanted = [desk.video(is_key=True)]
    desk.process.waiting = WAITING_BYTES_MAX + 1
    desk.video()
    desk.sound()
    desk.process.waiting = WAITING_BYTES_LOW + 1
    desk.video(is_key=True)
    wanted.append(desk.sound())
    desk.process.waiting = 0
    desk.video()
    wanted += [desk.video(is_key=True), desk.video()]
    assert desk.taken() == wanted
    assert desk.recorder.left_out == desk.live.left_out == 2


def test_tap_when_there_are_layers_then_the_best_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(monkeypatch, layers=3)
    desk.video(0, is_key=True)
    desk.video(1, is_key=True)
    wanted = [desk.video(2, is_key=True)]
    desk.video(0)
    wanted.append(desk.video(2))
    assert desk.taken() == wanted


def test_tap_when_the_best_layer_falls_silent_then_another_until_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk(monkeypatch, layers=2)
    wanted = [desk.video(1, is_key=True)]
    desk.video(0, is_key=True)
    desk.now_s += 4
    desk.video(0)
    wanted += [desk.video(0, is_key=True), desk.video(0)]
    desk.video(1)
    wanted.append(desk.video(1, is_key=True))
    desk.video(0)
    assert desk.taken() == wanted


def test_tap_when_the_publisher_is_back_then_from_its_keyframe_on(desk: Desk) -> None:
    wanted = [desk.video(is_key=True)]
    desk.recorder.go_on(desk.live, desk.tracks)
    desk.video()
    wanted += [desk.sound(), desk.video(is_key=True), desk.video()]
    assert desk.taken() == wanted


def test_recording_when_ended_then_closed_and_nothing_more_is_sent(desk: Desk) -> None:
    desk.video(is_key=True)
    desk.process.report(Begun(desk.live.number, 1_000, 100, 200, 0))
    desk.recorder.end(ROOM)
    desk.video(is_key=True)
    assert desk.process.sent[-1][0] is Operation.CLOSE
    assert desk.recorder.find_growing("r") is desk.live
    desk.process.report(Closed(desk.live.number, 300, 0))
    assert desk.recorder.find_growing("r") is None
    assert desk.listener.heard == ["begun", "closed"]


def test_recording_when_the_disk_is_full_or_the_writer_dies_then_told(desk: Desk) -> None:
    desk.process.report(Failed(desk.live.number, is_full=True, words="no space"))
    assert desk.recorder.find(ROOM) is None
    desk.process.die()
    assert desk.listener.heard == ["full"]


def test_recording_when_the_writer_dies_then_told_of_each(desk: Desk) -> None:
    desk.process.die()
    assert desk.recorder.find(ROOM) is None
    assert desk.listener.heard == ["failed"]


def test_time_when_no_packet_comes_then_goes_on_by_the_clock(desk: Desk) -> None:
    desk.video(is_key=True)
    assert desk.live.now_us(desk.now_s + 0.9) == 1_000
    assert desk.live.now_us(desk.now_s + 5) == 5_001_000
