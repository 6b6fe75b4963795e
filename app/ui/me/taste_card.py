"""What is recommended and why: what is believed of the user, to correct and to forget."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.state.recommending import (
    CATEGORIES_SHOWN,
    HIDDEN_SHOWN,
    STREAMERS_SHOWN,
    is_empty,
    percent,
)
from app.ui.discover.reason_words import describe_watched
from app.ui.elided_label import ElidedLabel
from app.ui.interests.interest_chips import InterestChips
from app.ui.me.card import Card, plain_label
from app.ui.me.taste_row import TasteRow
from app.ui.plain_text import PlainLabel, one_line
from app.ui.question import Question

if TYPE_CHECKING:
    from wire.discovery_events import Belief
    from wire.taste_events import Interests

_NAME_MAX: Final = 40
_SECTIONS: Final = ("interests", "streamers", "categories", "hidden")


class TasteCard(Card):
    """Says what the user wants; the page asks the relay."""

    streamer_wished = Signal(str, str)
    """A user's id and a Wish."""
    category_wished = Signal(str, str)
    show_again_wanted = Signal(str)
    reset_wanted = Signal()
    recording_wanted = Signal(bool)
    interests_chosen = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._belief: Belief | None = None
        self._about = plain_label(self, is_soft=True)
        self._titles = {key: _small_title(self) for key in _SECTIONS}
        self._columns = {key: _column() for key in self._titles}
        self.streamer_rows: dict[str, TasteRow] = {}
        self.category_rows: dict[str, TasteRow] = {}
        self.again_buttons: dict[str, QPushButton] = {}
        """By the streamer who is hidden."""
        self._hidden_rows: list[QWidget] = []
        self.interests = InterestChips(self)
        self._has_interests = False
        self._columns["interests"].addWidget(self.interests)
        self.interests.toggled.connect(self._render)
        self.interests.toggled.connect(lambda: self.interests_chosen.emit(self.interests.chosen))
        self.recording, self.reset = QPushButton(self), QPushButton(self)
        self.reset.setProperty("kind", "danger")
        self.body.addWidget(self._about)
        for key, title in self._titles.items():
            self.body.addWidget(title)
            self.body.addLayout(self._columns[key])
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 8, 0, 0)
        buttons.setSpacing(8)
        buttons.addWidget(self.recording)
        buttons.addWidget(self.reset)
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        self.recording.clicked.connect(self._on_recording)
        self.reset.clicked.connect(self._on_reset)
        self.retranslate()

    def show_belief(self, belief: Belief | None) -> None:
        """None: another user, or not known yet."""
        self._belief = belief
        self._render()

    def show_interests(self, interests: Interests | None) -> None:
        """None: another user, or not known yet."""
        self._has_interests = interests is not None and bool(interests.choices)
        self.interests.show_interests(interests)
        self._render()

    def focus_first(self) -> None:
        first = next(iter(self.streamer_rows.values()), None)
        (first.wish if first is not None else self.recording).setFocus()

    def retranslate(self) -> None:
        self.set_heading(self.tr("What is recommended to you, and why"))
        self._titles["interests"].setText(self.tr("Interests that you chose"))
        self.interests.retranslate()
        self._titles["streamers"].setText(self.tr("Streamers you like"))
        self._titles["categories"].setText(self.tr("Categories you like"))
        self._titles["hidden"].setText(self.tr("Never recommended"))
        self.reset.setText(self.tr("Forget everything…"))
        self.reset.setAccessibleName(self.reset.text())
        self._render()

    def _render(self) -> None:
        belief = self._belief
        streamers = belief.streamers[:STREAMERS_SHOWN] if belief is not None else ()
        categories = belief.categories[:CATEGORIES_SHOWN] if belief is not None else ()
        self._about.setText(self._describe(belief))
        self._fit(
            self.streamer_rows,
            [one.user.user_id for one in streamers],
            self._columns["streamers"],
            self.streamer_wished.emit,
        )
        self._fit(
            self.category_rows,
            [one.category for one in categories],
            self._columns["categories"],
            self.category_wished.emit,
        )
        for one in streamers:
            self.streamer_rows[one.user.user_id].show_belief(
                one.user.name,
                describe_watched(one),
                share=one.share,
                weight=one.weight,
            )
        for kind in categories:
            self.category_rows[kind.category].show_belief(
                kind.category,
                "",
                share=kind.share,
                weight=kind.weight,
            )
        self._render_hidden(belief)
        self.interests.setVisible(self._has_interests)
        shown = {
            "interests": self._has_interests,
            "streamers": bool(streamers),
            "categories": bool(categories),
            "hidden": bool(self._hidden_rows),
        }
        for key, title in self._titles.items():
            title.setVisible(shown[key])
        is_recorded = belief is None or belief.is_recorded
        self.recording.setEnabled(belief is not None)
        has_any = bool(self.interests.chosen) or (belief is not None and not is_empty(belief))
        self.reset.setEnabled(belief is not None and has_any)
        self.recording.setText(
            self.tr("Stop recording") if is_recorded else self.tr("Record what I watch")
        )
        self.recording.setAccessibleName(self.recording.text())

    def _render_hidden(self, belief: Belief | None) -> None:
        hidden = belief.hidden[:HIDDEN_SHOWN] if belief is not None else ()
        if [user.user_id for user in hidden] != list(self.again_buttons):
            for row in self._hidden_rows:
                row.hide()
                row.deleteLater()
            self._hidden_rows, self.again_buttons = [], {}
            for user in hidden:
                self._hidden_rows.append(self._make_hidden_row(user.user_id))
                self._columns["hidden"].addWidget(self._hidden_rows[-1])
        for user, row in zip(hidden, self._hidden_rows, strict=True):
            name = one_line(user.name, _NAME_MAX)
            for label in row.findChildren(ElidedLabel):
                label.show_line(name)
            button = self.again_buttons[user.user_id]
            button.setText(self.tr("Show again"))
            button.setAccessibleName(self.tr("Recommend {0} again").replace("{0}", name))

    def _make_hidden_row(self, user_id: str) -> QWidget:
        row = QWidget(self)
        button = QPushButton(row)
        button.clicked.connect(partial(self.show_again_wanted.emit, user_id))
        self.again_buttons[user_id] = button
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(ElidedLabel(), 1)
        layout.addWidget(button)
        return row

    def _fit(
        self,
        rows: dict[str, TasteRow],
        keys: list[str],
        column: QVBoxLayout,
        emit: Callable[[str, str], object],
    ) -> None:
        """A row for each, in this order; those that stay keep their row."""
        for key in [key for key in rows if key not in keys]:
            row = rows.pop(key)
            row.hide()
            row.deleteLater()
        is_moved = False
        for key in keys:
            if key not in rows:
                rows[key] = TasteRow(self)
                rows[key].wished.connect(partial(emit, key))
                is_moved = True
        if is_moved or list(rows) != keys:
            ordered = {key: rows[key] for key in keys}
            rows.clear()
            rows.update(ordered)
            before: QWidget | None = None
            for row in ordered.values():
                column.removeWidget(row)
                column.addWidget(row)
                if before is not None:
                    QWidget.setTabOrder(before, row.wish)
                before = row.wish

    def _describe(self, belief: Belief | None) -> str:
        if belief is None:
            return self.tr("Asking the relay what it believes…")
        if not belief.is_recorded:
            return self.tr(
                "Nothing that you watch is recorded. You see what all like at this time."
            )
        if is_empty(belief):
            return self.tr(
                "Nothing is believed of you yet. Watch something for a minute, and it shows here."
            )
        words = self.tr(
            "Learned from your visits, on this relay only: {0}. Your own taste makes {1} % of the "
            "order in Discover; the rest is what all like."
        )
        return words.replace("{0}", f"{belief.visits:,}").replace(
            "{1}", str(percent(belief.personal_share))
        )

    def _on_recording(self) -> None:
        if self._belief is not None:
            self.recording_wanted.emit(not self._belief.is_recorded)

    def _on_reset(self) -> None:
        question = Question(
            self.window(),
            self.tr(
                "Forget all that was recorded of what you watch, your corrections and your "
                "interests? Streamers that you hid stay hidden. This cannot be undone."
            ),
            yes=self.tr("Forget everything"),
            no=self.tr("Keep it"),
        )
        question.accepted.connect(self.reset_wanted)
        question.open()


def _small_title(parent: QWidget) -> PlainLabel:
    label = PlainLabel(parent)
    label.setObjectName("h3")
    label.setContentsMargins(0, 8, 0, 0)
    return label


def _column() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(12)
    return column
