"""One window for one data folder: a second start hands its link to the first and ends.

The name of the local socket is made of the folder, and only the same user may connect. Whoever does
can open a link, no more.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

TIMEOUT_MS: Final = 1000
LINK_BYTES_MAX: Final = 4096
_ANSWER: Final = b"ok\n"


def socket_name(folder: Path) -> str:
    return f"livehouse-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]}"


def hand_over(name: str, link: str) -> bool:
    """Whether a window is running that has taken the link; an empty one only brings it forward."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(TIMEOUT_MS):
        return False
    socket.write(link.encode()[: LINK_BYTES_MAX - 1].replace(b"\n", b" ") + b"\n")
    socket.waitForBytesWritten(TIMEOUT_MS)
    is_taken = socket.waitForReadyRead(TIMEOUT_MS) and bytes(socket.readAll().data()) == _ANSWER
    socket.disconnectFromServer()
    return is_taken


class SingleWindow(QObject):
    """On the GUI thread. Emits `wanted` with a link, or nothing, when another start comes."""

    wanted = Signal(str)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(name):
            # Left behind by a crash: nobody answered there a moment ago.
            QLocalServer.removeServer(name)
            self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is None:
            return
        socket.setReadBufferSize(LINK_BYTES_MAX)
        socket.readyRead.connect(lambda: self._on_ready(socket))
        socket.disconnected.connect(socket.deleteLater)
        self._on_ready(socket)

    def _on_ready(self, socket: QLocalSocket) -> None:
        if socket.canReadLine():
            text = bytes(socket.readLine(LINK_BYTES_MAX).data()).decode("utf-8", "replace").strip()
            socket.write(_ANSWER)
            socket.flush()
            self.wanted.emit(text)
        elif socket.bytesAvailable() >= LINK_BYTES_MAX:
            socket.abort()
