"""What people do, as it is recorded, and how much of liking a streamer it shows.

The confidence of one visit is

    log1p(minutes) + 0.3 log1p(likes) + 0.6 log1p(messages) + 1.2 log1p(coins) + 3 if followed
    + 0.5 if shared, and -0.3 where the user left within 5 s and did nothing else

with amounts cut at what one visit in a thousand exceeds. These weights are where learning starts:
the regression weighs visits against everything else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from server.discovery.log import Log
from server.discovery.taste import VISIT_GAP_S, Act

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind = Literal[
    "shown", "clicked", "replay_shown", "replay_clicked",
    "entered", "watched", "liked", "said", "gave", "followed", "shared",
]  # fmt: skip
KINDS: Final[tuple[Kind, ...]] = (
    "shown", "clicked", "replay_shown", "replay_clicked",
    "entered", "watched", "liked", "said", "gave", "followed", "shared",
)  # fmt: skip
OF_TASTE: Final = KINDS[4:]
"""Those that show a liking. What was shown and clicked is for measuring; of recordings it also
says which were passed over."""
CODES: Final[dict[str, int]] = {kind: code for code, kind in enumerate(KINDS)}

LEFT_AT_ONCE_S: Final = 5.0
STAYED_S: Final = 30.0
OPEN_VISITS_MAX: Final = 50_000
TOP_PART: Final = 1_000
"""One visit in so many is an outlier."""


class Behaviour(NamedTuple):
    """One row. `amount` is seconds watched, taps, messages, coins, or the score of a card."""

    id: str
    """The same thing told again has the same."""
    at_unix_ms: int
    user_id: str
    streamer_id: str
    room_id: str
    kind: Kind
    amount: float = 1.0
    broadcast_id: str = ""
    """Of `replay_shown` and `replay_clicked` the recording's id."""
    category: str = ""
    position: int = -1
    reason: str = ""
    delay_ms: int = 0
    stalls: int = 0


@dataclass(frozen=True)
class Caps:
    """The most of each that one visit counts."""

    minutes: float = 600.0
    likes: float = 2_000.0
    coins: float = 10_000.0
    messages: float = 300.0


def confidence(
    minutes: float, likes: float, coins: float, messages: float, *, bonus: float, caps: Caps
) -> float:
    """`bonus` is what following and sharing add."""
    value = (
        math.log1p(min(minutes, caps.minutes))
        + 0.3 * math.log1p(min(likes, caps.likes))
        + 0.6 * math.log1p(min(messages, caps.messages))
        + 1.2 * math.log1p(min(coins, caps.coins))
        + bonus
    )
    left_at_once = minutes * 60 < LEFT_AT_ONCE_S and not (likes or coins or messages or bonus)
    return value - 0.3 if left_at_once else value


class _Visit:
    __slots__ = ("bonus", "coins", "confidence", "last_s", "likes", "messages", "minutes")

    def __init__(self) -> None:
        self.minutes = self.likes = self.coins = self.messages = self.bonus = 0.0
        self.confidence = 0.0
        self.last_s = -math.inf


_BONUS: Final = {"followed": 3.0, "shared": 0.5}


