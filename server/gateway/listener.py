"""The port: accepts sockets, checks the handshake, and hands each path to its handler."""

from __future__ import annotations

import http
import ipaddress
import logging
import re
import socket
from typing import TYPE_CHECKING, Final

import structlog
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from server.gateway.connection import GOODBYE_S, RelayConnection
from wire import CONTROL_PATH, PUBLISH_PATH, SUBPROTOCOL, SUBSCRIBE_PATH
from wire.errors import CloseCode

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Mapping

    from websockets.http11 import Request, Response

    from server.gateway.admission import Admission
    from server.settings import Settings

_log = structlog.get_logger(__name__)

NORMAL_CLOSURE: Final = 1000
LISTEN_BACKLOG: Final = 1_024
"""Connections that the kernel holds until we come to them: a whole audience after a restart."""
ACCEPTED_AT_ONCE: Final = 16
"""asyncio accepts as many in one go as its backlog says: a thousand held all others up for 1 s."""
CLOSE_TIMEOUT_S: Final = GOODBYE_S
PING_INTERVAL_S: Final = 9.0
PING_TIMEOUT_S: Final = 9.0
"""A ghost is gone within 20 s: these two, a second for its goodbye, and the room's next tick."""

_HOST: Final = re.compile(
    r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::[0-9]{0,5})?", re.ASCII | re.IGNORECASE
)
"""What a Host header may be at all."""

SOCKET_PATHS: Final = (CONTROL_PATH, PUBLISH_PATH, SUBSCRIBE_PATH)


class Listener:
    """Owns the listening sockets. Event loop's thread only."""

    def __init__(
        self,
        settings: Settings,
        admission: Admission,
        *,
        sockets: Mapping[str, Callable[[RelayConnection], Awaitable[None]]],
        pages: Callable[[RelayConnection, str], Awaitable[Response | None]],
        tls: ssl.SSLContext | None,
    ) -> None:
        self._settings = settings
        self._admission = admission
        self._sockets = sockets
        self._pages = pages
        self._tls = tls
        self._server: Server | None = None
        self._own_names = _own_names(settings)

    async def start(self) -> int:
        """Listen. Returns the port. Raises OSError where the port is taken."""

        def create_connection(*args: object, **kwargs: object) -> RelayConnection:
            connection = RelayConnection(*args, **kwargs)
            connection.admission = self._admission
            return connection

        quiet = logging.getLogger("livehouse.websockets")
        # The library logs every refused handshake with a traceback: a hostile peer could fill the
        # disk. What matters is logged here, in one line.
        quiet.setLevel(logging.CRITICAL)
        self._server = await serve(
            self._handle,
            self._settings.host,
            self._settings.port,
            create_connection=create_connection,  # type: ignore[arg-type]  # a factory is documented, the annotation says class
            process_request=self._process_request,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            server_header="livehouse",
            open_timeout=self._settings.limits.handshake_timeout_s,
            ping_interval=PING_INTERVAL_S,
            ping_timeout=PING_TIMEOUT_S,
            close_timeout=CLOSE_TIMEOUT_S,
            max_size=64 * 1024,
            logger=quiet,
            ssl=self._tls,
            backlog=ACCEPTED_AT_ONCE,
        )
        for listening in self._server.sockets:
            with socket.fromfd(listening.fileno(), listening.family, listening.type) as same:
                same.listen(LISTEN_BACKLOG)
        return int(self._server.sockets[0].getsockname()[1])

    def is_serving(self) -> bool:
        return self._server is not None and self._server.is_serving()

    async def stop(self) -> None:
        """Accept nothing more and wait until every socket is gone. Call after they were closed."""
        if self._server is not None:
            self._server.close(close_connections=False)
            await self._server.wait_closed()

    async def _handle(self, connection: ServerConnection) -> None:
        assert isinstance(connection, RelayConnection)  # noqa: S101 # our own factory made it
        assert connection.request is not None  # noqa: S101 # the handshake is over
        path = connection.request.path.partition("?")[0]
        try:
            await self._sockets[path](connection)
        except ConnectionClosed:
            pass
        except Exception:
            # One broken socket must not end the relay, nor leave without a trace: one entry.
            _log.exception("a socket's handler failed", path=path)
            connection.close_now(CloseCode.INTERNAL, "the relay failed; see its log")
            raise
        finally:
            connection.close_now(NORMAL_CLOSURE, "")

    async def _process_request(
        self, connection: ServerConnection, request: Request
    ) -> Response | None:
        assert isinstance(connection, RelayConnection)  # noqa: S101 # our own factory made it
        path = request.path.partition("?")[0]
        refusal = self._refuse(request, path)
        if refusal is not None:
            status, words = refusal
            return connection.respond(status, words + "\n")
        if path in SOCKET_PATHS:
            return None
        page = await self._pages(connection, path)
        return page or connection.respond(http.HTTPStatus.NOT_FOUND, "there is nothing here\n")

    def _refuse(self, request: Request, path: str) -> tuple[http.HTTPStatus, str] | None:
        hosts = request.headers.get_all("Host")
        if len(hosts) != 1 or not self._is_own_host(hosts[0]):
            return http.HTTPStatus.MISDIRECTED_REQUEST, "this relay does not answer to that host"
        if path not in SOCKET_PATHS:
            return None
        for origin in request.headers.get_all("Origin"):
            if origin not in self._settings.allowed_origins:
                return http.HTTPStatus.FORBIDDEN, "this origin may not connect"
        offered = [
            word.strip()
            for line in request.headers.get_all("Sec-WebSocket-Protocol")
            for word in line.split(",")
        ]
        if "Upgrade" in request.headers and SUBPROTOCOL not in offered:
            return http.HTTPStatus.BAD_REQUEST, f"offer the subprotocol {SUBPROTOCOL}"
        return None

    def _is_own_host(self, host: str) -> bool:
        """An address is fine, a name must be known: that stops DNS rebinding."""
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = (match["name"] or "").lower().removesuffix(".")
        if name in self._own_names:
            return True
        try:
            ipaddress.ip_address(match["v6"] or name)
        except ValueError:
            return False
        return True


def _own_names(settings: Settings) -> frozenset[str]:
    own = socket.gethostname().lower()
    names = {"localhost", own, f"{own.partition('.')[0]}.local", settings.host.lower()}
    return frozenset(names | {host.lower() for host in settings.allowed_hosts})
