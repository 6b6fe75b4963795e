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
ANSWER_TIMEOUT_MS: Final = 100
"""So long may a peer that does not read hold up the window."""
LINK_BYTES_MAX: Final = 4096
_ANSWER: Final = b"ok\n"
_UNCONNECTED: Final = QLocalSocket.LocalSocketState.UnconnectedState


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
    # The answer may have come while the question was being written.
    while not socket.canReadLine() and socket.waitForReadyRead(TIMEOUT_MS):
        pass
    is_taken = bytes(socket.readAll().data()) == _ANSWER
    socket.disconnectFromServer()
    return is_taken


class SingleWindow(QObject):
    """On the GUI thread. Emits `wanted` with a link, or nothing, when another start comes."""

    wanted = Signal(str)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._sockets: list[QLocalSocket] = []
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(name):
            # Left behind by a crash: nobody answered there a moment ago.
            QLocalServer.removeServer(name)
            self._server.listen(name)

    def close(self) -> None:
        self._server.close()
        for socket in self._sockets:
            socket.abort()
        self._sockets.clear()

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(LINK_BYTES_MAX)
            socket.readyRead.connect(self._on_ready)
            socket.disconnected.connect(self._on_disconnected)
            self._sockets.append(socket)
        self._on_ready()

    def _on_ready(self) -> None:
        for socket in tuple(self._sockets):
            if socket.canReadLine():
                line = bytes(socket.readLine(LINK_BYTES_MAX).data())
                socket.write(_ANSWER)
                socket.waitForBytesWritten(ANSWER_TIMEOUT_MS)
                self.wanted.emit(line.decode("utf-8", "replace").strip())
            elif socket.bytesAvailable() >= LINK_BYTES_MAX:
                socket.abort()

    def _on_disconnected(self) -> None:
        gone = [one for one in self._sockets if one.state() is _UNCONNECTED]
        self._sockets = [one for one in self._sockets if one not in gone]
        for socket in gone:
            socket.deleteLater()
