"""Giving in the room's window: what can be pressed, what is said, what floats over the stage."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from app.errors import RelayRefused, RelayUnreachable
from app.state.gift_show import ShownGift
from app.state.gifts import Combo, GrabEnded, PacketCame, Press, Refused, Unanswered
from app.ui.gift_art import draw_art, gift_name
from app.ui.room.gift_grid import TILE_HEIGHT
from app.ui.room.gift_layer import GiftLayer
from app.ui.room.gift_popup import GiftPopup
from app.ui.room.packet_chips import CHIPS_MAX, PacketChips
from app.ui.room.stage import Stage
from app.ui.theme import current
from tests.unit.app.state.gift_parts import GIFTS, entered, opened
from wire.errors import ErrorCode
from wire.ids import GiftId, PacketId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

PRESS = Press(key="k", gift_id=GiftId("candy"), coins=10)


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@pytest.fixture
def popup(parent: QWidget) -> GiftPopup:
    popup = GiftPopup(parent)
    popup.render_state(entered())
    return popup


def test_gift_when_pressed_then_says_which_and_how_many(popup: GiftPopup, qtbot: QtBot) -> None:
    popup.grid._tiles[1].click()
    popup.grid.count.setValue(3)
    with qtbot.waitSignal(popup.gift_wanted) as asked:
        popup.grid.send.click()
    assert asked.args == ["candy", 3]


def test_popup_when_opened_for_the_first_time_then_every_tile_has_room_for_its_words(
    parent: QWidget, qtbot: QtBot
) -> None:
    current.dress(parent)
    parent.show()
    qtbot.waitExposed(parent)
    popup = GiftPopup(parent)
    popup.pop_up_above(parent)
    popup.hide()
    popup.render_state(entered())
    popup.pop_up_above(parent)
    shown = [tile for tile in popup.grid._tiles if tile.isVisible()]
    assert {tile.height() for tile in shown} == {TILE_HEIGHT}
    popup.hide()


def test_popup_when_more_words_come_then_grows_upwards_from_its_foot(
    parent: QWidget, popup: GiftPopup, qtbot: QtBot
) -> None:
    parent.move(300, 500)
    parent.show()
    qtbot.waitExposed(parent)
    popup.pop_up_above(parent)
    foot, height = popup.geometry().bottom(), popup.height()
    popup.render_state(entered().apply(Unanswered(PRESS, RelayUnreachable("cut"))))
    qtbot.waitUntil(lambda: popup.height() > height)
    assert popup.geometry().bottom() == foot
    popup.hide()


def test_gift_when_it_costs_too_much_then_the_button_rests_and_the_wallet_is_offered(
    popup: GiftPopup,
) -> None:
    popup.grid._tiles[2].click()
    assert not popup.grid.send.isEnabled()
    assert "too few coins" in popup._words.text()
    assert not popup.wallet.isHidden()


@pytest.mark.parametrize(
    ("user_id", "is_live", "words"),
    [("u1", True, "your own room"), ("", True, "Sign in"), ("u2", False, "Nobody is live")],
)
def test_gift_when_it_cannot_be_given_then_says_why(
    popup: GiftPopup, user_id: str, is_live: bool, words: str
) -> None:
    popup.render_state(entered(user_id, is_live=is_live))
    assert words in popup._words.text()
    assert not popup.grid.send.isEnabled()


def test_gift_when_nobody_answered_then_offers_to_try_again(popup: GiftPopup, qtbot: QtBot) -> None:
    assert popup.again.isHidden()
    popup.render_state(entered().apply(Unanswered(PRESS, RelayUnreachable("cut"))))
    assert "never pays twice" in popup._words.text()
    with qtbot.waitSignal(popup.again_wanted):
        popup.again.click()


def test_gift_when_the_relay_refuses_then_its_reason_is_in_words(popup: GiftPopup) -> None:
    error = RelayRefused(ErrorCode.LIMIT_REACHED, "x", field="limit_day_coins")
    popup.render_state(entered().apply(Refused(PRESS, error)))
    assert "limit that you set for a day" in popup._words.text()
    assert not popup.wallet.isHidden()


def test_combo_when_its_time_is_over_then_the_ring_is_empty(popup: GiftPopup) -> None:
    now = time.monotonic_ns() // 1_000_000
    popup.grid.ring.show_combo(Combo(GiftId("candy"), 7, now + 4000))
    assert popup.grid.ring.count == 7
    popup.grid.ring.show_combo(Combo(GiftId("candy"), 7, now - 1))
    assert popup.grid.ring.count == 0


def test_red_packets_when_open_then_float_until_taken_or_over(qtbot: QtBot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(800, 450)
    stage.show()
    now = 0
    chips = PacketChips(stage, lambda: now)
    state = entered()
    for number in range(CHIPS_MAX + 1):
        state = state.apply(PacketCame(opened(f"p{number}"), number * 1000))
    chips.render_state(state)
    assert all(chip.isVisible() for chip in chips.chips)
    assert "60 s" in chips.chips[0].text()
    with qtbot.waitSignal(chips.grabbed) as grabbed:
        chips.chips[0].click()
    assert grabbed.args == ["p0"]
    chips.render_state(state.apply(GrabEnded(PacketId("p0"), 7)))
    assert "Bob" in chips.chips[2].text()
    now = 61_500
    chips.render_state(state)
    assert [chip.isVisible() for chip in chips.chips] == [True, True, False]


def test_effects_when_muted_then_nothing_shows_or_waits() -> None:
    layer = GiftLayer(lambda: 0.0)
    gift = ShownGift(
        combo_key="a", sender="Bob", gift_id="castle", name="C", count=1, value_coins=1
    )
    layer.offer(gift)
    assert layer.is_moving
    layer.set_on(is_on=False)
    layer.offer(gift)
    assert not layer.is_moving
    assert not layer.show.banners


@pytest.mark.parametrize("name", ["../icons/gift", "no_such_gift", "", "礼物"])
def test_art_when_the_id_is_strange_then_is_a_parcel(name: str) -> None:
    assert draw_art(name, 40) == draw_art("gift", 40)


def test_art_when_the_catalogue_names_a_gift_then_there_is_a_drawing_of_it() -> None:
    for name in ("flower", "heart", "candy", "coffee", "lantern", "umbrella", "kite", "guitar"):
        assert draw_art(name, 40) != draw_art("gift", 40)
    for name in ("whale", "rocket", "dragon", "castle", "coin", "red_packet"):
        assert draw_art(name, 40) != draw_art("gift", 40)


def test_name_when_the_relay_has_none_then_is_the_id() -> None:
    assert gift_name(GIFTS[0], "flower") == "Flower"
    assert gift_name(None, "a<b>\n") == "a<b>"
