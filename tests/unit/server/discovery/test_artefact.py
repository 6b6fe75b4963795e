"""What a training leaves: read back as it was, refused when it is anything else."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from server.discovery import artefact, ranking
from server.discovery.behaviour import Caps
from server.discovery.models import Trees
from server.discovery.similarity import make_rows
from server.discovery.taste import HalfLives
from server.discovery.trainer import is_due

IDS = ("a", "b", "c")


def rows():
    return make_rows(np.array([0, 0, 2]), np.array([1, 2, 0]), np.array([0.5, 0.25, 1.0]),
                     shape=(3, 3))  # fmt: skip


def tree() -> Trees:
    one = np.array([0])
    return Trees("tree", one, one, np.zeros(1), one, one, np.ones(1), 1, 0.0, 1.0)


def written(*, is_tree: bool = False) -> str:
    linear = ranking.starting_model()
    return artefact.to_json(
        artefact.model_plain(
            linear=linear,
            model=tree() if is_tree else linear,
            half_lives=HalfLives(long_s=7.0),
            caps=Caps(minutes=9.0, likes=np.inf),
        )
    )


@pytest.mark.parametrize("is_tree", [False, True])
def test_read_when_it_was_written_then_the_same(is_tree: bool) -> None:
    serving = artefact.read(
        "m", written(is_tree=is_tree), IDS, artefact.pack_rows(rows(), artefact.NOTHING)
    )
    assert serving.streamer_ids == IDS
    assert (serving.model is not None) is is_tree
    assert serving.half_lives == HalfLives(long_s=7.0)
    assert serving.caps.minutes == 9.0
    columns, values = serving.items.row(0)
    assert (columns.tolist(), values.tolist()) == ([1, 2], [0.5, 0.25])
    assert serving.ease.height == 0


@pytest.mark.parametrize(
    ("text", "neighbours"),
    [
        ("{}", b""),
        ("[]", artefact.pack_rows(rows(), rows())),
        (written().replace('"version": 1', '"version": 2'), artefact.pack_rows(rows(), rows())),
        (written().replace("own_long", "own_wide"), artefact.pack_rows(rows(), rows())),
        (written(), b"no archive"),
        (written(), b""),
    ],
)
def test_read_when_it_is_anything_else_then_broken(text: str, neighbours: bytes) -> None:
    with pytest.raises(artefact.BrokenArtefact):
        artefact.read("m", text, IDS, neighbours)


def test_read_when_neighbours_name_nobody_then_broken() -> None:
    with pytest.raises(artefact.BrokenArtefact):
        artefact.read("m", written(), IDS[:2], artefact.pack_rows(rows(), rows()))


@pytest.mark.parametrize(
    ("hour", "age_h", "due"),
    [
        (4, None, True),
        (12, None, True),
        (4, 2, False),
        (4, 21, True),
        (12, 30, False),
        (12, 49, True),
    ],
)
def test_is_due_when_asked_then_each_night_and_at_the_latest_after_two_days(
    hour: int, age_h: int | None, due: bool
) -> None:
    now_ms = int(dt.datetime(2026, 5, 4, hour, 30, tzinfo=dt.UTC).timestamp() * 1000)
    newest = None if age_h is None else now_ms - age_h * 3_600_000
    assert is_due(now_ms, newest) is due
