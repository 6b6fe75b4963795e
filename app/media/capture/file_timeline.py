"""Lays the pictures and the sound of a file on the broadcast's clock, round after round.

Pure. Pictures keep the file's own steps, always rise, and a round lasts until one frame after its
last picture; the next begins there. The round's sound is cut, or padded with silence, to the same
instant, so picture and sound cannot drift apart however often a file is played.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from app.media.capture.media_reader import Picture, Sound
from app.media.capture.sound_timeline import SoundTimeline, duration_us_of, samples_in
from app.media.capture.source import SAMPLE_RATE_HZ, AudioBlock, Samples, VideoFrame

CHUNK_SAMPLES: Final = SAMPLE_RATE_HZ // 100
PICTURES_AHEAD_MAX: Final = 48
PICTURE_BYTES_AHEAD_MAX: Final = 128 * 1024 * 1024
"""How far pictures are decoded ahead while the file keeps its sound back."""

SOUND_AHEAD_SAMPLES_MAX: Final = 10 * SAMPLE_RATE_HZ
"""Sound beyond this, without a picture to stand beside, is left out."""

JUMP_US_MAX: Final = 10_000_000
"""A longer step between two pictures is a broken timestamp, not a slow picture."""


class FileTimeline:
    """Fill it with `add`, take what is due in order with `pop`."""

    def __init__(
        self,
        *,
        frame_us: int,
        has_sound: bool,
        picture_bytes: int = 0,
        pictures_max: int = PICTURES_AHEAD_MAX,
    ) -> None:
        self._frame_us = frame_us
        self._has_sound = has_sound
        most = PICTURE_BYTES_AHEAD_MAX // max(1, picture_bytes)
        self._pictures_max = max(2, min(pictures_max, most))
        self._pictures: deque[VideoFrame] = deque()
        self.begin_round(0)

    def begin_round(self, start_us: int) -> None:
        """The next picture added stands at `start_us`. What was left of the last round is gone."""
        self._start_us = start_us
        self._pictures.clear()
        self._last_us: int | None = None
        self._origin_us: int | None = None
        self._sound = SoundTimeline(start_us, silence_us_max=JUMP_US_MAX)
        self._early: list[Sound] = []
        self._run: deque[Samples] = deque()
        self._run_samples = 0
        self._popped = 0
        self._finished = False

    @property
    def end_us(self) -> int:
        """One frame after the last picture so far: where the next round begins."""
        return self._start_us if self._last_us is None else self._last_us + self._frame_us

    @property
    def has_pictures(self) -> bool:
        return self._last_us is not None

    @property
    def pictures_waiting(self) -> int:
        return len(self._pictures)

    @property
    def is_finished(self) -> bool:
        return self._finished

    @property
    def is_ready(self) -> bool:
        """Whether `pop` knows what comes first, or must go on without knowing."""
        if self._finished or len(self._pictures) >= self._pictures_max:
            return True
        return bool(self._pictures) and (bool(self._run) or not self._has_sound)

    def add(self, item: Picture | Sound) -> None:
        if isinstance(item, Picture):
            self._add_picture(item)
        elif self._origin_us is None:
            # Where sound belongs is known once the first picture is.
            self._early.append(item)
        else:
            self._add_sound(item)

    def finish_round(self) -> None:
        """Nothing more comes: cut or pad the sound to the end of the pictures."""
        self._finished = True
        if self._has_sound:
            self._append(self._sound.fill_until(self.end_us))

    def pop(self) -> VideoFrame | AudioBlock | None:
        """What is due next; its pts_us says when. None: add more, or the round is over."""
        picture = self._pictures[0] if self._pictures else None
        if self._has_sound and not self._run and picture is not None:
            # The file keeps its sound back (or has run out of it): do not hold the picture.
            self._append(self._sound.fill_until(picture.pts_us))
        room = samples_in(self.end_us - self._start_us) - self._popped
        count = min(CHUNK_SAMPLES, room, self._run_samples)
        start_us = self._start_us + duration_us_of(self._popped)
        if count > 0 and (picture is None or start_us <= picture.pts_us):
            return AudioBlock(self._pop_samples(count), start_us)
        if picture is not None:
            self._pictures.popleft()
        return picture

    def shift(self, later_us: int) -> None:
        """Move all that has not been popped to a later time."""
        self._start_us += later_us
        if self._last_us is not None:
            self._last_us += later_us
        self._sound.shift(later_us)
        self._pictures = deque(
            VideoFrame(frame.image, frame.pts_us + later_us) for frame in self._pictures
        )

    def _add_picture(self, picture: Picture) -> None:
        if self._origin_us is None:
            self._origin_us = picture.pts_us or 0
        pts_us = self._place(picture.pts_us)
        if pts_us is None:
            return
        self._last_us = pts_us
        self._pictures.append(VideoFrame(picture.image, pts_us))
        for sound in self._early:
            self._add_sound(sound)
        self._early.clear()

    def _place(self, pts_us: int | None) -> int | None:
        """Where a picture stands, or None for one that repeats an instant."""
        origin_us = self._origin_us or 0
        if self._last_us is None:
            return self._start_us
        if pts_us is None:
            return self._last_us + self._frame_us
        place_us = self._start_us + pts_us - origin_us
        step_us = place_us - self._last_us
        if -self._frame_us < step_us <= 0:
            return None
        if step_us <= 0 or step_us > JUMP_US_MAX:
            place_us = self._last_us + self._frame_us
            self._origin_us = self._start_us + pts_us - place_us
        return place_us

    def _add_sound(self, sound: Sound) -> None:
        if self._run_samples >= SOUND_AHEAD_SAMPLES_MAX:
            return
        end_us = self._sound.end_us or self._start_us
        pts_us = end_us
        if sound.pts_us is not None:
            pts_us = self._start_us + sound.pts_us - (self._origin_us or 0)
            if abs(pts_us - end_us) > JUMP_US_MAX:
                pts_us = end_us
        self._append(self._sound.push(sound.samples, pts_us))

    def _append(self, samples: Samples) -> None:
        if len(samples):
            self._run.append(samples)
            self._run_samples += len(samples)

    def _pop_samples(self, count: int) -> Samples:
        parts: list[Samples] = []
        missing = count
        while missing:
            first = self._run.popleft()
            if len(first) > missing:
                self._run.appendleft(first[missing:])
                first = first[:missing]
            parts.append(first)
            missing -= len(first)
        self._run_samples -= count
        self._popped += count
        return np.concatenate(parts)
