"""RTMP's tags to arrivals, and what the stream is, once that is known. One thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from app.media.flv import tags
from app.media.flv.bitstream import DecoderConfig, parse_avc_config, parse_hevc_config
from app.media.ingest.arrivals import ArrivedPicture, ArrivedSound, StreamShape
from app.media.ingest.shape import find_shape
from app.media.ingest.sound_decoder import SoundDecoder

if TYPE_CHECKING:
    from collections.abc import Mapping

PICTURES_WITHOUT_SOUND_MAX: Final = 60
"""After so many pictures the stream counts as silent."""

_WRAP_MS: Final = 2**32
_MS: Final = 1000


class FlvReader:
    """Of one connection. `push` raises SourceUnsupported where the stream can never be used."""

    def __init__(self) -> None:
        self._config: DecoderConfig | None = None
        self._setup = b""
        self._sound: SoundDecoder | None = None
        self._sound_setup = b""
        self._expects_sound = True
        self._pictures = 0
        self._frame_rate = 0.0
        self._last_ms: int | None = None
        self._waits_for_shape = True
        self.shape: StreamShape | None = None
        """Set with the first keyframe after which the sound is known too; anew when it changes."""

    def read_metadata(self, fields: Mapping[str, object]) -> None:
        rate = fields.get("framerate")
        if isinstance(rate, float) and 0 < rate <= 240:
            self._frame_rate = rate
        self._expects_sound = "audiocodecid" in fields

    def push(
        self, kind: Literal["video", "audio"], timestamp_ms: int, body: bytes
    ) -> list[ArrivedPicture | ArrivedSound]:
        time_ms = self._unwrap(timestamp_ms)
        if kind == "audio":
            return list(self._push_sound(tags.parse_audio(body), time_ms))
        return list(self._push_picture(tags.parse_video(body), time_ms))

    def _push_sound(self, tag: tags.AudioTag, time_ms: int) -> list[ArrivedSound]:
        if tag.step == "setup" and tag.data != self._sound_setup:
            self._sound = SoundDecoder(tag.data)
            self._sound_setup = tag.data
        if tag.step != "frames" or self._sound is None:
            return []
        return self._sound.decode(tag.data, time_ms * _MS)

    def _push_picture(self, tag: tags.VideoTag, time_ms: int) -> list[ArrivedPicture]:
        if tag.step == "setup" and tag.data != self._setup:
            parse = parse_avc_config if tag.codec == "h264" else parse_hevc_config
            self._config = parse(tag.data)
            self._setup = tag.data
            self._waits_for_shape = True
        if tag.step != "frames" or self._config is None:
            return []
        payload = self._config.to_annex_b(tag.data, is_keyframe=tag.is_keyframe)
        if not payload:
            return []
        dts_us = time_ms * _MS
        pts_us = dts_us + tag.composition_ms * _MS
        picture = ArrivedPicture(payload, pts_us, dts_us, tag.is_keyframe)
        self._pictures += 1
        if picture.is_keyframe and self._waits_for_shape and self._knows_sound():
            self._waits_for_shape = False
            self.shape = find_shape(
                self._config.codec,
                picture,
                frame_rate=self._frame_rate,
                has_sound=self._sound is not None,
            )
        return [picture]

    def _knows_sound(self) -> bool:
        return (
            self._sound is not None
            or not self._expects_sound
            or self._pictures > PICTURES_WITHOUT_SOUND_MAX
        )

    def _unwrap(self, timestamp_ms: int) -> int:
        """RTMP's 32 bits wrap after 49 days."""
        if self._last_ms is None:
            self._last_ms = timestamp_ms
            return timestamp_ms
        step = (timestamp_ms - self._last_ms + _WRAP_MS // 2) % _WRAP_MS - _WRAP_MS // 2
        time_ms = self._last_ms + step
        self._last_ms = max(self._last_ms, time_ms)
        return time_ms
