"""The composition root of the desktop program: the only file that knows every part.

Each function runs one command to its end and returns its exit code.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import platformdirs

from app.errors import BadInput, ExitCode
from app.live.crash_watch import CrashWatch
from app.live.device_table import list_sources as probe_sources
from app.live.encoder_table import probe_encoders
from app.live.hosting import Hosting
from app.live.house import House
from app.live.loop_thread import LoopThread
from app.live.preferences_file import PreferencesFile
from app.live.publishing import Publishing
from app.live.stats_file import check_writable, write_stats
from app.live.vault import Vault
from app.live.watching import PictureSink, Watching

if TYPE_CHECKING:
    from app.media.playback.picture_format import DecodedFrame
    from app.settings import PublishSettings, WatchSettings
    from app.ui.door import Door

LINE_INTERVAL_S: Final = 1.0
LINE_INTERVAL_QUIET_S: Final = 5.0
"""Where standard error is no terminal."""
SIGNAL_INTERVAL_MS: Final = 500


class _UseCase(Protocol):
    """What all three commands have in common."""

    async def run(self) -> None: ...

    def stop(self) -> None: ...

    def line(self) -> str: ...

    def statistics(self) -> dict[str, object]: ...


def publish(settings: PublishSettings, *, stats_json: Path | None) -> ExitCode:
    """`livehouse publish`."""
    return _run_headless(
        lambda: Publishing(settings, random=random.random, on_notice=_say), stats_json
    )


def watch(settings: WatchSettings, *, stats_json: Path | None) -> ExitCode:
    """`livehouse watch`."""
    return _run_headless(
        lambda: Watching(settings, random=random.random, unix_us=_unix_us, on_notice=_say),
        stats_json,
    )


def demo(*, seconds: float | None, data_dir: Path | None) -> ExitCode:
    """`livehouse demo`: with a window where there is a display, else with statistics."""
    folder = data_dir or Path(platformdirs.user_data_dir("livehouse", appauthor=False)) / "relay"

    def make(on_picture: PictureSink) -> Hosting:
        return Hosting(
            data_dir=folder,
            seconds=seconds,
            random=random.random,
            unix_us=_unix_us,
            on_notice=_say,
            on_picture=on_picture,
        )

    if not _has_display():
        _say("no display: statistics only")
        return _run_headless(lambda: make(lambda _frame, _pts_us: None), None)
    return _run_in_window(make)


def window(*, data_dir: Path | None, link: str) -> ExitCode:
    """`livehouse` without a command: the window."""
    if not _has_display():
        raise BadInput("there is no display; `livehouse publish` and `watch` need none")
    folder = data_dir or platformdirs.user_data_path("livehouse", appauthor=False)
    with CrashWatch(folder / "crashes") as crashes:
        return _open_window(folder, link, crashes, uses_keyring=data_dir is None)


def _open_window(folder: Path, link: str, crashes: CrashWatch, *, uses_keyring: bool) -> ExitCode:
    from PySide6.QtCore import QTimer  # noqa: PLC0415 # Qt loads for a window only
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 # the same

    from app.ui import crash_offer  # noqa: PLC0415 # the same
    from app.ui.desktop import Desktop  # noqa: PLC0415 # the same
    from app.ui.door import Door  # noqa: PLC0415 # the same
    from app.ui.theme.fonts import apply_font  # noqa: PLC0415 # the same

    application = QApplication(sys.argv[:1])
    application.setApplicationName("Livehouse")
    application.setStyle("Fusion")
    apply_font(application)
    loop, door = LoopThread(), Door()
    house = House(folder, random=random.random, vault=Vault(folder, uses_keyring=uses_keyring))
    loop.start()
    desktop = Desktop(
        application,
        house=house,
        loop=loop,
        door=door,
        preferences_file=PreferencesFile(folder / "settings.json"),
        window_file=folder / "window.ini",
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: desktop.window.close_now())
    # Python looks at signals between its own instructions only, and Qt has the thread.
    awake = QTimer()
    awake.timeout.connect(lambda: None)
    awake.start(SIGNAL_INTERVAL_MS)
    # Not when the last window is closed: a dialog may still stand, or a small window.
    desktop.window.closed.connect(lambda: QTimer.singleShot(0, application.exit))
    desktop.open(link)
    crash_offer.attach(desktop.window, crashes, door)
    application.exec()
    _close(house, loop, door)
    return ExitCode.OK


def _close(house: House, loop: LoopThread, door: Door) -> None:
    """Rooms and studio end their work first, then the link and the hosted relay: within bounds."""
    door.close()
    if not loop.stop(last=house.stop):
        _say("the network thread did not end in time")


def _run_in_window(make: Callable[[PictureSink], Hosting]) -> ExitCode:
    """Qt has the main thread, asyncio one of its own; either's end ends both."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 # Qt loads for a window only

    from app.ui.plain_window import PlainWindow  # noqa: PLC0415 # the same

    application = QApplication.instance() or QApplication(sys.argv[:1])
    network = _NetworkThread(make)
    window = PlainWindow(title="Livehouse", read_line=network.line, on_closed=network.stop)
    network.on_picture = window.show_picture
    network.on_end = window.end
    wake = signal.signal(signal.SIGINT, lambda *_: window.close())
    signal.signal(signal.SIGTERM, lambda *_: window.close())
    window.show()
    network.start()
    application.exec()
    signal.signal(signal.SIGINT, wake)
    network.join()
    if network.failure is not None:
        raise network.failure
    return ExitCode.OK


