"""What recordings take of the relay's disk, whose they are, and the rule that bounds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QProgressBar, QWidget

from app.state.admin_overview import describe_bytes
from app.state.recording_share import FREE_AGAIN, Standing, find_standing
from app.ui.admin.table import Cell, Column, Row, SortTable
from app.ui.me.card import Card, plain_label
from app.ui.plain_text import one_line
from app.ui.theme.kinds import set_kind

if TYPE_CHECKING:
    from wire.replay_events import RecordingShare, RoomShare

TABLE_HEIGHT: Final = 176
_BAD: Final = {"disk_full", "share_full"}
_WARN: Final = {"disk_low", "share_low"}


class RecordingsCard(Card):
    """Shows; what is to be done is done under Replays, or at the relay's start."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: RecordingShare | None = None
        self._sizes, self._rule = plain_label(self), plain_label(self, is_soft=True)
        self.advice = plain_label(self)
        self.used = QProgressBar(self)
        self.used.setRange(0, 1_000)
        self.used.setTextVisible(False)
        self.table = SortTable(
            (Column(is_wide=True), Column(is_number=True), Column(is_number=True)),
            self,
            sorted_by=2,
            is_descending=True,
        )
        self.table.setFixedHeight(TABLE_HEIGHT)
        for part in (self._sizes, self.used, self.advice, self._rule, self.table):
            self.body.addWidget(part)
        self.controls: tuple[QWidget, ...] = (self.table,)
        self.retranslate()

    def show_share(self, share: RecordingShare | None) -> None:
        """None: this relay does not say."""
        self._share = share
        self.setVisible(share is not None)
        if share is None:
            return
        standing = find_standing(share)
        self._sizes.setText(self._describe_sizes(share))
        self.used.setValue(min(1_000, round(1_000 * share.bytes / max(1, share.bytes_max))))
        self._rule.setText(self._describe_rule(share))
        self.advice.setText(self._advise(share, standing))
        self.advice.setVisible(bool(standing))
        set_kind(self.advice, "bad" if standing in _BAD else "warn" if standing in _WARN else "")
        self.table.show_rows([_make_row(one) for one in share.rooms])
        self.table.setVisible(bool(share.rooms))

    def retranslate(self) -> None:
        self.set_heading(self.tr("Recordings"))
        self.used.setAccessibleName(self.tr("How much of the recordings' share is used"))
        self.table.setAccessibleName(self.tr("Rooms whose recordings take most"))
        self.table.set_titles((self.tr("Room"), self.tr("Recordings"), self.tr("Size")))
        self.show_share(self._share)

    # --- within -------------------------------------------------------------------------------

    def _describe_sizes(self, share: RecordingShare) -> str:
        words = self.tr("Recordings: %1 · %2 of %3 · marked to be kept: %4 · free on the disk: %5")
        for place, value in enumerate(
            (
                f"{share.recordings:,}",
                describe_bytes(share.bytes),
                describe_bytes(share.bytes_max),
                describe_bytes(share.kept_bytes),
                describe_bytes(share.free_bytes),
            ),
            1,
        ):
            words = words.replace(f"%{place}", value)
        return words

    def _describe_rule(self, share: RecordingShare) -> str:
        words = self.tr(
            "Beyond %1 the oldest recordings go by themselves, never those that are marked to be "
            "kept. While less than %2 of the disk is free, nothing is recorded."
        )
        return words.replace("%1", describe_bytes(share.bytes_max)).replace(
            "%2", describe_bytes(share.free_bytes_min)
        )

    def _advise(self, share: RecordingShare, standing: Standing) -> str:
        words = {
            "": "",
            "off": self.tr("This relay records nothing: it was started with --no-record."),
            "disk_full": self.tr(
                "Recording waits: the disk is nearly full. Make room on it; recording goes on by "
                "itself once %1 are free."
            ),
            "share_full": self.tr(
                "Recording waits: what may not go has used up the share. Delete recordings under "
                "Replays or mark fewer to be kept, or start the relay with a larger "
                "--recordings-gb."
            ),
            "disk_low": self.tr(
                "The disk is filling up: below %2 free recording waits. Make room on it, or start "
                "the relay with a smaller --recordings-gb."
            ),
            "share_low": self.tr(
                "Most of the share is marked to be kept, so new recordings soon push each other "
                "out. Mark fewer to be kept, or start the relay with a larger --recordings-gb."
            ),
        }[standing]
        again = describe_bytes(round(share.free_bytes_min * FREE_AGAIN))
        return words.replace("%1", again).replace("%2", describe_bytes(share.free_bytes_min))


def _make_row(room: RoomShare) -> Row:
    return Row(
        room.room_id,
        (
            Cell(one_line(room.name, 80)),
            Cell(f"{room.recordings:,}", room.recordings),
            Cell(describe_bytes(room.bytes), room.bytes),
        ),
    )
