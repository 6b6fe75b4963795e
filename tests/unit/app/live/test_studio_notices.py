"""Whatever the pipelines can tell has a kind, and a name in it where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.errors import MediaFailed
from app.live import studio_notices
from app.live.studio_notices import make_notice, make_refusal
from app.media import events
from app.media.events import PipelineEvent
from app.state.studio_events import Notice

if TYPE_CHECKING:
    from app.state.studio_scene import ItemKind


@pytest.mark.parametrize(
    ("event", "notice"),
    [
        (events.SourceLost("Front camera", "unplugged"), Notice("source_lost", "Front camera")),
        (events.SourceRestored("Front camera"), Notice("source_restored", "Front camera")),
        (events.SourceDamaged("a.mp4", "x"), Notice("source_damaged", "a.mp4")),
        (events.SourceResumed("a.mp4", 900), Notice("source_resumed", "a.mp4")),
        (events.SourceEnded("a.mp4"), Notice("source_ended", "a.mp4")),
        (
            events.EncoderReplaced(0, "h264_nvenc", "libx264", "x"),
            Notice("encoder_replaced", "h264_nvenc"),
        ),
        (events.EncoderLost(0, "x"), Notice("encoder_lost", "")),
    ],
)
def test_event_when_it_happens_then_becomes_a_notice(event: PipelineEvent, notice: Notice) -> None:
    assert make_notice(event) == notice


def test_event_when_a_new_kind_is_added_then_it_must_have_a_notice() -> None:
    known = {kind.__name__ for kind in studio_notices._KINDS}
    assert known == {kind.__name__ for kind in PipelineEvent.__subclasses__()}


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("file", "file_refused"), ("image", "image_refused"), ("url", "url_refused")],
)
def test_source_when_it_cannot_be_added_then_the_notice_names_it(
    kind: ItemKind, wanted: str
) -> None:
    error = MediaFailed("no")
    assert make_refusal(kind, "a.mp4", error) == Notice(wanted, "a.mp4", error)
    assert make_refusal("camera", "Front camera", error).kind == "failed"
