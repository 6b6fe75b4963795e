"""The pictures of docs/screenshots: the real window, a real relay, broadcasts and an audience.

    python3 dev.py screenshots [FILE ...] [--out FOLDER] [--only NAME]

Media files are shown in rooms and in Studio; without any there are test cards. The window hosts its
house as a user would, and `livehouse demo` fills it from a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.live import house as house_module
from app.live.demo_child import running_demo_house
from app.live.demo_patron import DemoPatron
from app.live.house import House
from app.live.loop_thread import LoopThread
from app.live.preferences_file import PreferencesFile
from app.live.vault import Vault
from app.settings import DemoSettings
from app.state.studio_events import ItemMoved
from app.state.studio_scene import Box
from app.ui.desktop import Desktop
from app.ui.door import Door
from app.ui.look import prepare
from app.ui.shortcuts import ShortcutsSheet
from app.ui.studio.text_picture import paint_text
from tests.e2e.sound_card import running_sound_card
from tests.tour.admin import show_admin
from tests.tour.admin_day import AdminDay
from tests.tour.alive import Guests, show_live_rooms
from tests.tour.pictures import lay_over, save_small
from tests.tour.recommended import show_recommended
from wire import command_base, event_base, events, room_commands, room_events

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

OUT: Final = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
LOOKS: Final = tuple(
    (language, theme) for language in ("en", "zh_CN") for theme in ("dark", "light")
)
SIZE: Final = (1280, 800)
LARGE: Final = (2560, 1440)
HOST: Final = "mika"
WAIT_S: Final = 40.0
TITLES: Final = ("The Tuesday workshop", "周二手工课：从零开始")
BANNER: Final = "Tonight: paper boats · 今晚折纸船"
VIEWERS: Final = 70
VIEWERS_OF_ADMIN: Final = 24
THUMBNAILS_S: Final = 12.0
"""Until every room has a picture: a report keeps it."""
SEED: Final = 9
CARD: Final = "testcard:1280x720@30,dusk"


class Tour:
    """Drives the window as a user would, by what its pages offer."""

    def __init__(self, folder: Path, out: Path, only: str) -> None:
        self.application = QApplication([])
        prepare(self.application)
        self.all_looks = self.looks = LOOKS
        self._out = out
        self._only = only
        self._taken: dict[str, QImage] = {}
        self.loop, self.door = LoopThread(), Door()
        vault = Vault(folder, uses_keyring=False)
        self.house = House(folder, random=random.Random(1).random, vault=vault, port=0)
        self.loop.start()
        self.desktop = Desktop(
            self.application,
            house=self.house,
            loop=self.loop,
            door=self.door,
            preferences_file=PreferencesFile(folder / "settings.json"),
            window_file=folder / "window.ini",
        )
        self.window = self.desktop.window

    def close(self) -> None:
        self.window.close()
        self.door.close()
        self.loop.stop(last=self.house.stop)

    def wait(self, seconds: float) -> None:
        turn = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), turn.quit)
        turn.exec()

    def wait_a_while(self, condition: Callable[[], bool], seconds: float = 15.0) -> bool:
        """Whether it came to be."""
        end_s = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end_s:
                return False
            self.wait(0.1)
        return True

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        if not self.wait_a_while(condition, WAIT_S):
            raise SystemExit(f"screenshots: {what} did not come within {WAIT_S:.0f} s")

    def choose(self, **wishes: str) -> None:
        for name, value in wishes.items():
            self.desktop._on_preference(name, value)

    def ask(self, command: command_base.Command, answer: type) -> event_base.Answer:
        return self.loop.submit(self.house.request(command, answer)).result(10)

    def photograph(
        self, name: str, *, prepare: Callable[[], None] = lambda: None, settle_s: float = 0.5
    ) -> None:
        """One page in every language and theme of `looks`."""
        for language, theme in self.looks:
            self.choose(language=language, theme=theme)
            self.wait(settle_s)
            prepare()
            self.take(f"{name}-{language}-{theme}", self.window.grab().toImage())

    def take(self, name: str, image: QImage) -> None:
        """Kept until `save`: choosing colours takes a core, which the pages need."""
        if name.startswith(self._only):
            self._taken[name] = image
            sys.stderr.write(f"{name} is taken\n")

    def save(self) -> int:
        """Write all and return their size in bytes."""
        total = 0
        for name, image in self._taken.items():
            size = save_small(image, self._out / f"{name}.png")
            total += size
            sys.stdout.write(f"{name}.png  {image.width()}x{image.height()}  {size // 1024} KiB\n")
        return total


def find_main_button(page: QWidget) -> QPushButton:
    """The one button of a page that asks to be pressed, whatever the page looks like."""
    return next(
        button
        for button in page.findChildren(QPushButton)
        if button.property("kind") == "primary" and button.isVisible()
    )


def show_first_start(tour: Tour) -> None:
    tour.desktop.open()
    tour.window.resize(*SIZE)
    tour.photograph("first-start")
    tour.desktop.first_start.host_choice.click()
    tour.wait_until(lambda: bool(tour.window.current_key), "the house")


def show_studio(tour: Tour, files: list[Path]) -> None:
    tour.window.show_page("studio")
    studio = tour.desktop.studio
    tour.wait_until(lambda: studio._desk.session is not None, "the studio")
    session = studio._desk.session
    tour.wait_until(lambda: bool(session.state.items), "the studio's picture")
    tour.wait(1.0)
    for item in session.state.items:
        tour.loop.submit(session.remove(item.key)).result(10)
    if files:
        label = files[0].stem
        tour.loop.submit(session.add_source("file", f"file:{files[0]}", label)).result(20)
    tour.loop.submit(session.add_source("testcard", CARD, "")).result(10)
    tour.loop.call(session.add_text, BANNER, paint_text(BANNER))
    tour.loop.call(session.choose_layout, "screen_camera")
    tour.wait(0.5)
    banner = next(item.key for item in session.state.items if item.kind == "text")
    tour.loop.call(session.change, ItemMoved(banner, Box(0.05, 0.84, 0.58, 0.08)))
    tour.loop.call(session.select, "")
    tour.wait(3.0)
    tour.photograph("studio-preview")
    find_main_button(studio).click()
    tour.wait_until(lambda: session.state.phase == "live", "the broadcast")


def name_the_room(tour: Tour, *, is_chinese: bool) -> None:
    title = TITLES[1] if is_chinese else TITLES[0]
    category = "手工" if is_chinese else "Making"
    session = tour.desktop.studio._desk.session
    tour.loop.submit(session.room.edit(title, category, "public")).result(10)


def show_studio_live(tour: Tour) -> None:
    session = tour.desktop.studio._desk.session

    def until_well() -> None:
        """A busy machine shows its warning for a while; it is not what the page looks like."""
        tour.wait_a_while(lambda: session.state.health.severity == "good")

    tour.window.show_page("studio")
    tour.wait(12)  # graphs need a past
    tour.photograph("studio-live", prepare=until_well, settle_s=1.0)
    tour.window.resize(*LARGE)
    tour.choose(language="zh_CN", theme="light")
    tour.wait(1.5)
    tour.take("studio-live-large-zh_CN-light", tour.window.grab().toImage())
    tour.window.resize(*SIZE)


def show_discover(tour: Tour) -> None:
    tour.window.show_page("discover")
    tour.wait(8)  # thumbnails come every few seconds
    tour.photograph("discover", settle_s=0.8)
    tour.window.resize(*LARGE)
    tour.choose(language="en", theme="dark")
    tour.wait(1.5)
    tour.take("discover-large-en-dark", tour.window.grab().toImage())
    tour.window.resize(*SIZE)


def show_room(tour: Tour) -> None:
    listed = tour.ask(room_commands.ListRooms(id=0, live_only=True), room_events.RoomList)
    own = tour.house.own_user_id()
    rooms = [room for room in listed.rooms if room.owner.user_id != own]
    best = next((room for room in rooms if room.category == "Film"), rooms[0])
    tour.desktop.discover.room_chosen.emit(best.room_id)
    room = tour.desktop.room
    said_at_s: list[float] = []

    def hear(event: events.RoomEvent) -> None:
        if isinstance(event, event_base.DanmakuPosted):
            said_at_s.append(time.monotonic())

    def until_lively() -> None:
        """Some of the chat is in flight."""
        tour.wait_a_while(lambda: len(said_at_s) >= 6 and time.monotonic() - said_at_s[-6] < 6.0)
        tour.wait(1.0)

    tour.wait(8)
    unhear = tour.house.add_room_listener(best.room_id, hear)
    tour.photograph("room", prepare=until_lively, settle_s=3.0)
    unhear()
    room.controls.figures.click()
    tour.photograph("room-statistics", settle_s=2.0)
    room.controls.figures.click()
    room.close_room()


def show_me(tour: Tour) -> None:
    tour.window.show_page("me")
    tour.photograph("me")
    sheet = tour.window.findChild(ShortcutsSheet)
    for language, theme in LOOKS:
        tour.choose(language=language, theme=theme)
        sheet.show()
        tour.wait(0.5)
        page, over = tour.window.grab().toImage(), sheet.grab().toImage()
        sheet.hide()
        tour.take(f"shortcuts-{language}-{theme}", lay_over(page, over))


def pretend() -> None:
    """Names that a picture may show, instead of this machine's."""
    os.environ["LOGNAME"] = HOST
    platform.node = lambda: f"{HOST}-laptop"
    house_module.find_lan_host = lambda: "192.168.1.20"


