"""A second start hands its link to the first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.ui.single_window import LINK_BYTES_MAX, SingleWindow, hand_over, socket_name

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


ROOT = Path(__file__).resolve().parents[4]
START_TIMEOUT_MS = 15_000


def start_again(name: str, link: str) -> subprocess.Popen[str]:
    """As a second start of the program does; it prints whether the link was taken."""
    code = "import sys; from app.ui.single_window import hand_over; print(hand_over(*sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", code, name, link], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("link", ["livehouse://house:1/room?invite=s", "", "two\nlines 直播"])
def test_link_when_a_window_is_open_then_it_gets_the_link(
    qtbot: QtBot, tmp_path: Path, link: str
) -> None:
    name = socket_name(tmp_path)
    single = SingleWindow(name)
    with qtbot.waitSignal(single.wanted, timeout=START_TIMEOUT_MS) as heard:
        other = start_again(name, link)
    assert heard.args == [link.replace("\n", " ")]
    qtbot.waitUntil(lambda: other.poll() is not None, timeout=START_TIMEOUT_MS)
    assert other.communicate()[0] == "True\n"
    single.close()


def test_link_when_no_window_is_open_then_is_not_taken(qapp: QApplication, tmp_path: Path) -> None:
    assert not hand_over(socket_name(tmp_path), "livehouse://house:1")


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe of Windows is gone with its process")
def test_window_when_a_crash_left_its_socket_then_listens_again(
    qtbot: QtBot, tmp_path: Path
) -> None:
    name = socket_name(tmp_path)
    left_behind = QLocalServer()
    left_behind.listen(name)
    path = Path(left_behind.fullServerName())
    saved = path.with_suffix(".kept")
    path.rename(saved)
    left_behind.close()
    saved.rename(path)
    single = SingleWindow(name)
    with qtbot.waitSignal(single.wanted, timeout=START_TIMEOUT_MS):
        other = start_again(name, "x")
    qtbot.waitUntil(lambda: other.poll() is not None, timeout=START_TIMEOUT_MS)
    assert other.communicate()[0] == "True\n"
    single.close()


def test_socket_when_it_sends_without_end_then_is_cut(qtbot: QtBot, tmp_path: Path) -> None:
    name = socket_name(tmp_path)
    single = SingleWindow(name)
    heard: list[str] = []
    single.wanted.connect(heard.append)
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected(1000)
    with qtbot.waitSignal(socket.disconnected, timeout=3000):
        socket.write(b"x" * (4 * LINK_BYTES_MAX))
    assert heard == []
    single.close()


def test_name_when_the_folder_is_another_then_is_another(tmp_path: Path) -> None:
    assert socket_name(tmp_path) == socket_name(tmp_path / "a" / "..")
    assert socket_name(tmp_path) != socket_name(tmp_path / "a")
