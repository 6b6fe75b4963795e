"""Who may do what: one table of role x action. Whatever is not in it is refused."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from collections.abc import Collection

    from wire.event_base import Role
    from wire.order_events import DoerRole


class Action(Enum):
    """What somebody may do in a room, and making a room at all."""

    CREATE_ROOM = auto()
    SEE_ROOM = auto()
    """A private room by its name, without what is live in it."""
    JOIN_PUBLIC_ROOM = auto()
    JOIN_PRIVATE_ROOM = auto()
    """With the passphrase or an invite."""
    ENTER_FREELY = auto()
    """A private room without either."""
    CHAT = auto()
    CHAT_FAST = auto()
    LIKE = auto()
    RUN_POLLS = auto()
    VOTE = auto()
    RUN_DRAWS = auto()
    ENTER_DRAWS = auto()
    """Also free of the chat's rules."""
    LEAD_CHAT = auto()
    """Its rules, what waits for review, what stands above it."""
    GET_SUBSCRIBE_TICKET = auto()
    PUBLISH = auto()
    END_BROADCAST = auto()
    EDIT_ROOM = auto()
    SET_MODERATOR = auto()
    MANAGE_INVITES = auto()
    CREATE_PUBLISH_KEY = auto()
    SEE_PUBLISH_KEYS = auto()
    REVOKE_PUBLISH_KEY = auto()
    KEEP_ORDER = auto()
    """Mute, kick and ban those below, delete messages, see what was done and undo it."""
    CLOSE_ROOM = auto()
    GIVE = auto()
    """Gifts, red packets and their shares."""
    GRANT_COINS = auto()
    REFUND = auto()
    SEE_HOUSE = auto()
    """Its figures, all rooms and users, settings and storage."""
    KEEP_ROOMS = auto()
    """Make rooms for others, show them first, announce to all."""
    PLAN_BROADCAST = auto()
    KEEP_USERS = auto()
    """Roles of the house, others' sessions and passwords."""
    KEEP_GIFTS = auto()
    CHANGE_RELAY = auto()
    """Settings that work at once."""
    KEEP_STORAGE = auto()
    """Backups, checks, restoring."""
    SET_ROOM_WORDS = auto()
    """A room's word list and its rules for texts."""
    MANAGE_EMOTES = auto()
    """Add and remove a room's own."""
    SET_HOUSE_WORDS = auto()
    """Those that every room is under."""
    KEEP_HOUSE_ORDER = auto()
    """As KEEP_ORDER, in all rooms at once."""
    REPORT = auto()
    JUDGE_REPORTS = auto()
    """Of a room's messages and people; a report of the room itself is for admins."""
    GIVE_FEEDBACK = auto()
    ANSWER_FEEDBACK = auto()
    TRAIN_RECOMMENDER = auto()
    """See how it does, train it, and choose its model."""
    LIST_REPLAYS = auto()
    """Those that are public; each one's visibility says who sees it besides."""
    KEEP_REPLAYS = auto()
    """See the private ones, edit and delete them, say whether the room is recorded."""


# An invite or a passphrase is as good in a guest's hand: whoever has it could make an account.
_GUEST: Final = frozenset(
    {
        Action.JOIN_PUBLIC_ROOM,
        Action.JOIN_PRIVATE_ROOM,
        Action.GET_SUBSCRIBE_TICKET,
        Action.LIST_REPLAYS,
    }
)
_VIEWER: Final = _GUEST | {
    Action.CREATE_ROOM,
    Action.SEE_ROOM,
    Action.CHAT,
    Action.LIKE,
    Action.GIVE,
    Action.VOTE,
    Action.ENTER_DRAWS,
    Action.REPORT,
    Action.GIVE_FEEDBACK,
}
_MODERATOR: Final = _VIEWER | {
    Action.ENTER_FREELY,
    Action.CHAT_FAST,
    Action.LEAD_CHAT,
    Action.KEEP_ORDER,
    Action.RUN_POLLS,
    Action.RUN_DRAWS,
    Action.JUDGE_REPORTS,
    Action.SET_ROOM_WORDS,
    Action.MANAGE_EMOTES,
}
_KEEPER: Final = _MODERATOR | {
    Action.END_BROADCAST,
    Action.EDIT_ROOM,
    Action.CLOSE_ROOM,
    Action.SET_MODERATOR,
    Action.MANAGE_INVITES,
    Action.SEE_PUBLISH_KEYS,
    Action.REVOKE_PUBLISH_KEY,
    Action.PLAN_BROADCAST,
    Action.KEEP_REPLAYS,
}
# An admin keeps order; going live in a room is its owner's alone.
# Coins are the relay's, not a room's.
_ADMIN: Final = _KEEPER | {
    Action.GRANT_COINS,
    Action.REFUND,
    Action.SEE_HOUSE,
    Action.KEEP_ROOMS,
    Action.KEEP_USERS,
    Action.KEEP_GIFTS,
    Action.CHANGE_RELAY,
    Action.KEEP_STORAGE,
    Action.KEEP_HOUSE_ORDER,
    Action.ANSWER_FEEDBACK,
    Action.SET_HOUSE_WORDS,
    Action.TRAIN_RECOMMENDER,
}
_STREAMER: Final = _KEEPER | {Action.PUBLISH, Action.CREATE_PUBLISH_KEY}

PERMISSIONS: Final[dict[Role, frozenset[Action]]] = {
    "guest": _GUEST,
    "viewer": _VIEWER,
    "moderator": _MODERATOR,
    "streamer": _STREAMER,
    "admin": _ADMIN,
}


def is_allowed(roles: Collection[Role], action: Action) -> bool:
    return any(action in PERMISSIONS[role] for role in roles)


def require(roles: Collection[Role], action: Action) -> None:
    """Raises WireError: LOGIN_REQUIRED to a guest, FORBIDDEN to others."""
    if is_allowed(roles, action):
        return
    if set(roles) == {"guest"}:
        raise WireError(ErrorCode.LOGIN_REQUIRED, "log in first")
    raise WireError(ErrorCode.FORBIDDEN, "you may not do this here")


def strongest(roles: Collection[Role]) -> Role:
    """The one role that others are shown; the owner's own room says "streamer" of an admin too."""
    order: tuple[Role, ...] = ("streamer", "admin", "moderator", "viewer", "guest")
    return next(role for role in order if role in roles)


# --- the order of roles -----------------------------------------------------------------------

RANKS: Final[dict[DoerRole, int]] = {
    "guest": 0,
    "viewer": 1,
    "moderator": 2,
    "automatic": 2,
    "streamer": 3,
    "admin": 4,
}


def highest(roles: Collection[Role]) -> Role:
    """The role by which somebody keeps order: unlike `strongest`, an owner's too is "admin"."""
    return max(roles, key=RANKS.__getitem__)


def stands_above(doer: DoerRole, others: Collection[Role]) -> bool:
    """Whether somebody may act against another; nobody may against themselves.

    Nobody reaches an equal, but admins reach admins: the last one cannot be reached, for there is
    no other admin who could.
    """
    return doer == "admin" or RANKS[doer] > RANKS[highest(others)]


def may_take_back(roles: Collection[Role], done_as: DoerRole) -> bool:
    """Whether somebody may undo what another did in that role."""
    return RANKS[highest(roles)] >= RANKS[done_as]
