"""Studio's first line: what is on, whether it is live, who watches, and how others get in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ui.elided_label import ElidedLabel
from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.short_count import short_count
from app.ui.studio.words import elapsed
from app.ui.theme.icons import set_lead_icon
from app.ui.theme.kinds import set_kind

if TYPE_CHECKING:
    from app.state.pushing import StreamInState
    from app.state.studio import StudioState
    from app.state.studio_events import Phase

BADGE_HEIGHT: Final = 24
BY_OBS: Final[dict[StreamInState, Phase]] = {"live": "live", "held": "waiting"}
"""The room's phase while another program sends its picture."""


class StudioHead(QWidget):
    """Renders the state; the Share button belongs to the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel()
        self._title.setObjectName("h2")
        self._badge = PlainLabel()
        self._badge.setObjectName("badge")
        self._badge.setFixedHeight(BADGE_HEIGHT)
        self._clock = PlainLabel()
        self._viewers = PlainLabel()
        self._viewers.setProperty("soft", True)
        self._likes = PlainLabel()
        self._likes.setProperty("soft", True)
        self.share_button = QPushButton()
        set_lead_icon(self.share_button, "share")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._title, 1)
        for widget in (self._badge, self._clock, self._viewers, self._likes, self.share_button):
            row.addWidget(widget)

    def render_state(self, state: StudioState) -> None:
        self._title.show_line(state.title or state.room or self.tr("Studio"))
        words = {
            "preview": self.tr("Not live"),
            "starting": self.tr("Starting…"),
            "live": self.tr("Live"),
            "waiting": self.tr("Reconnecting…"),
            "ending": self.tr("Ending…"),
        }
        phase = state.phase
        if phase == "preview":  # what OBS sends goes past Studio
            phase = BY_OBS.get(state.stream_in.state, phase)
        self._badge.setText(words[phase])
        set_kind(self._badge, {"live": "live", "waiting": "warn"}.get(phase, ""))
        is_running = state.phase in {"live", "waiting"}
        self._clock.setVisible(is_running)
        self._viewers.setVisible(is_running)
        self._likes.setVisible(is_running)
        self._likes.setText(f"♥ {short_count(state.likes)}")
        self._likes.setAccessibleName(self.tr("Hearts: {0}").format(state.likes))
        self._clock.setText(elapsed(state))
        self._viewers.setText(self.tr("%n watching", "", state.figures.viewers))

    def retranslate(self) -> None:
        self.share_button.setText(self.tr("Share"))
        set_tooltip(self.share_button, self.tr("Invite others by a link or a code"))
        self.share_button.setAccessibleName(self.tr("Share"))
