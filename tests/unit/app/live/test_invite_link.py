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


WHOLE = InviteLink(
    RelayAddress("10.0.0.1", 7788, is_secure=True, pin=PIN), "r00m", "S3cret-_" * 5 + "abc"
)
BARE = InviteLink(RelayAddress("10.0.0.1", 7788, is_secure=False), "r00m")


@pytest.mark.parametrize("link", [WHOLE, BARE], ids=["whole", "bare"])
@pytest.mark.parametrize(
    "around",
    [
        "%s",
        "\t %s \n",
        "Come and watch: %s - see you there?",
        "Will you come?\n%s\n\nAda",
        "<%s>",
        "(%s), at nine.",
        "来看直播：%s。今晚见！",
        "“%s”",
    ],
)
def test_link_when_there_are_words_around_it_then_is_found(link: InviteLink, around: str) -> None:
    assert parse_invite_link(around % pack_invite_link(link)) == link


@pytest.mark.parametrize("at", range(30, 130, 7))
def test_link_when_it_is_broken_anywhere_and_words_follow_then_is_read(at: int) -> None:
    text = pack_invite_link(WHOLE)
    assert parse_invite_link(f"Hello,\n{text[:at]}\n{text[at:]}\nBye") == WHOLE


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
