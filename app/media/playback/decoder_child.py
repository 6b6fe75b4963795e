"""The process that decodes what strangers send (`decoder_messages` says how it is asked).

A watched room has two, for its pictures and for its sound. A child holds no secret, opens no file
and no socket (on Linux and macOS it no longer can), and its memory is bounded. Whatever becomes of
it costs a moment of the picture: the viewer starts another. It ends with its standard input, so
with the program that started it, however that went; should that happen while a packet is being
decoded, an alarm ends it.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.media.playback import decoder_messages as messages
from app.media.playback.decoder_messages import CONTENT_AT, PictureInfo, SoundInfo
from app.media.playback.shared_area import open_area
from app.media.playback.sound_codec import SoundCodec
from app.media.playback.video_decoder import DECODE_ERRORS, PictureCodec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import av

MEMORY_BYTES_MAX: Final = 640 * 1024 * 1024
"""Beyond what is mapped at the start: seventeen of the largest pictures, threads, and room."""
PACKET_S_MAX: Final = 10
"""The viewer gives up far earlier; this is for the one whose viewer is gone."""
_PLAIN: Final = {"yuv420p": False, "yuvj420p": True}
"""Formats that are copied as they are, and whether they are full range by name."""
_RANGE_FULL: Final = 2
_SIDE_MIN: Final = 2


def main(arguments: Sequence[str]) -> int:
    """Serve until standard input ends. The argument is the place of the shared memory."""
    (place,) = arguments
    # Ctrl-C in a terminal is for the program; the child goes with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    memory = open_area(place, messages.AREA_BYTES)
    _limit()
    try:
        os.write(1, messages.READY)
        serve(memoryview(memory), read=_read, write=_write)
    except (BrokenPipeError, EOFError):
        pass
    return 0


def serve(
    area: memoryview, *, read: Callable[[int], bytes], write: Callable[[bytes], None]
) -> None:
    """Answer requests until `read` raises EOFError."""
    pictures, sound = PictureCodec(), SoundCodec()
    while True:
        request = messages.parse_request(read(messages.REQUEST.size))
        _set_alarm(PACKET_S_MAX)
        if request.codec == messages.SOUND_CODEC:
            answer = _answer_sound(sound, request, area)
        else:
            answer = _answer_pictures(pictures, request, area)
        write(answer)
        _set_alarm(0)


def _answer_pictures(codec: PictureCodec, request: messages.Request, area: memoryview) -> bytes:
    if request.is_reset:
        codec.reset()
    try:
        if request.is_drain:
            frames = codec.drain()
        else:
            payload = bytes(area[request.at : request.at + request.length])
            frames = codec.decode(request.codec, payload, request.pts_us)
        pictures = _copy_pictures(frames, area) if request.is_wanted else ()
    except (*DECODE_ERRORS, messages.MessageInvalid):
        codec.reset()
        return messages.pack_answer(is_ok=False)
    return messages.pack_answer(is_ok=True, records=pictures)


def _answer_sound(codec: SoundCodec, request: messages.Request, area: memoryview) -> bytes:
    at = CONTENT_AT
    sounds = []
    try:
        payload = bytes(area[request.at : request.at + request.length])
        for frame in codec.decode(payload, request.pts_us):
            is_float = {"s16": False, "flt": True}[frame.format.name]
            sound = SoundInfo(frame.samples, frame.layout.nb_channels, is_float)
            size = messages.check_sound(sound).sound_bytes
            area[at : at + size] = memoryview(frame.planes[0])[:size]
            at += size
            sounds.append(sound)
    except (*DECODE_ERRORS, KeyError, messages.MessageInvalid):
        codec.reset()
        return messages.pack_answer(is_ok=False)
    return messages.pack_answer(is_ok=True, records=sounds[: messages.RECORDS_MAX])


def _copy_pictures(frames: Sequence[av.VideoFrame], area: memoryview) -> tuple[PictureInfo, ...]:
    """The newest go where not all fit."""
    at = CONTENT_AT
    pictures = []
    for frame in frames[: messages.RECORDS_MAX]:
        if min(frame.width, frame.height) < _SIDE_MIN:
            continue
        is_full = _PLAIN.get(frame.format.name)
        plain = frame if is_full is not None else frame.reformat(format="yuv420p")
        planes = plain.planes
        picture = PictureInfo(
            pts_us=int(frame.pts or 0),
            width=plain.width,
            height=plain.height,
            line_sizes=(planes[0].line_size, planes[1].line_size, planes[2].line_size),
            colorspace=int(plain.colorspace),
            color_range=_RANGE_FULL if is_full else int(plain.color_range),
        )
        if at + messages.check_picture(picture) > len(area):
            break
        for plane, size in zip(planes, picture.plane_bytes, strict=True):
            area[at : at + size] = memoryview(plane)[:size]
            at += size
        pictures.append(picture)
    return tuple(pictures)


def _read(size: int) -> bytes:
    """Exactly so many bytes of standard input. Raises EOFError at its end."""
    data = b""
    while len(data) < size:
        piece = os.read(0, size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


if sys.platform == "win32":

    def _set_alarm(seconds: int) -> None:
        faulthandler.cancel_dump_traceback_later()
        if seconds:
            faulthandler.dump_traceback_later(seconds, exit=True)

    def _limit() -> None:
        """`max_pixels` alone bounds the memory here."""

else:
    import resource

    def _set_alarm(seconds: int) -> None:
        signal.alarm(seconds)  # unhandled, it ends the process

    def _limit() -> None:
        """No dump of what was decoded, no new file or socket, and so much memory."""
        size = _mapped_bytes()
        if size is not None:
            most = size + MEMORY_BYTES_MAX
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _mapped_bytes() -> int | None:
    """None where the system does not tell: it would not keep to the limit either."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
