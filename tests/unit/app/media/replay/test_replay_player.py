from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.media.playback.audio_decoder import AudioDecoder
from app.media.playback.audio_output import NullAudioOutput
from app.media.playback.isolated_decoder import IsolatedDecoder
from app.media.playback.isolated_sound import IsolatedSoundDecoder
from app.media.playback.video_decoder import VideoDecoder
from app.media.replay.byte_source import FileSource
from app.media.replay.replay_player import ReplayPlayer
from tests.support.recordings import FRAME_RATE, write_recording
from tests.unit.app.media.replay.test_fragment_finder import Growing

if TYPE_CHECKING:
    import av

    from app.media.replay.byte_source import ByteSource
    from app.media.replay.replay_status import ReplayStatus

BOUND_S = 30.0
STEP_US = 1_000_000 // FRAME_RATE
SECONDS = 12


def monotonic_us() -> int:
    return time.monotonic_ns() // 1000


class Screen:
    """What a player shows and tells; `wait` for anything of it."""

    def __init__(self) -> None:
        self.pictures: list[int] = []
        self.statuses: list[ReplayStatus] = []
        self._changed = threading.Condition()

    def show(self, _frame: av.VideoFrame, pts_us: int) -> None:
        with self._changed:
            self.pictures.append(pts_us)
            self._changed.notify_all()

    def hear(self, status: ReplayStatus) -> None:
        with self._changed:
            self.statuses.append(status)
            self._changed.notify_all()

    def wait(self, is_there: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(is_there, BOUND_S)

    def forget(self) -> None:
        with self._changed:
            self.pictures.clear()


def make_player(source: ByteSource, screen: Screen, **wishes: object) -> ReplayPlayer:
    return ReplayPlayer(
        source,
        output=NullAudioOutput(monotonic_us=monotonic_us),
        monotonic_us=monotonic_us,
        on_picture=screen.show,
        on_status=screen.hear,
        **{"decoder": VideoDecoder(), "sound_decoder": AudioDecoder(), **wishes},  # type: ignore[arg-type] # of whichever test
    )


class Play:
    def __init__(self, source: ByteSource, **wishes: object) -> None:
        self.screen = Screen()
        self.player = make_player(source, self.screen, **wishes)
        self.player.start()

    def wait_for_phase(self, phase: str) -> None:
        self.screen.wait(lambda: self.player.status.phase == phase)

    def wait_for_position(self, at_us: int) -> None:
        self.screen.wait(lambda: bool(self.screen.pictures) and self.player.position_us() >= at_us)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recording")
    return write_recording(folder / "a.mp4", seconds=SECONDS, first_s=3)


@pytest.fixture
def plays(path: Path) -> Iterator[Callable[..., Play]]:
    made: list[Play] = []

    def play(source: ByteSource | None = None, **wishes: object) -> Play:
        made.append(Play(source or FileSource(path), **wishes))
        return made[-1]

    yield play
    for one in made:
        one.player.stop()


def test_start_when_it_plays_then_every_picture_comes_in_order(plays: Callable[..., Play]) -> None:
    play = plays()
    play.wait_for_position(1_000_000)
    assert play.screen.pictures[0] == pytest.approx(0, abs=20_000)
    assert play.screen.pictures == sorted(play.screen.pictures)
    assert play.player.status.duration_us == pytest.approx(SECONDS * 1_000_000, abs=60_000)


@pytest.mark.parametrize("number", [0, 19, 20, 33, 101, 160, 299])
def test_seek_when_a_moment_is_wanted_then_its_very_picture_is_shown(
    plays: Callable[..., Play], number: int
) -> None:
    play = plays(is_paused=True)
    play.screen.wait(lambda: len(play.screen.pictures) == 1)
    at_us = number * STEP_US
    play.player.seek(at_us)
    play.screen.wait(lambda: abs(play.screen.pictures[-1] - at_us) <= STEP_US // 2 + 20_000)
    assert play.player.position_us() == at_us


def test_start_when_it_begins_in_the_middle_then_that_picture_is_the_first(
    plays: Callable[..., Play],
) -> None:
    play = plays(start_us=6_000_000, is_paused=True)
    play.screen.wait(lambda: bool(play.screen.pictures))
    play.screen.wait(lambda: abs(play.screen.pictures[-1] - 6_000_000) <= STEP_US)
    assert play.player.position_us() == 6_000_000


def test_pause_when_it_is_taken_back_then_it_goes_on_from_there(
    plays: Callable[..., Play],
) -> None:
    play = plays()
    play.wait_for_position(200_000)
    play.player.pause(is_paused=True)
    at_us = play.player.position_us()
    play.player.pause(is_paused=False)
    play.wait_for_position(at_us + 200_000)
    assert play.screen.pictures == sorted(play.screen.pictures)


def test_pause_when_it_stands_then_the_clock_stands(plays: Callable[..., Play]) -> None:
    play = plays(is_paused=True)
    play.screen.wait(lambda: bool(play.screen.pictures))
    assert [play.player.position_us() for _ in range(100)] == [0] * 100


def test_play_when_the_end_is_reached_then_it_has_ended_and_begins_anew(
    plays: Callable[..., Play],
) -> None:
    play = plays(start_us=(SECONDS - 1) * 1_000_000)
    play.wait_for_phase("ended")
    assert play.screen.pictures[-1] >= SECONDS * 1_000_000 - 3 * STEP_US
    play.screen.forget()
    play.player.pause(is_paused=False)
    play.screen.wait(lambda: bool(play.screen.pictures) and play.screen.pictures[0] < 100_000)


def test_choose_speed_when_it_is_double_then_twice_as_much_is_played_as_time_passes(
    plays: Callable[..., Play],
) -> None:
    play = plays()
    play.player.choose_speed(2.0)
    play.wait_for_position(500_000)
    from_us, since_us = play.player.position_us(), monotonic_us()
    play.wait_for_position(from_us + 3_000_000)
    # Never faster than that; on a busy machine it may have waited.
    assert play.player.position_us() - from_us <= (monotonic_us() - since_us) * 2.0 + 400_000


def test_seek_when_it_comes_many_times_at_once_then_the_last_one_counts(
    plays: Callable[..., Play],
) -> None:
    play = plays(is_paused=True)
    for number in range(40):
        play.player.seek((number * 7 % 11) * 1_000_000)
    play.player.seek(8_000_000)
    play.screen.wait(
        lambda: bool(play.screen.pictures) and abs(play.screen.pictures[-1] - 8_000_000) <= STEP_US
    )
    assert play.player.position_us() == 8_000_000


def test_play_when_the_recording_grows_then_it_waits_and_goes_on(
    plays: Callable[..., Play], path: Path
) -> None:
    data = path.read_bytes()
    source = Growing(data, len(data) * 2 // 3)
    play = plays(source, is_growing=True, start_us=7_000_000)
    play.wait_for_phase("waiting")
    source.size = len(data)
    play.screen.wait(lambda: max(play.screen.pictures) > 11_000_000)


def test_start_when_the_recording_has_not_begun_yet_then_it_waits_for_it(
    plays: Callable[..., Play], path: Path
) -> None:
    data = path.read_bytes()
    source = Growing(data, 100)
    play = plays(source, is_growing=True)
    source.size = len(data)
    play.screen.wait(lambda: bool(play.screen.pictures))


def test_seek_when_nothing_was_read_yet_then_it_begins_there(
    plays: Callable[..., Play], path: Path
) -> None:
    class Held(Growing):
        def __init__(self) -> None:
            super().__init__(path.read_bytes(), path.stat().st_size)
            self.may_read = threading.Event()

        def read(self, offset: int, size: int) -> bytes:
            assert self.may_read.wait(BOUND_S)
            return super().read(offset, size)

    source = Held()
    play = plays(source, is_paused=True)
    play.player.seek(9_000_000)
    play.wait_for_phase("seeking")
    source.may_read.set()
    play.screen.wait(lambda: any(abs(one - 9_000_000) <= STEP_US for one in play.screen.pictures))


def test_start_when_the_bytes_are_no_recording_then_it_fails_with_words(
    plays: Callable[..., Play],
) -> None:
    play = plays(Growing(b"nothing " * 100, 800))
    play.wait_for_phase("failed")
    assert play.player.status.reason


def test_play_when_the_file_is_damaged_in_the_middle_then_it_goes_on_behind_it(
    plays: Callable[..., Play], path: Path
) -> None:
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = b"\xff" * 3000
    play = plays(Growing(bytes(data), len(data)), start_us=4_000_000)
    play.player.choose_speed(2.0)
    play.screen.wait(lambda: any(one > 9_000_000 for one in play.screen.pictures))


def test_play_when_there_is_no_sound_then_pictures_keep_their_time(
    plays: Callable[..., Play], tmp_path: Path
) -> None:
    silent = write_recording(tmp_path / "b.mp4", seconds=3, has_sound=False)
    play = plays(FileSource(silent))
    play.wait_for_phase("ended")
    assert len(play.screen.pictures) > 1


def test_stop_when_the_source_hangs_then_it_ends(path: Path) -> None:
    class Hanging(Growing):
        def __init__(self) -> None:
            super().__init__(path.read_bytes(), path.stat().st_size)
            self.closed = threading.Event()
            self.asked = threading.Event()

        def read(self, offset: int, size: int) -> bytes:
            self.asked.set()
            self.closed.wait(BOUND_S)
            raise OSError("closed")

        def close(self) -> None:
            self.closed.set()

    source = Hanging()
    play = Play(source)
    assert source.asked.wait(BOUND_S)
    play.player.stop()
    assert source.closed.is_set()


def test_seek_when_decoders_are_children_then_the_very_picture_is_shown(
    plays: Callable[..., Play],
) -> None:
    play = plays(is_paused=True, decoder=IsolatedDecoder(), sound_decoder=IsolatedSoundDecoder())
    play.player.seek(7_000_000)
    play.screen.wait(lambda: any(abs(one - 7_000_000) <= STEP_US for one in play.screen.pictures))
    play.player.pause(is_paused=False)
    play.wait_for_position(7_400_000)
    assert play.player.figures().errors == 0


@pytest.mark.parametrize("has_child", [False, True])
def test_play_when_there_are_b_frames_then_its_very_last_picture_is_shown_too(
    plays: Callable[..., Play], tmp_path: Path, *, has_child: bool
) -> None:
    pictures = 2 * FRAME_RATE
    last_us = (pictures - 1) * STEP_US
    recording = write_recording(
        tmp_path / "b.mp4", seconds=pictures / FRAME_RATE, has_sound=False, has_b_frames=True
    )
    play = plays(FileSource(recording), decoder=IsolatedDecoder() if has_child else VideoDecoder())
    play.wait_for_phase("ended")
    assert play.screen.pictures[-1] == pytest.approx(last_us, abs=1)
    assert play.screen.pictures == sorted(play.screen.pictures)
    play.screen.forget()
    play.player.pause(is_paused=True)
    play.player.seek(last_us)
    play.screen.wait(lambda: bool(play.screen.pictures) and play.screen.pictures[-1] >= last_us - 1)
    assert play.player.figures().errors == 0
