"""What the stage says where there is no moving picture, in the user's language.

Room and host come from others: they are shown as plain text, on one line.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.errors_in_words import explain_code
from app.ui.keeping.words import describe_own
from app.ui.planned import describe_plan
from app.ui.room.slate import StageWords
from app.ui.room_title import room_title
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from app.state.room import RoomState, StageKind, Statistics


def describe_sound(state: RoomState) -> str:
    """Where the sound went; empty while it goes where it should."""
    translate = QCoreApplication.translate
    if state.sound_missing:
        return translate(
            "StageWords", "No sound: no output device was found. The picture goes on without."
        )
    if state.sound_replaced:
        words = translate(
            "StageWords",
            "%1 is not there: the sound comes from the system's default until it is back.",
        )
        return words.replace("%1", state.sound_replaced)
    return ""


def describe_stage(state: RoomState) -> StageWords:
    """All empty while a picture moves."""
    if state.stage == "live":
        return StageWords(badge=_name_standstill(state))
    if state.stage == "refused":
        return StageWords(*_describe_refusal(state))
    words = _describe_end(state) if state.stage == "ended" else _describe_waiting(state.stage)
    if state.stage == "sound" and state.in_use.is_sound_only and not state.is_audio_only:
        words = _describe_narrow_link()
    if state.room is None:
        return words
    plan = describe_plan(state.room) if state.stage == "offline" else ""
    if plan:
        words = words._replace(title=plan)
    title, host = room_title(state.room), state.room.owner.name
    return words._replace(room=_one_line(title), host=_one_line(host))


def _name_standstill(state: RoomState) -> str:
    """Why the picture stands, before it is known that the link is lost; empty while it moves."""
    if state.is_paused:
        return QCoreApplication.translate("StageWords", "Paused")
    if state.statistics.frames and not state.statistics.fps:
        return QCoreApplication.translate("StageWords", "Waiting for the picture")
    return ""


def _describe_waiting(stage: StageKind) -> StageWords:
    translate = QCoreApplication.translate
    words = {
        "empty": StageWords(
            translate("StageWords", "No room chosen"),
            translate("StageWords", "Pick one in Discover, or go live yourself in Studio."),
        ),
        "joining": StageWords(translate("StageWords", "Joining the room")),
        "offline": StageWords(
            translate("StageWords", "Not live yet"),
            translate("StageWords", "The picture starts by itself. The chat is open."),
        ),
        "starting": StageWords(translate("StageWords", "Waiting for the first picture")),
        "away": StageWords(
            translate("StageWords", "The host will be right back"),
            translate("StageWords", "The broadcast goes on by itself. Stay as you are."),
            translate("StageWords", "Host away"),
        ),
        "cut": StageWords(
            translate("StageWords", "The connection to the relay is lost"),
            translate("StageWords", "Trying again by itself. You need not do anything."),
            translate("StageWords", "No connection"),
        ),
        "sound": StageWords(
            translate("StageWords", "Sound only"),
            translate("StageWords", "Choose a picture under Quality to watch again."),
        ),
    }
    return words.get(stage, StageWords())


def _describe_narrow_link() -> StageWords:
    translate = QCoreApplication.translate
    return StageWords(
        translate("StageWords", "Sound only for now"),
        translate(
            "StageWords", "Your connection is too slow for a picture. It comes back by itself."
        ),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _describe_refusal(state: RoomState) -> tuple[str, str]:
    translate = QCoreApplication.translate
    code, words = state.refusal if state.refusal is not None else (ErrorCode.NOT_FOUND, "")
    titles = {
        ErrorCode.NOT_FOUND: translate("StageWords", "This room does not exist any more"),
        ErrorCode.PASSPHRASE_REQUIRED: translate("StageWords", "This room needs a passphrase"),
        ErrorCode.INVITE_REQUIRED: translate("StageWords", "This room is by invitation only"),
        ErrorCode.ROOM_CLOSED: translate("StageWords", "This room has been closed"),
        ErrorCode.KICKED: translate("StageWords", "You were removed from this room"),
        ErrorCode.BANNED: translate("StageWords", "You are banned from this room"),
    }
    title = titles.get(code, translate("StageWords", "You cannot enter this room"))
    now_mono_ms = time.monotonic_ns() // 1_000_000
    sanction = state.keeping.find_own(now_mono_ms)
    if sanction is not None and code in {ErrorCode.KICKED, ErrorCode.BANNED}:
        room = room_title(state.room) if state.room is not None else ""
        return title, describe_own(sanction, room, now_mono_ms)
    ways = {
        ErrorCode.NOT_FOUND: translate("StageWords", "Its link may be old. Ask for a new one."),
        ErrorCode.PASSPHRASE_REQUIRED: translate(
            "StageWords", "The host has it. Type it below the picture."
        ),
        ErrorCode.INVITE_REQUIRED: translate(
            "StageWords", "Ask the host for an invite link and open it here."
        ),
        ErrorCode.ROOM_CLOSED: translate("StageWords", "Other rooms are open: look in Discover."),
    }
    return title, ways.get(code) or explain_code(code, words)


def _describe_end(state: RoomState) -> StageWords:
    translate = QCoreApplication.translate
    details = {
        "away_too_long": translate("StageWords", "The host did not come back in time."),
        "room_closed": translate("StageWords", "The room was closed."),
        "relay_stopped": translate("StageWords", "The relay was stopped."),
        "replaced": translate("StageWords", "Another broadcast took its place."),
    }
    thanks = translate("StageWords", "Thanks for watching. The next one starts here by itself.")
    return StageWords(
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
