"""The composition root of the desktop program: the only file that knows every part.

Each function runs one command to its end and returns its exit code.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
import platformdirs

from app.errors import BadInput, ExitCode
from app.live.crash_watch import CrashWatch
from app.live.demo_child import DemoReady, running_demo_house
from app.live.hosting import Hosting
from app.live.house import House
from app.live.invite_link import InviteLink, pack_invite_link
from app.live.loop_thread import LoopThread
from app.live.preferences_file import PreferencesFile
from app.live.publishing import Publishing
from app.live.pushing import Pushing
from app.live.stats_file import check_writable, write_stats
from app.live.vault import Vault
from app.live.watching import Watching
from app.media.playback.spare_decoder import SPARE
from app.net.address import parse_relay_address
from app.settings import DECODER_VARIABLE, Secret

if TYPE_CHECKING:
    from app.live.publishing import PacketTap
    from app.settings import (
        AudienceSettings,
        DemoSettings,
        PublishSettings,
        RehearsalSettings,
        WatchSettings,
    )
    from app.ui.door import Door

LINE_INTERVAL_S: Final = 1.0
LINE_INTERVAL_QUIET_S: Final = 5.0
"""Where standard error is no terminal."""
SIGNAL_INTERVAL_MS: Final = 500
DEBUG_VARIABLE: Final = "LIVEHOUSE_DEBUG"
"""Set to anything: tracebacks, and where the window's thread stood still."""
STREAM_KEY_BYTES: Final = 24
STDIN_PIECE_BYTES: Final = 4096
SPARE_DECODER_AFTER_S: Final = 2.0
"""The window is open by then: its start-up does not share its cores with a child's."""


class _UseCase(Protocol):
    """What all commands without a window have in common."""

    async def run(self) -> None: ...

    def stop(self) -> None: ...

    def line(self) -> str: ...

    def statistics(self) -> dict[str, object]: ...


def publish(
    settings: PublishSettings, *, stats_json: Path | None, push_file: Path | None = None
) -> ExitCode:
    """`livehouse publish`."""
    make_taps = _taps_of(push_file)
    return _run_headless(
        lambda: Publishing(settings, random=random.random, on_notice=_say, taps=make_taps()),
        stats_json,
    )


def ingest_rtmp(
    settings: PublishSettings,
    *,
    host: str,
    port: int,
    stream_key: Secret | None,
    layers: str,
    stats_json: Path | None,
    push_file: Path | None = None,
) -> ExitCode:
    """`livehouse ingest rtmp`. A key made here is printed once, for the user alone."""
    from app.live.ingest_rtmp import RtmpIngest  # noqa: PLC0415 # the window starts without it

    key = stream_key or Secret(secrets.token_urlsafe(STREAM_KEY_BYTES))
    make_taps = _taps_of(push_file)
    if stream_key is None:
        sys.stdout.write(f"stream key: {key}\n")
        sys.stdout.flush()
    return _run_headless(
        lambda: RtmpIngest(
            settings,
            host=host,
            port=port,
            stream_key=key,
            layers=layers,
            random=random.random,
            on_notice=_say,
            make_taps=make_taps,
        ),
        stats_json,
    )


def ingest_pull(
    settings: PublishSettings,
    *,
    address: Secret,
    layers: str,
    stats_json: Path | None,
    push_file: Path | None = None,
) -> ExitCode:
    """`livehouse ingest pull`."""
    from app.live.ingest_pull import PullIngest  # noqa: PLC0415 # the window starts without it

    make_taps = _taps_of(push_file)
    return _run_headless(
        lambda: PullIngest(
            settings,
            address=address,
            layers=layers,
            random=random.random,
            on_notice=_say,
            make_taps=make_taps,
        ),
        stats_json,
    )


def _taps_of(push_file: Path | None) -> Callable[[], list[PacketTap]]:
    """What makes the taps of each broadcast. Raises BadInput."""
    from app.live.push_file import read_push_file  # noqa: PLC0415 # the window starts without it

    targets = () if push_file is None else read_push_file(push_file)

    def make() -> list[PacketTap]:
        return [Pushing(targets, random=random.random, on_notice=_say)] if targets else []

    return make


def watch(settings: WatchSettings, *, stats_json: Path | None) -> ExitCode:
    """`livehouse watch`."""
    return _run_headless(
        lambda: Watching(settings, random=random.random, unix_us=_unix_us, on_notice=_say),
        stats_json,
    )


