"""The room's poll and lucky draw, as cards over the chat."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.state.rounds import Rounds
from app.ui.elided_label import ElidedLabel
from app.ui.plain_text import PlainLabel, button_text, one_line, set_tooltip
from app.ui.short_count import short_count
from app.ui.theme.kinds import set_kind
from wire import round_commands

if TYPE_CHECKING:
    from wire.ids import RoomId
    from wire.round_events import PollInfo

CHOICE_WIDTH: Final = 168
"""Of a choice's words; the rest is in its tooltip."""
CHOICE_CHARACTERS_MAX: Final = 20
"""In one line with the others."""
NAMES_MAX: Final = 5
OVER_S: Final = 60.0
"""What is over makes room for the chat by itself; what one has won stays."""
CONFIRM_MS: Final = 4000
"""Ending what is open cannot be undone: it takes a second click within this time."""
LINE_HEIGHT: Final = 24
"""Of either language: a line of Chinese is higher than one of English."""


class _Card(QFrame):
    """A heading, a body, a line below, and a button that puts away what is over."""

    def __init__(self, parent: QWidget, *, is_short: bool) -> None:
        """A short one has its button beside the heading, and a line for each thing."""
        super().__init__(parent)
        self.setObjectName("card")
        self.heading: PlainLabel = ElidedLabel() if is_short else PlainLabel(self)
        self.below: PlainLabel = ElidedLabel() if is_short else PlainLabel(self)
        self.heading.setObjectName("h3")
        self.below.setProperty("soft", True)
        for label in (self.heading, self.below):
            label.setWordWrap(not is_short)
            label.setMinimumHeight(LINE_HEIGHT)
        self.away = QPushButton(self)
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.heading, 1)
        foot.addWidget(self.below, 1)
        (head if is_short else foot).addWidget(self.away)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8 if is_short else 12, 8)
        layout.setSpacing(2 if is_short else 8)
        layout.addLayout(head)
        layout.addLayout(self.body)
        layout.addLayout(foot)
        self.ends_at_s = 0.0

    @property
    def left_s(self) -> int:
        return max(0, round(self.ends_at_s - time.monotonic()))


