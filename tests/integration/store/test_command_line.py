"""`livehouse-relay` beside running: what each command prints and leaves behind."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from server import __main__ as relay
from server.store.backup import list_backups, remove_old_backups
from server.store.data_dir import DataDir
from server.store.migrations import HEAD

PASSWORD = "correct horse battery"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Run]:
    """Runs a command in this process: exit code, standard output, standard error."""
    umask = os.umask(0o022)
    monkeypatch.delenv("LIVEHOUSE_RELAY_DATABASE", raising=False)
    monkeypatch.setenv("LIVEHOUSE_RELAY_DATA_DIR", str(tmp_path / "data"))

    def run_command(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["livehouse-relay", *map(str, arguments)])
        code = relay._run_cli()
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    yield run_command
    os.umask(umask)


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n")
    return file


def test_about_when_asked_for_json_then_all_versions(run: Run) -> None:
    code, out, _err = run("about", "--json")
    versions = json.loads(out)
    assert code == 0
    assert set(versions) == {"livehouse", "python", "sqlite", "ffmpeg", "openssl", "websockets"}
    assert versions["sqlite"] == sqlite3.sqlite_version


def test_relay_when_started_without_a_command_then_it_says_what_there_is(run: Run) -> None:
    code, out, _err = run()
    assert code == 0
    assert all(word in out for word in ("run", "migrate", "backup", "restore", "check", "admin"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--bogus"], "No such option: --bogus"),
        (["run", "--port", "99999"], "65535"),
        (["run", "--port", "x"], "--port"),
        (["run", "--coalesce", "perhaps"], "--coalesce"),
        (["run", "--host", "0.0.0.0", "--no-tls"], "plain ws"),
        (["run", "--certificate", "a.pem"], "belong together"),
        (["run", "--tls", "--certificate", "no", "--certificate-key", "no"], "no file no"),
        (["nonsense"], "No such command"),
        (["check"], "there is no database"),
        (["backup", "copy.db"], "there is no database"),
        (["restore", "no-such-file"], "there is no file no-such-file"),
        (["migrate", "--database", "nonsense"], "database address"),
        (["backup", "x", "--database", "postgresql+psycopg://h/d"], "pg_dump"),
        (["admin", "create-user", "Ada", "--password-file", "no-such-file"], "cannot read"),
    ],
)
def test_relay_when_the_input_is_bad_then_one_line_and_a_code(
    run: Run, arguments: list[str], words: str
) -> None:
    code, _out, err = run(*arguments)
    assert code in {2, 3}
    assert err.startswith("livehouse-relay: ")
    assert words in err
    assert err.count("\n") == 1


def test_create_user_when_done_then_an_admin_in_a_private_folder(
    run: Run, password_file: Path, tmp_path: Path
) -> None:
    arguments = ("admin", "create-user", "Ada", "--password-file", password_file, "--admin")
    assert run(*arguments)[:2] == (0, "admin Ada made\n")
    code, _out, err = run(*arguments)
    assert (code, err) == (2, "livehouse-relay: this name is taken\n")
    folder = tmp_path / "data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "livehouse.db").stat().st_mode) == 0o600


def test_create_user_when_the_password_is_weak_then_refused(run: Run, password_file: Path) -> None:
    password_file.write_text("password1")
    code, _out, err = run("admin", "create-user", "Ada", "--password-file", password_file)
    assert code == 2
    assert "commonest" in err


def test_backup_when_restored_then_what_was_there_is_back(
    run: Run, password_file: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    run("admin", "create-user", "Ada", "--password-file", password_file)
    assert run("backup", copy)[0] == 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "exists already" in run("backup", copy)[2]
    run("admin", "create-user", "Bob", "--password-file", password_file)
    assert "--force" in run("restore", copy)[2]
    assert run("restore", copy, "--force")[0] == 0
    with closing(sqlite3.connect(tmp_path / "data" / "livehouse.db")) as connection:
        assert connection.execute("SELECT name FROM users").fetchall() == [("Ada",)]
    assert json.loads(run("check", "--json")[1])["ok"]


def test_restore_when_the_copy_is_bad_then_the_database_stays(
    run: Run, password_file: Path, tmp_path: Path
) -> None:
    run("admin", "create-user", "Ada", "--password-file", password_file)
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"no database at all " * 500)
    code, _out, err = run("restore", bad, "--force")
    assert code == 3
    assert "not a good backup" in err
    assert run("check")[:2] == (0, f"ok, schema {HEAD}\n")


def test_check_when_a_foreign_key_is_broken_then_told(
    run: Run, password_file: Path, tmp_path: Path
) -> None:
    run("admin", "create-user", "Ada", "--password-file", password_file)
    with closing(sqlite3.connect(tmp_path / "data" / "livehouse.db")) as connection:
        connection.execute("INSERT INTO devices VALUES ('t', 'nobody', 1)")
        connection.commit()
    code, out, _err = run("check", "--json")
    assert code == 3
    assert json.loads(out)["problems"] == ["a row of devices points to no row of users"]


def test_migrate_when_a_relay_uses_the_folder_then_refused(run: Run, tmp_path: Path) -> None:
    with DataDir.open(tmp_path / "data"):
        code, _out, err = run("migrate")
    assert code == 2
    assert "another relay is using" in err
    assert run("migrate")[:2] == (0, f"schema {HEAD}\n")


def test_secret_when_others_can_read_it_then_refused(tmp_path: Path) -> None:
    with DataDir.open(tmp_path / "data") as folder:
        made = folder.secret("x.secret")
        assert folder.secret("x.secret") == made
        file = tmp_path / "data" / "x.secret"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o644)
        with pytest.raises(relay.SettingsError, match="chmod 600"):
            folder.secret("x.secret")
        file.chmod(0o600)
        file.write_bytes(b"short")
        with pytest.raises(relay.SettingsError, match="damaged"):
            folder.secret("x.secret")


def test_privacy_when_a_user_is_exported_and_erased_then_as_the_users_own_program_does(
    run: Run, password_file: Path, tmp_path: Path
) -> None:
    run("admin", "create-user", "canary-of-a-name", "--password-file", password_file)
    copy, backup = tmp_path / "hers.zip", tmp_path / "before.db"
    assert run("backup", backup)[0] == 0
    code, out, _err = run("privacy", "export", "canary-of-a-name", "--to", copy)
    assert (code, out) == (0, f"1 rows in {copy}\n")
    with zipfile.ZipFile(copy) as archive:
        (row,) = json.loads(archive.read("profile.json"))
    assert row["name"] == "canary-of-a-name"
    assert run("privacy", "export", "canary-of-a-name", "--to", copy)[0] == 3  # is there already

    assert run("privacy", "erase", "canary-of-a-name", "--yes")[:2] == (
        0,
        "erased canary-of-a-name\n",
    )
    assert run("privacy", "erase", "canary-of-a-name", "--yes")[0] == 3  # nobody has that name
    assert not _is_anywhere(tmp_path / "data")

    # A copy from before knows the name; put back, it is erased again.
    assert b"canary-of-a-name" in backup.read_bytes()
    assert run("restore", backup, "--force")[0] == 0
    assert not _is_anywhere(tmp_path / "data")
    assert run("ledger", "verify")[0] == 0


def test_privacy_when_there_are_automatic_backups_then_they_are_told_and_removed(
    run: Run, tmp_path: Path
) -> None:
    run("migrate")
    assert run("privacy", "backups")[:2] == (0, "")
    old = tmp_path / "data" / "backups" / "before-migration-0001.db"
    old.parent.mkdir()
    old.write_bytes(b"x")
    assert str(old) in run("privacy", "backups")[1]
    assert old.exists()
    assert str(old) in run("privacy", "backups", "--remove")[1]
    assert not old.exists()


def test_backups_when_older_than_they_are_kept_then_removed(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name, age_days in (("old", 31), ("new", 29)):
        path = folder / f"{name}.db"
        path.write_bytes(b"x")
        made_s = 1_700_000_000 - age_days * 86_400
        os.utime(path, (made_s, made_s))
    now_unix_ms = 1_700_000_000_000
    assert remove_old_backups(tmp_path, now_unix_ms=now_unix_ms, days=0) == 0
    assert remove_old_backups(tmp_path, now_unix_ms=now_unix_ms, days=30) == 1
    assert [path.name for path in list_backups(tmp_path)] == ["new.db"]


def _is_anywhere(folder: Path) -> bool:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return any(b"canary-of-a-name" in path.read_bytes() for path in files)


# --- recommendations ------------------------------------------------------------------------------


def test_recommender_when_nothing_was_recorded_then_says_so(run: Run, tmp_path: Path) -> None:
    assert run("migrate")[0] == 0
    code, _, words = run("recommender", "train")
    assert (code, "at least 200 visits are needed" in words) == (1, True)
    code, _, words = run("recommender", "explain", "Nobody")
    assert (code, "there is no user Nobody" in words) == (3, True)
    code, printed, _ = run("behaviour", "export", "--to", tmp_path / "out")
    assert code == 0
    assert [line.partition(" ")[0] for line in printed.splitlines()] == ["0", "0"]
    heading = (tmp_path / "out" / "events.csv").read_text(encoding="utf-8")
    assert heading.strip() == "user,item,timestamp,weight"


def test_recommender_explain_when_given_a_file_then_each_score_is_taken_apart(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "events.csv"
    file.write_text(
        "user,item,timestamp\n"
        + "".join(
            f"u{user},i{(user + which) % 8},{1_700_000_000 + day * 86_400 + user * 60 + which}\n"
            for day in range(20)
            for user in range(10)
            for which in range(2)
        )
    )
    code, printed, _ = run("recommender", "explain", "u3", "--events", file, "--json")
    assert code == 0
    found = json.loads(printed)
    assert {place["item"] for place in found["places"][:2]} == {"i3", "i4"}
    for place in found["places"]:
        assert place["score"] == pytest.approx(
            found["base"] + sum(place["parts"].values()), abs=1e-6
        )
