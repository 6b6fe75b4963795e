"""Video in a child process: the same pictures, and none of its ends is ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from app.media.picture import planes_of
from app.media.playback import decoder_messages as messages
from app.media.playback import decoder_process
from app.media.playback.decoder_process import ANSWER_S_MAX, DecoderLost, DecoderProcess
from app.media.playback.isolated_decoder import UNDER_WAY_MAX, IsolatedDecoder
from app.media.playback.picture_format import to_bgra
from app.media.playback.restart_budget import BURST, REFILL_S, RestartBudget
from app.media.playback.spare_decoder import SPARES, SpareDecoder
from app.media.playback.video_decoder import UNITS_MAX, VideoDecoder
from app.settings import DECODER_COMMAND
from tests.unit.app.media.playback.media_samples import (
    HEIGHT,
    VIDEO_TRACK,
    WIDTH,
    make_video,
)
from wire.media_packet import Flags, Kind, MediaPacket
from wire.tracks import Codec, TrackInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENDS_WITHIN_S = 30.0
PATIENT_S = 30.0
"""Where a busy machine must not be taken for a child that hangs."""
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def spare() -> Iterator[SpareDecoder]:
    spare = SpareDecoder()
    yield spare
    spare.close()


@pytest.fixture
def decoder(spare: SpareDecoder) -> Iterator[IsolatedDecoder]:
    decoder = IsolatedDecoder(spare)
    decoder.answer_s_max = decoder.again_s_max = PATIENT_S
    decoder.start()
    yield decoder
    decoder.stop()


def _pid(decoder: IsolatedDecoder) -> int:
    assert decoder.pid is not None
    return decoder.pid


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def _await_end(pid: int) -> None:
    deadline = time.monotonic() + ENDS_WITHIN_S
    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _is_alive(pid)


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_video_when_it_is_decoded_by_the_child_then_each_picture_is_the_same(
    decoder: IsolatedDecoder, codec: Codec
) -> None:
    track = TrackInfo(kind="video", codec=codec, width=WIDTH, height=HEIGHT, frame_rate=30)
    within = VideoDecoder()
    for packet in make_video(12, codec=codec):
        (picture,) = decoder.decode(packet, track)
        (expected,) = within.decode(packet, track)
        assert picture.pts == expected.pts
        assert picture.time_base == expected.time_base
        for plane, wanted in zip(planes_of(picture), planes_of(expected), strict=True):
            assert np.array_equal(plane, wanted)
    assert decoder.errors == decoder.restarts == 0


def _pts(pictures: Sequence[av.VideoFrame]) -> list[int]:
    return [int(picture.pts) for picture in pictures]


@pytest.mark.parametrize("is_wanted", [True, False])
def test_video_when_it_is_drained_then_the_child_gives_what_it_kept_and_begins_afresh(
    decoder: IsolatedDecoder, *, is_wanted: bool
) -> None:
    packets = make_video(20, b_frames=2)
    shown = []
    for packet in packets:
        shown += _pts(decoder.decode(packet, VIDEO_TRACK, is_wanted=is_wanted))
    last = _pts(decoder.drain())
    wanted = sorted(packet.pts_us for packet in packets)
    assert last
    assert shown + last == (wanted if is_wanted else wanted[-len(last) :])
    assert decoder.is_waiting
    assert decoder.drain() == []
    assert decoder.decode(packets[1], VIDEO_TRACK) == []
    again = [one for packet in packets for one in _pts(decoder.decode(packet, VIDEO_TRACK))]
    assert again + _pts(decoder.drain()) == wanted
    assert decoder.errors == decoder.restarts == 0


@on_linux
def test_video_when_the_child_is_lost_before_it_is_drained_then_the_next_keyframe_is_good(
    decoder: IsolatedDecoder,
) -> None:
    packets = make_video(20, b_frames=2)
    for packet in packets:
        decoder.decode(packet, VIDEO_TRACK)
    pid = _pid(decoder)
    os.kill(pid, signal.SIGKILL)
    _await_end(pid)
    assert decoder.drain() == []
    assert decoder.errors == 1
    for packet in packets:
        decoder.decode(packet, VIDEO_TRACK)
    assert decoder.drain()
    assert (decoder.errors, decoder.restarts) == (1, 1)


def _encode(frame: av.VideoFrame, name: str, options: dict[str, str]) -> MediaPacket:
    encoder = av.CodecContext.create(name, "w")
    encoder.width, encoder.height = frame.width, frame.height
    encoder.pix_fmt, encoder.time_base = frame.format.name, Fraction(1, 1_000_000)
    encoder.options = options
    frame.pts = 0
    payload = b"".join(bytes(encoded) for encoded in [*encoder.encode(frame), *encoder.encode()])
    return MediaPacket(Kind.VIDEO, 0, Flags.KEYFRAME, 0, 0, 0, payload)


@pytest.mark.parametrize("pixel_format", ["yuvj420p", "yuv422p", "yuv444p", "yuv420p10le"])
def test_video_when_its_format_is_another_then_the_picture_is_of_the_usual_one(
    decoder: IsolatedDecoder, pixel_format: str
) -> None:
    frame = av.VideoFrame(66, 34, "gray").reformat(format=pixel_format)
    packet = _encode(frame, "libx264", {"preset": "ultrafast", "tune": "zerolatency"})
    (picture,) = decoder.decode(packet, VIDEO_TRACK)
    assert (picture.width, picture.height, picture.format.name) == (66, 34, "yuv420p")


@pytest.mark.parametrize("colours", ["bt709:tv", "smpte170m:tv", "bt709:pc"])
def test_video_when_it_says_its_colours_then_the_window_paints_the_same(
    decoder: IsolatedDecoder, colours: str
) -> None:
    matrix, _, value_range = colours.partition(":")
    frame = av.VideoFrame(64, 64, "yuv420p")
    for plane, value in zip(planes_of(frame), (90, 60, 190), strict=True):
        plane[:] = value
    parameters = f"colormatrix={matrix}:range={value_range}"
    options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": parameters}
    packet = _encode(frame, "libx264", options)
    (picture,) = decoder.decode(packet, VIDEO_TRACK)
    (expected,) = VideoDecoder().decode(packet, VIDEO_TRACK)
    painted, wanted = (
        to_bgra(one, width_max=64, height_max=64).astype(int) for one in (picture, expected)
    )
    assert np.abs(painted - wanted).max() <= 1


def test_video_when_a_picture_is_oversize_then_it_is_refused_and_the_child_lives(
    decoder: IsolatedDecoder,
) -> None:
    pid = decoder.pid
    frame = av.VideoFrame(4096, 4096, "yuv420p")
    packet = _encode(frame, "libx264", {"preset": "ultrafast", "tune": "zerolatency"})
    assert decoder.decode(packet, VIDEO_TRACK) == []
    assert decoder.errors == 1
    assert len(decoder.decode(make_video(1)[0], VIDEO_TRACK)) == 1
    assert decoder.pid == pid


def test_packet_when_it_is_empty_or_too_long_then_the_next_keyframe_heals(
    decoder: IsolatedDecoder,
) -> None:
    good = make_video(1)[0]
    assert decoder.decode(good._replace(payload=b""), VIDEO_TRACK) == []
    too_long = bytes(messages.PAYLOAD_BYTES_MAX + 1)
    assert decoder.decode(good._replace(payload=too_long), VIDEO_TRACK) == []
    assert len(decoder.decode(good, VIDEO_TRACK)) == 1


@on_posix
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_child_when_it_is_killed_or_stopped_in_mid_gop_then_no_picture_is_missing(
    decoder: IsolatedDecoder, number: signal.Signals
) -> None:
    packets = make_video(30)
    within = VideoDecoder()
    for packet in packets[:20]:
        decoder.decode(packet, VIDEO_TRACK)
        within.decode(packet, VIDEO_TRACK)
    first = _pid(decoder)
    os.kill(first, number)
    decoder.answer_s_max = ANSWER_S_MAX
    for packet in packets[20:]:
        (picture,) = decoder.decode(packet, VIDEO_TRACK)
        (expected,) = within.decode(packet, VIDEO_TRACK)
        assert np.array_equal(planes_of(picture)[0], planes_of(expected)[0])
        decoder.answer_s_max = PATIENT_S
    assert decoder.restarts == 1
    assert decoder.pid != first


@pytest.mark.parametrize("number", [None, getattr(signal, "SIGKILL", None)])
def test_gop_when_most_of_it_is_not_wanted_then_the_last_picture_is_the_same(
    decoder: IsolatedDecoder, number: signal.Signals | None
) -> None:
    """More than may be under way at once; and the same where the child dies on the way."""
    packets = make_video(2 * UNDER_WAY_MAX + 5, gop=1000)
    within = VideoDecoder()
    for at, packet in enumerate(packets[:-1]):
        if at == UNDER_WAY_MAX + 3 and number is not None:
            os.kill(_pid(decoder), number)
        assert decoder.decode(packet, VIDEO_TRACK, is_wanted=False) == []
        assert within.decode(packet, VIDEO_TRACK, is_wanted=False) == []
    (picture,) = decoder.decode(packets[-1], VIDEO_TRACK)
    (expected,) = within.decode(packets[-1], VIDEO_TRACK)
    assert np.array_equal(planes_of(picture)[0], planes_of(expected)[0])
    assert decoder.restarts == (number is not None)


def test_packet_when_it_cannot_be_decoded_while_nobody_waits_then_the_next_keyframe_heals(
    decoder: IsolatedDecoder,
) -> None:
    packets = make_video(8, gop=4)
    for packet in (packets[0], packets[1]._replace(payload=b"\0\0\1" * (UNITS_MAX + 1))):
        assert decoder.decode(packet, VIDEO_TRACK, is_wanted=False) == []
    assert _decode_all(decoder, packets[2:]) == [0, 0, 1, 1, 1, 1]
    assert (decoder.errors, decoder.restarts) == (1, 0)


@on_posix
def test_decoder_when_it_is_interrupted_while_the_child_stands_then_it_ends(
    decoder: IsolatedDecoder,
) -> None:
    packets = make_video(2)
    decoder.decode(packets[0], VIDEO_TRACK)
    os.kill(_pid(decoder), signal.SIGSTOP)
    threading.Timer(0.05, decoder.interrupt).start()
    assert decoder.decode(packets[1], VIDEO_TRACK) == []


@on_linux
def test_child_when_its_program_is_killed_then_it_ends_too() -> None:
    program = (
        "import time\n"
        "from app.media.playback.isolated_decoder import IsolatedDecoder\n"
        "decoder = IsolatedDecoder()\n"
        "decoder.start()\n"
        "print(decoder.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert _is_alive(pid)
        parent.kill()
    _await_end(pid)


@on_linux
def test_child_when_it_runs_then_it_has_no_secret_and_bounded_memory_and_opens_no_file(
    spare: SpareDecoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVEHOUSE_PUBLISH_KEY", "very secret")
    monkeypatch.setenv("SOME_TOKEN", "very secret")
    decoder = IsolatedDecoder(spare)
    decoder.start()
    try:
        decoder.decode(make_video(1)[0], VIDEO_TRACK)
        place = Path(f"/proc/{decoder.pid}")
        assert b"very secret" not in (place / "environ").read_bytes()
        limits = (place / "limits").read_text(encoding="ascii").splitlines()
        values = {line[:26].strip(): line[26:47].strip() for line in limits}
        assert int(values["Max address space"]) < 4 * 1024**3
        assert values["Max open files"] == values["Max core file size"] == "0"
    finally:
        decoder.stop()


@on_linux
def test_decoder_when_it_starts_and_stops_often_then_nothing_is_left() -> None:
    def opened() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    packet = make_video(1)[0]
    before, threads = opened(), set(threading.enumerate())
    spare = SpareDecoder()
    for _ in range(5):
        decoder = IsolatedDecoder(spare)
        decoder.start()
        decoder.decode(packet, VIDEO_TRACK)
        decoder.stop()
    assert opened() <= before  # fewer: something of another test ended meanwhile
    assert set(threading.enumerate()) <= threads


# --- recovery, on children that die when a test says so ---------------------------------------


class _Child:
    """Answers with one picture; dies of what `kills` says."""

    def __init__(self, mortal: _Mortals) -> None:
        self._mortal = mortal
        self._posted: list[bytes] = []
        self.content = memoryview(bytes(64 * 1024))
        self.pid = 1
        self.is_running = True

    def ask(
        self, payload: bytes, request: messages.Request, **_limits: float
    ) -> tuple[bool, bytes]:
        self._mortal.asked.append(payload)
        if self._mortal.deaths_left and payload.startswith(b"poison"):
            self._mortal.deaths_left -= 1
            raise DecoderLost("of poison")
        if not request.is_wanted:
            return True, b""
        picture = messages.PictureInfo(request.pts_us, 16, 16, (16, 8, 8), 1, 1)
        answer = messages.pack_answer(is_ok=True, records=(picture,))
        return True, answer[messages.HEAD_BYTES :]

    def post(self, payload: bytes, request: messages.Request) -> None:
        assert request.at == sum(len(one) for one in self._posted)
        self._posted.append(payload)

    def collect(self, request: messages.Request, **limits: float) -> tuple[bool, bytes]:
        return self.ask(self._posted.pop(0), request, **limits)

    def kill(self) -> None: ...

    def close(self) -> None: ...

    def tick(self, _interval_s: float) -> None: ...


class _Mortals:
    """A spare whose children die of a poisoned packet so many times."""

    def __init__(self, deaths: int) -> None:
        self.deaths_left = deaths
        self.asked: list[bytes] = []
        self.taken = 0

    def take(self) -> Any:
        self.taken += 1
        return _Child(self)

    def prepare(self) -> None: ...


def _packet(number: int, payload: bytes, *, is_keyframe: bool = False) -> MediaPacket:
    flags = Flags.KEYFRAME if is_keyframe else Flags.NONE
    return MediaPacket(Kind.VIDEO, 0, flags, number, number * 33_333, 0, payload)


def _decode_all(decoder: IsolatedDecoder, packets: Sequence[MediaPacket]) -> list[int]:
    return [len(decoder.decode(packet, VIDEO_TRACK)) for packet in packets]


_GOP = (
    _packet(0, b"key", is_keyframe=True),
    _packet(1, b"good"),
    _packet(2, b"poison"),
    _packet(3, b"after"),
    _packet(4, b"key", is_keyframe=True),
    _packet(5, b"good"),
)


def test_packet_when_it_kills_one_child_then_the_gop_is_decoded_again_by_the_next() -> None:
    mortals = _Mortals(1)
    decoder = IsolatedDecoder(mortals)  # type: ignore[arg-type] # a stand-in for the spare
    assert _decode_all(decoder, _GOP) == [1] * 6
    assert mortals.asked[3:6] == [b"key", b"good", b"poison"]
    assert decoder.restarts == 1


def test_packet_when_it_kills_two_children_then_the_next_keyframe_is_waited_for() -> None:
    mortals = _Mortals(2)
    decoder = IsolatedDecoder(mortals)  # type: ignore[arg-type] # a stand-in for the spare
    assert _decode_all(decoder, _GOP) == [1, 1, 0, 0, 1, 1]
    assert b"after" not in mortals.asked


@pytest.mark.parametrize(("deaths", "pictures"), [(1, [1, 0, 0, 1, 1, 1]), (2, [1, 0, 0, 0, 1, 1])])
def test_packet_when_it_kills_while_nobody_waits_then_the_gop_is_decoded_again_all_the_same(
    deaths: int, pictures: list[int]
) -> None:
    mortals = _Mortals(deaths)
    decoder = IsolatedDecoder(mortals)  # type: ignore[arg-type] # a stand-in for the spare
    wanted = (True, False, False, True, True, True)
    got = [
        len(decoder.decode(packet, VIDEO_TRACK, is_wanted=is_wanted))
        for packet, is_wanted in zip(_GOP, wanted, strict=True)
    ]
    assert got == pictures
    assert decoder.errors == deaths
    assert decoder.restarts == deaths


def test_keyframe_when_a_packet_before_it_killed_then_its_picture_comes() -> None:
    mortals = _Mortals(1)
    decoder = IsolatedDecoder(mortals)  # type: ignore[arg-type] # a stand-in for the spare
    for packet in _GOP[:4]:
        assert decoder.decode(packet, VIDEO_TRACK, is_wanted=False) == []
    assert _decode_all(decoder, _GOP[4:]) == [1, 1]
    assert mortals.asked[-2:] == [b"key", b"good"]


def test_stream_when_it_kills_every_child_then_restarts_are_bounded() -> None:
    mortals = _Mortals(10_000)
    decoder = IsolatedDecoder(mortals)  # type: ignore[arg-type] # a stand-in for the spare
    started_s = time.monotonic()
    _decode_all(decoder, [_packet(n, b"poison", is_keyframe=True) for n in range(1000)])
    allowed = BURST + (time.monotonic() - started_s) / REFILL_S + 1
    assert mortals.taken <= allowed


def test_budget_when_time_passes_then_it_fills_again_to_its_burst() -> None:
    budget = RestartBudget()
    assert [budget.take(100.0) for _ in range(BURST + 2)] == [True] * BURST + [False] * 2
    assert not budget.take(100.0 + 0.9 * REFILL_S)
    assert budget.take(100.0 + 1.1 * REFILL_S)
    assert [budget.take(1e6) for _ in range(BURST + 1)] == [True] * BURST + [False]


# --- the spare and what a child may say -------------------------------------------------------


def test_spare_when_it_was_prepared_then_it_is_taken_once() -> None:
    spare = SpareDecoder()
    spare.prepare()
    spare.prepare()
    taken = [spare.take() for _ in range(SPARES + 1)]
    try:
        assert len({process.pid for process in taken}) == SPARES + 1
    finally:
        for process in taken:
            process.close()
        spare.close()


@on_posix
def test_spare_when_it_died_while_it_waited_then_another_is_given(spare: SpareDecoder) -> None:
    dead = DecoderProcess()
    os.kill(dead.pid, signal.SIGKILL)
    deadline = time.monotonic() + ENDS_WITHIN_S
    while dead.is_running and time.monotonic() < deadline:
        time.sleep(0.005)
    spare._spares.append(dead)  # a known one among those that wait
    other = spare.take()
    try:
        assert other.pid != dead.pid
        assert other.is_running
    finally:
        other.close()


def test_child_when_the_program_is_packaged_then_its_hidden_command_is_the_same(
    monkeypatch: pytest.MonkeyPatch, spare: SpareDecoder
) -> None:
    command = [sys.executable, "-m", "app", DECODER_COMMAND]
    monkeypatch.setattr(decoder_process, "_command", lambda: command)
    decoder = IsolatedDecoder(spare)
    decoder.start()
    try:
        assert [len(decoder.decode(packet, VIDEO_TRACK)) for packet in make_video(3)] == [1] * 3
        assert decoder.restarts == 0
    finally:
        decoder.stop()


def test_child_when_it_is_not_there_then_asking_says_so() -> None:
    process = DecoderProcess()
    process.kill()
    request = messages.Request("h264", 0, 1, is_reset=False, is_wanted=True)
    try:
        with pytest.raises(DecoderLost):
            process.ask(b"x", request)
    finally:
        process.close()


@on_posix
def test_child_when_it_owes_an_answer_then_it_is_killed_after_so_many_ticks_only() -> None:
    process = DecoderProcess()
    process.await_ready()
    os.kill(process.pid, signal.SIGSTOP)
    request = messages.Request("h264", 0, 1, is_reset=False, is_wanted=True)
    lost: list[DecoderLost] = []

    def ask() -> None:
        try:
            process.ask(b"x", request, answer_s_max=0.5)
        except DecoderLost as error:
            lost.append(error)

    for _ in range(20):
        process.tick(0.1)  # nothing is asked: nothing is owed
    assert process.is_running
    asking = threading.Thread(target=ask)
    asking.start()
    deadline = time.monotonic() + ENDS_WITHIN_S
    ticks = 0
    while asking.is_alive() and time.monotonic() < deadline:
        process.tick(0.1)
        ticks += 1
        asking.join(0.01)
    asking.join()
    process.close()
    assert lost
    assert ticks >= 5
