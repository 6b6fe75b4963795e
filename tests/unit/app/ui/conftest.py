"""The whole window without a relay, for every test of the interface that wants it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from app.live.gifting import Gifting
from app.live.house import House
from app.live.loop_thread import LoopThread
from app.live.preferences_file import PreferencesFile
from app.live.vault import Vault
from app.ui.admin.admin_page import AdminPage
from app.ui.desktop import Desktop
from app.ui.discover.discover_page import DiscoverPage
from app.ui.door import Door
from app.ui.replays.replays_page import ReplaysPage
from app.ui.studio.studio_page import StudioPage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


STILL_PAGES = (DiscoverPage, StudioPage, AdminPage, ReplaysPage)


@contextlib.contextmanager
def open_desktop(application: QApplication, folder: Path) -> Iterator[Desktop]:
    loop, door = LoopThread(), Door()
    loop.start()
    house = House(folder, random=lambda: 0.0, vault=Vault(folder, uses_keyring=False), port=0)
    made = Desktop(
        application,
        house=house,
        loop=loop,
        door=door,
        preferences_file=PreferencesFile(folder / "settings.json"),
        window_file=folder / "window.ini",
    )
    made._on_preference("theme", "dark")
    made._on_preference("language", "en")
    made.window.resize(1024, 640)
    made.open()
    loop.submit(asyncio.sleep(0)).result()
    application.processEvents()  # how the pages begin is told by the loop, and would come later
    yield made
    made.window.close_now()
    made._on_preference("language", "en")
    door.close()
    assert loop.stop(last=house.stop)
    made.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def keep_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages show nothing but the states that a test gives them."""
    for page in STILL_PAGES:
        monkeypatch.setattr(page, "on_shown", lambda _self: None)
        monkeypatch.setattr(page, "on_hidden", lambda _self: None)
    monkeypatch.setattr(Gifting, "_post", lambda _self: None)


@pytest.fixture
def desktop(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desktop]:
    with open_desktop(qapp, tmp_path) as made:
        yield made


@pytest.fixture
def still_desktop(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Desktop:
    """The same, whose pages show nothing but the states that a test gives them."""
    keep_still(monkeypatch)
    made: Desktop = request.getfixturevalue("desktop")
    return made