@contextlib.contextmanager
def sound_where_there_is_any() -> Iterator[None]:
    """PulseAudio's null sink, so that the pictures show a machine with a sound card."""
    with contextlib.ExitStack() as stack:
        try:
            card = stack.enter_context(running_sound_card())
        except pytest.skip.Exception as missing:
            sys.stdout.write(f"without sound: {missing}\n")
        else:
            os.environ.update(card.environment)
        yield


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py screenshots")
    parser.add_argument("files", nargs="*", type=Path, help="media to show")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument(
        "--only", default="", help="keep only pictures whose name begins so; the tour takes as long"
    )
    parser.add_argument("--alive", action="store_true", help="only gifts, polls and their like")
    parser.add_argument("--recommended", action="store_true", help="only recommendations")
    parser.add_argument("--admin", action="store_true", help="only the admin tab")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    files = [file.absolute() for file in options.files]
    began_s = time.monotonic()
    pretend()
    with (
        tempfile.TemporaryDirectory(prefix="livehouse-tour-") as folder,
        sound_where_there_is_any(),
    ):
        patron = DemoPatron()
        asyncio.run(patron.prepare(Path(folder) / "relay"))
        day = AdminDay()
        asyncio.run(day.prepare(Path(folder) / "relay"))
        tour = Tour(Path(folder), options.out, options.only)
        try:
            show_first_start(tour)
            is_part = options.alive or options.admin or options.recommended
            if not (options.admin or options.recommended):
                show_studio(tour, files)
                name_the_room(tour, is_chinese=False)
            if not options.alive:
                day.begin(tour)
            url, pin = tour.house.relay_settings()
            viewers = VIEWERS_OF_ADMIN if options.admin else VIEWERS
            wish = DemoSettings(relay=url, pin=pin, files=tuple(files), viewers=viewers, seed=SEED)
            guests = Guests(tour, Path(folder), patron)
            with running_demo_house(Path(folder) / "demo", wish):
                if not is_part:
                    show_discover(tour)
                    show_room(tour)
                    show_me(tour)
                    show_studio_live(tour)
                if options.recommended or not is_part:
                    show_recommended(tour, patron)
                if options.alive or not is_part:
                    show_live_rooms(tour, guests)
                if options.admin or not is_part:
                    tour.wait(THUMBNAILS_S)
                    day.live(tour, Path(folder))
                    show_admin(tour)
        finally:
            tour.close()
    written = tour.save()
    took_s = time.monotonic() - began_s
    sys.stdout.write(f"{written / 1e6:.1f} MB in {options.out}, {took_s:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
