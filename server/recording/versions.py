"""Which FFmpeg this program carries. Importing this loads FFmpeg: a third of a second."""

from __future__ import annotations

import av


def describe_ffmpeg() -> str:
    """FFmpeg's own version and, for reports of errors, that of its codecs."""
    libavcodec = ".".join(str(part) for part in av.library_versions["libavcodec"])
    return f"{av.ffmpeg_version_info} (libavcodec {libavcodec}, PyAV {av.__version__})"