class _NetworkThread(threading.Thread):
    """The asyncio loop of a program whose main thread belongs to Qt."""

    def __init__(self, make: Callable[[PictureSink], Hosting]) -> None:
        super().__init__(name="network")
        self._make = make
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hosting: Hosting | None = None
        self._is_stopping = False
        self.on_picture: PictureSink = lambda _frame, _pts_us: None
        self.on_end: Callable[[], None] = lambda: None
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:  # noqa: BLE001 # handed to the main thread
            self.failure = error
        self.on_end()

    def stop(self) -> None:
        """Any thread."""
        self._is_stopping = True
        if self._loop is not None and self._hosting is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._hosting.stop)

    def line(self) -> str:
        """Any thread."""
        return self._hosting.line() if self._hosting is not None else "starting"

    def _on_picture(self, frame: DecodedFrame, pts_us: int) -> None:
        self.on_picture(frame, pts_us)

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._hosting = self._make(self._on_picture)
        if self._is_stopping:
            return
        await self._hosting.run()


def _run_headless(make: Callable[[], _UseCase], stats_json: Path | None) -> ExitCode:
    if stats_json is not None:
        check_writable(stats_json)
    asyncio.run(_drive(make, stats_json))
    return ExitCode.OK


async def _drive(make: Callable[[], _UseCase], stats_json: Path | None) -> None:
    use_case = make()
    loop = asyncio.get_running_loop()
    printing = loop.create_task(_print_lines(use_case.line))
    try:
        with _stopping_on_signals(loop, use_case.stop):
            await use_case.run()
    finally:
        printing.cancel()
        await asyncio.gather(printing, return_exceptions=True)
        if stats_json is not None:
            await asyncio.to_thread(write_stats, stats_json, use_case.statistics())


@contextlib.contextmanager
def _stopping_on_signals(
    loop: asyncio.AbstractEventLoop, stop: Callable[[], None]
) -> Iterator[None]:
    """SIGINT and SIGTERM end the command in order; a second one ends it at once."""
    seen = 0

    def on_signal(_number: int, _frame: object) -> None:
        nonlocal seen
        seen += 1
        if seen > 1:
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(stop)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [(number, signal.signal(number, on_signal)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


async def _print_lines(read_line: Callable[[], str]) -> None:
    is_terminal = sys.stderr.isatty()
    while True:
        await asyncio.sleep(LINE_INTERVAL_S if is_terminal else LINE_INTERVAL_QUIET_S)
        for line in read_line().splitlines():
            _say(line)


def _say(words: str) -> None:
    sys.stderr.write(f"livehouse: {words}\n")
    sys.stderr.flush()


def _unix_us() -> int:
    return time.time_ns() // 1000


def _has_display() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    if os.environ.get("QT_QPA_PLATFORM") in {"offscreen", "minimal"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def list_encoders() -> str:
    """`livehouse encoders`: a table."""
    rows = [
        f"{row.codec:5} {row.name:16} {'works' if row.works else 'does not work here'}"
        for row in probe_encoders()
    ]
    return "\n".join(rows) + "\n"


def list_sources() -> str:
    """`livehouse devices`: one a line."""
    return "".join(f"{address}\n" for address in probe_sources())
