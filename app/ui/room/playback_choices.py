"""How somebody watches: volume, delay, quality and pause, from the controls to the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.state import preferences

if TYPE_CHECKING:
    from app.live.loop_thread import LoopThread
    from app.live.room_session import RoomSession
    from app.live.room_visits import RoomVisits
    from app.ui.door import Door
    from app.ui.room.control_bar import ControlBar
    from app.ui.room.viewer_choices import ViewerChoices
    from wire.media_commands import LayerChoice


class PlaybackChoices(QObject):
    """All but the pause is kept for the next start."""

    def __init__(
        self,
        controls: ControlBar,
        choices: ViewerChoices,
        visits: RoomVisits,
        loop: LoopThread,
        door: Door,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._choices = choices
        self._visits = visits
        self._loop = loop
        self._door = door
        controls.pause_toggled.connect(self.pause)
        controls.sound_chosen.connect(self._on_sound)
        controls.quality_chosen.connect(self._on_quality)
        controls.delay_chosen.connect(self._on_delay)

    def begin_with(self, chosen: preferences.Preferences) -> None:
        volume = float(chosen.get(preferences.VOLUME))
        delay_ms = round(float(chosen.get(preferences.DELAY_MS)))
        is_muted = bool(chosen.get(preferences.IS_MUTED))
        saves_data = bool(chosen.get(preferences.SAVES_DATA))
        self._loop.call(
            lambda: self._visits.begin_with(
                volume, delay_ms, is_muted=is_muted, saves_data=saves_data
            )
        )

    def pause(self, is_paused: bool) -> None:  # noqa: FBT001 # a slot
        def act(session: RoomSession) -> None:
            session.choose_pause(is_paused=is_paused)

        self._loop.call(self._visits.ask, act)

    def _on_sound(self, volume: float, is_muted: bool) -> None:  # noqa: FBT001 # a slot
        def act(session: RoomSession) -> None:
            session.choose_sound(volume, is_muted=is_muted)

        self._choices.put(preferences.VOLUME, volume)
        self._choices.put(preferences.IS_MUTED, is_muted)
        self._loop.call(self._visits.ask, act)

    def _on_delay(self, delay_ms: int) -> None:
        def act(session: RoomSession) -> None:
            session.choose_delay(delay_ms)

        self._choices.put(preferences.DELAY_MS, delay_ms)
        self._loop.call(self._visits.ask, act)

    def _on_quality(self, layer: LayerChoice, audio_only: bool, saves_data: bool) -> None:  # noqa: FBT001 # a slot
        self._choices.put(preferences.SAVES_DATA, saves_data)
        done = self._loop.submit(self._visits.choose_quality(layer, audio_only, saves_data))
        self._door.deliver(done, lambda _none: None, lambda _error: None)
