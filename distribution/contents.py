"""What goes into the packaged folder and what stays out.

Measured with everything in: OpenCV and its own Qt 5 were a third of the folder, Qt's parts that
Livehouse never opens a fifth.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

DATA_FOLDERS: Final = ("resources", "server/store/migrations")
"""The migrations are found by path, not by import, so they are not in the import graph."""

LEFT_OUT: Final = [
    # Training with trees and nets is the extra `models`; serving and the formula need neither.
    *("sklearn", "scipy", "joblib", "narwhals"),
    # Tools and tests that libraries name without needing them.
    *("IPython", "PIL", "_pytest", "distutils", "hypothesis", "lib2to3", "matplotlib", "mypy"),
    *("pandas", "pip", "pkg_resources", "pydoc_data", "pytest", "setuptools", "tkinter"),
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtPdf", "PySide6.QtDesigner"),
]
"""Modules."""

_UNWANTED: Final = (
    # OpenCV comes with plugins and typefaces of a Qt 5; its windows are never opened.
    "cv2/qt/*",
    # The second FFmpeg of OpenCV stays: its library is linked, cameras are read through it.
    "*/Qt/qml/*",
    "*/plugins/qmltooling/*",
    "*/plugins/networkinformation/*",
    "*/plugins/tls/*",
    "*/plugins/sqldrivers/*",
    "*/plugins/generic/*",
    "*/plugins/egldeviceintegrations/*",
    "*/plugins/platforms/libq*eglfs*",
    "*/plugins/platforms/libqlinuxfb*",
    "*/plugins/platforms/libqvnc*",
    "*/plugins/platforms/libqvkkhrdisplay*",
    "*/plugins/platforms/libqminimalegl*",
    "*/plugins/platforminputcontexts/*virtualkeyboard*",
    "*/plugins/imageformats/*pdf*",
    "*/plugins/imageformats/*tga*",
    "*/plugins/imageformats/*tiff*",
    "*/plugins/imageformats/*wbmp*",
    "*/plugins/imageformats/*icns*",
    "*libQt6Qml*",
    "*libQt6Quick*",
    "*libQt6Pdf*",
    "*libQt6VirtualKeyboard*",
    "*libQt6EglFS*",
    # The theme of GTK brings half of GTK; the look is Livehouse's own.
    "*/plugins/platformthemes/*gtk3*",
    *(f"lib{name}*" for name in ("atk", "cairo", "datrie", "fribidi", "gdk_pixbuf", "graphite2")),
    *(f"lib{name}*" for name in ("pango", "pixman", "thai")),
    # Of Qt's own texts the two languages of the program.
    "*/Qt/translations/qt_help_*",
    "*/Qt/translations/*_[a-y]*.qm",
    "*/Qt/translations/*_zh_TW.qm",
)
_WANTED_ALL_THE_SAME: Final = ("*/Qt/translations/*_en.qm",)


def is_wanted(place: str) -> bool:
    """Whether a file goes in, by its place in the folder."""
    path = place.replace("\\", "/")
    if any(fnmatchcase(path, pattern) for pattern in _WANTED_ALL_THE_SAME):
        return True
    return not any(fnmatchcase(path, pattern) for pattern in _UNWANTED)
