"""A window of one colour, for tests that capture it.

    python -m tests.e2e.window_child TITLE COLOUR X Y WIDTH HEIGHT

A line on standard input is `size W H`, `move X Y`, `hide` or `show`; its end closes the window.
"""

from __future__ import annotations

import sys
import threading

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget


class Orders(QObject):
    """Lines, from the thread that reads them to the window's."""

    came = Signal(str)


def main() -> None:
    title, colour, *numbers = sys.argv[1:]
    x, y, width, height = map(int, numbers)
    application = QApplication([])
    window = QWidget()
    window.setWindowTitle(title)
    palette = window.palette()
    palette.setColor(QPalette.ColorRole.Window, QColor(colour))
    window.setPalette(palette)
    window.setAutoFillBackground(True)
    window.setGeometry(x, y, width, height)
    window.show()

    def obey(line: str) -> None:
        match line.split():
            case ["size", w, h]:
                window.resize(int(w), int(h))
            case ["move", left, top]:
                window.move(int(left), int(top))
            case ["hide"]:
                window.hide()
            case ["show"]:
                window.show()
            case []:
                application.quit()

    orders = Orders()
    orders.came.connect(obey)

    def read() -> None:
        for line in sys.stdin:
            orders.came.emit(line.strip())
        orders.came.emit("")

    threading.Thread(target=read, daemon=True).start()
    sys.stdout.write("shown\n")
    sys.stdout.flush()
    application.exec()


if __name__ == "__main__":
    main()
