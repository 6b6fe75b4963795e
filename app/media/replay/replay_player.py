"""A recording on the screen: play, pause, any speed from half to double, and any moment of it.

    reader  -> samples, 3 s ahead -> decoder -> pictures, 8 at most -> presenter -> on_picture
                                  -> sound   -> the output's ring

A jump finds the keyframe before the moment and decodes from there up to it; where that takes long
the newest picture on the way shows meanwhile. One lock guards queue, pictures, clock and state,
and is never held while reading, decoding or calling back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.media.playback.isolated_decoder import IsolatedDecoder
from app.media.playback.isolated_sound import IsolatedSoundDecoder
from app.media.replay.fragment_finder import FragmentFinder
from app.media.replay.fragments import BrokenRecording
from app.media.replay.replay_clock import ReplayClock
from app.media.replay.replay_pictures import ReplayPictures
from app.media.replay.replay_queue import ReplayQueue
from app.media.replay.replay_sound import ReplaySound
from app.media.replay.replay_status import ReplayFigures, ReplayStatus
from app.media.replay.sample_decoder import SampleDecoder

if TYPE_CHECKING:
    import av

    from app.media.playback.audio_decoder import SoundDecoder
    from app.media.playback.audio_output import AudioOutput
    from app.media.playback.video_decoder import PictureDecoder
    from app.media.replay.byte_source import ByteSource
    from app.media.replay.fragments import Fragment
    from app.media.replay.replay_pictures import Picture
    from app.media.replay.replay_status import Phase

POSTER_EVERY: Final = 8
"""Of the pictures on the way to a moment so many are fetched from the decoder's process."""
NEAR_US: Final = 100_000
"""And all that are so near to it."""
START_US: Final = 300_000
"""So much must be read before it goes on where the samples had run out."""
GROWING_POLL_S: Final = 0.5
"""How often the end of a recording that still grows is looked at."""
MEASURE_US: Final = 2_000_000
"""How often its length is asked for, wherever it plays."""
RETRIES_MAX: Final = 5
RETRY_S: Final = 1.0
PREROLL_US: Final = 80_000
"""Opus needs some packets before it sounds right; they come with the keyframe's fragment."""
END_SLACK_US: Final = 60_000
_WAIT_S: Final = 0.02
_WAIT_S_MAX: Final = 0.1


