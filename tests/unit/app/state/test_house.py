from app.state.house import (
    HomeRoomFound,
    HostingBegun,
    HouseState,
    LinkChanged,
    RelayChosen,
    RelayDied,
    RelayLeft,
    SignedIn,
    SignedOut,
)
from wire.event_base import UserInfo
from wire.ids import UserId

USER = UserInfo(user_id=UserId("u"), name="ada")


def test_house_when_hosting_begins_and_stands_then_knows_user_room_and_link() -> None:
    state = HouseState().apply(HostingBegun())
    assert state.link == "starting"
    assert not state.has_relay
    state = state.apply(RelayChosen("wss://127.0.0.1:1", "ab", is_hosted=True))
    state = state.apply(LinkChanged("connected")).apply(SignedIn(USER))
    state = state.apply(HomeRoomFound("room", "livehouse://x"))
    assert state.is_connected
    assert (state.user, state.home_room_id, state.invite_link) == (USER, "room", "livehouse://x")


def test_house_when_its_room_gets_another_door_then_the_link_is_another() -> None:
    state = HouseState(url="ws://x:1").apply(HomeRoomFound("room", "livehouse://a", "10.0.0.1"))
    assert state.lan_host == "10.0.0.1"
    state = state.apply(HomeRoomFound("room", "livehouse://b?invite=s"))
    assert (state.invite_link, state.lan_host) == ("livehouse://b?invite=s", "")


def test_house_when_the_password_was_made_up_then_it_is_known_until_signed_out() -> None:
    state = HouseState(url="ws://x:1").apply(SignedIn(USER, has_made_password=True))
    assert state.has_made_password
    assert not state.apply(SignedIn(USER)).has_made_password
    assert not state.apply(SignedOut()).has_made_password


def test_house_when_the_link_is_lost_then_keeps_the_user() -> None:
    state = HouseState(url="ws://x:1", link="connected", user=USER)
    state = state.apply(LinkChanged("waiting", "gone"))
    assert state.user == USER
    assert state.words == "gone"


def test_house_when_signed_out_or_left_then_nothing_of_the_user_stays() -> None:
    state = HouseState(url="ws://x:1", link="connected", user=USER, home_room_id="room")
    assert state.apply(SignedOut()).home_room_id == ""
    assert state.apply(RelayLeft("why")) == HouseState(words="why")


def test_house_when_its_relay_dies_then_reopens_until_the_link_is_back() -> None:
    state = HouseState(url="wss://x:1", link="connected", user=USER, home_room_id="room")
    state = state.apply(LinkChanged("waiting", "lost")).apply(RelayDied())
    assert state.is_reopening
    assert (state.user, state.home_room_id) == (USER, "room")
    state = state.apply(LinkChanged("connecting"))
    assert state.is_reopening
    assert not state.apply(LinkChanged("connected")).is_reopening
    assert not state.apply(RelayLeft("given up")).is_reopening
