"""Who is like whom, computed from everybody's taste at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from server.discovery import decay
from server.discovery.alike import AlikeUsers
from server.discovery.features import Neighbours
from server.discovery.similarity import Rows, gather, make_rows, neighbours, transpose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from server.discovery.taste import Tastes

ITEM_NEIGHBOURS: Final = 100
ALIKE_MIN: Final = 0.02
"""A cosine below this is no likeness to speak of."""
EASE_STREAMERS_MAX: Final = 5_000
"""A matrix of this side is inverted: 200 MB and some seconds."""
EASE_HEAD: Final = 2_000
"""Where there are more than that, so many of the best known have it."""
EASE_PENALTY: Final = 30.0
SHRINK: Final = 5.0


def taste_matrix(tastes: Tastes, now_s: float, *, users: int, streamers: int) -> Rows:
    """Users x streamers: log1p of the decayed preference."""
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float64]] = []
    for user in tastes.users():
        history = tastes.history(user)
        if history is None or user >= users:
            continue
        strength = np.log1p(decay.values(history.read(history.long), now_s, tastes.tau_long))
        liked = np.flatnonzero(strength > 1e-6)
        rows.append(np.full(len(liked), user))
        columns.append(np.array(history.streamers, dtype=np.int64)[liked])
        values.append(strength[liked])
    if not rows:
        nothing = np.zeros(0, dtype=np.int64)
        return make_rows(nothing, nothing, np.zeros(0), shape=(users, streamers))
    return make_rows(
        np.concatenate(rows),
        np.concatenate(columns),
        np.concatenate(values),
        shape=(users, streamers),
    )


def find_neighbours(tastes: Tastes, now_s: float, *, users: int, streamers: int) -> Neighbours:
    matrix = taste_matrix(tastes, now_s, users=users, streamers=streamers)
    by_streamer = transpose(matrix)
    return Neighbours(
        items=neighbours(by_streamer, ITEM_NEIGHBOURS, shrink=SHRINK),
        ease=find_ease(matrix, by_streamer),
        users=AlikeUsers(matrix),
    )


def find_ease(matrix: Rows, by_streamer: Rows) -> Rows:
    """EASE (Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse Data"): B = I - P / diag P.

    P is the inverse of the penalised Gram matrix. The strongest entries of each row are kept.
    """
    fans = np.diff(by_streamer.starts)
    head = np.flatnonzero(fans)
    if len(head) > EASE_STREAMERS_MAX:
        head = np.sort(np.argsort(-fans, kind="stable")[:EASE_HEAD])
    place = np.full(matrix.width, -1, dtype=np.int64)
    place[head] = np.arange(len(head))
    gram = np.zeros((len(head), len(head)))
    for index, streamer in enumerate(head):
        members, values = by_streamer.row(int(streamer))
        gram[index] = gather(matrix, members, values)[head]
    if len(head):
        scale = float(np.median(np.diag(gram)))
        gram[np.diag_indices_from(gram)] += EASE_PENALTY * max(scale / 10.0, 1e-3)
        inverse = np.linalg.inv(gram)
        ease = -inverse / np.diag(inverse)
        np.fill_diagonal(ease, 0.0)
    else:
        ease = gram
    rows, columns, values_kept = [], [], []
    count = min(ITEM_NEIGHBOURS, max(len(head) - 1, 0))
    for index, streamer in enumerate(head):
        best = np.argpartition(-np.abs(ease[index]), count)[:count] if count else np.zeros(0, int)
        rows.append(np.full(len(best), streamer))
        columns.append(head[best])
        values_kept.append(ease[index][best])
    if not rows:
        nothing = np.zeros(0, dtype=np.int64)
        return make_rows(nothing, nothing, np.zeros(0), shape=(matrix.width, matrix.width))
    return make_rows(
        np.concatenate(rows),
        np.concatenate(columns),
        np.concatenate(values_kept),
        shape=(matrix.width, matrix.width),
    )


def alike_streamers(
    items: Rows, tastes: Tastes, user: int, streamer: int, now_s: float, *, crowd_min: int
) -> list[int]:
    """Streamers of the user whose viewers like this one too, the closest first.

    Only where both have so many visitors that none of them is named by it.
    """
    history = tastes.history(user)
    visitors = tastes.crowd.visitors
    if history is None or streamer >= items.height:
        return []
    strength = decay.values(history.read(history.long), now_s, tastes.tau_long)
    found: list[tuple[float, int]] = []
    for known, weight in zip(history.streamers, strength.tolist(), strict=True):
        if known == streamer or known >= items.height or weight <= 0:
            continue
        columns, cosines = items.row(known)
        at = int(np.searchsorted(columns, streamer))
        if at < len(columns) and columns[at] == streamer and cosines[at] >= ALIKE_MIN:
            found.append((float(cosines[at]) * weight, known))
    found.sort(reverse=True)
    return [known for _, known in found if min(visitors[known], visitors[streamer]) >= crowd_min]
