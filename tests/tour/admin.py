"""The admin's part of the tour: each section of the tab, with something chosen in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QCursor

if TYPE_CHECKING:
    from app.ui.admin.table import SortTable
    from tests.tour.screenshots import Tour

SMALLEST: Final = (1024, 640)
SMALLEST_LOOKS: Final = (("en", "dark"), ("zh_CN", "light"))
ANSWERED_S: Final = 1.5
"""Lists, and then the details of what is chosen."""
CHOSEN: Final = frozenset({"rooms", "users", "reports", "feedback", "sanctions", "audit", "gifts"})
USER: Final = "Ines"
"""She was given coins."""
TRIED: Final = "FREE  C0INS, follow me"


def show_admin(tour: Tour) -> None:
    QCursor.setPos(0, 0)  # a pointer on a graph reads a value off it
    tour.window.show_page("admin")
    page = tour.desktop.admin
    page.overview.spans["day"].click()
    for key, panel in page.panels.items():
        page.show_section(key)
        tour.wait(ANSWERED_S)
        table: SortTable | None = getattr(panel, "table", None)
        if key in CHOSEN and table is not None:
            table.selectRow(0)
        if key == "rooms":
            page.rooms.choose(next(iter(page.rooms._rooms)))
        if key == "users":
            page.users.search.setText(USER)
            tour.wait(ANSWERED_S)
            page.users.table.selectRow(0)
        if key == "words":
            page.words.text.setText(TRIED)
            page.words.try_button.click()
        tour.wait(ANSWERED_S)
        tour.photograph(f"admin-{key}")
        _photograph_smallest(tour, f"admin-{key}")
    page.show_section("overview")


def _photograph_smallest(tour: Tour, name: str) -> None:
    size = tour.window.size()
    tour.window.resize(*SMALLEST)
    for language, theme in SMALLEST_LOOKS:
        tour.choose(language=language, theme=theme)
        tour.wait(0.4)
        tour.take(f"{name}-small-{language}-{theme}", tour.window.grab().toImage())
    tour.window.resize(size)
