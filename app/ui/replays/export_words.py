"""Why an export did not come about, and what to do: never the system's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.live.exporting import ExportCancelled, ExportFailed
from app.ui.errors_in_words import explain

if TYPE_CHECKING:
    from app.errors import LivehouseError


def explain_export(error: LivehouseError) -> str:
    translate = QCoreApplication.translate
    if isinstance(error, ExportCancelled):
        return translate("ExportWords", "Cancelled: nothing was saved.")
    if not isinstance(error, ExportFailed):
        return explain(error)
    return _sentences().get(error.code) or translate(
        "ExportWords", "That could not be saved. Try again, or save it in another folder."
    )


def _sentences() -> dict[str, str]:
    """By the codes of `ClippingFailed`."""
    translate = QCoreApplication.translate
    return {
        "disk_full": translate(
            "ExportWords", "The disk is full: nothing was saved. Make room, or choose another disk."
        ),
        "may_not_write": translate(
            "ExportWords", "You may not write there. Save it in a folder of your own."
        ),
        "no_folder": translate("ExportWords", "That folder is gone. Choose another."),
        "cannot_write": translate(
            "ExportWords", "That place takes no file. Save it in another folder."
        ),
        "unreadable": translate(
            "ExportWords",
            "The recording cannot be read any more: it may have become private or been deleted, or "
            "the relay is not reached. Open it again and try once more.",
        ),
        "nothing_there": translate(
            "ExportWords", "Nothing of the recording lies between these times. Choose others."
        ),
        "no_keyframes": translate(
            "ExportWords", "This recording cannot be cut as it is. Choose “Exact to the picture”."
        ),
        "no_pictures": translate(
            "ExportWords", "This recording has sound alone. Save it without danmaku, copied."
        ),
        "too_long": translate(
            "ExportWords", "That is too long to be encoded again. Choose a shorter piece."
        ),
        "cannot_encode": translate(
            "ExportWords", "Encoding it again failed on this computer. Save it copied instead."
        ),
    }
