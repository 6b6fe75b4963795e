"""The real window, told by lines of JSON what its user does, and asked how it went.

Everything that the window is made of is the product's own (its relay is a child process, its data
are in a folder of their own), with a stall watch beside it. A line on stdin is a command:
`{"do": "host"}`; its answer on stdout names it: `{"event": "host", ...}`. The window closes when
stdin does.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import gc
import json
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.live.house import House
from app.live.loop_thread import LoopThread
from app.live.preferences_file import PreferencesFile
from app.live.studio import StudioSession
from app.live.vault import Vault
from app.ui.desktop import Desktop
from app.ui.door import Door
from app.ui.look import prepare
from app.ui.room import room_page
from app.ui.room.stage import Stage
from app.ui.stall_watch import StallFigures, StallWatch
from app.ui.studio import studio_desk
from app.ui.studio.preview_stage import PreviewStage
from benchmarks.harness.gui_figures import LostPictures
from benchmarks.harness.report import say

if TYPE_CHECKING:
    from app.media.playback.picture_format import DecodedFrame
    from wire.media_commands import LayerChoice

POLL_MS: Final = 20
WAIT_S_MAX: Final = 60.0
_Message = dict[str, Any]


class CountingStage(Stage):
    """Counts by their times the pictures that the player handed over, and those that it did not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.handed_over = LostPictures()

    def show_picture(self, frame: DecodedFrame, pts_us: int) -> None:
        self.handed_over.add(pts_us)
        super().show_picture(frame, pts_us)


