"""What tests of all kinds share."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.ui.stall_watch import StallWatch

_worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
_screens = os.environ.get("LIVEHOUSE_TEST_SCREENS", "").split()
if _worker and _screens:
    os.environ["DISPLAY"] = _screens[int(_worker) % len(_screens)]

if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
    # `dev.py test` starts a display of its own; a bare pytest must not abort for want of one.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Hundreds of programs are started here: none of them shall compile itself anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

REPOSITORY = Path(__file__).resolve().parent.parent
CLIP = REPOSITORY.parent / "shared" / "media" / "bigbuckbunny.mp4"

# The order in which tests are begun, quick ones first: what is wrong is told early.
STAGES = ("architecture", "unit", "integration", "faults", "e2e", "distribution")
# Real programs with sound cards, cut links and clocks want a core for themselves: all of them in
# one process, one after the other, while another process does the rest, a file at a time.
REAL = ("tests/faults/", "tests/e2e/", "tests/distribution/", "tests/integration/app/")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort into stages; between two processes the longest piece comes before all others."""
    spread = hasattr(config, "workerinput")

    def place(item: pytest.Item) -> tuple[bool, int]:
        folder = item.nodeid.split("/")[1]
        return spread and not item.nodeid.startswith(REAL), STAGES.index(folder)

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What one process takes at a time. (`--dist loadgroup` marks tests by their ids, which pytest
    9.2 no longer lets it do.)"""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 # between two processes only

    class Pieces(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "real" if nodeid.startswith(REAL) else nodeid.partition("::")[0]

    return Pieces(config, log)


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


@pytest.fixture(autouse=True)
def ordinary_scheduling() -> Iterator[None]:
    """A library that made this process a real-time one would starve every later test's children."""
    yield
    if sys.platform == "linux" and os.sched_getscheduler(0) != os.SCHED_OTHER:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        pytest.fail("this process became a real-time one: tests/support/scheduling.py")


@pytest.fixture
def stall_watch(qapp: QApplication) -> Iterator[StallWatch]:
    """Watches the GUI thread, which is the test's own; it answers while Qt's events are run."""
    from app.ui.stall_watch import StallWatch  # noqa: PLC0415 # Qt loads for tests of windows only

    watch = StallWatch()
    watch.start()
    yield watch
    watch.stop()