def host(*, seconds: float | None, data_dir: Path | None) -> ExitCode:
    """`livehouse host`: the main job without a window. Its relay is the one of the window."""
    folder = data_dir or platformdirs.user_data_path("livehouse", appauthor=False)
    return _run_headless(
        lambda: Hosting(
            data_dir=folder / "relay",
            seconds=seconds,
            random=random.random,
            unix_us=_unix_us,
            on_notice=_say,
        ),
        None,
    )


def simulate(
    settings: AudienceSettings, *, data_dir: Path | None, stats_json: Path | None
) -> ExitCode:
    """`livehouse simulate`."""
    from app.live.crowd import Crowd  # noqa: PLC0415 # the window starts without it

    folder = data_dir or platformdirs.user_data_path("livehouse", appauthor=False) / "simulated"
    return _run_headless(
        lambda: Crowd(
            settings,
            vault=Vault(folder, uses_keyring=False),
            random=_seeded(settings.seed),
            on_notice=_say,
            began_hour=_hour(),
        ),
        stats_json,
    )


def rehearse(
    source: Path,
    settings: RehearsalSettings,
    *,
    data_dir: Path | None,
    stats_json: Path | None,
) -> ExitCode:
    """`livehouse danmaku rehearse`."""
    from app.live.danmaku_convert import read_danmaku  # noqa: PLC0415 # the window starts without it
    from app.live.rehearsal import Rehearsal  # noqa: PLC0415 # the window starts without it

    folder = data_dir or platformdirs.user_data_path("livehouse", appauthor=False) / "simulated"
    sayings = read_danmaku(source).sayings
    return _run_headless(
        lambda: Rehearsal(settings, sayings, vault=Vault(folder, uses_keyring=False)), stats_json
    )


def demo(settings: DemoSettings, *, data_dir: Path | None, wants_window: bool) -> ExitCode:
    """`livehouse demo`: the house in a child process and the window here, or statistics alone."""
    with contextlib.ExitStack() as stack:
        folder = data_dir or Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="livehouse-demo-", ignore_cleanup_errors=True)
            )
        )
        if not wants_window or not _has_display():
            _say("no window: statistics only")
            return run_demo_house(settings, data_dir=folder, is_child=False)
        _say("opening the demo house; this takes a few seconds")
        stack.enter_context(_ending_in_order())
        house = stack.enter_context(running_demo_house(folder, settings))
        address = parse_relay_address(house.url, pin=house.pin)
        link = pack_invite_link(InviteLink(address))
        return window(data_dir=folder / "window", link=link, seconds=settings.seconds)


@contextlib.contextmanager
def _ending_in_order() -> Iterator[None]:
    """Whoever is told to end before there is a window that could do it leaves nothing behind."""

    def end(*_signal: object) -> None:
        raise SystemExit(ExitCode.OK)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run_demo_house(settings: DemoSettings, *, data_dir: Path, is_child: bool) -> ExitCode:
    """The demo's house by itself. As a child it says so once it is open, and ends with its parent
    or when the parent closes its input."""
    from app.live.demo_house import DemoHouse  # noqa: PLC0415 # the window starts without it

    def on_ready(url: str, pin: str | None) -> None:
        if is_child:
            sys.stdout.buffer.write(msgspec.json.encode(DemoReady(url=url, pin=pin)) + b"\n")
            sys.stdout.flush()

    return _run_headless(
        lambda: DemoHouse(
            settings,
            data_dir=data_dir,
            random=random.random,
            seeded=_seeded(settings.seed),
            on_notice=_say,
            on_ready=on_ready,
            began_hour=_hour(),
        ),
        None,
        ends_with_stdin=is_child,
    )


def window(*, data_dir: Path | None, link: str, seconds: float | None = None) -> ExitCode:
    """`livehouse` without a command: the window; where there is no display, `livehouse host`."""
    if not _has_display():
        if link:
            raise BadInput("there is no display for --join; `livehouse watch` needs none")
        _say("no display: going live without a window, as `livehouse host` does")
        return host(seconds=seconds, data_dir=data_dir)
    folder = data_dir or platformdirs.user_data_path("livehouse", appauthor=False)
    with CrashWatch(folder / "crashes") as crashes:
        has_ended = _open_window(
            folder, link, crashes, seconds=seconds, uses_keyring=data_dir is None
        )
    if not has_ended:
        # Some thread waits within the system, for a pipe or a disk that is gone. The interpreter
        # would wait for it without end, and nobody sees the program any more.
        sys.stderr.flush()
        os._exit(ExitCode.OK)
    return ExitCode.OK


