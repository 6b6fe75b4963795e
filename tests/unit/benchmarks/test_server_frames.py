from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side

from benchmarks.harness.server_frames import (
    OPCODE_BINARY,
    OPCODE_PONG,
    OPCODE_TEXT,
    BadFrame,
    ServerFrame,
    ServerFrames,
    pack_client_frame,
)


@settings(deadline=None, max_examples=50)  # others may have the cores meanwhile
@given(
    sizes=st.lists(st.sampled_from([0, 1, 125, 126, 127, 65_535, 65_536]), max_size=4),
    piece=st.sampled_from([50, 51, 1_000, 65_540, 65_546, 70_000]),
)
def test_frames_in_pieces_of_any_size_come_out_whole(sizes: list[int], piece: int) -> None:
    payloads = [bytes([size % 251]) * size for size in sizes]
    sent = b"".join(Frame(Opcode.BINARY, payload).serialize(mask=False) for payload in payloads)
    frames = ServerFrames()
    taken = [
        frame
        for start in range(0, len(sent), piece)
        for frame in frames.take(sent[start : start + piece])
    ]
    assert taken == [ServerFrame(OPCODE_BINARY, payload) for payload in payloads]


def test_frames_byte_by_byte_come_out_whole() -> None:
    payloads = [b"", b"x", b"y" * 125, b"z" * 126]
    sent = b"".join(Frame(Opcode.BINARY, payload).serialize(mask=False) for payload in payloads)
    frames = ServerFrames()
    taken = [frame.payload for byte in sent for frame in frames.take(bytes([byte]))]
    assert taken == payloads


@pytest.mark.parametrize(
    "data",
    [
        Frame(Opcode.BINARY, b"masked").serialize(mask=True),
        Frame(Opcode.TEXT, b"a fragment", fin=False).serialize(mask=False),
        bytes([0x82, 127]) + (2**40).to_bytes(8, "big"),
    ],
    ids=["masked", "fragment", "too large"],
)
def test_frame_that_no_relay_sends_is_refused(data: bytes) -> None:
    with pytest.raises(BadFrame):
        list(ServerFrames().take(data))


@pytest.mark.parametrize("size", [0, 125, 126, 60_000])
def test_client_frame_is_what_a_server_reads(size: int) -> None:
    payload = bytes(index % 256 for index in range(size))
    server = Protocol(Side.SERVER, state=OPEN, max_size=None)
    server.receive_data(pack_client_frame(OPCODE_TEXT, payload))
    server.receive_data(pack_client_frame(OPCODE_PONG, b"beat"))
    received = [event for event in server.events_received() if isinstance(event, Frame)]
    assert [(frame.opcode, bytes(frame.data)) for frame in received] == [
        (Opcode.TEXT, payload),
        (Opcode.PONG, b"beat"),
    ]
