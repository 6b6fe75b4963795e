"""Words for the ways out and in of a broadcast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from app.state.pushing import StreamIn, TargetStatus


def describe_target(status: TargetStatus) -> tuple[str, str]:
    """A short line, and its kind: good, warn, bad or none."""
    translate = QCoreApplication.translate
    if not status.is_enabled:
        return translate("Streams", "Switched off"), ""
    if status.state == "off":
        return translate("Streams", "Begins with the broadcast"), ""
    if status.state == "connecting":
        return translate("Streams", "Connecting…"), ""
    if status.state == "live":
        rate = f"{status.bit_rate_bps / 1e6:.1f}"
        words = translate("Streams", "Live, {rate} Mbit/s").replace("{rate}", rate)
        if status.dropped:
            lost = translate("Streams", "{count} pictures lost")
            words = _join(words, lost.replace("{count}", f"{status.dropped:,}"))
        return words, "good"
    reason = _describe_trouble(status.trouble)
    if status.state == "refused":
        return reason, "bad"
    again = translate("Streams", "trying again")
    return _join(reason, again), "warn"


def describe_stream_in(stream_in: StreamIn) -> tuple[str, str]:
    translate = QCoreApplication.translate
    return {
        "off": (
            translate("Streams", "OBS or another program sends the picture instead of Studio."),
            "",
        ),
        "waiting": (
            translate(
                "Streams", "Waiting. In OBS: Settings, Stream, Custom, then Start Streaming."
            ),
            "",
        ),
        "live": (translate("Streams", "On air: the room sees what OBS sends."), "good"),
        "held": (translate("Streams", "The connection broke off. The room waits for it."), "warn"),
    }[stream_in.state]


def crop_name(crop: str) -> str:
    translate = QCoreApplication.translate
    return {
        "": translate("Streams", "As in the room"),
        "16:9": translate("Streams", "Wide, 16:9"),
        "9:16": translate("Streams", "Upright, 9:16: the middle"),
    }[crop]


def _join(first: str, second: str) -> str:
    pattern = QCoreApplication.translate("Streams", "{first}, {second}")
    return pattern.replace("{first}", first).replace("{second}", second)


def _describe_trouble(trouble: str) -> str:
    translate = QCoreApplication.translate
    return {
        "unreachable": translate("Streams", "The server cannot be reached"),
        "silent": translate("Streams", "The server does not answer"),
        "slow": translate("Streams", "The server takes too little"),
        "lost": translate("Streams", "The server ended the connection"),
        "refused": translate("Streams", "Refused: check the stream key"),
        "codec": translate("Streams", "It takes H.264 only"),
        "encoder": translate("Streams", "This computer cannot encode for it"),
    }.get(trouble, translate("Streams", "The server does not speak RTMP"))
