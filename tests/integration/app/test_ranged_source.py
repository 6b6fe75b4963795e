"""Reading ranges over a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from app.net.address import parse_relay_address
from app.net.ranged_source import RangedSource, SourceRefused
from tests.support.recordings import TICKET, RangeServer, serving

BODY = bytes(range(256)) * 4000
BOUND_S = 30.0


@pytest.fixture(params=[True, False], ids=["kept", "closed"])
def server(request: pytest.FixtureRequest) -> Iterator[RangeServer]:
    with serving(BODY, keeps_alive=request.param) as made:
        yield made


def source_of(server: RangeServer, ticket: str = TICKET) -> RangedSource:
    return RangedSource(parse_relay_address(server.url), "/v1/replays/a.mp4", ticket)


def test_read_when_ranges_are_wanted_then_they_are_those_bytes(server: RangeServer) -> None:
    source = source_of(server)
    assert source.measure() == len(BODY)
    assert source.read(1000, 500) == BODY[1000:1500]
    assert source.read(len(BODY) - 10, 500) == BODY[-10:]
    assert source.read(len(BODY), 500) == b""
    source.close()


def test_measure_when_the_file_has_grown_then_it_says_so(server: RangeServer) -> None:
    source = source_of(server)
    assert source.measure() == len(BODY)
    server.body = BODY + b"more"
    assert source.read(len(BODY), 10) == b"more"
    assert source.measure() == len(BODY) + 4
    source.close()


def test_read_when_the_ticket_is_no_good_then_it_is_refused(server: RangeServer) -> None:
    source = source_of(server, "another")
    with pytest.raises(SourceRefused):
        source.read(0, 10)
    assert all(TICKET not in words for words in server.asked)


def test_read_when_the_relay_is_gone_then_it_is_an_os_error() -> None:
    with serving(BODY) as server:
        source = source_of(server)
        source.measure()
    with pytest.raises(OSError, match=r"refused|reset"):
        RangedSource(parse_relay_address(server.url), "/a", TICKET).read(0, 10)
    source.close()


def test_read_when_a_kept_connection_was_closed_meanwhile_then_another_is_made() -> None:
    with serving(BODY) as server:
        source = source_of(server)
        source.measure()
        connection = source._connection
        assert connection is not None
        assert connection.sock is not None
        connection.sock.close()
        assert source.read(0, 10) == BODY[:10]
        source.close()


def test_close_when_a_read_is_under_way_then_it_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        source = RangedSource(parse_relay_address(f"ws://127.0.0.1:{port}"), "/a", TICKET)
        failures: list[OSError] = []

        def read() -> None:
            try:
                source.read(0, 10)
            except OSError as error:
                failures.append(error)

        reading = threading.Thread(target=read, daemon=True)
        reading.start()
        accepted, _ = silent.accept()
        with accepted:
            accepted.recv(4096)
            source.close()
            reading.join(BOUND_S)
        assert failures