class Visits:
    """Turns acts into what they add to a taste, one by one, as they come."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._open: dict[tuple[int, int], _Visit] = {}
        """Of user and streamer."""

    def add(self, row: Behaviour, user: int, streamer: int) -> tuple[Act, bool]:
        """What the row adds, and whether it begins a visit. `row.kind` is one of OF_TASTE."""
        at_s = row.at_unix_ms / 1000
        visit = self._open.get((user, streamer))
        is_new = visit is None or at_s - visit.last_s > VISIT_GAP_S
        if visit is None or is_new:
            self._make_room(at_s)
            visit = self._open[user, streamer] = _Visit()
        visit.last_s = max(visit.last_s, at_s)
        amounts = [0.0, 0.0, 0.0, 0.0]
        match row.kind:
            case "watched":
                amounts[0] = row.amount / 60
            case "liked":
                amounts[1] = row.amount
            case "gave":
                amounts[2] = row.amount
            case "said":
                amounts[3] = row.amount
            case "followed" | "shared":
                visit.bonus = max(visit.bonus, _BONUS[row.kind])
        visit.minutes += amounts[0]
        visit.likes += amounts[1]
        visit.coins += amounts[2]
        visit.messages += amounts[3]
        before = visit.confidence
        visit.confidence = max(
            0.0,
            confidence(
                visit.minutes,
                visit.likes,
                visit.coins,
                visit.messages,
                bonus=visit.bonus,
                caps=self._caps,
            ),
        )
        return Act(user, streamer, at_s, visit.confidence - before, *amounts), is_new

    def forget(self, user: int) -> None:
        for key in [key for key in self._open if key[0] == user]:
            del self._open[key]

    def _make_room(self, now_s: float) -> None:
        if len(self._open) < OPEN_VISITS_MAX:
            return
        for key, visit in tuple(self._open.items()):
            if now_s - visit.last_s > VISIT_GAP_S:
                del self._open[key]
        while len(self._open) >= OPEN_VISITS_MAX:
            del self._open[next(iter(self._open))]


class Columns(NamedTuple):
    """Many rows as arrays, users, streamers and broadcasts as numbers; in the order of time."""

    users: NDArray[np.int64]
    streamers: NDArray[np.int64]
    at_s: NDArray[np.float64]
    kinds: NDArray[np.int8]
    """`CODES`."""
    amounts: NDArray[np.float64]
    broadcasts: NDArray[np.int64]
    """-1 where nothing was live."""
    users_count: int
    streamers_count: int

    def __len__(self) -> int:
        return len(self.users)


def to_log(rows: Columns) -> tuple[Log, Caps]:
    """All rows as visits with their confidence, and the caps that were found."""
    if not len(rows):
        nothing = np.zeros(0, dtype=np.int64)
        empty = Log(
            nothing, nothing, np.zeros(0), np.zeros(0), rows.users_count, rows.streamers_count,
            amounts=np.zeros((0, 4)), is_guarded=True,
        )  # fmt: skip
        return empty, Caps()
    order = np.lexsort((rows.at_s, rows.streamers, rows.users))
    users, streamers, at_s = rows.users[order], rows.streamers[order], rows.at_s[order]
    goes_on = (np.diff(users) == 0) & (np.diff(streamers) == 0) & (np.diff(at_s) <= VISIT_GAP_S)
    starts = np.concatenate([[True], ~goes_on])
    visits = np.cumsum(starts) - 1
    kinds, amounts = rows.kinds[order], rows.amounts[order]

    def total(kind: Kind) -> NDArray[np.float64]:
        weights = np.where(kinds == CODES[kind], amounts, 0.0)
        return np.bincount(visits, weights=weights).astype(np.float64)

    minutes, likes = total("watched") / 60, total("liked")
    coins, messages = total("gave"), total("said")
    caps = Caps(*(_cap(values) for values in (minutes, likes, coins, messages)))
    bonus = np.maximum(
        3.0 * (np.bincount(visits, weights=kinds == CODES["followed"]) > 0),
        0.5 * (np.bincount(visits, weights=kinds == CODES["shared"]) > 0),
    )
    weights = (
        np.log1p(np.minimum(minutes, caps.minutes))
        + 0.3 * np.log1p(np.minimum(likes, caps.likes))
        + 0.6 * np.log1p(np.minimum(messages, caps.messages))
        + 1.2 * np.log1p(np.minimum(coins, caps.coins))
        + bonus
    )
    left = (minutes * 60 < LEFT_AT_ONCE_S) & (likes + coins + messages + bonus == 0)
    spans = _spans(rows)
    firsts = order[starts]
    shows = rows.broadcasts[firsts]
    first_s = at_s[starts]
    live_from = np.where(shows >= 0, spans[0][shows], first_s)
    live_to = np.where(shows >= 0, spans[1][shows], first_s)
    log = Log(
        users[starts],
        streamers[starts],
        first_s,
        weights - 0.3 * left,
        rows.users_count,
        rows.streamers_count,
        np.minimum(live_from, first_s),
        np.maximum(live_to, first_s),
        amounts=np.column_stack([minutes, likes, coins, messages]),
        is_guarded=True,
    )
    return log.sorted(), caps


def _cap(values: NDArray[np.float64]) -> float:
    some = values[values > 0]
    return float(np.sort(some)[-1 - len(some) // TOP_PART]) if len(some) else math.inf


def _spans(rows: Columns) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """From when to when each broadcast was live, as far as somebody did something in it."""
    count = int(rows.broadcasts.max(initial=-1)) + 1
    begins, ends = np.full(count + 1, np.inf), np.full(count + 1, -np.inf)
    seen = rows.broadcasts >= 0
    watched = np.where(rows.kinds == CODES["watched"], rows.amounts, 0.0)
    np.minimum.at(begins, rows.broadcasts[seen], (rows.at_s - watched)[seen])
    np.maximum.at(ends, rows.broadcasts[seen], rows.at_s[seen])
    return begins, ends
