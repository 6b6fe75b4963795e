"""What is asked of the ways out and in: other services, and the port for OBS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.studio.target_dialog import TargetDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.live.studio import StudioSession
    from app.state.pushing import TargetStatus
    from app.state.studio import StudioState
    from app.ui.studio.streams_panel import StreamsPanel
    from app.ui.studio.studio_desk import StudioDesk


class StreamsDesk(QObject):
    """Between the panel and the session's streams."""

    def __init__(self, page: QWidget, desk: StudioDesk, panel: StreamsPanel) -> None:
        super().__init__(page)
        self._page = page
        self._desk = desk
        self._targets: tuple[TargetStatus, ...] = ()
        panel.edit_wanted.connect(self._on_target_wanted)
        panel.enabled.connect(
            lambda key, on: desk.run(lambda it: it.streams.enable_target(key, is_enabled=on))
        )
        panel.retry_wanted.connect(
            lambda key: desk.call(lambda session: session.streams.retry_target(key))
        )
        panel.port_wanted.connect(self._on_port_wanted)
        panel.key_renew_wanted.connect(lambda: desk.run(lambda session: session.renew_stream_key()))

    def render_state(self, state: StudioState) -> None:
        self._targets = state.targets

    def _on_target_wanted(self, target_id: str) -> None:
        target = next((one for one in self._targets if one.target_id == target_id), None)
        dialog = TargetDialog(self._page, target)
        dialog.saved.connect(
            lambda name, server, key, crop: self._desk.run(
                lambda session: session.streams.save_target(target_id, name, server, key, crop)
            )
        )
        dialog.removed.connect(
            lambda: self._desk.run(lambda session: session.streams.remove_target(target_id))
        )
        dialog.open()

    def _on_port_wanted(self, is_open: bool) -> None:  # noqa: FBT001 # a slot
        house = self._desk.house

        async def change(session: StudioSession) -> None:
            if not is_open:
                await session.streams.close_port()
                return
            if not house.state.has_relay:
                await house.host()
            await session.open_port()

        self._desk.run(change)