class ReplayPlayer:
    """`start`, then anything from any thread, then `stop`. The source is closed with it.

    `on_picture` is called on the presenting thread, `on_status` on any of its threads.
    """

    def __init__(
        self,
        source: ByteSource,
        *,
        output: AudioOutput,
        monotonic_us: Callable[[], int],
        on_picture: Callable[[av.VideoFrame, int], None],
        on_status: Callable[[ReplayStatus], None],
        start_us: int = 0,
        is_growing: bool = False,
        is_paused: bool = False,
        decoder: PictureDecoder | None = None,
        sound_decoder: SoundDecoder | None = None,
    ) -> None:
        """Without decoders that are given, each is a child process: a recording is made of what
        others sent."""
        self._source = source
        self._decoder = decoder or IsolatedDecoder()
        self._monotonic_us = monotonic_us
        self._on_picture = on_picture
        self._on_status = on_status
        self._is_growing = is_growing
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._clock = ReplayClock()
        self._clock.jump(start_us, monotonic_us())
        self._queue = ReplayQueue()
        self._queue.clear(start_us)
        self._finder = FragmentFinder(source)
        self._sound = ReplaySound(
            output=output,
            decoder=sound_decoder or IsolatedSoundDecoder(),
            clock=self._clock,
            queue=self._queue,
            lock=self._lock,
            monotonic_us=monotonic_us,
        )
        self._pictures = ReplayPictures(start_us)
        self._status = ReplayStatus(is_paused=is_paused)
        self._wish_us: int | None = start_us
        """Where to jump to, until the reader has seen it."""
        self._jumps = 0
        self._is_open = False
        """What the recording holds is known."""
        self._is_at_end = False
        """Everything there is has been read."""
        self._is_drained = False
        """And decoded, with what the decoder kept back."""
        self._errors = 0
        self._measured_at_us = monotonic_us()
        self._is_stopping = False
        self._threads = [
            threading.Thread(target=work, name=f"replay-{name}", daemon=True)
            for name, work in (
                ("reader", self._read_loop),
                ("decoder", self._decode_loop),
                ("presenter", self._present_loop),
            )
        ]

    def start(self) -> None:
        """Raises RuntimeError where the sound output does not start."""
        self._pictures.begin(self._monotonic_us())
        self._sound.start()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        with self._lock:
            self._is_stopping = True
            self._changed.notify_all()
        self._source.close()
        self._decoder.interrupt()
        for thread in self._threads:
            thread.join()
        self._sound.stop()

    @property
    def status(self) -> ReplayStatus:
        return self._status

    def position_us(self) -> int:
        """Where it stands, since the first packet."""
        with self._lock:
            return self._position_us(self._monotonic_us())

    def seek(self, at_us: int) -> None:
        with self._lock:
            if self._status.phase == "failed":
                return  # nobody reads any more
            at_us = max(0, at_us)
            if self._status.duration_us and not self._is_growing:
                at_us = min(at_us, self._status.duration_us)
            now_us = self._monotonic_us()
            self._wish_us = at_us
            self._jumps += 1
            self._is_at_end = self._is_drained = False
            self._pictures.jump(at_us, now_us)
            self._queue.clear(at_us)
            self._sound.jump()
            self._clock.run(now_us, is_running=False)
            self._clock.jump(at_us, now_us)
            self._changed.notify_all()
        self._tell(phase="seeking")

    def pause(self, *, is_paused: bool) -> None:
        with self._lock:
            now_us = self._monotonic_us()
            if is_paused:
                self._clock.jump(self._position_us(now_us), now_us)
                self._clock.run(now_us, is_running=False)
            self._changed.notify_all()
        self._tell(is_paused=is_paused)
        if not is_paused and self._status.phase == "ended":
            self.seek(0)

    def choose_speed(self, speed: float) -> None:
        with self._lock:
            now_us = self._monotonic_us()
            self._position_us(now_us)
            self._clock.choose_speed(speed, now_us)
            self._changed.notify_all()

    def set_volume(self, volume: float) -> None:
        """From 0 to 1, as the ear takes it: squared here."""
        self._sound.set_volume(volume * volume)

    def figures(self) -> ReplayFigures:
        with self._lock:
            return ReplayFigures(
                self._pictures.shown,
                self._pictures.overtaken,
                self._errors + self._sound.errors,
                self._finder.reads,
                self._queue.bytes,
                self._pictures.first_us,
                self._pictures.exact_us,
            )

    def _position_us(self, now_us: int) -> int:
        """Lock held."""
        if not self._clock.is_running:
            return self._clock.position_us(now_us)
        heard_us = self._sound.heard_us(now_us)
        if heard_us is not None:
            return self._clock.follow(heard_us, now_us)
        return self._clock.position_us(now_us)

    def _tell(self, *, of_jump: int | None = None, **changes: object) -> None:
        """Call back where something is new. Without the lock, but for the short comparison.

        `of_jump`: not if there was another meanwhile.
        """
        with self._lock:
            if of_jump not in {None, self._jumps}:
                return
            before = self._status
            values = {
                "phase": before.phase,
                "is_paused": before.is_paused,
                "duration_us": before.duration_us,
                "reason": before.reason,
            }
            now = ReplayStatus(**(values | changes))  # type: ignore[arg-type] # names of its fields
            if now == before or self._is_stopping:
                return
            self._status = now
        self._on_status(now)

    # --- reading ------------------------------------------------------------------------------

    def _read_loop(self) -> None:
        retries, fragment = 0, None
        while True:
            try:
                if not self._is_open:
                    self._finder.open()
                    self._is_open = True
                    self._tell(duration_us=self._finder.end_us)
                fragment = self._read_on(fragment)
                retries = 0
            except BrokenRecording as error:
                if not self._is_growing or not self._rest(GROWING_POLL_S):
                    self._fail(str(error))
                    return
            except OSError as error:
                retries += 1
                if self._is_stopping or retries > RETRIES_MAX or not self._rest(RETRY_S):
                    self._fail(str(error))
                    return
            if self._is_stopping:
                return

    def _read_on(self, last: Fragment | None) -> Fragment | None:
        """Wait until something is to be done, do it, and return the fragment that was read last."""
        with self._lock:
            while not self._is_stopping and self._wish_us is None and not self._may_read():
                self._changed.wait(GROWING_POLL_S if self._is_growing else _WAIT_S_MAX)
                if self._is_growing:
                    break
            if self._is_stopping:
                return last
            wish_us, self._wish_us, jumps = self._wish_us, None, self._jumps
            is_due = wish_us is not None or self._is_at_end or self._may_read()
        if self._is_growing:
            self._look_at_end()
        if not is_due:
            return last
        if wish_us is not None:
            if wish_us > self._finder.end_us and self._is_growing:
                self._finder.measure()
            return self._take(self._finder.find(wish_us), jumps, None)
        following = self._finder.after(last) if last is not None else None
        if following is None:
            return self._stand_at_end(last, jumps)
        return self._take(following, jumps, last)

    def _look_at_end(self) -> None:
        """How long it is by now."""
        now_us = self._monotonic_us()
        if now_us - self._measured_at_us >= MEASURE_US:
            self._measured_at_us = now_us
            self._finder.measure()
            self._tell(duration_us=self._finder.end_us)

    def _may_read(self) -> bool:
        if self._is_at_end:
            return False
        position_us = self._position_us(self._monotonic_us())
        return self._queue.has_room(position_us, self._clock.speed)

    def _take(self, fragment: Fragment, jumps: int, before: Fragment | None) -> Fragment | None:
        """Read it all and queue it; the fragment to go on from."""
        data = self._finder.load(fragment)
        is_whole = len(data) >= fragment.data_end - fragment.data_start
        if not is_whole and self._is_growing:
            return self._stand_at_end(before, jumps)
        ids = tuple(
            track.track_id if track is not None else -1
            for track in (self._finder.init.video, self._finder.init.audio)
        )
        with self._lock:
            if jumps == self._jumps:
                self._queue.push(fragment, data, self._finder.origin_us, (ids[0], ids[1]))
                self._is_at_end = not is_whole
                self._changed.notify_all()
        self._tell(duration_us=max(self._status.duration_us, self._finder.end_us))
        return fragment

    def _stand_at_end(self, last: Fragment | None, jumps: int) -> Fragment | None:
        with self._lock:
            if jumps == self._jumps:
                self._is_at_end = True
                self._changed.notify_all()
        if last is None and self._is_growing:
            self._rest(GROWING_POLL_S)
            with self._lock:
                if jumps == self._jumps:
                    self._wish_us = self._pictures.target_us
        return last

    def _rest(self, seconds: float) -> bool:
        """False when it is over."""
        with self._lock:
            if not self._is_stopping:
                self._changed.wait(seconds)
            return not self._is_stopping

    def _fail(self, reason: str) -> None:
        with self._lock:
            self._clock.run(self._monotonic_us(), is_running=False)
        self._tell(phase="failed", reason=reason)

    # --- decoding -----------------------------------------------------------------------------

    def _decode_loop(self) -> None:
        self._decoder.start()
        try:
            self._decode_on()
        finally:
            self._decoder.stop()

    def _decode_on(self) -> None:
        decoder: SampleDecoder | None = None
        decoded_jump, passed = -1, 0
        while True:
            with self._lock:
                while not self._is_stopping and not self._may_decode():
                    self._changed.wait(_WAIT_S_MAX)
                if self._is_stopping:
                    return
                queued, jumps = self._queue.pop_video(), self._jumps
                self._changed.notify_all()
            track = self._finder.init.video
            if decoder is None and track is not None:
                decoder = SampleDecoder(track, self._decoder)
            if decoder is not None and jumps != decoded_jump:
                decoder.jump()
                decoded_jump = jumps
            if queued is None:
                self._queue_pictures(decoder.drain() if decoder else [], jumps, are_last=True)
            elif decoder is not None:
                passed += 1
                is_wanted = (
                    queued.pts_us >= self._pictures.target_us - NEAR_US or not passed % POSTER_EVERY
                )
                frames = decoder.decode(
                    queued.sample, queued.payload, queued.pts_us, is_wanted=is_wanted
                )
                self._errors = self._decoder.errors
                self._queue_pictures(frames, jumps)

    def _may_decode(self) -> bool:
        if self._pictures.is_full:
            return False
        return bool(self._queue.video) or (
            self._is_at_end and not self._is_growing and not self._is_drained
        )

    def _queue_pictures(
        self, frames: list[av.VideoFrame], jumps: int, *, are_last: bool = False
    ) -> None:
        with self._lock:
            if jumps == self._jumps:
                self._pictures.put(frames)
                self._is_drained = are_last
                self._changed.notify_all()

    # --- presenting ---------------------------------------------------------------------------

    def _present_loop(self) -> None:
        while True:
            with self._lock:
                if self._is_stopping:
                    return
                now_us = self._monotonic_us()
                picture, wait_us = self._choose(now_us)
                if picture is None:
                    phase, jumps = self._steer(now_us), self._jumps
                    self._changed.wait(min(max(wait_us, 1000) / 1_000_000, _WAIT_S))
            if picture is None:
                self._tell(of_jump=jumps, phase=phase)
            else:
                self._on_picture(picture.frame, picture.pts_us)

    def _choose(self, now_us: int) -> tuple[Picture | None, int]:
        """The picture to show now, or how long to wait before the next look. Lock held."""
        if self._pictures.has_exact:
            picture, wait_us = self._pictures.choose(self._position_us(now_us), self._clock.speed)
        else:
            is_last = self._is_drained and not self._queue.video
            picture, wait_us = self._pictures.choose_first(now_us, is_last=is_last)
        if picture is not None:
            self._changed.notify_all()
        return picture, wait_us

    def _steer(self, now_us: int) -> Phase:
        """Run or stop the clock by what there is; returns the phase. Lock held."""
        status = self._status
        if not self._is_open or status.phase == "failed":
            return status.phase
        has_pictures = self._finder.init.video is not None
        if has_pictures and not self._pictures.has_exact and not self._is_over(now_us):
            return "seeking"
        if self._is_over(now_us):
            self._clock.run(now_us, is_running=False)
            return "waiting" if self._is_growing else "ended"
        position_us = self._position_us(now_us)
        ahead_us = self._queue.end_us - position_us
        is_dry = ahead_us < (END_SLACK_US if self._clock.is_running else START_US)
        if is_dry and not (self._is_at_end and not self._is_growing):
            if self._clock.is_running:
                self._clock.jump(position_us, now_us)
                self._clock.run(now_us, is_running=False)
            return "waiting"
        if not status.is_paused and not self._clock.is_running:
            self._clock.run(now_us, is_running=True)
            self._changed.notify_all()
        return "playing"

    def _is_over(self, now_us: int) -> bool:
        """Everything was read, decoded, shown and heard."""
        if not self._is_at_end or self._pictures or self._queue.video:
            return False
        if self._is_growing:
            return self._position_us(now_us) >= self._queue.end_us - END_SLACK_US
        if self._finder.init.video is not None and not self._is_drained:
            return False
        return self._position_us(now_us) >= self._queue.end_us - END_SLACK_US
