"""One relay from its start to its end: what it says to whoever started it, and what ends it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import gc
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Final

import structlog

from server.compose import Relay, database_file
from server.gateway.framing import check_framing
from server.logs import configure_logs
from server.store import prepared_restore
from server.store.data_dir import DataDir
from server.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from server.settings import Settings

STDIN_PIECE_BYTES: Final = 4_096
SIGN_OF_LIFE_S: Final = 5.0

_log = structlog.get_logger(__name__)


def run(settings: Settings, *, print_ready: bool) -> int:
    """Serve until SIGINT or SIGTERM. Raises RelayError with one clear line."""
    # The program itself is no garbage: neither now and then while all wait, nor at the end.
    gc.freeze()
    gc.enable()
    configure_logs(as_json=settings.log_json)
    check_framing()
    with DataDir.open(settings.data_dir) as data_dir:
        database = database_file(settings, data_dir)
        if database is not None:
            prepared_restore.carry_out(data_dir, database, dt.datetime.now(dt.UTC))
        with _signs_of_life():
            store = Store.open(
                data_dir.database_url(settings.database_url),
                queue_max=settings.limits.database_queue_max,
            )
        try:
            return asyncio.run(_serve(settings, store, data_dir, print_ready=print_ready))
        finally:
            store.close()


@contextlib.contextmanager
def _signs_of_life() -> Iterator[None]:
    """A large database may be brought up to date for minutes: the log goes on meanwhile, for people
    and for the program that waits for the ready line.
    """
    done = threading.Event()

    def tell() -> None:
        while not done.wait(SIGN_OF_LIFE_S):
            _log.info("still opening the database")

    teller = threading.Thread(target=tell, name="signs of life", daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


async def _serve(settings: Settings, store: Store, data_dir: DataDir, *, print_ready: bool) -> int:
    stop = asyncio.Event()
    _on_signals(stop.set)
    if settings.stops_with_stdin:
        _on_end_of_stdin(stop.set)
    relay = Relay(settings, store, data_dir)
    ready = await relay.start()
    _log.info("serving", url=ready.url, fingerprint=ready.fingerprint)
    if not settings.stops_with_stdin:
        sys.stderr.write(ready.in_words(settings))
    secret = await relay.console_secret()
    # Started by a program, standard error is a log, and no secret belongs in one: there is
    # `livehouse-relay admin create-user` for such a house.
    if secret is not None and not settings.stops_with_stdin:
        sys.stderr.write(
            "No admin yet. Within 15 minutes, log in and claim the role with this secret: "
            f"{secret}\n"
        )
    if print_ready:
        sys.stdout.write(ready.to_json(settings) + "\n")
        sys.stdout.flush()
    await stop.wait()
    _log.info("stopping")
    await relay.stop()
    return 0


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))


def _on_end_of_stdin(stop: Callable[[], None]) -> None:
    """A thread of its own: pipes cannot be awaited on every system."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        # Not through sys.stdin: its lock, held by a waiting thread, stops the interpreter's end.
        while os.read(0, STDIN_PIECE_BYTES):
            pass
        with contextlib.suppress(RuntimeError):  # the loop has ended by other means
            loop.call_soon_threadsafe(stop)

    threading.Thread(target=wait, name="stdin", daemon=True).start()
