"""Danmaku on the stage: the clock, the rule, and the painting. GUI thread only.

A message waits for its picture (app/danmaku/timing.py), passes the viewer's blocks and the paint
budget, gets its lane (app/danmaku/allocator.py) or its line (app/danmaku/listing.py), and is
painted from a pixmap that was drawn once (danmaku_pixmaps.py).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QRegion

from app.danmaku.allocator import LaneAllocator
from app.danmaku.choices import DanmakuSettings, Sieve
from app.danmaku.folding import fold_text
from app.danmaku.lanes import (
    DURATION_MS,
    LINE_HEIGHT,
    PRIVILEGED_ROLES,
    SCALES,
    Box,
    Flight,
    Geometry,
    Text,
    find_mode,
)
from app.danmaku.listing import LINES_MAX, Line, TextList
from app.danmaku.paint_budget import PaintBudget
from app.danmaku.timing import PictureTiming
from app.ui.plain_text import one_line
from app.ui.room.danmaku_pixmaps import TextPixmaps

if TYPE_CHECKING:
    from app.ui.room_emotes import RoomEmotes
    from wire import event_base

CHARACTERS_MAX: Final = 200
OWN_MAX: Final = 50
"""One's own texts on the stage are fewer."""
FLYING_INTERVAL_MS: Final = 16
LISTED_INTERVAL_MS: Final = 200
GLIDE_MS: Final = 250.0
"""A text that was held goes back to where it would be."""
HELD_PANEL: Final = QColor(0, 0, 0, 190)
LIST_PANEL: Final = QColor(0, 0, 0, 150)
MARGIN: Final = 12


class _Held(NamedTuple):
    """A text under the pointer, or one that goes back from there."""

    flight: Flight
    x: float
    let_go_ms: float | None = None


