"""What tests of all kinds share."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.ui.stall_watch import StallWatch

if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
    # `dev.py test` starts a display of its own; a bare pytest must not abort for want of one.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

REPOSITORY = Path(__file__).resolve().parent.parent
CLIP = REPOSITORY.parent / "shared" / "media" / "bigbuckbunny.mp4"


def pytest_collection_finish() -> None:
    """Eight thousand tests and all that they import stay to the end: the collector of garbage need
    not go through them, half a second each time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Generator[None]:
    """Windows go with their test. pytest-qt only marks them for deletion, which waits for an event
    loop: a hundred windows of the same program then stand in memory, and each of them takes part in
    every change of language and theme."""
    yield
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent  # noqa: PLC0415 # only where it is loaded

        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def clip_path() -> Path:
    """Real picture and sound: 1280x720, 25 frames a second, AAC, 5.3 s."""
    if not CLIP.is_file():
        pytest.skip("the real clip ../shared/media/bigbuckbunny.mp4 is not beside the repository")
    return CLIP


@pytest.fixture
def stall_watch(qapp: QApplication) -> Iterator[StallWatch]:
    """Watches the GUI thread, which is the test's own; it answers while Qt's events are run."""
    from app.ui.stall_watch import StallWatch  # noqa: PLC0415 # Qt loads for tests of windows only

    watch = StallWatch()
    watch.start()
    yield watch
    watch.stop()
