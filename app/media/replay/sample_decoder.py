"""Samples of a recording to pictures, by whichever decoder: as a rule one in a child process, for a
recording is made of what others sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.media.playback.isolated_decoder import IsolatedDecoder
from app.media.replay.parameter_sets import Repacker
from wire.media_packet import Flags, Kind, MediaPacket
from wire.tracks import TrackInfo

if TYPE_CHECKING:
    import av

    from app.media.playback.video_decoder import PictureDecoder
    from app.media.replay.fragments import Sample, Track


class SampleDecoder:
    """One thread. Nothing comes before the first keyframe after the start or a jump."""

    def __init__(self, track: Track, decoder: PictureDecoder) -> None:
        self._decoder = decoder
        self._repacker = Repacker(track.codec, track.extradata)
        codec = track.codec if track.codec in {"h264", "h265", "av1"} else "h264"
        self._info = TrackInfo(kind="video", codec=codec)

    def decode(
        self, sample: Sample, payload: bytes, pts_us: int, *, is_wanted: bool = True
    ) -> list[av.VideoFrame]:
        """The pictures that it completes, their pts as given. Never raises.

        Those that are not wanted are only decoded, where the decoder can do that.
        """
        packet = MediaPacket(
            kind=Kind.VIDEO,
            layer=0,
            flags=Flags.KEYFRAME if sample.is_sync else Flags.NONE,
            sequence=0,
            pts_us=max(0, pts_us),
            captured_at_unix_us=0,
            payload=self._repacker.repack(payload, is_sync=sample.is_sync),
        )
        if isinstance(self._decoder, IsolatedDecoder):
            return self._decoder.decode(packet, self._info, is_wanted=is_wanted)
        return self._decoder.decode(packet, self._info)

    def drain(self) -> list[av.VideoFrame]:
        """After the last sample: the pictures that waited for more. Never raises."""
        return self._decoder.drain()

    def jump(self) -> None:
        """The next sample does not follow the last one."""
        self._decoder.reset()


def sound_packet(payload: bytes, pts_us: int) -> MediaPacket:
    """As a broadcast would have it."""
    return MediaPacket(
        kind=Kind.AUDIO,
        layer=0,
        flags=Flags.NONE,
        sequence=0,
        pts_us=max(0, pts_us),
        captured_at_unix_us=0,
        payload=payload,
    )
