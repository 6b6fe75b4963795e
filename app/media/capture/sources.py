"""The texts that name sources, and the factory that opens them.

picture   camera[:DEVICE]  screen[:N]  window:WINDOW  file:PATH  url:ADDRESS
          testcard[:WIDTHxHEIGHT[@FPS][,LOOK]]
sound     mic[:DEVICE]  file (the sound of the picture's file or address)  tone  none

A DEVICE is a number from 0 or a name. A name is looked up whenever the device is opened: it finds
a device again that was plugged into another socket. A WINDOW is its id in hexadecimal, its title,
or both: `0x2a00007 Notes` is the window of that id, and when that is gone, one of that title.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.media.capture.card_looks import BARS, LOOKS
from app.media.capture.card_source import CardSource, ToneSource
from app.media.capture.devices import find_camera
from app.media.capture.file_source import FileMedia
from app.media.capture.microphone import Microphone
from app.media.capture.screen import ScreenGrabber
from app.media.capture.source import (
    FRAME_RATE_DEFAULT,
    FRAME_RATE_MAX,
    AudioSource,
    VideoSource,
)
from app.media.capture.test_card import SIDE_MAX, SIDE_MIN
from app.media.capture.url_source import UrlMedia
from app.media.capture.watched_source import FrameReader, WatchedSource
from app.media.capture.window import WindowFinder, WindowGrabber
from app.media.errors import SourceInvalid, SourceNotFound, SourceUnsupported

if TYPE_CHECKING:
    from app.media.clock import MediaClock
    from app.media.events import PipelineEvent

CARD_WIDTH: Final = 1280
CARD_HEIGHT: Final = 720
_DEVICE_MAX: Final = 63
_NAME_CHARS_MAX: Final = 300
_KNOWN: Final = (
    "camera[:DEVICE], screen[:N], window:WINDOW, file:PATH, url:ADDRESS, testcard, mic[:DEVICE], "
    "file, tone or none"
)
_CAMERA_REMEDY: Final = "cameras need OpenCV: install opencv-python, or choose testcard"
_MICROPHONE_REMEDY: Final = (
    "microphones need PortAudio: install libportaudio2 (Debian, Ubuntu), or choose tone or none"
)
_SIZE = re.compile(r"(\d{2,4})x(\d{2,4})(?:@(\d{1,3}(?:\.\d{1,3})?))?(?:,([a-z]+))?")


class SourceKind(StrEnum):
    CAMERA = "camera"
    SCREEN = "screen"
    WINDOW = "window"
    FILE = "file"
    URL = "url"
    TEST_CARD = "testcard"
    MICROPHONE = "mic"
    TONE = "tone"
    NONE = "none"


_VIDEO_KINDS: Final = frozenset(
    {
        SourceKind.CAMERA,
        SourceKind.SCREEN,
        SourceKind.WINDOW,
        SourceKind.FILE,
        SourceKind.URL,
        SourceKind.TEST_CARD,
    }
)
_PLAIN_KINDS: Final = frozenset({SourceKind.TONE, SourceKind.NONE})


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source that has been named, not opened."""

    kind: SourceKind
    device: int | str | None = None
    """A camera or microphone by number or name, a screen by number. None is the first camera, the
    system's default microphone, all screens."""
    address: str = ""
    """A file's path, a stream's address, a window; empty for the sound of the picture's file."""
    width: int = CARD_WIDTH
    height: int = CARD_HEIGHT
    frame_rate: Fraction = FRAME_RATE_DEFAULT
    look: str = BARS
    """Of a test card."""

    @property
    def is_video(self) -> bool:
        return self.kind in _VIDEO_KINDS and (
            self.kind is not SourceKind.FILE or bool(self.address)
        )


@dataclass(frozen=True, slots=True)
class OpenedSources:
    video: VideoSource
    audio: AudioSource | None


def parse_source(text: str) -> SourceSpec:
    """Raises SourceInvalid."""
    name, colon, rest = text.strip().partition(":")
    try:
        kind = SourceKind(name)
    except ValueError:
        raise SourceInvalid(f"unknown source {text!r}: choose {_KNOWN}") from None
    if kind in _PLAIN_KINDS and colon:
        raise SourceInvalid(f"the source {name} takes nothing behind a colon, not {rest!r}")
    if kind in {SourceKind.CAMERA, SourceKind.MICROPHONE}:
        return SourceSpec(kind, device=_parse_device(name, rest) if colon else None)
    if kind is SourceKind.SCREEN:
        return SourceSpec(kind, device=_parse_number(name, rest) if colon else None)
    if kind is SourceKind.WINDOW:
        return SourceSpec(kind, address=_parse_name(name, rest))
    if kind is SourceKind.TEST_CARD:
        return _parse_card(rest) if colon else SourceSpec(kind)
    if kind is SourceKind.URL and not rest:
        raise SourceInvalid("url: needs an address, as in url:rtsp://camera.local/stream")
    if kind is SourceKind.FILE and colon and not rest:
        raise SourceInvalid("file: needs a path, as in file:holiday.mp4")
    return SourceSpec(kind, address=rest)


def open_sources(
    video: SourceSpec,
    audio: SourceSpec | None,
    *,
    clock: MediaClock,
    on_event: Callable[[PipelineEvent], None],
    loop: bool,
) -> OpenedSources:
    """Open what is named. Raises SourceError, and leaves nothing open then."""
    if not video.is_video:
        raise SourceInvalid(f"{video.kind} is a source of sound, not of a picture")
    if audio is not None and audio.is_video:
        raise SourceInvalid(f"{audio.kind} is a source of a picture, not of sound")
    wants_own_sound = audio is not None and audio.kind is SourceKind.FILE
    opened = _open_video(
        video, wants_sound=wants_own_sound, clock=clock, on_event=on_event, loop=loop
    )
    if audio is None or audio.kind is SourceKind.NONE:
        return OpenedSources(opened.video, None)
    if wants_own_sound:
        if opened.audio is None:
            opened.video.stop()
            raise SourceUnsupported(f"{video.address or video.kind} has no sound: use tone or none")
        return opened
    try:
        return OpenedSources(opened.video, _open_audio(audio, clock=clock, on_event=on_event))
    except BaseException:
        opened.video.stop()
        raise


