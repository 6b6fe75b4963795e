"""The room that is chosen on the wall: what it is, and what an admin does with it."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QPushButton

from app.live import admin
from app.ui.admin.forms import FormDialog
from app.ui.admin.side_card import PictureLabel, SideCard
from app.ui.plain_text import one_line
from app.ui.theme.kinds import set_kind
from wire import limits

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from app.ui.admin.panel import Panel
    from wire.admin_events import HouseRoom

WIDTH: Final = 232
_TIME_FORMAT: Final = "yyyy-MM-dd HH:mm"
_SOON_MS: Final = 3_600_000


class RoomDetails(SideCard):
    """`done` (coroutine, words) for the panel's `do`; `open_wanted` has the room's id."""

    done = Signal(object, str)
    open_wanted = Signal(str)

    def __init__(self, panel: Panel) -> None:
        super().__init__(panel, WIDTH)
        self._panel = panel
        self._kept: HouseRoom | None = None
        self._cover = PictureLabel(self, WIDTH)
        self.content.insertWidget(0, self._cover)
        self.add_buttons(
            {
                "open": lambda: self.open_wanted.emit(self._room_id()),
                "edit": self._on_edit,
                "cover": self._on_cover,
                "feature": self._on_feature,
                "plan": self._on_plan,
                "announce": self._on_announce,
                "mute": self._on_mute,
                "close": self._on_close,
            }
        )
        set_kind(self.buttons["close"], "danger")
        self.content.addStretch(1)

    def show_room(self, kept: HouseRoom | None) -> None:
        """None: none is chosen."""
        self._kept = kept
        self.show_buttons(are_shown=kept is not None)
        if kept is None:
            self.title.setText(self.tr("No room is chosen"))
            self.words.setText(self.tr("Choose one to see what you can do with it."))
            return
        room = kept.room
        self.title.setText(one_line(room.title or room.name))
        self.words.setText("\n".join(self._describe(kept)))
        texts = {
            "open": self.tr("Go in"),
            "edit": self.tr("Title and category…"),
            "cover": self.tr("Take the cover away…"),
            "feature": self.tr("Feature no longer") if room.is_featured else self.tr("Feature"),
            "plan": self.tr("Plan a broadcast…"),
            "announce": self.tr("Announce…"),
            "mute": self.tr("Open the chat")
            if kept.chat_rules.is_muted
            else self.tr("Mute the chat"),
            "close": self.tr("Open the room")
            if room.closed_reason is not None
            else self.tr("Close the room…"),
        }
        self.name_buttons(texts)
        self.buttons["cover"].setEnabled(bool(room.cover))
        self._cover.setAccessibleName(self.tr("Cover of the room"))

    def show_cover(self, picture: QImage | None) -> None:
        self._cover.show_image(picture)

    # --- within -------------------------------------------------------------------------------

    def _describe(self, kept: HouseRoom) -> list[str]:
        room = kept.room
        lines = [one_line(room.owner.name)]
        if room.title:
            lines.append(one_line(room.name))
        if room.category:
            lines.append(one_line(room.category))
        if room.broadcast is not None:
            lines.append(self.tr("Viewers: %1").replace("%1", f"{room.viewers:,}"))
        made = QDateTime.fromMSecsSinceEpoch(kept.created_at_unix_ms).toString("yyyy-MM-dd")
        lines.append(self.tr("Made on %1").replace("%1", made))
        if room.closed_reason is not None:
            reason = one_line(room.closed_reason) or self.tr("no reason given")
            lines.append(self.tr("Closed: %1").replace("%1", reason))
        if room.starts_at_unix_ms:
            at = QDateTime.fromMSecsSinceEpoch(room.starts_at_unix_ms).toString(_TIME_FORMAT)
            lines.append(self.tr("Planned for %1").replace("%1", at))
        return lines

    def _room_id(self) -> str:
        return self._kept.room.room_id if self._kept is not None else ""

    def _do(self, coroutine: Coroutine[Any, Any, Any], words: str) -> None:
        self.done.emit(coroutine, words)

    def _on_edit(self) -> None:
        if self._kept is None:
            return
        room, house = self._kept.room, self._panel.desk.house
        form = FormDialog(self, self.tr("Title and category"), yes=self.tr("Save"))
        title = form.add_line(
            self.tr("Title"), limits.ROOM_TITLE_CHARACTERS_MAX, text=room.title, is_needed=False
        )
        category = form.add_line(
            self.tr("Category"),
            limits.ROOM_CATEGORY_CHARACTERS_MAX,
            text=room.category,
            is_needed=False,
        )
        form.sent.connect(
            lambda: self._do(
                admin.edit_room(house, room.room_id, title=title.text(), category=category.text()),
                self.tr("The room is changed."),
            )
        )
        form.open()

    def _on_cover(self) -> None:
        if self._kept is None:
            return
        room, house = self._kept.room, self._panel.desk.house
        form = FormDialog(
            self,
            self.tr("Take the cover away"),
            yes=self.tr("Take it away"),
            words=self.tr(
                "The room is shown without it until its owner chooses another. It is not kept, so "
                "nobody can put it back."
            ),
        )
        set_kind(form.yes_button, "danger")
        form.sent.connect(
            lambda: self._do(
                admin.take_cover_away(house, room.room_id), self.tr("The cover is gone.")
            )
        )
        form.open()

    def _on_feature(self) -> None:
        if self._kept is None:
            return
        room, house = self._kept.room, self._panel.desk.house
        words = (
            self.tr("It is shown as any other.")
            if room.is_featured
            else self.tr("It is shown before the others now.")
        )
        self._do(admin.feature_room(house, room.room_id, is_featured=not room.is_featured), words)

    def _on_plan(self) -> None:
        if self._kept is None:
            return
        room, house = self._kept.room, self._panel.desk.house
        form = FormDialog(
            self,
            self.tr("Plan a broadcast"),
            yes=self.tr("Plan it"),
            words=self.tr("Whoever looks at the room sees when it begins."),
        )
        soon = QDateTime.currentMSecsSinceEpoch() + _SOON_MS
        at = form.add_time(self.tr("When it begins"), room.starts_at_unix_ms or soon)
        title = form.add_line(
            self.tr("Its title, may be empty"),
            limits.ROOM_TITLE_CHARACTERS_MAX,
            text=room.starts_title,
            is_needed=False,
        )
        if room.starts_at_unix_ms:
            nothing = QPushButton(self.tr("Nothing is planned"), form)
            nothing.setAccessibleName(nothing.text())
            nothing.setAutoDefault(False)
            form.fields.addWidget(nothing)
            nothing.clicked.connect(form.reject)
            nothing.clicked.connect(
                lambda: self._do(
                    admin.plan_broadcast(house, room.room_id, 0, ""),
                    self.tr("Nothing is planned any more."),
                )
            )
        form.sent.connect(
            lambda: self._do(
                admin.plan_broadcast(
                    house, room.room_id, at.dateTime().toMSecsSinceEpoch(), title.text()
                ),
                self.tr("It is planned."),
            )
        )
        form.open()

    def _on_announce(self) -> None:
        if self._kept is None:
            return
        room, house = self._kept.room, self._panel.desk.house
        form = FormDialog(
            self,
            self.tr("Announce in this room"),
            yes=self.tr("Announce"),
            words=self.tr("It stands above the chat. An empty one takes it down."),
        )
        text = form.add_line(
            self.tr("Announcement"), limits.ANNOUNCEMENT_CHARACTERS_MAX, is_needed=False
        )
        form.sent.connect(
            lambda: self._do(
                admin.announce(house, room.room_id, text.text()), self.tr("It is announced.")
            )
        )
        form.open()

    def _on_mute(self) -> None:
        if self._kept is None:
            return
        room, rules, house = self._kept.room, self._kept.chat_rules, self._panel.desk.house
        words = (
            self.tr("Everybody may write again.")
            if rules.is_muted
            else self.tr("Only its owner and moderators write there now.")
        )
        self._do(admin.mute_room(house, room.room_id, rules, is_muted=not rules.is_muted), words)

    def _on_close(self) -> None:
        if self._kept is None:
            return
        room, house = self._kept.room, self._panel.desk.house
        if room.closed_reason is not None:
            self._do(admin.reopen_room(house, room.room_id), self.tr("The room is open again."))
            return
        form = FormDialog(
            self,
            self.tr("Close this room"),
            yes=self.tr("Close it"),
            words=self.tr(
                "What is live there ends, and nobody enters, watches or writes until it is opened "
                "again. All of them see the reason."
            ),
        )
        set_kind(form.yes_button, "danger")
        reason = form.add_line(
            self.tr("Reason, may be empty"), limits.REASON_CHARACTERS_MAX, is_needed=False
        )
        form.sent.connect(
            lambda: self._do(
                admin.close_room(house, room.room_id, reason.text()),
                self.tr("The room is closed."),
            )
        )
        form.open()
