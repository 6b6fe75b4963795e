from __future__ import annotations

from pathlib import Path

import pytest

from app import settings
from app.errors import BadInput


def test_key_when_the_environment_holds_it_then_it_is_taken() -> None:
    key = settings.parse_publish_key(environment=" secret\n", key_file=None)
    assert str(key) == "secret"


def test_key_when_a_file_is_given_then_it_wins(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from-file\n", "utf-8")
    key = settings.parse_publish_key(environment="other", key_file=file)
    assert str(key) == "from-file"


def test_key_when_it_is_printed_in_a_repr_then_it_is_masked() -> None:
    key = settings.parse_publish_key(environment="secret", key_file=None)
    wish = settings.PublishSettings(relay="ws://h:1", room="r", publish_key=key, source="testcard")
    assert "secret" not in repr(key)
    assert "secret" not in repr(wish)


def test_key_when_none_is_given_then_the_line_names_both_ways() -> None:
    with pytest.raises(BadInput, match=r"LIVEHOUSE_PUBLISH_KEY.*--key-file"):
        settings.parse_publish_key(environment=None, key_file=None)


@pytest.mark.parametrize("content", [b"", b"two words", b"\xff\xfe", b"x" * 200])
def test_key_when_the_file_is_no_key_then_it_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    with pytest.raises(BadInput):
        settings.parse_publish_key(environment=None, key_file=file)


def test_invite_when_it_is_in_a_file_or_the_environment_then_it_is_taken_and_masked(
    tmp_path: Path,
) -> None:
    file = tmp_path / "invite"
    file.write_text(" s3cret\n", "utf-8")
    invite = settings.parse_invite(environment="other", invite_file=file)
    assert str(invite) == "s3cret"
    assert str(settings.parse_invite(environment="other", invite_file=None)) == "other"
    assert str(settings.parse_invite(environment=None, invite_file=None)) == ""
    wish = settings.WatchSettings(relay="ws://h:1", room="r", invite=invite)
    assert "s3cret" not in repr(wish)


def test_passphrase_when_it_holds_spaces_then_they_stay(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text("open  sesame\nnot this\n", "utf-8")
    found = settings.parse_passphrase(environment=None, passphrase_file=file)
    assert str(found) == "open  sesame"
    assert str(settings.parse_passphrase(environment="", passphrase_file=None)) == ""


@pytest.mark.parametrize("content", [b"two words", b"\xff\xfe", b"x" * 200])
def test_secret_when_the_file_holds_none_then_it_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    with pytest.raises(BadInput):
        settings.parse_invite(environment=None, invite_file=file)
    with pytest.raises(BadInput):
        settings.parse_passphrase(environment=None, passphrase_file=tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "4", "-1", "high", "1.5"])
def test_layer_when_it_is_no_number_then_it_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        settings.parse_layer(text)


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_seconds_when_they_are_no_time_then_they_are_refused(value: float) -> None:
    with pytest.raises(BadInput):
        settings.parse_seconds(value)


@pytest.mark.parametrize("value", [-1, 2001])
def test_delay_when_it_is_out_of_bounds_then_it_is_refused(value: int) -> None:
    with pytest.raises(BadInput):
        settings.parse_delay_ms(value)


def test_audience_when_rooms_are_named_twice_then_each_counts_once() -> None:
    wish = settings.parse_audience(
        relay="ws://127.0.0.1:1",
        pin=None,
        rooms=[" hall ", "attic", "hall"],
        viewers=settings.VIEWERS_MAX,
        seed=7,
        picture_share=0.5,
        seconds=None,
    )
    assert wish.rooms == ("hall", "attic")


@pytest.mark.parametrize("viewers", [0, -1, settings.VIEWERS_MAX + 1])
def test_viewers_when_too_few_or_too_many_then_one_line_says_so(viewers: int) -> None:
    with pytest.raises(BadInput, match="--viewers takes 1 to 400"):
        settings.parse_demo(files=(), viewers=viewers, seed=1, seconds=None, relay="", pin=None)


def test_demo_when_files_are_given_then_they_are_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    films = [Path(f"{number}.mp4") for number in range(settings.DEMO_FILES_MAX + 1)]
    for film in films:
        film.touch()

    def parse(files: list[Path]) -> settings.DemoSettings:
        return settings.parse_demo(files=files, viewers=1, seed=1, seconds=None, relay="", pin=None)

    assert parse(films[:2]).files == (tmp_path / "0.mp4", tmp_path / "1.mp4")
    with pytest.raises(BadInput, match="at most 6 files"):
        parse(films)
    with pytest.raises(BadInput, match=r"there is no file 9\.mp4"):
        parse([Path("9.mp4")])