def open_source_of_sound(
    spec: SourceSpec, *, clock: MediaClock, on_event: Callable[[PipelineEvent], None]
) -> AudioSource:
    """A microphone or the tone, without a picture. Raises SourceError."""
    if spec.kind not in {SourceKind.MICROPHONE, SourceKind.TONE}:
        raise SourceInvalid(f"{spec.kind} is no sound that stands alone")
    return _open_audio(spec, clock=clock, on_event=on_event)


def _open_video(
    spec: SourceSpec,
    *,
    wants_sound: bool,
    clock: MediaClock,
    on_event: Callable[[PipelineEvent], None],
    loop: bool,
) -> OpenedSources:
    if spec.kind is SourceKind.TEST_CARD:
        card = CardSource(
            width=spec.width,
            height=spec.height,
            frame_rate=spec.frame_rate,
            clock=clock,
            look=spec.look,
        )
        return OpenedSources(card, None)
    if spec.kind is SourceKind.FILE:
        path = Path(spec.address)
        if not path.exists():
            raise SourceNotFound(f"the file {path} does not exist: check the path")
        media = FileMedia(path, wants_sound=wants_sound, loop=loop, clock=clock, on_event=on_event)
        return OpenedSources(media.video, media.audio)
    if spec.kind is SourceKind.URL:
        stream = UrlMedia(
            spec.address, wants_sound=wants_sound, loop=loop, clock=clock, on_event=on_event
        )
        return OpenedSources(stream.video, stream.audio)
    name, open_reader = _find_reader(spec)
    return OpenedSources(WatchedSource(name, open_reader, clock=clock, on_event=on_event), None)


def _find_reader(spec: SourceSpec) -> tuple[str, Callable[[], FrameReader]]:
    """What a screen, a window or a camera is called, and how it is opened each time."""
    device = spec.device or 0
    if spec.kind is SourceKind.SCREEN:
        number = None if spec.device is None else int(device)
        name = "screen" if number is None else f"screen {number}"
        return name, lambda: ScreenGrabber(number)
    if spec.kind is SourceKind.WINDOW:
        finder = WindowFinder(spec.address)
        return finder.name, lambda: WindowGrabber(finder)
    open_camera = _load("app.media.capture.opencv", "OpenCvCamera", _CAMERA_REMEDY)
    name = device if isinstance(device, str) else f"camera {device}"
    return name, lambda: open_camera(find_camera(device))


def _open_audio(
    spec: SourceSpec, *, clock: MediaClock, on_event: Callable[[PipelineEvent], None]
) -> AudioSource:
    if spec.kind is SourceKind.TONE:
        return ToneSource(clock=clock)
    open_input = _load("app.media.capture.sound_input", "SoundInput", _MICROPHONE_REMEDY)
    return Microphone(lambda: open_input(spec.device), clock=clock, on_event=on_event)


def _load(module: str, name: str, remedy: str) -> Callable[..., Any]:
    """Import a device's library when the device is wanted: OpenCV and PortAudio cost every start
    of the program a quarter of a second, and may be missing on machines that never use them."""
    try:
        factory: Callable[..., Any] = getattr(importlib.import_module(module), name)
    except (ImportError, OSError) as error:
        raise SourceUnsupported(f"{remedy} ({error})") from error
    return factory


def _parse_device(name: str, text: str) -> int | str:
    return _parse_number(name, text) if text.isdecimal() else _parse_name(name, text)


def _parse_number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _DEVICE_MAX:
        raise SourceInvalid(f"{name}:{text}: a number from 0 to {_DEVICE_MAX}, as in {name}:1")
    return int(text)


def _parse_name(name: str, text: str) -> str:
    text = text.strip()
    if not text or len(text) > _NAME_CHARS_MAX or not text.isprintable():
        raise SourceInvalid(f"{name}: needs a name of at most {_NAME_CHARS_MAX} characters")
    return text


def _parse_card(text: str) -> SourceSpec:
    match = _SIZE.fullmatch(text)
    if match is None:
        raise SourceInvalid(f"testcard:{text}: write a size, as in testcard:1280x720@30")
    width, height = int(match[1]), int(match[2])
    frame_rate = Fraction(match[3]) if match[3] else FRAME_RATE_DEFAULT
    if width % 2 or height % 2 or not SIDE_MIN <= width <= SIDE_MAX:
        raise SourceInvalid(f"testcard:{text}: sides are even, the width {SIDE_MIN} to {SIDE_MAX}")
    if not SIDE_MIN * 9 // 16 <= height <= SIDE_MAX:
        raise SourceInvalid(f"testcard:{text}: the height is {SIDE_MIN * 9 // 16} to {SIDE_MAX}")
    if not 1 <= frame_rate <= FRAME_RATE_MAX:
        raise SourceInvalid(f"testcard:{text}: the frame rate is 1 to {FRAME_RATE_MAX}")
    look = match[4] or BARS
    if look not in LOOKS:
        raise SourceInvalid(f"testcard:{text}: the looks are {', '.join(LOOKS)}")
    return SourceSpec(SourceKind.TEST_CARD, None, "", width, height, frame_rate, look)