def _open_window(
    folder: Path, link: str, crashes: CrashWatch, *, seconds: float | None, uses_keyring: bool
) -> bool:
    """Until it is closed; whether everything behind it has ended then."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415 # Qt loads for a window only
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 # the same

    from app.ui import crash_offer  # noqa: PLC0415 # the same
    from app.ui.desktop import Desktop  # noqa: PLC0415 # the same
    from app.ui.door import Door  # noqa: PLC0415 # the same
    from app.ui.garbage import GarbageCollector  # noqa: PLC0415 # the same
    from app.ui.look import prepare  # noqa: PLC0415 # the same
    from app.ui.single_window import (  # noqa: PLC0415 # the same
        SingleWindow,
        hand_over,
        socket_name,
    )
    from app.ui.stall_watch import StallWatch  # noqa: PLC0415 # the same

    application = QApplication(sys.argv[:1])
    prepare(application)
    name = socket_name(folder)
    if hand_over(name, link):
        _say("the window is open already")
        return True
    single = SingleWindow(name)
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
    single.wanted.connect(desktop.open_link)
    if seconds is not None:
        QTimer.singleShot(round(seconds * 1000), desktop.window.close_now)
    desktop.open(link)
    loop.submit(_prepare_decoder())
    crash_offer.attach(desktop.window, crashes, door)
    # A full collection takes 22 ms of every thread, nearly all of it for what never dies.
    gc.freeze()
    garbage = GarbageCollector()
    garbage.start()
    stalls = StallWatch(on_stall=lambda stall: _say(stall.line()))
    if os.environ.get(DEBUG_VARIABLE):
        stalls.start()
    application.exec()
    stalls.stop()
    single.close()
    has_ended = _close(house, loop, door)
    garbage.stop()
    return has_ended


async def _prepare_decoder() -> None:
    """So that the first room opens without waiting for its decoder child."""
    await asyncio.sleep(SPARE_DECODER_AFTER_S)
    if not os.environ.get(DECODER_VARIABLE):
        with contextlib.suppress(OSError):
            await asyncio.to_thread(SPARE.prepare)


def _close(house: House, loop: LoopThread, door: Door) -> bool:
    """Rooms and studio end their work first, then the link and the hosted relay: within bounds.
    Whether they did."""
    door.close()
    has_ended = loop.stop(last=house.stop)
    if not has_ended:
        _say("the network thread did not end in time")
    return has_ended


def _run_headless(
    make: Callable[[], _UseCase], stats_json: Path | None, *, ends_with_stdin: bool = False
) -> ExitCode:
    if stats_json is not None:
        check_writable(stats_json)
    asyncio.run(_drive(make, stats_json, ends_with_stdin=ends_with_stdin))
    return ExitCode.OK


async def _drive(
    make: Callable[[], _UseCase], stats_json: Path | None, *, ends_with_stdin: bool
) -> None:
    use_case = make()
    loop = asyncio.get_running_loop()
    if ends_with_stdin:
        _on_end_of_stdin(loop, use_case.stop)
    printing = loop.create_task(_print_lines(use_case.line))
    try:
        with _stopping_on_signals(loop, use_case.stop):
            await use_case.run()
    finally:
        printing.cancel()
        await asyncio.gather(printing, return_exceptions=True)
        if stats_json is not None:
            await asyncio.to_thread(write_stats, stats_json, use_case.statistics())


def _on_end_of_stdin(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """A thread of its own: pipes cannot be awaited on every system."""

    def wait() -> None:
        # Not through sys.stdin: its lock, held by a waiting thread, stops the interpreter's end.
        while os.read(0, STDIN_PIECE_BYTES):
            pass
        with contextlib.suppress(RuntimeError):  # the loop has ended by other means
            loop.call_soon_threadsafe(stop)

    threading.Thread(target=wait, name="stdin", daemon=True).start()


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


def _seeded(seed: int) -> Callable[[], float]:
    return random.Random(seed).random  # noqa: S311 # must repeat; no secret comes of it


def _hour() -> float:
    """Of the day, here."""
    now = time.localtime()
    return now.tm_hour + now.tm_min / 60


def _unix_us() -> int:
    return time.time_ns() // 1000


def _has_display() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    if os.environ.get("QT_QPA_PLATFORM") in {"offscreen", "minimal"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
