"""The whole window without a relay, for every test of the interface that wants it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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


@pytest.fixture
def desktop(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desktop]:
    loop, door = LoopThread(), Door()
    loop.start()
    house = House(tmp_path, random=lambda: 0.0, vault=Vault(tmp_path, uses_keyring=False), port=0)
    made = Desktop(
        qapp,
        house=house,
        loop=loop,
        door=door,
        preferences_file=PreferencesFile(tmp_path / "settings.json"),
        window_file=tmp_path / "window.ini",
    )
    qtbot.addWidget(made.window)
    made._on_preference("theme", "dark")
    made._on_preference("language", "en")
    made.window.resize(1024, 640)
    made.open()
    yield made
    made.window.close_now()
    made._on_preference("language", "en")
    door.close()
    assert loop.stop(last=house.stop)


@pytest.fixture
def still_desktop(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Desktop:
    """The same, whose pages show nothing but the states that a test gives them."""
    for page in (DiscoverPage, StudioPage, AdminPage, ReplaysPage):
        monkeypatch.setattr(page, "on_shown", lambda _self: None)
        monkeypatch.setattr(page, "on_hidden", lambda _self: None)
    monkeypatch.setattr(Gifting, "_post", lambda _self: None)
    made: Desktop = request.getfixturevalue("desktop")
    return made
