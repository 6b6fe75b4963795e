import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadInput
from app.live.invite_link import InviteLink, pack_invite_link, parse_invite_link
from app.net.address import RelayAddress

PIN = bytes(range(32))


@given(
    host=st.sampled_from(["192.168.1.7", "house.local", "fd00::1"]),
    port=st.integers(1, 65535),
    room=st.text(
        st.characters(exclude_characters="/", exclude_categories=["Cs", "Cc"]), max_size=20
    ),
    pin=st.sampled_from([None, PIN]),
    invite=st.text("abcXYZ012-_&=%", max_size=20),
)
def test_link_when_packed_and_parsed_then_is_the_same(
    host: str, port: int, room: str, pin: bytes | None, invite: str
) -> None:
    address = RelayAddress(host, port, is_secure=pin is not None, pin=pin)
    link = InviteLink(address, room, invite)
    assert parse_invite_link(pack_invite_link(link)) == link


def test_link_when_broken_over_lines_by_a_mail_then_is_read() -> None:
    text = pack_invite_link(InviteLink(RelayAddress("10.0.0.1", 7788, is_secure=True, pin=PIN)))
    assert parse_invite_link(f" {text[:40]}\n  {text[40:]}\n").address.pin == PIN


def test_link_when_it_is_a_plain_address_then_names_no_room() -> None:
    assert parse_invite_link("wss://house.example:1") == InviteLink(
        RelayAddress("house.example", 1, is_secure=True)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "livehouse://",
        "livehouse:///room",
        "livehouse://host:99999/room",
        "livehouse://user:word@host/room",
        "livehouse://host/a/b",
        "livehouse://host/room?pin=12",
        "livehouse://host/room?pin=" + "g" * 64,
        "livehouse://[::1/room",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "x" * 5000,
    ],
)
def test_link_when_it_cannot_be_one_then_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput):
        parse_invite_link(text)
