"""Every place where something is recommended, for the walk through the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, get_args

from PySide6.QtCore import QCoreApplication, QPoint

from app.state import discover
from app.state.house import HouseState
from app.state.recommending import find_why
from tests.unit.app.ui.replays.replay_states import recording
from wire import discovery_events, event_base
from wire.event_base import Reason, ReasonKind
from wire.ids import BroadcastId, RoomId, UserId
from wire.taste_events import Interests, RecommendedReplay

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from app.state.seen_cards import ShownCard
    from app.ui.desktop import Desktop

Say = Callable[[str], str]
KINDS: Final[tuple[ReasonKind, ...]] = get_args(ReasonKind)
NAMES: Final = ("Nadia", "老周", "Kit", "林小鹿", "Otto", "Mina")
PARTS: Final = (("own_short", 0.5), ("category", 0.2), ("popular", -0.1), ("wish", 0.104))
TITLES: Final = (
    "Sundown by the lake",
    "深夜电台：修老收音机",
    "Sea songs, badly sung",
    "跟我画梅花：第三课",
    "A walk in the woods",
    "Paper boats",
)
CATEGORIES: Final = ("Outdoors", "手工", "Music", "绘画", "Outdoors", "Making")


def person(say: Say, number: int) -> event_base.UserInfo:
    return event_base.UserInfo(user_id=UserId(f"s{number}"), name=say(NAMES[number % len(NAMES)]))


def told_room(say: Say, number: int, kind: ReasonKind) -> event_base.RoomInfo:
    return event_base.RoomInfo(
        room_id=RoomId(f"r{number}"),
        name=say(f"stage {number}"),
        owner=person(say, number),
        title=say(TITLES[number % len(TITLES)]),
        category=say(CATEGORIES[number % len(CATEGORIES)]),
        viewers=3 * number,
        broadcast=event_base.BroadcastInfo(
            broadcast_id=BroadcastId(f"b{number}"), started_at_unix_us=0, state="live"
        ),
        reason=Reason(
            kind=kind,
            names=(say("Nadia"), say("老周")) if kind != "category" else (say("Music"),),
            count=3,
            is_discovery=kind == "new_streamer",
            is_approximate=kind == "taste",
        ),
    )


def recommended(say: Say, kinds: tuple[ReasonKind, ...] = KINDS[:5]) -> discover.DiscoverState:
    """A card for each kind of reason; so many that nothing needs scrolling."""
    rooms = tuple(told_room(say, number, kind) for number, kind in enumerate(kinds))
    return discover.DiscoverState().apply(discover.Listed(rooms, "", ""))


def belief(say: Say, *, is_recorded: bool = True) -> discovery_events.Belief:
    shares = (0.41, 0.22, 0.12, 0.09, 0.004)
    weights = (1.0, 2.0, 0.5, 1.0, 0.0)
    return discovery_events.Belief(
        re=1,
        streamers=tuple(
            discovery_events.BelievedStreamer(
                user=person(say, number),
                share=share,
                visits=14 - 3 * number,
                minutes=1_240 // (number + 1),
                weight=weight,
            )
            for number, (share, weight) in enumerate(zip(shares, weights, strict=True))
        ),
        categories=tuple(
            discovery_events.BelievedCategory(category=say(name), share=share)
            for name, share in (("Outdoors", 0.5), ("手工", 0.3), ("Music", 0.2))
        ),
        hidden=(person(say, 5), person(say, 7)),
        visits=41,
        personal_share=0.83,
        is_recorded=is_recorded,
    )


def people(say: Say) -> tuple[discovery_events.Person, ...]:
    return (
        discovery_events.Person(
            user=person(say, 0), kind="mutual", names=(say("Kit"), say("Otto")), count=5
        ),
        discovery_events.Person(user=person(say, 1), kind="mutual", names=(say("Kit"),), count=1),
        discovery_events.Person(user=person(say, 2), kind="taste"),
        discovery_events.Person(user=person(say, 3), kind="mutual", count=3),
    )


def _cards(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("discover")
    desktop.discover.render_state(recommended(say))


def _other_cards(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("discover")
    desktop.discover.render_state(recommended(say, KINDS[5:]))


def _menu(desktop: Desktop, say: Say) -> QMenu:
    _cards(desktop, say)
    desktop._house.own_user_id = lambda: "u1"
    place = desktop.discover.mapToGlobal(QPoint(260, 100))
    menu = desktop.discover.recommended.make_menu("r2", place)
    menu.popup(place)
    return menu


def _why(*, has_account: bool) -> Callable[[Desktop, Say], QWidget]:
    def bring(desktop: Desktop, say: Say) -> QWidget:
        _cards(desktop, say)
        popup = desktop.discover.recommended.why
        shown = told_room(say, 0, "watched")
        place = desktop.discover.mapToGlobal(QPoint(260, 100))
        popup.pop_up_at(place, shown, has_account=has_account)
        if has_account:
            popup.show_why(shown.room_id, find_why(belief(say), shown, PARTS))
        return popup

    return bring


def _hidden_toast(desktop: Desktop, say: Say) -> None:
    _cards(desktop, say)
    undo = QCoreApplication.translate("RecommendedCards", "Undo")
    desktop.window.toast(say("Nadia is gone."), "info", undo, lambda: None)


def _me(make: Callable[[Desktop, Say], None]) -> Callable[[Desktop, Say], None]:
    def bring(desktop: Desktop, say: Say) -> None:
        desktop.window.show_page("me")
        state = HouseState(
            url="wss://127.0.0.1:7788",
            link="connected",
            user=event_base.UserInfo(user_id=UserId("u1"), name=say("Ann")),
        )
        desktop.me.render_state(state)
        make(desktop, say)

    return bring


def _taste(desktop: Desktop, say: Say) -> None:
    desktop.me.taste.show_belief(belief(say))
    desktop.me.people.show_people(people(say))
    desktop.me.people.show_followed("s1", is_following=True)


def _off(desktop: Desktop, say: Say) -> None:
    desktop.me.taste.show_belief(discovery_events.Belief(re=1, is_recorded=False))
    desktop.me.people.show_people(())


def _offers(*, live: int) -> Callable[[Desktop, Say], None]:
    def bring(desktop: Desktop, say: Say) -> None:
        desktop.window.show_page("discover")
        desktop.discover.render_state(recommended(say, KINDS[:live]))
        kinds: tuple[ReasonKind, ...] = ("watched", "followed", "recent", "open")
        desktop.offers.show_offers(
            tuple(
                RecommendedReplay(
                    replay=recording(say, number, can_manage=False),
                    reason=Reason(kind=kind, count=3),
                )
                for number, kind in enumerate(kinds)
            )
        )

    return bring


def interests(say: Say, *chosen: str, is_asked: bool = False) -> Interests:
    house = tuple(map(say, ("Clock repair", "深夜电台", "Model railways")))
    return Interests(
        re=1, choices=(*house, *BUILT_IN), chosen=tuple(map(say, chosen)), is_asked=is_asked
    )


def _strip(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("discover")
    desktop.discover.render_state(recommended(say, KINDS[:3]))
    desktop._house.own_user_id = lambda: "u1"
    desktop.interests._asked_for = "u1"
    desktop.interests.show_interests(interests(say, is_asked=True))
    desktop.interests.chips.chips[3].click()


def _own_interests(desktop: Desktop, say: Say) -> None:
    _taste(desktop, say)
    desktop.me.taste.show_interests(interests(say, "music", "Clock repair", "Knitting"))
    desktop.me.show_taste()


BUILT_IN: Final = (
    "music", "games", "talk", "drawing", "making", "outdoors", "food", "learning", "technology",
    "sports",
)  # fmt: skip

RECOMMENDED_PLACES: Final[dict[str, Callable[[Desktop, Say], QWidget | None]]] = {
    "discover, recommended": _cards,
    "discover, other reasons": _other_cards,
    "discover, recordings": _offers(live=2),
    "discover, nothing live but recordings": _offers(live=0),
    "discover, card menu": _menu,
    "discover, hidden": _hidden_toast,
    "discover, why": _why(has_account=True),
    "discover, why for a guest": _why(has_account=False),
    "discover, asked for interests": _strip,
    "me, taste and people": _me(_taste),
    "me, interests": _me(_own_interests),
    "me, not recorded": _me(_off),
}


class Sender:
    """Instead of the one that tells the relay."""

    def __init__(self) -> None:
        self.seen: list[tuple[ShownCard, ...]] = []
        self.clicked: list[ShownCard] = []

    def look(self, cards: tuple[ShownCard, ...]) -> None:
        self.seen.append(cards)

    def click(self, card: ShownCard) -> None:
        self.clicked.append(card)
