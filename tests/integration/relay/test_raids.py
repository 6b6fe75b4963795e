"""A raid at a real relay: newcomers are shut out at once, regulars speak, one click undoes it."""

from __future__ import annotations

import itertools
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support.raids import House, Outcome, house, newcomers, raid
from wire import chat_events, order_commands, order_events
from wire.detection_events import RaidDetected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RAIDERS = 30


def same_text() -> Iterator[str]:
    """Nearly the same each time."""
    return (f"this stream is a fraud, all come to room {number}" for number in itertools.count())


@pytest.mark.parametrize("is_each", [False, True], ids=["ten a second in all", "ten each"])
async def test_raid_of_thirty_when_found_then_at_most_one_more_is_seen_and_one_click_undoes_all(
    tmp_path: Path, *, is_each: bool
) -> None:
    async with house(tmp_path / "data") as place, AsyncExitStack() as stack:
        raiders = await newcomers(stack, place, RAIDERS)
        outcome = await raid(place, raiders, same_text(), per_s=10, seconds=4, is_each=is_each)
        print(f"\nraid, {'each' if is_each else 'in all'}: {outcome}")  # noqa: T201 # a figure of the test
        assert outcome.took_s is not None
        assert outcome.shown_after <= 1
        assert outcome.regular_said > 5
        assert outcome.regular_refused == []
        told = place.owner.of(RaidDetected)[-1].raid
        assert outcome.removed == outcome.shown_before
        assert told.muted == told.identities
        assert place.viewer.of(RaidDetected) == []
        await _undo_all(place, raiders, outcome, told.act_id)


async def _undo_all(place: House, raiders: list, outcome: Outcome, act_id: str) -> None:
    muted = [one for one in raiders if one.of(order_events.SanctionImposed)]
    answer = await place.owner.ask(order_commands.UndoAct(id=0, act_id=act_id))  # type: ignore[arg-type]  # plain text here
    assert answer.act.undone_by.name == "owner"
    assert place.owner.of(RaidDetected)[-1].raid.state == "undone"
    back = await place.viewer.wait_for(order_events.MessagesRestored)
    assert len(back.messages) == outcome.removed
    assert not place.viewer.of(chat_events.ChatRulesChanged)[-1].rules.known_only
    for one in muted:
        await one.wait_for(order_events.SanctionLifted)
    said = await (await raiders[0].say(place.room_id, "we only followed the link of a friend"))
    assert isinstance(said, chat_events.DanmakuAccepted), said
    acts = await place.owner.ask(order_commands.ListActs(id=0, room_id=place.room_id))  # type: ignore[arg-type]  # plain text here
    assert [act.action for act in acts.acts] == ["raid"]
