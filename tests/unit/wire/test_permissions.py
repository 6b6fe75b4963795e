from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from wire.errors import ErrorCode, WireError
from wire.permissions import (
    PERMISSIONS,
    Action,
    highest,
    is_allowed,
    may_take_back,
    require,
    stands_above,
    strongest,
)

if TYPE_CHECKING:
    from wire.event_base import Role
    from wire.order_events import DoerRole

# guest, viewer, moderator, streamer, admin
TABLE: dict[Action, str] = {
    Action.CREATE_ROOM: ".xxxx",
    Action.SEE_ROOM: ".xxxx",
    Action.JOIN_PUBLIC_ROOM: "xxxxx",
    Action.JOIN_PRIVATE_ROOM: "xxxxx",
    Action.ENTER_FREELY: "..xxx",
    Action.CHAT: ".xxxx",
    Action.CHAT_FAST: "..xxx",
    Action.LIKE: ".xxxx",
    Action.TRAIN_RECOMMENDER: "....x",
    Action.LIST_REPLAYS: "xxxxx",
    Action.KEEP_REPLAYS: "...xx",
    Action.RUN_POLLS: "..xxx",
    Action.VOTE: ".xxxx",
    Action.RUN_DRAWS: "..xxx",
    Action.ENTER_DRAWS: ".xxxx",
    Action.LEAD_CHAT: "..xxx",
    Action.GET_SUBSCRIBE_TICKET: "xxxxx",
    Action.PUBLISH: "...x.",
    Action.END_BROADCAST: "...xx",
    Action.EDIT_ROOM: "...xx",
    Action.SET_MODERATOR: "...xx",
    Action.MANAGE_INVITES: "...xx",
    Action.CREATE_PUBLISH_KEY: "...x.",
    Action.SEE_PUBLISH_KEYS: "...xx",
    Action.REVOKE_PUBLISH_KEY: "...xx",
    Action.KEEP_ORDER: "..xxx",
    Action.CLOSE_ROOM: "...xx",
    Action.GIVE: ".xxxx",
    Action.GRANT_COINS: "....x",
    Action.REFUND: "....x",
    Action.SEE_HOUSE: "....x",
    Action.KEEP_ROOMS: "....x",
    Action.PLAN_BROADCAST: "...xx",
    Action.KEEP_USERS: "....x",
    Action.KEEP_GIFTS: "....x",
    Action.CHANGE_RELAY: "....x",
    Action.KEEP_STORAGE: "....x",
    Action.SET_ROOM_WORDS: "..xxx",
    Action.MANAGE_EMOTES: "..xxx",
    Action.SET_HOUSE_WORDS: "....x",
    Action.KEEP_HOUSE_ORDER: "....x",
    Action.REPORT: ".xxxx",
    Action.JUDGE_REPORTS: "..xxx",
    Action.GIVE_FEEDBACK: ".xxxx",
    Action.ANSWER_FEEDBACK: "....x",
}
ROLES: tuple[Role, ...] = ("guest", "viewer", "moderator", "streamer", "admin")
CELLS = [
    (role, action, mark == "x")
    for action, marks in TABLE.items()
    for role, mark in zip(ROLES, marks, strict=True)
]


def test_table_when_compared_then_every_cell_is_written_down_here() -> None:
    assert set(TABLE) == set(Action)
    assert set(PERMISSIONS) == set(ROLES)


@pytest.mark.parametrize(("role", "action", "allowed"), CELLS)
def test_cell_when_asked_then_as_written(role: Role, action: Action, allowed: bool) -> None:
    assert is_allowed([role], action) is allowed
    if allowed:
        require([role], action)
        return
    with pytest.raises(WireError) as caught:
        require([role], action)
    assert caught.value.code is (
        ErrorCode.LOGIN_REQUIRED if role == "guest" else ErrorCode.FORBIDDEN
    )


def test_require_when_one_of_several_roles_may_then_allowed() -> None:
    require({"viewer", "admin", "streamer"}, Action.PUBLISH)


@pytest.mark.parametrize(
    ("roles", "shown"),
    [
        ({"viewer"}, "viewer"),
        ({"viewer", "moderator"}, "moderator"),
        ({"viewer", "moderator", "admin"}, "admin"),
        ({"viewer", "admin", "streamer"}, "streamer"),
        ({"guest"}, "guest"),
    ],
)
def test_strongest_when_several_then_the_one_others_see(roles: set[Role], shown: Role) -> None:
    assert strongest(roles) == shown


# --- the order of roles -----------------------------------------------------------------------

# against: guest, viewer, moderator, streamer, admin
ABOVE = {
    "guest": ".....",
    "viewer": "x....",
    "moderator": "xx...",
    "automatic": "xx...",
    "streamer": "xxx..",
    "admin": "xxxxx",
}
# done as: guest, viewer, moderator, streamer, admin, automatic
TAKES_BACK = {
    "guest": "x.....",
    "viewer": "xx....",
    "moderator": "xxx..x",
    "streamer": "xxxx.x",
    "admin": "xxxxxx",
}


@pytest.mark.parametrize("doer", ABOVE)
def test_order_when_somebody_acts_against_another_then_as_written(doer: DoerRole) -> None:
    assert "".join("x" if stands_above(doer, {role}) else "." for role in ROLES) == ABOVE[doer]


@pytest.mark.parametrize("role", TAKES_BACK)
def test_order_when_somebody_takes_back_then_as_written(role: Role) -> None:
    done_as: tuple[DoerRole, ...] = (*ROLES, "automatic")
    found = "".join("x" if may_take_back({role}, one) else "." for one in done_as)
    assert found == TAKES_BACK[role]


def test_highest_when_an_admin_owns_the_room_then_admin() -> None:
    assert highest({"viewer", "streamer", "admin"}) == "admin"
    assert stands_above(highest({"viewer", "moderator"}), {"viewer"})
