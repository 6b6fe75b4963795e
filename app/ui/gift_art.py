"""Pictures and names of gifts: our own art by the gift's id, a parcel where there is none."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui.plain_text import one_line

if TYPE_CHECKING:
    from wire.admin_events import HouseGift
    from wire.coin_events import GiftInfo

NAME_CHARACTERS_MAX: Final = 40
_FALLBACK: Final = "gift"


@lru_cache(maxsize=64)
def draw_art(name: str, side: int) -> QImage:
    """A square of `side` device pixels, transparent around the gift."""
    renderer = QSvgRenderer(QByteArray(_read(name)))
    image = QImage(max(1, side), max(1, side), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return image


def art_icon(name: str, side: int, ratio: float = 2.0) -> QIcon:
    """Drawn at `ratio` times its size, so that dense screens get it sharp."""
    return QIcon(art_pixmap(name, side, ratio))


def art_pixmap(name: str, side: int, ratio: float = 2.0) -> QPixmap:
    pixmap = QPixmap.fromImage(draw_art(name, round(side * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def gift_name(gift: GiftInfo | HouseGift | None, gift_id: str) -> str:
    """In the window's language, as the relay names it; its id where the relay does not."""
    # Translators: the language's own code, as the relay knows it.
    language = QCoreApplication.translate("GiftNames", "en")
    names = gift.names if gift is not None else {}
    name = names.get(language) or names.get("en") or gift_id
    return one_line(name, NAME_CHARACTERS_MAX)


def coins_text(coins: int) -> str:
    """With its unit."""
    if coins == 1:
        return QCoreApplication.translate("Coins", "1 coin")
    return QCoreApplication.translate("Coins", "%1 coins").replace("%1", f"{coins:,}")


def beans_text(beans: int) -> str:
    if beans == 1:
        return QCoreApplication.translate("Coins", "1 bean")
    return QCoreApplication.translate("Coins", "%1 beans").replace("%1", f"{beans:,}")


def square(side: int) -> QSize:
    return QSize(side, side)


@lru_cache(maxsize=64)
def _read(name: str) -> bytes:
    """Ids come from the relay: only plain names are looked for."""
    folder = resources.files("resources") / "gifts"
    file = folder / f"{name}.svg"
    is_plain = name.replace("_", "").isalnum() and name.isascii()
    if not is_plain or not file.is_file():
        file = folder / f"{_FALLBACK}.svg"
    return file.read_bytes()
