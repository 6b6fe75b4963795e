"""A room's sound in a child process of its own: no picture keeps it waiting.

A packet is 20 ms and needs no other, so nothing is decoded again: a child that is lost costs the
packet that it was asked for and the moment until the next one is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from app.media.playback import decoder_messages as messages
from app.media.playback.audio_decoder import to_stereo
from app.media.playback.decoder_keeper import DecoderKeeper
from app.media.playback.decoder_process import ANSWER_S_MAX, DecoderLost
from app.media.playback.spare_decoder import SPARE, SpareDecoder

if TYPE_CHECKING:
    from app.media.playback.time_stretch import Samples
    from wire.media_packet import MediaPacket

PAYLOAD_BYTES_MAX: Final = 64 * 1024
"""Six frames of Opus at its highest rate are under 8 KB."""


class IsolatedSoundDecoder:
    """`decode`, `start` and `stop` on one thread; `interrupt` from any."""

    def __init__(self, spare: SpareDecoder = SPARE) -> None:
        self._keeper = DecoderKeeper(spare)
        self.answer_s_max = ANSWER_S_MAX
        self.errors = 0

    @property
    def restarts(self) -> int:
        return self._keeper.restarts

    @property
    def pid(self) -> int | None:
        """Of the child."""
        return self._keeper.pid

    def start(self) -> None:
        self._keeper.start()

    def stop(self) -> None:
        self._keeper.stop()

    def interrupt(self) -> None:
        self._keeper.interrupt()

    def decode(self, packet: MediaPacket) -> Samples | None:
        """Samples of shape (frames, 2), or None where the packet gives none. Never raises."""
        payload = packet.payload
        if not payload or len(payload) > PAYLOAD_BYTES_MAX:
            self.errors += 1
            return None
        if not self._keeper.has_child and not self._keeper.replace():
            return None
        request = messages.Request(
            messages.SOUND_CODEC, packet.pts_us, len(payload), is_reset=False, is_wanted=True
        )
        try:
            is_ok, records = self._keeper.ask(payload, request, answer_s_max=self.answer_s_max)
            blocks = _copy(messages.parse_sounds(records), self._keeper.content)
        except DecoderLost:
            self.errors += 1
            self._keeper.replace()  # it starts while nothing is asked of it yet
            return None
        except messages.MessageInvalid as error:
            self.errors += 1
            self._keeper.drop(DecoderLost(str(error)))
            return None
        self.errors += not is_ok
        return np.concatenate(blocks)[: messages.SOUND_FRAMES_MAX] if blocks else None


def _copy(sounds: tuple[messages.SoundInfo, ...], content: memoryview) -> list[Samples]:
    """Out of the shared memory, before the next request."""
    blocks = []
    at = 0
    for one in sounds:
        kind = np.float32 if one.is_float else np.int16
        count = one.frames * one.channels
        data = np.frombuffer(content, kind, count, at).reshape(-1, one.channels)
        blocks.append(to_stereo(data))
        at += one.sound_bytes
    return blocks
