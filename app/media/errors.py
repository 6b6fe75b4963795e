"""What can fail in the media pipelines before they run.

    MediaError                 a code for programs and one line for people that names what to do
    +-- SourceError
    |   +-- SourceNotFound     no such file, device or address
    |   +-- SourceUnsupported  it is there, but cannot be used on this machine or has no such track
    |   +-- SourceInvalid      the text that names a source says nothing known
    +-- LayersInvalid          the text that names the layers does not parse, or they do not fit
    +-- EncoderFailed          no encoder could be opened
    +-- DecoderFailed          no decoder for a codec
    +-- ClippingFailed         a piece of a recording could not be written, or not read
        +-- ClippingCancelled  ... because it was not wanted any more

What fails while a pipeline runs is healed and told by an event (`app.media.events`).
"""

from __future__ import annotations


class MediaError(Exception):
    """`code` is for programs, `message` one clear line for people."""

    code = "media_failed"

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class SourceError(MediaError):
    code = "source_failed"


class SourceNotFound(SourceError):
    code = "source_not_found"


class SourceUnsupported(SourceError):
    code = "source_unsupported"


class SourceInvalid(SourceError):
    code = "source_invalid"


class LayersInvalid(MediaError):
    code = "layers_invalid"


class EncoderFailed(MediaError):
    code = "encoder_failed"


class DecoderFailed(MediaError):
    code = "decoder_failed"


class ClippingFailed(MediaError):
    code = "clipping_failed"


class ClippingCancelled(ClippingFailed):
    code = "clipping_cancelled"
