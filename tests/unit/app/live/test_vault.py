import stat
import sys
from pathlib import Path

import pytest

from app.live.vault import Account, RoomKey, Vault


def test_vault_when_saved_then_found_again_and_forgotten(tmp_path: Path) -> None:
    account = Account(name="ada", token="secret")
    Vault(tmp_path, uses_keyring=False).save("relay", account)
    vault = Vault(tmp_path, uses_keyring=False)
    assert vault.find("relay") == account
    assert vault.find("another") is None
    vault.forget("relay")
    assert vault.find("relay") is None


def test_vault_when_it_holds_keys_of_rooms_then_the_account_is_apart(tmp_path: Path) -> None:
    vault = Vault(tmp_path, uses_keyring=False)
    vault.save("relay", Account(name="ada", token="secret"))
    vault.save_room_key("relay", "hall", RoomKey(invite="s3cret"))
    vault.forget("relay")
    assert vault.find("relay") is None
    assert vault.find_room_key("relay", "hall") == RoomKey(invite="s3cret")
    assert vault.find_room_key("relay", "cellar") is None


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_vault_when_written_then_only_the_user_may_read(tmp_path: Path) -> None:
    vault = Vault(tmp_path, uses_keyring=False)
    vault.save("relay", Account(name="ada", token="secret"))
    mode = stat.S_IMODE((tmp_path / "accounts.json").stat().st_mode)
    assert mode == 0o600


def test_account_when_shown_then_hides_its_secrets() -> None:
    account = Account(name="ada", token="t0ken", password="pa55", device_token="d3v")
    assert repr(account) == "Account(name='ada', ***)"


def test_vault_when_the_file_is_broken_then_is_empty(tmp_path: Path) -> None:
    (tmp_path / "accounts.json").write_text("{")
    assert Vault(tmp_path, uses_keyring=False).find("relay") is None
