"""How each encoder is told the same: no delay, constant bit rate, keyframes only when forced.

PRODUCT.md's defaults: VBV of half a second (which also bounds a keyframe to that much), no B
frames, no look-ahead, no scene cuts. Names are FFmpeg's.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

VBV_S: Final = Fraction(1, 2)
GOP_FRAMES_MAX: Final = 600
"""Keyframes are forced by the pipeline; this only bounds a stream whose pipeline forgot."""

HARDWARE: Final = {
    "h264": (
        "h264_nvenc", "h264_videotoolbox", "h264_qsv", "h264_amf", "h264_mf", "h264_vaapi",
        "h264_v4l2m2m",
    ),
    "h265": (
        "hevc_nvenc", "hevc_videotoolbox", "hevc_qsv", "hevc_amf", "hevc_mf", "hevc_vaapi",
        "hevc_v4l2m2m",
    ),
}  # fmt: skip
"""Best first."""

SOFTWARE: Final = {"h264": "libx264", "h265": "libx265"}


class RateSettings(Protocol):
    """The part of EncoderSettings that options depend on."""

    @property
    def bit_rate_bps(self) -> int: ...


@dataclass(frozen=True, slots=True)
class EncoderOptions:
    pixel_format: str
    options: dict[str, str]


def _rate(settings: RateSettings) -> dict[str, str]:
    vbv_bits = int(settings.bit_rate_bps * VBV_S)
    return {"maxrate": str(settings.bit_rate_bps), "bufsize": str(vbv_bits)}


def _x264(settings: RateSettings) -> EncoderOptions:
    # zerolatency: sliced threads, rc-lookahead 0, sync-lookahead 0, no B frames, no mbtree.
    return EncoderOptions(
        "yuv420p",
        {
            "preset": "veryfast",
            "tune": "zerolatency",
            "forced-idr": "1",
            "x264-params": "scenecut=0:nal-hrd=none:open-gop=0",
            **_rate(settings),
        },
    )


def _x265(settings: RateSettings) -> EncoderOptions:
    rate_kbps = settings.bit_rate_bps // 1000
    parameters = (
        "scenecut=0:open-gop=0:repeat-headers=1:rc-lookahead=0:bframes=0:frame-threads=1:"
        f"log-level=error:vbv-maxrate={rate_kbps}:vbv-bufsize={int(rate_kbps * VBV_S)}"
    )
    return EncoderOptions(
        "yuv420p",
        {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "forced-idr": "1",
            "x265-params": parameters,
        },
    )


def _nvenc(settings: RateSettings) -> EncoderOptions:
    return EncoderOptions(
        "yuv420p",
        {
            "preset": "p4",
            "tune": "ull",
            "rc": "cbr",
            "zerolatency": "1",
            "delay": "0",
            "forced-idr": "1",
            "no-scenecut": "1",
            "rc-lookahead": "0",
            **_rate(settings),
        },
    )


def _qsv(settings: RateSettings) -> EncoderOptions:
    return EncoderOptions(
        "nv12",
        {
            "preset": "veryfast",
            "async_depth": "1",
            "forced_idr": "1",
            "low_delay_brc": "1",
            "look_ahead": "0",
            **_rate(settings),
        },
    )


def _amf(settings: RateSettings) -> EncoderOptions:
    return EncoderOptions(
        "nv12",
        {
            "usage": "ultralowlatency",
            "rc": "cbr",
            "enforce_hrd": "1",
            "forced_idr": "1",
            **_rate(settings),
        },
    )


def _videotoolbox(settings: RateSettings) -> EncoderOptions:
    return EncoderOptions("nv12", {"realtime": "1", "prio_speed": "1", **_rate(settings)})


def _plain(settings: RateSettings) -> EncoderOptions:
    return EncoderOptions("nv12", _rate(settings))


_BY_SUFFIX: Final[dict[str, Callable[[RateSettings], EncoderOptions]]] = {
    "libx264": _x264,
    "libx265": _x265,
    "nvenc": _nvenc,
    "qsv": _qsv,
    "amf": _amf,
    "videotoolbox": _videotoolbox,
}


def find_options(name: str, settings: RateSettings) -> EncoderOptions:
    """The options of an encoder by FFmpeg's name; plain ones for an encoder that is not known."""
    return _BY_SUFFIX.get(name.rsplit("_", 1)[-1], _plain)(settings)
