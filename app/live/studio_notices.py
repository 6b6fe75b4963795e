"""What the media pipelines tell, as the studio's state keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.media import events
from app.state.studio_events import Notice, NoticeKind

if TYPE_CHECKING:
    from app.media.events import PipelineEvent

_KINDS: Final[dict[type[PipelineEvent], NoticeKind]] = {
    events.SourceLost: "source_lost",
    events.SourceRestored: "source_restored",
    events.SourceDamaged: "source_damaged",
    events.SourceResumed: "source_resumed",
    events.SourceEnded: "source_ended",
    events.EncoderReplaced: "encoder_replaced",
    events.EncoderLost: "encoder_lost",
}


def make_notice(event: PipelineEvent) -> Notice:
    """By the kind of event; the name in it is a device's, a file's or an encoder's."""
    source = getattr(event, "source", "") or getattr(event, "old", "")
    return Notice(_KINDS[type(event)], str(source))
