"""Thanks in Studio: newest first, one line a combo, and beans that do not lag behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from app.state.studio import StudioState
from app.state.studio_events import GiftHeard
from app.ui.studio.thanks_panel import ThanksPanel
from wire.coin_events import GiftSent
from wire.ids import GiftId, RoomId, TransferId, UserId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def sent(number: int, *, by: str = "Bo", gift: str = "candy", combo: int = 1) -> GiftSent:
    return GiftSent(
        room_id=RoomId("r1"),
        transfer_id=TransferId(f"t{number}"),
        user_id=UserId(by),
        name=by,
        gift_id=GiftId(gift),
        count=1,
        combo=combo,
        coins=10,
        sent_at_unix_ms=1_700_000_000_000 + number,
    )


@pytest.fixture
def panel(qtbot: QtBot) -> ThanksPanel:
    panel = ThanksPanel()
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def lines(panel: ThanksPanel) -> list[str]:
    items = [panel.list.item(number).text() for number in range(panel.list.count())]
    return [text.split("\n", maxsplit=1)[0] for text in items]


def hear(state: StudioState, *gifts: GiftSent) -> StudioState:
    for gift in gifts:
        state = state.apply(GiftHeard(gift))
    return state


def test_thanks_when_a_combo_goes_on_then_it_is_one_line_and_the_newest() -> None:
    state = hear(StudioState(), sent(1), sent(2, by="Al"), sent(3, combo=2), sent(4, combo=3))
    assert [(one.user_id, one.count, one.coins) for one in state.thanks] == [
        ("Al", 1, 10),
        ("Bo", 3, 30),
    ]
    anew = hear(state, sent(5, combo=1))
    assert len(anew.thanks) == 3, "a new combo is a new line"
    other = hear(state, sent(5, gift="castle", combo=2))
    assert [one.gift_id for one in other.thanks] == ["candy", "candy", "castle"]


def test_panel_when_gifts_come_and_combos_grow_then_shows_what_the_state_holds(
    panel: ThanksPanel,
) -> None:
    state = StudioState()
    for gift in (sent(1), sent(2, by="Al"), sent(3, combo=2), sent(4, by="Cy")):
        state = hear(state, gift)
        panel.render_state(state)
    assert lines(panel) == ["Cy  ·  candy", "Bo  ·  candy ×2", "Al  ·  candy"]
    shorter = msgspec.structs.replace(sent(9), name="Di")
    panel.render_state(StudioState(thanks=(*state.thanks[1:], shorter)))
    assert lines(panel) == ["Di  ·  candy", "Cy  ·  candy", "Bo  ·  candy ×2"]
    panel.render_state(StudioState())
    assert lines(panel) == []


def test_beans_when_a_gift_comes_then_are_asked_for_at_once_and_after_a_burst_once_more(
    panel: ThanksPanel, qtbot: QtBot
) -> None:
    asked: list[int] = []
    panel.wanted.connect(lambda: asked.append(1))
    state = hear(StudioState(), sent(1))
    panel.render_state(state)
    assert len(asked) == 1
    for number in range(2, 6):
        state = hear(state, sent(number))
        panel.render_state(state)
    assert len(asked) == 1
    panel._rest.setInterval(1)
    panel._rest.start()
    qtbot.waitUntil(lambda: len(asked) == 2)
