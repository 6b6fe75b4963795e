"""A room without a title of its own says whose it is."""

from __future__ import annotations

import msgspec
import pytest

from app.ui.room_title import room_title
from tests.unit.app.ui.window_states import room_info


@pytest.mark.parametrize(
    ("title", "name", "shown"),
    [
        ("Evening", "Ann", "Evening"),
        ("", "Ann", "Ann's room"),
        ("", "stage", "stage"),
        ("a\nb", "Ann", "a b"),
    ],
)
def test_title_when_there_is_none_then_the_owner_stands_for_it(
    title: str, name: str, shown: str
) -> None:
    room = msgspec.structs.replace(room_info(str), title=title, name=name)
    assert room.owner.name == "Ann"
    assert room_title(room) == shown