class Driver:
    """Does on the GUI thread what the lines say."""

    def __init__(self, options: argparse.Namespace, application: QApplication) -> None:
        folder = options.data_dir
        self._application = application
        self.loop, self.door = LoopThread(), Door()
        self.house = House(
            folder,
            random=random.random,
            vault=Vault(folder, uses_keyring=False),
            host="127.0.0.1",
            port=0,
        )
        self._session: StudioSession | None = None
        # The pages make these by themselves; the bench reads their figures.
        studio_desk.StudioSession = self._make_session  # type: ignore[misc, assignment] # see above
        room_page.Stage = CountingStage  # type: ignore[misc] # see above
        self.loop.start()
        self.desktop = Desktop(
            application,
            house=self.house,
            loop=self.loop,
            door=self.door,
            preferences_file=PreferencesFile(folder / "settings.json"),
            window_file=folder / "window.ini",
        )
        self._layers = options.layers
        self._watch: StallWatch | None = None
        self._preview = self.desktop.studio.findChildren(PreviewStage)[0]
        self._taken_at_s = 0.0
        self._painted = (0, 0, 0)
        self._waits: set[QTimer] = set()

    def open(self) -> None:
        self.prefer("language", "en")
        self.prefer("theme", "dark")
        self.desktop.open()

    def close(self) -> None:
        if self._watch is not None:
            self._watch.stop()
        self.door.close()
        self.loop.stop(last=self.house.stop)

    def obey(self, message: _Message) -> None:
        name = message.pop("do")
        answer = functools.partial(_answer, name)
        getattr(self, f"do_{name}")(answer, **message)

    # --- commands ---------------------------------------------------------------------------------

    def do_size(self, answer: Callable[..., None], width: int, height: int) -> None:
        window = self.desktop.window
        window.move(0, 0)
        window.resize(width, height)
        self.wait(
            lambda: (window.width(), window.height()) == (width, height),
            lambda: answer(width=window.width(), height=window.height()),
        )

    def do_host(self, answer: Callable[..., None]) -> None:
        self.desktop.first_start.host_choice.click()
        self.wait(
            lambda: self.desktop.window.current_key == "studio" and self._session is not None,
            lambda: answer(
                url=self.house.state.url,
                room_id=self.house.state.home_room_id,
                invite=self.house.state.invite_link,
            ),
        )

    def do_join(self, answer: Callable[..., None], link: str) -> None:
        self.desktop.first_start.start_join(link)
        self.wait(lambda: self.desktop.window.current_key == "room", answer)

    def do_page(self, answer: Callable[..., None], key: str) -> None:
        self.desktop.window.show_page(key)
        answer()

    def do_go_live(self, answer: Callable[..., None]) -> None:
        session = self._access_session()
        press(self.desktop.studio, "Go live")
        self.wait(
            lambda: session.state.phase == "live",
            lambda: answer(broadcast_id=session.statistics()["broadcast_id"]),
        )

    def do_enter(self, answer: Callable[..., None], room_id: str) -> None:
        """Its controls are on once it is joined."""
        self.desktop.discover.room_chosen.emit(room_id)
        self.wait(self.desktop.room.controls.isEnabled, answer)

    def do_await_picture(self, answer: Callable[..., None]) -> None:
        self.wait(lambda: self.desktop.room.stage.pictures_painted > 0, answer)

    def do_picture_in_picture(self, answer: Callable[..., None]) -> None:
        self.desktop.room.controls.picture_in_picture.click()
        answer()

    def do_watch_stalls(self, answer: Callable[..., None]) -> None:
        """From now on: an idle window is measured without the watch."""
        self._watch = StallWatch()
        self._watch.start()
        answer()

    def do_source(self, answer: Callable[..., None], kind: str, address: str) -> None:
        """Another source in the place of all that there are: added first, then the old removed."""
        session = self._access_session()

        async def switch() -> None:
            before = [item.key for item in session.state.items]
            await session.add_source(kind, address, "")  # type: ignore[arg-type] # plain text here
            for key in before:
                await session.remove(key)

        self.door.deliver(self.loop.submit(switch()), lambda _none: answer(), _fail)

    def do_sound(self, answer: Callable[..., None], address: str) -> None:
        added = self.loop.submit(self._access_session().add_sound(address, ""))
        self.door.deliver(added, lambda _is_added: answer(), _fail)

    def do_layout(self, answer: Callable[..., None], name: str) -> None:
        press(self.desktop.studio, name)
        answer()

    def do_quality(self, answer: Callable[..., None], layer: LayerChoice) -> None:
        self.desktop.room.controls.quality_chosen.emit(layer, False, False)
        answer()

    def do_say(self, answer: Callable[..., None], text: str) -> None:
        """In the room that the window is in; one's own words fly at once."""
        self.desktop.room.chat.sent.emit(text, 1, 0xFFFFFF, "normal")
        answer()

    def do_prefer(self, answer: Callable[..., None], name: str, value: str) -> None:
        began_s = time.perf_counter()
        self.prefer(name, value)
        answer(took_ms=(time.perf_counter() - began_s) * 1000)

    def do_take(self, answer: Callable[..., None]) -> None:
        """Figures since the last `take`, and begin anew."""
        now_s = time.perf_counter()
        elapsed_s, self._taken_at_s = now_s - self._taken_at_s, now_s
        stage = self.desktop.room.stage
        painted = self._preview.pictures_painted, stage.pictures_painted, stage.pictures_skipped
        preview, shown, skipped = (
            now - then for now, then in zip(painted, self._painted, strict=True)
        )
        self._painted = painted
        _, lost = stage.handed_over.take() if isinstance(stage, CountingStage) else (0, 0)
        answer(
            seconds=elapsed_s,
            preview_painted=preview,
            stage_painted=shown,
            stage_lost=lost + skipped,
            stalls=None if self._watch is None else _to_json(self._watch.take()),
            published=self._session.statistics() if self._session is not None else {},
        )

    # --- within -----------------------------------------------------------------------------------

    def prefer(self, name: str, value: str) -> None:
        self.desktop.me.settings.changed.emit(name, value)

    def wait(self, is_so: Callable[[], bool], then: Callable[[], None]) -> None:
        """Without holding the GUI thread."""
        timer = QTimer()
        deadline_s = time.perf_counter() + WAIT_S_MAX
        self._waits.add(timer)

        def look() -> None:
            if is_so() or time.perf_counter() > deadline_s:
                timer.stop()
                self._waits.discard(timer)
                if is_so():
                    then()
                else:
                    _fail("nothing happened in time")

        timer.timeout.connect(look)
        timer.start(POLL_MS)

    def _make_session(self, *arguments: Any, **named: Any) -> StudioSession:
        self._session = StudioSession(*arguments, **{**named, "layers": self._layers})
        return self._session

    def _access_session(self) -> StudioSession:
        if self._session is None:
            raise RuntimeError("the studio was never shown")
        return self._session


def _to_json(figures: StallFigures) -> _Message:
    return dataclasses.asdict(figures)


def press(page: Any, words: str) -> None:
    """Click the button that says this."""
    for button in page.findChildren(QAbstractButton):
        if button.text() == words:
            button.click()
            return
    raise LookupError(f"no button says {words!r}")


def _answer(name: str, **figures: Any) -> None:
    say(json.dumps({"event": name, **figures}))


def _fail(reason: object) -> None:
    say(json.dumps({"event": "failed", "reason": str(reason)}))


def _read_commands(driver: Driver) -> None:
    for line in sys.stdin:
        driver.door.post(driver.obey, json.loads(line))
    driver.door.post(driver.desktop.window.close)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--layers", default="720p")
    options = parser.parse_args()
    application = QApplication(sys.argv[:1])
    prepare(application)
    driver = Driver(options, application)
    driver.open()
    gc.freeze()  # as the program itself does
    threading.Thread(target=_read_commands, args=(driver,), name="commands", daemon=True).start()
    say(json.dumps({"event": "ready"}))
    application.exec()
    driver.close()


if __name__ == "__main__":
    main()
