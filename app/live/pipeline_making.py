"""The pipeline of a broadcast from the words of its settings; what is wrong in them is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import BadInput, LivehouseError, MediaFailed
from app.media.capture.sources import OpenedSources, parse_source
from app.media.encode.layers import parse_layers
from app.media.encode.probing import list_candidates
from app.media.errors import LayersInvalid, MediaError, SourceInvalid, SourceNotFound
from app.media.publishing import PublishPipeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.media.clock import MediaClock
    from app.media.events import PipelineEvent
    from app.settings import PublishSettings
    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo


def check_encoder(settings: PublishSettings) -> None:
    """Raises BadInput."""
    try:
        list_candidates(settings.codec, settings.encoder)
    except MediaError as error:
        raise BadInput(error.message) from None


def translate(error: MediaError) -> LivehouseError:
    """What is wrong in what the user typed is bad input; the rest is the media's failure."""
    if isinstance(error, SourceInvalid | SourceNotFound | LayersInvalid):
        return BadInput(error.message)
    return MediaFailed(error.message)


def make_pipeline(
    settings: PublishSettings,
    clock: MediaClock,
    *,
    layers: str,
    has_sound: bool,
    on_packet: Callable[[MediaPacket], None],
    on_tracks: Callable[[tuple[TrackInfo, ...]], None],
    on_event: Callable[[PipelineEvent], None],
    open_sources: Callable[..., OpenedSources],
) -> PublishPipeline:
    try:
        video = parse_source(settings.source)
        text = settings.audio or _default_audio(settings.source)
        audio = parse_source(text) if has_sound and text != "none" else None
        return PublishPipeline(
            video=video,
            audio=audio,
            layers=parse_layers(layers),
            codec=settings.codec,
            encoder=settings.encoder,
            loop=settings.loop,
            clock=clock,
            on_packet=on_packet,
            on_event=on_event,
            on_tracks=on_tracks,
            open_sources=open_sources,
        )
    except MediaError as error:
        raise translate(error) from None


def _default_audio(source: str) -> str:
    """The sound that belongs to a picture when none is named."""
    if source.startswith(("file:", "url:")):
        return "file"
    return "tone" if source.startswith("testcard") else "mic"
