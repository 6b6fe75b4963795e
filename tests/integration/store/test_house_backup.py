"""A whole house in one file, and back on a machine that has nothing."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from server import house_backup, maintenance
from server.errors import StoreError
from server.gateway.certificates import CERTIFICATE_NAME, KEY_NAME
from server.privacy.journal import ERASED_FILE, Journal
from server.store.data_dir import DATABASE_FILE, ROOM_KEY_SECRET_FILE, DataDir

PASSWORD = "correct horse battery"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A data folder with a user, both secrets and a certificate."""
    folder = tmp_path / "house"
    with DataDir.open(folder) as opened:
        opened.secret(ROOM_KEY_SECRET_FILE)
    maintenance.create_user(folder, "", name="Ada", password=PASSWORD, is_admin=True)
    for name in (CERTIFICATE_NAME, KEY_NAME):
        (folder / name).write_text(f"the text of {name}\n")
    return folder


def _names(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM users ORDER BY name")]


def test_house_when_restored_on_a_clean_machine_then_all_of_it_is_there(
    house: Path, tmp_path: Path
) -> None:
    file, fresh = tmp_path / "house.zip", tmp_path / "fresh"
    maintenance.back_up(house, "", file)
    maintenance.restore(fresh, "", file, force=False)
    assert _names(fresh) == ["Ada"]
    for name in (ROOM_KEY_SECRET_FILE, CERTIFICATE_NAME, KEY_NAME):
        assert (fresh / name).read_bytes() == (house / name).read_bytes()
    assert maintenance.check(fresh, "").ok
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE((fresh / KEY_NAME).stat().st_mode) == 0o600


def test_backup_and_restore_when_under_way_then_each_step_says_how_far_it_is(
    house: Path, tmp_path: Path
) -> None:
    told: list[tuple[str, float]] = []

    def listen(step: str, share: float) -> None:
        told.append((step, share))

    file = tmp_path / "house.zip"
    maintenance.back_up(house, "", file, on_progress=listen)
    maintenance.restore(tmp_path / "fresh", "", file, force=False, on_progress=listen)
    assert {step for step, _ in told} == {
        house_backup.COPYING,
        house_backup.PACKING,
        house_backup.UNPACKING,
    }
    assert all(0 <= share <= 1 for _, share in told)


def test_restore_when_a_house_is_there_then_only_by_force_and_the_erased_stay_erased(
    house: Path, tmp_path: Path
) -> None:
    file = tmp_path / "house.zip"
    Journal(house).note_erased("gone-before")
    maintenance.back_up(house, "", file)
    Journal(house).note_erased("gone-since")
    maintenance.create_user(house, "", name="Bob", password=PASSWORD, is_admin=False)
    with pytest.raises(StoreError, match="--force"):
        maintenance.restore(house, "", file, force=False)
    maintenance.restore(house, "", file, force=True)
    assert _names(house) == ["Ada"]
    assert Journal(house).erased() == ("gone-before", "gone-since")
    assert (house / ERASED_FILE).read_text() == "gone-before\ngone-since\n"


def test_restore_when_the_list_of_erased_is_torn_then_no_line_is_glued_or_taken_for_another(
    house: Path, tmp_path: Path
) -> None:
    file = tmp_path / "house.zip"
    for user_id in ("one", "erased-one"):
        Journal(house).note_erased(user_id)
    maintenance.back_up(house, "", file)
    (house / ERASED_FILE).write_text("not-erased-one\ntorn")
    maintenance.restore(house, "", file, force=True)
    assert set(Journal(house).erased()) == {"not-erased-one", "torn", "one", "erased-one"}


def _spoil(file: Path, change: str) -> Path:
    """The same zip with one thing wrong in it."""
    spoilt = file.with_name("spoilt.zip")
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(spoilt, "w") as bad:
        manifest = json.loads(good.read(house_backup.MANIFEST))
        pieces = {one["name"]: good.read(one["name"]) for one in manifest["pieces"]}
        if change == "newer":
            manifest["format"] = house_backup.FORMAT + 1
        elif change == "other kind":
            manifest["kind"] = "a holiday"
        elif change == "strange name":
            manifest["pieces"][0]["name"] = "../../outside"
        elif change == "bit":
            name = DATABASE_FILE
            pieces[name] = pieces[name][:-1] + bytes([pieces[name][-1] ^ 1])
        elif change == "longer":
            pieces[DATABASE_FILE] += b"x" * 1000
        elif change == "no database":
            manifest["pieces"] = [one for one in manifest["pieces"] if one["name"] != DATABASE_FILE]
        elif change == "missing":
            del pieces[KEY_NAME]
        bad.writestr(house_backup.MANIFEST, json.dumps(manifest))
        for name, value in pieces.items():
            bad.writestr(name, value)
    return spoilt


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("newer", "newer Livehouse"),
        ("other kind", "no backup of a house"),
        ("strange name", "unknown file"),
        ("bit", "damaged"),
        ("longer", "damaged"),
        ("no database", "holds no database"),
        ("missing", "lacks"),
    ],
)
def test_restore_when_the_file_is_spoilt_then_said_and_nothing_changed(
    house: Path, tmp_path: Path, change: str, words: str
) -> None:
    file = tmp_path / "house.zip"
    maintenance.back_up(house, "", file)
    maintenance.create_user(house, "", name="Bob", password=PASSWORD, is_admin=False)
    before = {path.name for path in house.iterdir()}
    with pytest.raises(StoreError, match=words):
        maintenance.restore(house, "", _spoil(file, change), force=True)
    assert _names(house) == ["Ada", "Bob"]
    assert {path.name for path in house.iterdir()} == before


def test_backup_when_the_file_exists_or_there_is_no_house_then_said(
    house: Path, tmp_path: Path
) -> None:
    file = tmp_path / "house.zip"
    file.write_bytes(b"mine")
    with pytest.raises(StoreError, match="exists already"):
        maintenance.back_up(house, "", file)
    assert file.read_bytes() == b"mine"
    with pytest.raises(StoreError, match="there is no database"):
        maintenance.back_up(tmp_path / "nowhere", "", tmp_path / "other.zip")
