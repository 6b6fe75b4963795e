"""A long answer, whose reader is a fake transport."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from server.gateway import http_stream
from server.gateway.http_stream import HttpStream

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import pytest


class FakeTransport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.end = asyncio.Event()
        self.how = ""
        self.waiting = 0

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def set_write_buffer_limits(self, high: Any = None, low: Any = None) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def is_closing(self) -> bool:
        return self.end.is_set()

    def close(self) -> None:
        self.how = self.how or "closed"
        self.end.set()

    def abort(self) -> None:
        self.how = self.how or "aborted"
        self.end.set()


class FakeAdmission:
    def __init__(self) -> None:
        self.lost: list[object] = []

    def on_lost(self, channel: object) -> None:
        self.lost.append(channel)


async def pieces(count: int) -> AsyncGenerator[bytes, None]:
    for number in range(count):
        yield str(number).encode()


def make(transport: FakeTransport) -> HttpStream:
    return HttpStream(transport, FakeAdmission(), "192.0.2.1")  # type: ignore[arg-type]  # what it asks of one


async def test_answer_when_the_reader_takes_all_then_whole_and_closed() -> None:
    transport = FakeTransport()
    make(transport).start(b"head", pieces(3))
    async with asyncio.timeout(30):
        await transport.end.wait()
    assert (transport.written, transport.how) == ([b"head", b"0", b"1", b"2"], "closed")


async def test_answer_when_the_reader_is_full_then_waits_until_it_takes_more() -> None:
    transport = FakeTransport()
    stream = make(transport)
    stream.pause_writing()
    stream.start(b"head", pieces(3))
    for _ in range(20):
        await asyncio.sleep(0)
    assert transport.written == [b"head", b"0"]
    stream.resume_writing()
    async with asyncio.timeout(30):
        await transport.end.wait()
    assert transport.how == "closed"


async def test_answer_when_the_reader_is_deaf_then_it_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http_stream, "STUCK_S", 0.01)
    transport = FakeTransport()
    stream = make(transport)
    stream.pause_writing()
    stream.start(b"head", pieces(3))
    async with asyncio.timeout(30):
        await transport.end.wait()
    assert (transport.written, transport.how) == ([b"head", b"0"], "aborted")


async def test_answer_when_it_may_not_go_on_then_cut_though_its_reader_takes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http_stream, "CHECK_S", 0.01)
    answers = [True, True, False]

    async def may_go_on() -> bool:
        return answers.pop(0)

    transport = FakeTransport()
    stream = make(transport)
    stream.pause_writing()
    stream.start(b"head", pieces(3), may_go_on)
    async with asyncio.timeout(30):
        await transport.end.wait()
    assert (transport.written, transport.how) == ([b"head", b"0"], "aborted")
    assert answers == []
    stream.connection_lost(None)


async def test_answer_when_the_file_fails_then_cut_so_that_nobody_takes_it_for_whole() -> None:
    async def fail() -> AsyncGenerator[bytes, None]:
        yield b"0"
        raise OSError(5, "Input/output error")

    transport = FakeTransport()
    make(transport).start(b"head", fail())
    async with asyncio.timeout(30):
        await transport.end.wait()
    assert transport.how == "aborted"
