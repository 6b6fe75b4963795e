"""Names that a relay takes, and one for whoever sits at this computer."""

from __future__ import annotations

import pytest

from app.state.own_name import is_name, pick_name
from server.accounts.rules import check_user_name
from wire.errors import WireError

NAMES = ("Mika", "林小满", "O'Neil", "a", "  ", "--", "Mika  Sato", "x" * 33, "<b>", "a_b-c.d")


@pytest.mark.parametrize("text", NAMES)
def test_name_when_judged_here_then_as_the_relay_does(text: str) -> None:
    try:
        check_user_name(text)
    except WireError:
        is_taken = False
    else:
        is_taken = True
    assert is_name(text) is is_taken


@pytest.mark.parametrize(
    ("full_name", "login", "name"),
    [
        ("Mika Sato,Room 3,,", "mika", "Mika Sato"),
        ("", "mika", "mika"),
        ("root", "root", ""),
        ("Administrator", "mika", "mika"),
        ("林小满", "xiaoman", "林小满"),
        ("<script>", "a", "script"),
        ("x" * 99, "", "x" * 32),
        ("", "", ""),
    ],
)
def test_suggestion_when_made_then_is_a_person_and_not_a_role(
    full_name: str, login: str, name: str
) -> None:
    assert pick_name(full_name, login) == name
