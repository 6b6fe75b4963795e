from fractions import Fraction

import pytest

from app.media.capture.sources import SourceKind, SourceSpec, open_sources, parse_source
from app.media.clock import MediaClock
from app.media.errors import SourceError, SourceInvalid, SourceNotFound


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("camera", SourceSpec(SourceKind.CAMERA)),
        ("camera:2", SourceSpec(SourceKind.CAMERA, device=2)),
        ("camera:HD Webcam", SourceSpec(SourceKind.CAMERA, device="HD Webcam")),
        ("screen", SourceSpec(SourceKind.SCREEN)),
        ("screen:1", SourceSpec(SourceKind.SCREEN, device=1)),
        ("window:Notes: today", SourceSpec(SourceKind.WINDOW, address="Notes: today")),
        ("window:0x2a Notes", SourceSpec(SourceKind.WINDOW, address="0x2a Notes")),
        ("file:a:b.mp4", SourceSpec(SourceKind.FILE, address="a:b.mp4")),
        ("file", SourceSpec(SourceKind.FILE)),
        ("url:rtsp://host/a", SourceSpec(SourceKind.URL, address="rtsp://host/a")),
        ("testcard", SourceSpec(SourceKind.TEST_CARD)),
        ("testcard:640x360", SourceSpec(SourceKind.TEST_CARD, width=640, height=360)),
        (
            "testcard:640x360@29.97",
            SourceSpec(SourceKind.TEST_CARD, width=640, height=360, frame_rate=Fraction(2997, 100)),
        ),
        (
            "testcard:640x360,night",
            SourceSpec(SourceKind.TEST_CARD, width=640, height=360, look="night"),
        ),
        ("mic", SourceSpec(SourceKind.MICROPHONE)),
        ("mic:0", SourceSpec(SourceKind.MICROPHONE, device=0)),
        ("mic:USB: Headset", SourceSpec(SourceKind.MICROPHONE, device="USB: Headset")),
        ("tone", SourceSpec(SourceKind.TONE)),
        ("none", SourceSpec(SourceKind.NONE)),
    ],
)
def test_parse_when_the_text_is_known_then_names_the_source(text: str, spec: SourceSpec) -> None:
    assert parse_source(text) == spec


@pytest.mark.parametrize(
    "text",
    [
        "", "webcam", "camera:", "camera:64", "camera:" + "x" * 301, "camera:a\nb", "mic:",
        "mic:64", "screen:", "screen:x", "screen:64", "window", "window:", "window: ",
        "file:", "url:", "testcard:", "testcard:640", "testcard:641x360", "testcard:640x360@0",
        "testcard:640x360@61", "testcard:64x36", "testcard:9998x360",
        "testcard:640x360,bright", "tone:440", "none:x",
    ],
)  # fmt: skip
def test_parse_when_the_text_is_wrong_then_one_line_says_so(text: str) -> None:
    with pytest.raises(SourceInvalid) as caught:
        parse_source(text)
    assert caught.value.code == "source_invalid"
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("video", "audio", "error"),
    [
        ("tone", "none", SourceInvalid),
        ("file", "none", SourceInvalid),
        ("testcard", "camera", SourceInvalid),
        ("testcard", "file", SourceError),
        ("file:/no/such/file.mp4", "none", SourceNotFound),
        ("camera:63", "none", SourceNotFound),
        ("camera:No Such Camera", "none", SourceNotFound),
        ("window:no such window at all", "none", SourceError),
    ],
)
def test_open_when_it_cannot_be_then_fails_at_once_with_one_line(
    video: str, audio: str, error: type[SourceError]
) -> None:
    with pytest.raises(error) as caught:
        open_sources(
            parse_source(video),
            parse_source(audio),
            clock=MediaClock(),
            on_event=lambda event: None,
            loop=False,
        )
    assert "\n" not in caught.value.message
