from __future__ import annotations

import pytest

from server.accounts.common_passwords import load_common_passwords
from server.accounts.rules import check_password, check_user_name, prepare_password
from wire.errors import ErrorCode, WireError


@pytest.mark.parametrize("name", ["Ada", "小明", "Jean-Luc", "O'Neil", "a.b_c", "Max M.", "Zoé"])
def test_user_name_when_ordinary_then_kept(name: str) -> None:
    assert check_user_name(f" {name} ") == name


@pytest.mark.parametrize(
    "name",
    ["", "a", "x" * 33, "a  b", "a\u202eb", "a\u200bb", "a<b>", "a\nb", "---", "a@b", "ﷺ" * 32],
)
def test_user_name_when_bad_then_refused(name: str) -> None:
    with pytest.raises(WireError) as caught:
        check_user_name(name)
    assert (caught.value.code, caught.value.field) == (ErrorCode.INVALID_VALUE, "name")


@pytest.mark.parametrize("name", ["livehouse", "LiveHouse", "1ivehouse", "live_house", "Iivehouse"])
def test_user_name_when_it_looks_like_the_relays_own_then_taken(name: str) -> None:
    with pytest.raises(WireError) as caught:
        check_user_name(name)
    assert caught.value.code is ErrorCode.NAME_TAKEN


def check(password: str) -> None:
    check_password(password, user_name="Ada Lovelace", common=load_common_passwords())


@pytest.mark.parametrize(
    "password", ["1234567", "x1y2" * 33, "password1", "PASSWORD", "aaaaaaaaaa", "ada lovelace"]
)
def test_password_when_weak_then_refused(password: str) -> None:
    with pytest.raises(WireError) as caught:
        check(password)
    assert (caught.value.code, caught.value.field) == (ErrorCode.WEAK_PASSWORD, "password")


@pytest.mark.parametrize("password", ["correct horse", "8chars!?", "密码是一句话呀呀", "x1y2" * 32])
def test_password_when_good_then_accepted(password: str) -> None:
    check(password)


def test_common_passwords_when_loaded_then_at_least_three_thousand() -> None:
    common = load_common_passwords()
    assert len(common) >= 3_000
    assert {"123456789", "qwertyuiop", "iloveyou"} <= common


def test_prepare_password_when_typed_on_another_keyboard_then_the_same_bytes() -> None:
    assert prepare_password("Zoe\u0301") == prepare_password("Zo\u00e9")


def test_prepare_password_when_huge_then_cut_before_it_is_normalised() -> None:
    assert len(prepare_password("a" + "\u0301\u0323" * 100_000)) < 600