class RoundsPanel(QWidget):
    """Renders Rounds; says what the user does."""

    voted = Signal(str, int)
    entered = Signal(str)
    wanted = Signal(object)
    """A command: end what is open."""

    def __init__(self, parent: QWidget | None = None, *, is_short: bool = False) -> None:
        """`is_short`: for those who only look, the choices in one line."""
        super().__init__(parent)
        self._is_short = is_short
        self._rounds = Rounds()
        self._may_play = False
        self._closes_in: RoomId | None = None
        self._confirming = ""
        self._confirm = QTimer(self)
        self._confirm.setSingleShot(True)
        self._confirm.setInterval(CONFIRM_MS)
        self._confirm.timeout.connect(self._on_unconfirmed)
        self._own_user_id = ""
        self._put_away: set[str] = set()
        self._over_since_s: dict[str, float] = {}
        self.poll, self.draw = (_Card(self, is_short=is_short) for _ in range(2))
        self._grid = QGridLayout()
        self.poll.body.addLayout(self._grid)
        self.tally = ElidedLabel()
        """What was voted, in the one line of a short panel."""
        self.tally.setVisible(is_short)
        self.poll.body.addWidget(self.tally)
        self.choices: list[QPushButton] = []
        self._bars: list[QProgressBar] = []
        self._shares: list[PlainLabel] = []
        self._winners = PlainLabel(self.draw)
        self._winners.setWordWrap(True)
        self._winners.setMinimumHeight(LINE_HEIGHT)
        self.enter = QPushButton(self.draw)
        self.enter.setProperty("kind", "primary")
        self.draw.body.addWidget(self._winners)
        self.draw.body.addWidget(self.enter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.poll)
        layout.addWidget(self.draw)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._show)
        self.enter.clicked.connect(self._on_enter)
        self.poll.away.clicked.connect(lambda: self._on_away("poll"))
        self.draw.away.clicked.connect(lambda: self._on_away("draw"))
        self.retranslate()

    def render_rounds(
        self,
        rounds: Rounds,
        *,
        may_play: bool,
        own_user_id: str = "",
        closes_in: RoomId | None = None,
    ) -> None:
        """`closes_in` is the room, for those who may end what is open in it."""
        before, self._rounds = self._rounds, rounds
        self._own_user_id = own_user_id
        if (before, self._may_play, self._closes_in) == (rounds, may_play, closes_in):
            return
        self._may_play, self._closes_in = may_play, closes_in
        now = time.monotonic()
        poll, draw = rounds.poll, rounds.draw
        if poll is not None and _clock_of(before.poll) != _clock_of(poll):
            self.poll.ends_at_s = now + poll.ends_in_ms / 1000
        is_new = poll is not None and (before.poll is None or before.poll.choices != poll.choices)
        if poll is not None and is_new and not self._is_short:
            self._make_choices(poll)
        if draw is not None and (
            before.draw is None
            or (before.draw.draw_id, before.draw.ends_in_ms) != (draw.draw_id, draw.ends_in_ms)
        ):
            self.draw.ends_at_s = now + draw.ends_in_ms / 1000
        self._show()

    def retranslate(self) -> None:
        self._show()

    def _show(self) -> None:
        self._put_over_away(time.monotonic())
        self._show_poll()
        self._show_draw()
        is_running = not (self.poll.isHidden() and self.draw.isHidden())
        if is_running != self._clock.isActive():
            (self._clock.start if is_running else self._clock.stop)()
        self.setVisible(is_running)

    def _put_over_away(self, now_s: float) -> None:
        poll, draw, result = self._rounds.poll, self._rounds.draw, self._rounds.result
        over: list[str] = [poll.poll_id] if poll is not None and self._rounds.is_poll_over else []
        if draw is not None and result is not None and not self._has_won:
            over.append(draw.draw_id)
        for key in over:
            if now_s - self._over_since_s.setdefault(key, now_s) >= OVER_S:
                self._put_away.add(key)

    @property
    def _has_won(self) -> bool:
        result = self._rounds.result
        own = self._own_user_id
        return result is not None and any(winner.user_id == own for winner in result.winners)

    def _show_poll(self) -> None:
        poll = self._rounds.poll
        self.poll.setVisible(poll is not None and poll.poll_id not in self._put_away)
        if poll is None:
            return
        is_over = self._rounds.is_poll_over
        self.poll.heading.setText(one_line(poll.question))
        total = sum(poll.votes)
        votes = self.tr("Votes: {0}").format(short_count(total))
        left = self.tr("over") if is_over else self.tr("{0} s left").format(self.poll.left_s)
        if self._is_short:
            self.tally.show_line(self._describe_choices(poll))
        self.poll.below.setText(f"{votes}  ·  {left}")
        self._show_away(self.poll.away, "poll", is_over=is_over)
        for index, button in enumerate(self.choices):
            count = poll.votes[index] if index < len(poll.votes) else 0
            share = round(100 * count / total) if total else 0
            button.setEnabled(self._may_play and not is_over)
            button.setChecked(poll.own_choice == index)
            self._bars[index].setValue(share)
            self._shares[index].setText(f"{share} %")

    def _describe_choices(self, poll: PollInfo) -> str:
        total = max(1, sum(poll.votes))
        return "  ·  ".join(
            f"{one_line(choice, CHOICE_CHARACTERS_MAX)} {round(100 * count / total)} %"
            for choice, count in zip(poll.choices, poll.votes, strict=False)
        )

    def _make_choices(self, poll: PollInfo) -> None:
        for widget in (*self.choices, *self._bars, *self._shares):
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self.choices, self._bars, self._shares = [], [], []
        for index, choice in enumerate(poll.choices):
            button, bar, share = QPushButton(self.poll), QProgressBar(self.poll), PlainLabel()
            line = one_line(choice)
            metrics = button.fontMetrics()
            short = metrics.elidedText(line, Qt.TextElideMode.ElideRight, CHOICE_WIDTH)
            button.setText(button_text(short))
            button.setCheckable(True)
            button.setAccessibleName(line)
            set_tooltip(button, line)
            button.clicked.connect(partial(self._on_choice, index))
            bar.setObjectName("share")
            bar.setTextVisible(False)
            bar.setFixedHeight(6)
            bar.setAccessibleName(line)
            share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            share.setMinimumWidth(metrics.horizontalAdvance("100 %"))
            self._grid.addWidget(button, 2 * index, 0)
            self._grid.addWidget(share, 2 * index, 1)
            self._grid.addWidget(bar, 2 * index + 1, 0, 1, 2)
            self.choices.append(button)
            self._bars.append(bar)
            self._shares.append(share)
        self._grid.setColumnStretch(0, 1)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """The choices are made later than what stands below them."""
        before: QWidget | None = self.poll.away.previousInFocusChain()
        while before is not None and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
            before = before.previousInFocusChain()
        for widget in (*self.choices, self.poll.away, self.enter, self.draw.away):
            if before is not None and before is not widget:
                QWidget.setTabOrder(before, widget)
            before = widget

    def _show_draw(self) -> None:
        draw, result = self._rounds.draw, self._rounds.result
        self.draw.setVisible(draw is not None and draw.draw_id not in self._put_away)
        if draw is None:
            return
        self.draw.heading.setText(self.tr("Lucky draw: {0}").format(one_line(draw.prize)))
        self.enter.setVisible(result is None and not self._is_short)
        self._winners.setVisible(result is not None)
        self._show_away(self.draw.away, "draw", is_over=result is not None)
        if result is not None:
            self._show_winners()
            return
        self.enter.setEnabled(self._may_play and not draw.has_entered and self.draw.left_s > 0)
        words = self.tr("You are in ✓") if draw.has_entered else self.tr("Enter the draw")
        self.enter.setText(words)
        self.enter.setAccessibleName(words)
        entries = self.tr("{0} in").format(short_count(draw.entries))
        winners = self.tr("{0} can win").format(draw.winners_max)
        left = self.tr("{0} s left").format(self.draw.left_s)
        self.draw.below.setText(f"{entries}  ·  {winners}  ·  {left}")

    def _show_winners(self) -> None:
        result = self._rounds.result
        if result is None:
            return
        names = [one_line(winner.name) for winner in result.winners]
        shown = self.tr(", ").join(names[:NAMES_MAX])
        if len(names) > NAMES_MAX:
            shown += " " + self.tr("and {0} more").format(len(names) - NAMES_MAX)
        words = self.tr("Winners: {0}").format(shown) if names else self.tr("Nobody entered.")
        if self._has_won:
            words = "\n".join((self.tr("🎉 You have won!"), words))
        self._winners.setText(words)
        set_kind(self._winners, "won" if self._has_won else "")
        checks = {
            "unchecked": self.tr("Not checked yet"),
            "right": self.tr("Verified ✓"),
            "wrong": self.tr("This draw does not add up!"),
        }
        entries = self.tr("{0} in").format(short_count(result.entries))
        self.draw.below.setText(f"{entries}  ·  {checks[self._rounds.check]}")

    def _on_choice(self, index: int, _checked: object = None) -> None:
        poll = self._rounds.poll
        if poll is not None:
            self._show_poll()  # the mark moves when the relay has the vote
            self.voted.emit(poll.poll_id, index)

    def _on_enter(self) -> None:
        if self._rounds.draw is not None:
            self.entered.emit(self._rounds.draw.draw_id)

    def _show_away(self, button: QPushButton, what: str, *, is_over: bool) -> None:
        """Puts away what is over; ends what is open, where one may."""
        button.setVisible(is_over or self._closes_in is not None)
        if is_over:
            words = self.tr("Put away")
        elif self._confirming == what:
            words = self.tr("Sure?")
        else:
            words = self.tr("Draw now") if what == "draw" else self.tr("End the poll")
        button.setText(words)
        button.setAccessibleName(words)

    def _on_unconfirmed(self) -> None:
        self._confirming = ""
        self._show()

    def _end(self, what: str) -> None:
        """At the second click."""
        poll, draw, room_id = self._rounds.poll, self._rounds.draw, self._closes_in
        if self._confirming != what:
            self._confirming = what
            self._confirm.start()
        else:
            self._confirming = ""
            self._confirm.stop()
            if room_id is not None and what == "poll" and poll is not None:
                self.wanted.emit(
                    round_commands.ClosePoll(id=0, room_id=room_id, poll_id=poll.poll_id)
                )
            elif room_id is not None and draw is not None:
                self.wanted.emit(
                    round_commands.CloseDraw(id=0, room_id=room_id, draw_id=draw.draw_id)
                )
        self._show()

    def _on_away(self, what: str) -> None:
        poll, draw = self._rounds.poll, self._rounds.draw
        is_open = not self._rounds.is_poll_over if what == "poll" else self._rounds.result is None
        if is_open:
            self._end(what)
            return
        if what == "poll" and poll is not None:
            self._put_away.add(poll.poll_id)
        if what == "draw" and draw is not None:
            self._put_away.add(draw.draw_id)
        self._show()


def _clock_of(poll: PollInfo | None) -> tuple[str, int] | None:
    return None if poll is None else (poll.poll_id, poll.ends_in_ms)
