"""What the media pipelines tell, as the studio's state keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.media import events
from app.state.studio_events import Notice, NoticeKind

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from app.media.events import PipelineEvent
    from app.state.studio_scene import ItemKind

_KINDS: Final[dict[type[PipelineEvent], NoticeKind]] = {
    events.SourceLost: "source_lost",
    events.SourceRestored: "source_restored",
    events.SourceDamaged: "source_damaged",
    events.SourceResumed: "source_resumed",
    events.SourceEnded: "source_ended",
    events.EncoderReplaced: "encoder_replaced",
    events.EncoderLost: "encoder_lost",
}
_REFUSED: Final[dict[ItemKind, NoticeKind]] = {
    "file": "file_refused",
    "image": "image_refused",
    "url": "url_refused",
}


def make_refusal(kind: ItemKind, label: str, error: LivehouseError) -> Notice:
    """Something that was to be added gives nothing. What a user chose is named as they know it."""
    return Notice(_REFUSED.get(kind, "failed"), label, error)


def make_notice(event: PipelineEvent) -> Notice:
    """By the kind of event; the name in it is a device's, a file's or an encoder's."""
    source = getattr(event, "source", "") or getattr(event, "old", "")
    return Notice(_KINDS[type(event)], str(source))
