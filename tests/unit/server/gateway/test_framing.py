"""Frames made once for many sockets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side

from server.gateway import framing


def read_by_a_client(data: bytes) -> list[tuple[Opcode, bytes]]:
    client = Protocol(Side.CLIENT, state=OPEN, max_size=None)
    client.receive_data(data)
    frames = [event for event in client.events_received() if isinstance(event, Frame)]
    return [(frame.opcode, bytes(frame.data)) for frame in frames]


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=300)), max_size=5))
def test_frames_when_joined_then_a_client_reads_each_message(
    messages: list[tuple[bool, bytes]],
) -> None:
    data = b"".join(
        framing.frame_binary(payload) if is_binary else framing.frame_text(payload)
        for is_binary, payload in messages
    )
    assert read_by_a_client(data) == [
        (Opcode.BINARY if is_binary else Opcode.TEXT, payload) for is_binary, payload in messages
    ]


@pytest.mark.parametrize(("size", "header"), [(125, 2), (126, 4), (65_535, 4), (65_536, 10)])
def test_frame_when_made_by_a_server_then_has_the_shortest_header_and_no_mask(
    size: int, header: int
) -> None:
    framed = framing.frame_binary(bytes(size))
    assert len(framed) == size + header
    assert framed[1] & 0x80 == 0


def test_check_when_the_library_reads_our_frames_then_passes() -> None:
    framing.check_framing()


def test_check_when_the_library_would_not_read_our_frames_then_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(framing, "frame_binary", lambda payload: b"\x82\x00")
    with pytest.raises(RuntimeError, match="does not read our frames"):
        framing.check_framing()
