"""Studio's names and sentences in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from app.state.moment import write_moment
from app.ui.errors_in_words import explain
from app.ui.plain_text import join_sentences, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.state.studio import StudioState
    from app.state.studio_events import Notice
    from app.state.studio_health import Health
    from app.state.studio_scene import StudioItem
    from app.state.studio_sound import SoundFault

SOURCE_CHARACTERS_SHOWN: Final = 48
"""Of a file's or a device's name in a sentence."""


def layout_name(layout: str) -> str:
    names = {
        "camera": QCoreApplication.translate("Studio", "Camera"),
        "screen": QCoreApplication.translate("Studio", "Screen"),
        "screen_camera": QCoreApplication.translate("Studio", "Screen + camera"),
        "slides": QCoreApplication.translate("Studio", "Slides"),
    }
    return names[layout]


def item_name(item: StudioItem) -> str:
    """A device's or file's own name where it has one."""
    kinds = {
        "camera": QCoreApplication.translate("Studio", "Camera"),
        "screen": QCoreApplication.translate("Studio", "Screen"),
        "file": QCoreApplication.translate("Studio", "Media file"),
        "url": QCoreApplication.translate("Studio", "Network stream"),
        "testcard": QCoreApplication.translate("Studio", "Test card"),
        "image": QCoreApplication.translate("Studio", "Image"),
        "text": QCoreApplication.translate("Studio", "Text"),
    }
    return item.label or kinds[item.kind]


def filter_name(name: str) -> str:
    names = {
        "skin": QCoreApplication.translate("Studio", "Smooth skin"),
        "chroma_key": QCoreApplication.translate("Studio", "Green screen"),
        "background_blur": QCoreApplication.translate("Studio", "Blur background"),
    }
    return names[name]


def check_name(name: str) -> str:
    names = {
        "picture": QCoreApplication.translate("Studio", "Picture"),
        "sound": QCoreApplication.translate("Studio", "Sound"),
        "encoder": QCoreApplication.translate("Studio", "Encoder"),
        "uplink": QCoreApplication.translate("Studio", "Relay"),
    }
    return names[name]


def check_remedy(name: str) -> str:
    remedies = {
        "picture": QCoreApplication.translate("Studio", "Add a source or choose a layout"),
        "sound": QCoreApplication.translate("Studio", "Nothing is heard: viewers get silence"),
        "encoder": QCoreApplication.translate("Studio", "No H.264 encoder works here"),
        "uplink": QCoreApplication.translate("Studio", "Not connected: going live starts one here"),
    }
    return remedies[name]


def describe_sound_fault(fault: SoundFault) -> str:
    """Which microphone viewers would not hear, and what to do."""
    sentences = {
        "none": QCoreApplication.translate("Studio", "Nothing is heard: viewers get silence"),
        "unplugged": QCoreApplication.translate("Studio", "{0} is unplugged: viewers get silence"),
        "muted": QCoreApplication.translate("Studio", "{0} is muted"),
        "held": QCoreApplication.translate("Studio", "{0} is held mute"),
        "silent": QCoreApplication.translate("Studio", "{0} hears nothing: speak, or raise it"),
    }
    name = fault.label or QCoreApplication.translate("Studio", "The microphone")
    return sentences[fault.kind].format(name)


def describe_notice(notice: Notice) -> str:
    """What happened, in one sentence."""
    if notice.kind == "failed" and notice.error is not None:
        return explain(notice.error)
    sentences = {
        "file_refused": QCoreApplication.translate(
            "Studio", "{0} cannot be played: it is no video, damaged or gone. Choose another."
        ),
        "image_refused": QCoreApplication.translate(
            "Studio", "{0} cannot be shown: it is no picture, too large or gone. Choose another."
        ),
        "url_refused": QCoreApplication.translate(
            "Studio", "{0} gives no picture. Is the address right, and is it on?"
        ),
        "failed": QCoreApplication.translate("Studio", "Something in the studio failed."),
        "source_lost": QCoreApplication.translate(
            "Studio", "{0} gives nothing any more. It is tried again every second."
        ),
        "source_restored": QCoreApplication.translate("Studio", "{0} is back."),
        "source_damaged": QCoreApplication.translate(
            "Studio", "A part of {0} is damaged and was left out."
        ),
        "source_resumed": QCoreApplication.translate(
            "Studio", "{0} had fallen behind and goes on from now."
        ),
        "source_ended": QCoreApplication.translate("Studio", "{0} has played to its end."),
        "encoder_replaced": QCoreApplication.translate(
            "Studio", "The encoder {0} failed. Another one goes on."
        ),
        "second_way_open": QCoreApplication.translate(
            "Studio", "The second connection, from {0}, is open."
        ),
        "second_way_closed": QCoreApplication.translate(
            "Studio",
            "The second connection, from {0}, does not reach the relay. It is tried again.",
        ),
        "encoder_lost": QCoreApplication.translate(
            "Studio", "No encoder works any more for one of the qualities."
        ),
    }
    return sentences[notice.kind].format(_source_name(notice.source))


def _source_name(source: str) -> str:
    """As the list of sources names it, where the system has no name for it: a screen, a camera."""
    kind, _, number = source.partition(" ")
    if kind in {"screen", "camera"} and (number.isdecimal() or not number):
        return f"{layout_name(kind)} {number}".strip()
    return one_line(source, SOURCE_CHARACTERS_SHOWN)


def health_sentence(health: Health) -> str:
    """Who is to blame, and what to do."""
    sentences = {
        "none": QCoreApplication.translate("Studio", "All is well."),
        "not_live": QCoreApplication.translate("Studio", "Only you see this. Nothing is sent yet."),
        "starting": QCoreApplication.translate("Studio", "One moment…"),
        "uplink": QCoreApplication.translate(
            "Studio", "Your uplink is too slow: pictures are being left out. Close other uploads."
        ),
        "encoder": QCoreApplication.translate(
            "Studio", "Your encoder cannot keep up: close other programs."
        ),
        "scene": QCoreApplication.translate(
            "Studio",
            "This computer cannot paint your scene in time: switch filters off, close programs.",
        ),
        "sound": QCoreApplication.translate(
            "Studio", "Sound is being lost on this computer: close other programs."
        ),
        "busy": QCoreApplication.translate(
            "Studio",
            "This computer is too busy to send in time: close other programs, use fewer sources or "
            "qualities.",
        ),
        "relay": QCoreApplication.translate("Studio", "The relay is slow to answer."),
        "away": QCoreApplication.translate(
            "Studio", "The relay cannot be reached. Trying again; your broadcast is kept."
        ),
        "source": QCoreApplication.translate("Studio", "A source gives no picture:"),
        "narrow": QCoreApplication.translate(
            "Studio", "Your uplink is narrow: {rate} of {cap} Mbit/s, best picture {height}p."
        ),
        "widening": QCoreApplication.translate(
            "Studio", "Back to full quality step by step: {rate} of {cap} Mbit/s, {height}p."
        ),
        "machine": QCoreApplication.translate(
            "Studio",
            "This computer is too busy for all qualities: {sent} of {chosen} are sent.",
        ),
    }
    words = sentences[health.culprit].format(**_told(health))
    return join_sentences(words, health.detail)


def _told(health: Health) -> dict[str, str]:
    """Rates in Mbit/s, all else as whole numbers."""
    return {
        name: f"{value / 1000:.1f}" if name in {"rate", "cap"} else f"{value:.0f}"
        for name, value in health.figures
    }


def qualities_fact(names: Sequence[str], *, is_whole: bool) -> str:
    """What this computer can encode at once; a weak one is told so."""
    if len(names) > 1 and not is_whole:
        words = QCoreApplication.translate(
            "Studio", "This computer is too slow for all qualities: it sends {0}."
        )
        return words.format(" + ".join(names))
    if len(names) > 1:
        words = QCoreApplication.translate("Studio", "This computer manages {0} at once.")
        return words.format(" + ".join(names))
    words = QCoreApplication.translate(
        "Studio", "This computer is too slow for several qualities: it sends {0}."
    )
    return words.format(names[0])


def elapsed(state: StudioState) -> str:
    return write_moment(int(state.figures.elapsed_s * 1000), has_part=False)
