"""Studio's session as the page holds it: made on the loop when first shown, asked from here."""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from app.live.scene_file import SceneFile
from app.live.studio import StudioSession
from app.media.encode.layers import LAYERS_AUTO, LAYERS_DEFAULT
from app.state.studio_saved import texts_of
from app.ui.studio.text_picture import paint_text

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.media.scene.filters_on_demand import Pixels
    from app.state.studio import StudioState
    from app.ui.door import Door

Work = Callable[[StudioSession], Coroutine[Any, Any, object]]


class StudioDesk:
    """On the GUI thread; its session lives on the loop from `begin` on."""

    def __init__(
        self,
        house: House,
        loop: LoopThread,
        door: Door,
        *,
        on_state: Callable[[StudioState], None],
        on_pixels: Callable[[Pixels], None],
        on_made: Callable[[], None],
        on_error: Callable[[LivehouseError], None],
    ) -> None:
        self.house = house
        self.loop = loop
        self.door = door
        self.session: StudioSession | None = None
        self._on_state = on_state
        self._on_pixels = on_pixels
        self._on_made = on_made
        self._on_error = on_error
        self._is_begun = False
        self._ending: asyncio.Event | None = None
        self._layers = LAYERS_DEFAULT
        self.second_path = ""

    def choose(self, *, is_several: bool, second_path: str) -> None:
        """Before `begin`."""
        self.second_path = second_path
        self._layers = LAYERS_AUTO if is_several else LAYERS_DEFAULT

    def begin(self) -> None:
        """Once, however often it is asked for."""
        if not self._is_begun:
            self._is_begun = True
            kept = SceneFile(self.house.data_dir / "studio.json", self.house.vault)
            texts = texts_of(kept.scene) if kept.scene is not None else ()
            pictures = {text: paint_text(text) for text in texts}
            self.loop.submit(self._live_on_loop(kept, pictures))

    def call(self, work: Callable[[StudioSession], object]) -> None:
        session = self.session
        if session is not None:
            self.loop.call(work, session)

    def run(
        self,
        work: Work,
        on_done: Callable[[object], object] = lambda _: None,
        on_error: Callable[[LivehouseError], None] | None = None,
    ) -> None:
        session = self.session
        if session is not None:
            done = self.loop.submit(work(session))
            self.door.deliver(done, on_done, on_error or self._on_error)

    async def _live_on_loop(self, kept: SceneFile, texts: dict[str, Pixels]) -> None:
        # Somebody must hold what a task waits for: the loop itself holds tasks weakly.
        ending = self._ending = asyncio.Event()
        session = StudioSession(
            self.house,
            random=random.random,
            on_state=lambda state: self.door.post(self._on_state, state),
            on_pixels=self._on_pixels,
            layers=self._layers,
            second_path=self.second_path,
            vault=self.house.vault,
            scene_file=kept,
            texts=texts,
            collect=lambda: self.door.post(gc.collect),
        )
        try:
            self.door.post(self._take, session)
            await session.start()
            await ending.wait()  # until the loop ends
        finally:
            await session.stop()

    def _take(self, session: StudioSession) -> None:
        self.session = session
        self._on_made()
