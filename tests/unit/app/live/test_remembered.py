import json
from pathlib import Path

from app.errors import BadInput
from app.live.preferences_file import PreferencesFile
from app.live.remembered import RELAYS_MAX, ROOMS_MAX, Remembered, RememberedRelay
from app.state.preferences import LANGUAGE, RETURN_AT_START, Preferences


def test_relays_when_joined_then_the_newest_is_first_and_their_number_is_bounded(
    tmp_path: Path,
) -> None:
    path = tmp_path / "relays.json"
    remembered = Remembered(path)
    for number in range(RELAYS_MAX + 5):
        remembered.add(RememberedRelay(url=f"ws://host:{number + 1}"))
    remembered.add(RememberedRelay(url="ws://host:10"))
    again = Remembered(path)
    assert again.relays[0].url == "ws://host:10"
    assert len(again.relays) == RELAYS_MAX
    assert not again.was_hosting
    again.host(4711)
    assert Remembered(path).was_hosting
    again.add(RememberedRelay(url="ws://host:1"))
    assert not Remembered(path).was_hosting
    assert Remembered(path).hosting_port == 4711


def test_relay_when_joined_under_a_new_address_then_is_the_same_one(tmp_path: Path) -> None:
    remembered = Remembered(tmp_path / "relays.json")
    remembered.add(RememberedRelay(url="wss://10.0.0.1:7788", pin="ab"))
    remembered.name("wss://10.0.0.1:7788", "  Kitchen\nconcert ")
    remembered.note_room("wss://10.0.0.1:7788", "r1")
    remembered.add(RememberedRelay(url="wss://10.0.0.2:7788", pin="ab"))
    (relay,) = Remembered(tmp_path / "relays.json").relays
    assert (relay.url, relay.name, relay.rooms) == (
        "wss://10.0.0.2:7788",
        "Kitchen concert",
        ("r1",),
    )
    assert relay.host == "10.0.0.2"


def test_relay_when_removed_then_is_gone_and_the_others_stay(tmp_path: Path) -> None:
    remembered = Remembered(tmp_path / "relays.json")
    for host in ("a", "b"):
        remembered.add(RememberedRelay(url=f"ws://{host}:1"))
    remembered.remove("ws://b:1")
    remembered.remove("ws://nowhere:1")
    assert [one.url for one in Remembered(tmp_path / "relays.json").relays] == ["ws://a:1"]


def test_rooms_when_many_have_opened_then_the_newest_are_kept(tmp_path: Path) -> None:
    remembered = Remembered(tmp_path / "relays.json")
    remembered.add(RememberedRelay(url="ws://a:1"))
    for number in range(ROOMS_MAX + 3):
        remembered.note_room("ws://a:1", f"r{number}")
    remembered.note_room("ws://a:1", "r5")
    rooms = remembered.rooms_of("ws://a:1")
    assert (len(rooms), rooms[0]) == (ROOMS_MAX, "r5")
    assert remembered.rooms_of("ws://b:1") == ()


def test_settings_when_put_then_are_read_back(tmp_path: Path) -> None:
    file = PreferencesFile(tmp_path / "settings.json")
    file.put("language", "zh_CN")
    file.put("return_at_start", False)
    again = PreferencesFile(tmp_path / "settings.json").preferences
    assert again.get(LANGUAGE) == "zh_CN"
    assert again.get(RETURN_AT_START) is False


def test_settings_when_unknown_or_wrong_then_raise() -> None:
    for name, value in [("colour", "red"), ("language", "fr"), ("return_at_start", 1)]:
        try:
            Preferences().put(name, value)
        except BadInput:
            continue
        raise AssertionError(name)


def test_settings_when_the_file_holds_strange_things_then_the_good_ones_stay(
    tmp_path: Path,
) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"language": "en", "theme": "pink", "unknown": 1}')
    assert PreferencesFile(path).preferences.chosen == (("language", "en"),)


def test_settings_when_written_then_what_only_another_version_knows_stays(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"language": "en", "theme": "pink", "of_tomorrow": [1]}')
    PreferencesFile(path).put("theme", "dark")
    assert json.loads(path.read_text()) == {
        "language": "en",
        "theme": "dark",
        "of_tomorrow": [1],
    }


def test_settings_when_the_file_is_broken_then_it_is_kept_beside_the_new_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"language": "en", ')
    PreferencesFile(path).put("language", "zh_CN")
    assert path.with_suffix(".broken").read_text() == '{"language": "en", '
    assert PreferencesFile(path).preferences.get(LANGUAGE) == "zh_CN"