class DanmakuLayer:
    """The allocator with its clock and its pixmaps."""

    def __init__(self) -> None:
        self.settings = DanmakuSettings()
        self.budget = PaintBudget()
        self.pixmaps = TextPixmaps()
        self.blocked = 0
        """Texts that the viewer's own blocks kept away."""
        self._lanes = LaneAllocator(Geometry(width=1280, height=720, font=24))
        self._list = TextList()
        self._sieve = Sieve(self.settings.blocks)
        self._timing: PictureTiming[Text] = PictureTiming()
        self._held: _Held | None = None
        self._own: OrderedDict[str, str] = OrderedDict()
        """Of one's own texts: what each was called before the relay named it."""
        self._is_paused = False
        self._now_ms = 0.0
        self._ticked_at_s = time.monotonic()

    @property
    def interval_ms(self) -> int | None:
        """How often to paint anew; None while nothing changes by itself."""
        if not self.settings.is_on or self._is_paused:
            return None
        if self._lanes.flights or self._lanes.waiting or self._held is not None:
            return FLYING_INTERVAL_MS
        return LISTED_INTERVAL_MS if self._list.lines or len(self._timing) else None

    @property
    def is_moving(self) -> bool:
        """Whether there is something to paint anew."""
        return self.interval_ms is not None

    @property
    def counts(self) -> LaneAllocator | TextList:
        """Offered, shown, merged, hidden."""
        return self._list if self.settings.is_list else self._lanes

    @property
    def hidden(self) -> int:
        """Texts that found no place."""
        return self._lanes.hidden + self._list.hidden

    @property
    def waiting(self) -> int:
        """For a lane; not those that wait for their picture."""
        return self._lanes.waiting

    @property
    def flights(self) -> tuple[Flight, ...]:
        return self._lanes.flights

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._list.lines

    @property
    def geometry(self) -> Geometry:
        return self._lanes.geometry

    # --- what is said -------------------------------------------------------------------------

    def offer(self, posted: event_base.DanmakuPosted) -> None:
        """Somebody else's message: it shows with the picture that it was said to."""
        if not self._is_taking:
            return
        text = self.measure_posted(posted)
        for due in self._timing.offer(text, posted.media_time_us, _real_ms()):
            self.offer_text(due)

    def offer_own(
        self, key: str, text: str, *, mode: int, color: int, size: str = "normal"
    ) -> None:
        """One's own, before the relay has answered: at once."""
        own = self.measure(key, text, mode=mode, color=color, size=size)
        self.offer_text(replace(own, is_own=True, is_privileged=True))

    def offer_text(self, text: Text) -> None:
        """Made by `measure`. At once."""
        if not self._is_taking:
            return
        if not text.is_own and self._sieve.blocks(text.text, text.user_id):
            self.blocked += 1
            return
        if not text.is_privileged and not self.budget.admit():
            self.counts.refuse()
            return
        self._tick()
        self.counts.offer(text, self._now_ms)

    def measure_posted(self, posted: event_base.DanmakuPosted) -> Text:
        """As `measure`."""
        return self.measure(
            posted.message_id,
            posted.text,
            user_id=posted.user_id,
            name=posted.name,
            mode=posted.mode,
            color=posted.color,
            size=posted.size,
            is_privileged=posted.role in PRIVILEGED_ROLES,
        )

    def measure(  # the fields of a text
        self,
        key: str,
        text: str,
        *,
        user_id: str = "",
        name: str = "",
        mode: int = 1,
        color: int = 0xFFFFFF,
        size: str = "normal",
        is_privileged: bool = False,
    ) -> Text:
        """A text for this stage. Direction marks and control characters are left out."""
        words = one_line(text, CHARACTERS_MAX)
        scale = self.geometry.fit(SCALES.get(size, 1.0))
        return Text(
            key=key,
            text=words,
            width=self.pixmaps.measure(words, self.geometry.font * scale),
            user_id=user_id,
            name=name,
            mode=find_mode(mode),
            color=color,
            scale=scale,
            is_privileged=is_privileged,
        )

    def use_emotes(self, emotes: RoomEmotes) -> None:
        """Those of the room that this shows."""
        self.pixmaps.emotes = emotes
        emotes.changed.connect(self.pixmaps.forget)

    def show_picture(self, pts_us: int) -> None:
        """This picture is on the screen: what was said to it shows now."""
        self._timing.show_picture(pts_us, _real_ms())
        self._offer_due()

    def take_back(self, key: str) -> None:
        self._lanes.take_back(key)
        self._list.take_back(key)

    def delete(self, message_id: str) -> None:
        """Deleted for all: it leaves the stage, or never comes there."""
        key = self._own.pop(message_id, message_id)
        self._timing.drop(lambda text: text.key == key)
        self.take_back(key)
        if self._held is not None and self._held.flight.text.key == key:
            self._held = None

    def name_own(self, key: str, message_id: str) -> None:
        """The relay has taken one's own text of this key."""
        self._own[message_id] = key
        if len(self._own) > OWN_MAX:
            self._own.popitem(last=False)

    def clear(self) -> None:
        """Another room: nothing of before, nor its counts."""
        self._lanes = LaneAllocator(self._lanes.geometry)
        self._list = TextList()
        self._timing.clear()
        self._held = None
        self.blocked = 0
        self._fit_list()

    def set_paused(self, *, is_paused: bool) -> None:
        """A pause stops the clock."""
        self._tick()
        self._is_paused = is_paused
        if is_paused:
            self._timing.clear()

    # --- how it looks -------------------------------------------------------------------------

    def choose(self, settings: DanmakuSettings) -> None:
        before, self.settings = self.settings, settings
        self.resize(self.geometry.width, self.geometry.height)
        if settings.blocks != before.blocks:
            self._block(settings)
        if not settings.is_on:
            self._timing.clear()
        if not settings.is_on or settings.is_list != before.is_list:
            self._lanes.clear()
            self._list.clear()
            self._held = None

    def resize(self, width: float, height: float) -> None:
        """Logical pixels."""
        settings = self.settings
        width, height = max(1.0, width), max(1.0, height)
        clear = settings.keep_clear
        geometry = Geometry(
            width=width,
            height=height,
            # Whole pixels: texts are drawn again when it changes, not with each of the height.
            font=max(12.0, float(round(settings.font * height / 720.0))),
            area=settings.area,
            duration_ms=DURATION_MS / settings.speed,
            density=settings.density,
            keep_clear=None
            if clear is None
            else Box(
                clear.left * width, clear.top * height, clear.right * width, clear.bottom * height
            ),
        )
        if geometry != self._lanes.geometry:
            self._tick()
            self._lanes.resize(geometry, self._now_ms)
            self._fit_list()

    def paint(self, painter: QPainter) -> None:
        """All texts at this moment."""
        if not self.settings.is_on:
            return
        began_s = time.perf_counter()
        self._tick()
        self._offer_due()
        painter.setOpacity(self.settings.opacity)
        ratio = painter.device().devicePixelRatioF()
        if self.settings.is_list:
            self._paint_list(painter, ratio)
        else:
            self._paint_flights(painter, ratio)
        painter.setOpacity(1.0)
        self.pixmaps.trim()
        self.budget.observe((time.perf_counter() - began_s) * 1000, _real_ms())

    # --- the pointer --------------------------------------------------------------------------

    def hover(self, at: QPointF | None) -> Flight | None:
        """The text under the pointer stands, the others fly on below it. None: nothing is there."""
        self._tick()
        held = self._held
        if held is not None and held.let_go_ms is None:
            if at is not None and self._rect(held.flight, held.x).contains(at):
                return held.flight
            self._held = held._replace(let_go_ms=self._now_ms)
        found = self.find_at(at) if at is not None else None
        if found is not None:
            self._held = _Held(found, found.x(self.geometry, self._now_ms))
        return found

    def find_at(self, at: QPointF) -> Flight | None:
        """The newest text there."""
        held = self._held
        if held is not None and held.let_go_ms is None and self._rect(*held[:2]).contains(at):
            return held.flight
        for flight in reversed(self._lanes.flights):
            if self._rect(flight, flight.x(self.geometry, self._now_ms)).contains(at):
                return flight
        return None

    # --- within -------------------------------------------------------------------------------

    @property
    def _is_taking(self) -> bool:
        return self.settings.is_on and not self._is_paused

    def _tick(self) -> None:
        now_s = time.monotonic()
        if not self._is_paused:
            self._now_ms += (now_s - self._ticked_at_s) * 1000
        self._ticked_at_s = now_s

    def _offer_due(self) -> None:
        if len(self._timing) and self._is_taking:
            for text in self._timing.take_due(_real_ms()):
                self.offer_text(text)

    def _block(self, settings: DanmakuSettings) -> None:
        """What flies already goes too."""
        self._sieve = Sieve(settings.blocks)
        for shown in (self._lanes, self._list):
            for word in settings.blocks.words:
                shown.remove(fold=fold_text(word))
            for user in settings.blocks.users:
                shown.remove(user_id=user.user_id)
        self._held = None

    def _fit_list(self) -> None:
        self._list.fit(max(1, min(LINES_MAX, self.geometry.lanes)))

    def _rect(self, flight: Flight, x: float) -> QRectF:
        high = flight.text.rows * self.geometry.line_height
        return QRectF(x, flight.y(self.geometry), flight.text.width, high)

    def _paint_flights(self, painter: QPainter, ratio: float) -> None:
        geometry, now_ms, held = self.geometry, self._now_ms, self._held
        self._lanes.advance(now_ms)
        held_serial = held.flight.serial if held is not None else 0
        for flight in self._lanes.flights:
            if flight.serial == held_serial:
                if held is not None:
                    self._held = held._replace(flight=flight)
                continue
            self._paint_flight(painter, flight, flight.x(geometry, now_ms), ratio)
        if self._held is not None:
            self._paint_held(painter, self._held, ratio)

    def _paint_flight(self, painter: QPainter, flight: Flight, x: float, ratio: float) -> None:
        geometry, text = self.geometry, flight.text
        if x >= geometry.width or x + text.width <= 0:
            return
        font = geometry.font * text.scale
        # In the middle of its lanes.
        spare = text.rows * geometry.line_height - LINE_HEIGHT * font
        at = QPointF(x, flight.y(geometry) + spare / 2)
        if geometry.keep_clear is not None:
            _clip_out(painter, geometry.keep_clear, self._rect(flight, x), geometry)
        painter.drawPixmap(at, self.pixmaps.access(text, font, ratio))
        if flight.count > 1:
            # In the text's own corner: it takes no room in the lane.
            count = self.pixmaps.access_count(flight.count, font, ratio)
            left = max(x, x + text.width - count.deviceIndependentSize().width())
            painter.drawPixmap(QPointF(left, at.y()), count)
        if geometry.keep_clear is not None:
            painter.setClipping(False)

    def _paint_held(self, painter: QPainter, held: _Held, ratio: float) -> None:
        if held.let_go_ms is None:
            rect = self._rect(held.flight, held.x).adjusted(-6, 0, 6, 0)
            painter.setOpacity(1.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(HELD_PANEL)
            painter.drawRoundedRect(rect, 6, 6)
            self._paint_flight(painter, held.flight, held.x, ratio)
            return
        share = (self._now_ms - held.let_go_ms) / GLIDE_MS
        if share >= 1.0:
            self._held = None
        away = max(0.0, 1.0 - share) ** 2
        x = held.flight.x(self.geometry, self._now_ms)
        self._paint_flight(painter, held.flight, x + (held.x - x) * away, ratio)

    def _paint_list(self, painter: QPainter, ratio: float) -> None:
        """From the bottom left upwards; where that is kept clear, from the top."""
        self._list.advance(self._now_ms)
        geometry, lines = self.geometry, self._list.lines
        if not lines:
            return
        high = geometry.line_height
        top = geometry.height - MARGIN - high * len(lines)
        box = geometry.keep_clear
        if box is not None and box.left < geometry.width / 2 and box.bottom > top:
            top = float(MARGIN)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(LIST_PANEL)
        for row, line in enumerate(lines):
            pixmap = self.pixmaps.access(line.text, geometry.font, ratio)
            at = QPointF(MARGIN, top + row * high)
            # In a list all are of one size.
            width = min(line.text.width / line.text.scale, geometry.width - 3 * MARGIN)
            rect = QRectF(at.x(), at.y(), width + MARGIN, high)
            if box is not None:
                _clip_out(painter, box, rect, geometry)
            painter.drawRect(rect)
            size = pixmap.deviceIndependentSize()
            source = QRectF(0, 0, min(width, size.width()) * ratio, size.height() * ratio)
            painter.drawPixmap(at + QPointF(MARGIN / 2, 0), pixmap, source)
            if line.count > 1:
                count = self.pixmaps.access_count(line.count, geometry.font, ratio)
                painter.drawPixmap(QPointF(rect.right(), at.y()), count)
            if box is not None:
                painter.setClipping(False)


def _clip_out(painter: QPainter, box: Box, rect: QRectF, geometry: Geometry) -> None:
    """Nothing is painted in the box that is kept clear, also by what flew before it was drawn."""
    clear = QRectF(box.left, box.top, box.right - box.left, box.bottom - box.top)
    if rect.intersects(clear):
        whole = QRectF(0, 0, geometry.width, geometry.height).toAlignedRect()
        painter.setClipRegion(QRegion(whole) - QRegion(clear.toAlignedRect()))


def _real_ms() -> float:
    return time.monotonic() * 1000
