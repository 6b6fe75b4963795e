"""Whom one may know."""

from __future__ import annotations

import math

import pytest

from server.discovery.people import Graph, suggest


def names(graph: Graph, user: str, **fields: object) -> list[str]:
    wanted = {"alike": {}, "leave_out": (), "limit": 10, **fields}
    return [one.user_id for one in suggest(graph, user, **wanted)]  # type: ignore[arg-type] # any


def test_suggest_when_two_are_tied_to_the_same_then_adamic_and_adar_weigh_it() -> None:
    graph = Graph(
        [("u", "z"), ("w", "z"), ("u", "star"), *((f"fan{one}", "star") for one in range(50))]
    )
    found = suggest(graph, "u", alike={}, leave_out=(), limit=100)
    assert found[0].user_id == "w"
    ratio = found[1].score / found[0].score
    assert ratio == pytest.approx(math.log(2) / math.log(51), rel=1e-6)


def test_suggest_when_followed_already_or_hidden_then_left_out() -> None:
    graph = Graph([("u", "z"), ("z", "w"), ("z", "x"), ("u", "x")])
    assert names(graph, "u") == ["w"]
    assert names(graph, "u", leave_out=["w"]) == []


def test_suggest_when_a_taste_is_alike_then_said_as_such() -> None:
    (found,) = suggest(Graph(), "u", alike={"w": 0.9}, leave_out=(), limit=5)
    assert (found.user_id, found.is_taste, found.ties) == ("w", True, 0)


def test_suggest_when_friends_are_between_then_only_they_are_named() -> None:
    graph = Graph([("u", "f"), ("f", "u"), ("u", "idol"), ("w", "f"), ("w", "idol")])
    (found,) = suggest(graph, "u", alike={}, leave_out=(), limit=5)
    assert (found.between, found.ties) == (("f",), 2)


def test_graph_when_a_user_is_forgotten_then_no_tie_is_left() -> None:
    graph = Graph([("u", "z"), ("z", "u"), ("w", "u")])
    graph.forget("u")
    assert graph.ties("u") == graph.ties("w") == graph.ties("z") == set()
