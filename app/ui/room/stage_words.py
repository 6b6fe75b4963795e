"""What the stage says where there is no moving picture, in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.errors_in_words import explain_code
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from app.state.room import RoomState, Statistics


def describe_stage(state: RoomState) -> tuple[str, str]:
    """Title and detail; both empty while a picture moves."""
    translate = QCoreApplication.translate
    if state.stage == "live":
        return (translate("StageWords", "Paused"), "") if state.is_paused else ("", "")
    if state.stage == "refused":
        return _describe_refusal(state)
    if state.stage == "ended":
        return _describe_end(state)
    words = {
        "empty": (
            translate("StageWords", "No room chosen"),
            translate("StageWords", "Pick one in Discover, or go live yourself in Studio."),
        ),
        "joining": (translate("StageWords", "Joining the room"), ""),
        "offline": (
            translate("StageWords", "Not live yet"),
            translate("StageWords", "The picture starts by itself. The chat is open."),
        ),
        "starting": (translate("StageWords", "Waiting for the first picture"), ""),
        "away": (
            translate("StageWords", "The host is away for a moment"),
            translate("StageWords", "The broadcast goes on as soon as the host is back."),
        ),
        "cut": (
            translate("StageWords", "The connection to the relay is lost"),
            translate("StageWords", "Trying again by itself. You need not do anything."),
        ),
        "sound": (
            translate("StageWords", "Sound only"),
            translate("StageWords", "Choose a picture under Quality to watch again."),
        ),
    }
    return words[state.stage]


def _describe_refusal(state: RoomState) -> tuple[str, str]:
    translate = QCoreApplication.translate
    code, words = state.refusal if state.refusal is not None else (ErrorCode.NOT_FOUND, "")
    titles = {
        ErrorCode.NOT_FOUND: translate("StageWords", "This room does not exist any more"),
        ErrorCode.PASSPHRASE_REQUIRED: translate("StageWords", "This room needs a passphrase"),
        ErrorCode.INVITE_REQUIRED: translate("StageWords", "This room is by invitation only"),
        ErrorCode.ROOM_CLOSED: translate("StageWords", "This room has been closed"),
    }
    title = titles.get(code, translate("StageWords", "You cannot enter this room"))
    return title, explain_code(code, words)


def _describe_end(state: RoomState) -> tuple[str, str]:
    translate = QCoreApplication.translate
    details = {
        "away_too_long": translate("StageWords", "The host did not come back in time."),
        "room_closed": translate("StageWords", "The room was closed."),
        "relay_stopped": translate("StageWords", "The relay was stopped."),
        "replaced": translate("StageWords", "Another broadcast took its place."),
    }
    thanks = translate("StageWords", "Thanks for watching. The next one starts here by itself.")
    return (
        translate("StageWords", "The broadcast has ended"),
        details.get(state.end_reason or "", thanks),
    )


def describe_figures(statistics: Statistics, *, hidden: int) -> list[str]:
    """The lines of the statistics overlay."""
    translate = QCoreApplication.translate
    figures = statistics
    rate = f"{figures.rate_bps / 1e6:.2f} Mbit/s"
    return [
        translate("StageWords", "Latency {a} ms, held back {b} ms, buffer {c} ms")
        .replace("{a}", f"{figures.latency_ms:.0f}")
        .replace("{b}", f"{figures.delay_ms:.0f}")
        .replace("{c}", f"{figures.buffer_ms:.0f}"),
        translate("StageWords", "Pictures {a} a second, {b} shown, {c} dropped")
        .replace("{a}", f"{figures.fps:.0f}")
        .replace("{b}", str(figures.frames))
        .replace("{c}", str(figures.frames_dropped)),
        translate("StageWords", "Received {a}, round trip {b} ms, jitter {c} ms")
        .replace("{a}", rate)
        .replace("{b}", f"{figures.round_trip_ms:.0f}")
        .replace("{c}", f"{figures.jitter_ms:.0f}"),
        translate("StageWords", "Sound and picture {a} ms apart, decoding {b} ms")
        .replace("{a}", f"{figures.av_offset_ms:.0f}")
        .replace("{b}", f"{figures.decode_ms:.1f}"),
        translate("StageWords", "Stalls {a}, reconnects {b}, left out by the relay {c}")
        .replace("{a}", str(figures.stalls))
        .replace("{b}", str(figures.reconnects))
        .replace("{c}", str(figures.relay_dropped)),
        translate("StageWords", "Danmaku hidden for lack of room: {a}").replace("{a}", str(hidden)),
    ]
