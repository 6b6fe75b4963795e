"""Why the relay did something, as a line of codes."""

from __future__ import annotations

from typing import get_args

import pytest

from wire.causes import Causes, pack_causes, parse_causes
from wire.detection_events import SignalName
from wire.limits import REASON_CHARACTERS_MAX, USER_NAME_CHARACTERS_MAX


@pytest.mark.parametrize(
    "causes",
    [
        Causes("score", (("writes_fast", 12), ("same_text", 8))),
        Causes("score"),
        Causes("raid", (("came_just_now", 40),), people=40),
        Causes("return", (("banned_device", 0),), name="Ada = 2 x7"),
        Causes("return", (("banned_address", 0),), name="安妮"),
    ],
)
def test_causes_when_packed_then_are_read_as_they_were(causes: Causes) -> None:
    line = pack_causes(causes.kind, causes.signals, people=causes.people, name=causes.name)
    assert line.startswith("auto:")
    assert parse_causes(line) == causes


def test_causes_when_there_are_too_many_then_the_line_keeps_its_length_and_is_whole() -> None:
    signals = [(name, 999_999_999) for name in get_args(SignalName)]
    line = pack_causes("score", signals, name="n" * USER_NAME_CHARACTERS_MAX)
    assert len(line) <= REASON_CHARACTERS_MAX
    causes = parse_causes(line)
    assert causes is not None
    assert causes.signals == tuple(signals[: len(causes.signals)])
    assert causes.name == "n" * USER_NAME_CHARACTERS_MAX
    wild = parse_causes(
        pack_causes("raid", [("refused", 10**12), ("same_text", -1)], people=10**12)
    )
    assert wild == Causes("raid", (("refused", 999_999_999), ("same_text", 0)), people=999_999_999)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "spam",
        "auto:",
        "auto:dream",
        "auto:score  writes_fast=1",
        "auto: score",
        "AUTO:score",
        "auto:score\nwrites_fast=1",
        "say auto:score",
        "auto:score ",
    ],
)
def test_line_when_it_is_a_persons_then_is_left_alone(line: str) -> None:
    assert parse_causes(line) is None


def test_signals_when_a_newer_relay_has_more_then_those_are_left_out() -> None:
    assert parse_causes("auto:score sings_loud=3 refused=2") == Causes("score", (("refused", 2),))
