"""Every place of the window: each page in each of its states, its panels, menus and dialogs.

A place is brought to the front by its function, from states alone. `say` makes each text that comes
from elsewhere (names, titles, messages, links, device names): the walk gives it ordinary words,
another test hostile ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal, get_args

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QMenu, QScrollArea, QWidget

from app.errors import RelayRefused
from app.settings import Secret
from app.state import discover, gifts, privacy, room, studio, studio_events, studio_sound
from app.state.house import HouseState
from app.state.inbox import InboxState, ReportTarget
from app.state.keeping import ActsListed, OwnSanction, OwnSanctionsRead, target_of
from app.state.pushing import StreamIn, StreamInState, TargetState, TargetStatus, Trouble
from app.state.rounds import Checked
from app.state.studio_health import Figures, Health, judge
from app.state.studio_qualities import Qualities
from app.state.studio_scene import Box, StudioItem
from app.ui.cover_files import decode_cover, make_cover
from app.ui.crash_offer import CrashOffer
from app.ui.desktop import Desktop
from app.ui.keeping.sanction_dialog import SanctionDialog
from app.ui.me.erase_dialog import EraseDialog
from app.ui.me.feedback_dialog import FeedbackDialog, PictureDialog
from app.ui.question import Question
from app.ui.room.report_dialog import ask_report
from app.ui.studio.add_source import Devices
from app.ui.studio.round_dialog import DrawDialog, PollDialog
from app.ui.studio.target_dialog import TargetDialog
from tests.emote_pictures import make_png
from tests.unit.app.state.test_room import LIVE, ROOM
from tests.unit.app.ui.admin.admin_states import ADMIN_PLACES
from tests.unit.app.ui.export_states import export_places
from tests.unit.app.ui.recommended_states import RECOMMENDED_PLACES
from tests.unit.app.ui.replays.replay_states import REPLAY_PLACES
from wire import (
    chat_events,
    coin_events,
    event_base,
    inbox_events,
    media_events,
    order_events,
    privacy_events,
    room_events,
    round_events,
)
from wire.covers import make_cover_id
from wire.detection_events import RaidDetected, RaidInfo, Signal
from wire.emotes import make_emote_id
from wire.emotes_events import EmoteInfo, EmotesChanged
from wire.errors import ErrorCode
from wire.ids import (
    ActId,
    BroadcastId,
    DrawId,
    GiftId,
    MessageId,
    PacketId,
    PollId,
    RoomId,
    SanctionId,
    TransferId,
    UserId,
)
from wire.order_commands import ActName, SanctionKind
from wire.order_events import SanctionInfo
from wire.words_events import HeldReason, HoldRule

Say = Callable[[str], str]
Place = Callable[[Desktop, Say], QWidget | None]
"""Returns the window that is in front, where that is not the main one."""

TERMS: Final = privacy_events.PrivacyTerms(
    re=1,
    version=1,
    messages_days=365,
    behaviour_days=90,
    sessions_days=30,
    audit_days=365,
    backups_days=30,
)
INVITE: Final = "livehouse://192.168.1.20:7788/stage?pin=67964f2e"


def user(say: Say, name: str = "Ann") -> event_base.UserInfo:
    return event_base.UserInfo(user_id=UserId("u1"), name=say(name))


def room_info(say: Say, number: int = 1, state: str = "live") -> event_base.RoomInfo:
    broadcast = None if not state else replace_state(LIVE, state, number)
    return event_base.RoomInfo(
        room_id=RoomId(f"r{number}"),
        name=say(f"stage {number}"),
        owner=user(say),
        title=say("Evening music"),
        category=say("Music"),
        viewers=number,
        broadcast=broadcast,
    )


def replace_state(
    info: event_base.BroadcastInfo, state: str, number: int
) -> event_base.BroadcastInfo:
    return event_base.BroadcastInfo(
        broadcast_id=BroadcastId(f"b{number}"),
        started_at_unix_us=0,
        state="away" if state == "away" else "live",
        tracks=info.tracks,
    )


def message(say: Say, number: int) -> event_base.DanmakuPosted:
    return event_base.DanmakuPosted(
        room_id=ROOM,
        message_id=MessageId(f"m{number:06}"),
        user_id=UserId("u2"),
        name=say("Bob"),
        role="viewer",
        text=say("Good evening"),
        sent_at_unix_ms=number,
    )


def joined(say: Say, state: str = "live", role: event_base.Role = "viewer") -> room.RoomState:
    answer = room_events.RoomJoined(
        room=room_info(say, state=state), role=role, messages=(message(say, 1), message(say, 2))
    )
    return (
        room.RoomState()
        .apply(room.Opened(ROOM))
        .apply(room.Joined(answer))
        .apply(room.LinkChanged("connected"))
        .apply(room.Measured(room.Statistics(has_packets=True, latency_ms=231, fps=30)))
    )


def scene(say: Say) -> studio.StudioState:
    items = (
        StudioItem("a", "camera", say("Front camera"), box=Box(0, 0, 0.5, 0.5)),
        StudioItem("b", "file", say("talk.mp4"), signal="no_signal", filters=("background_blur",)),
        StudioItem("c", "text", say("Welcome")),
    )
    channels = (
        studio_sound.Channel("a", say("Headset"), is_microphone=True),
        studio_sound.Channel("b", say("talk.mp4")),
    )
    return studio.StudioState(
        items=items,
        selected="b",
        channels=channels,
        room=say("stage"),
        title=say("Evening music"),
        category=say("Music"),
        checks=(("picture", "ok"), ("sound", "bad"), ("encoder", "ok"), ("uplink", "bad")),
        chat=(message(say, 1),),
        notices=(studio_events.Notice("source_restored", say("Front camera")),),
        notices_count=1,
    )


def make_picture() -> bytes:
    image = QImage(1280, 720, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    picture = make_cover(image)
    assert picture is not None
    return picture


def covered(say: Say) -> studio.StudioState:
    picture = make_picture()
    return replace(scene(say), cover=make_cover_id(picture), cover_picture=picture)


def _discover_covers(desktop: Desktop, say: Say) -> None:
    """Of a room that is live, and of one that rests."""
    picture = make_picture()
    cover_id = make_cover_id(picture)
    rooms = tuple(
        msgspec.structs.replace(room_info(say, number, state), cover=cover_id)
        for number, state in ((1, "live"), (2, ""))
    )
    desktop.window.show_page("discover")
    desktop.discover.render_state(
        discover.DiscoverState().apply(discover.Listed(rooms, "", "", frozenset()))
    )
    image = decode_cover(picture, cover_id)
    assert image is not None
    desktop.discover._show_cover(cover_id, image)


def unplugged(say: Say) -> studio.StudioState:
    """As a scene comes back whose devices are elsewhere."""
    state = scene(say)
    items = tuple(replace(item, signal="missing") for item in state.items[:2])
    channels = tuple(replace(channel, signal="no_signal") for channel in state.channels)
    return replace(state, items=(*items, *state.items[2:]), channels=channels)


def on_air(say: Say, phase: studio_events.Phase = "live") -> studio.StudioState:
    figures = Figures(elapsed_s=3725, viewers=12, fps=30, bit_rate_kbps=2500, round_trip_ms=12)
    return replace(
        scene(say),
        phase=phase,
        figures=figures,
        history=(figures, figures),
        likes=12_345,
        health=Health("bad", "source", say("Front camera")),
    )


def narrowed(say: Say) -> studio.StudioState:
    """On air behind a link that became narrow."""
    state = on_air(say)
    wide = replace(state.figures, cap_kbps=3500.0, allowed_kbps=3500.0, height=720)
    narrow = replace(wide, allowed_kbps=1440.0, bit_rate_kbps=1400.0, height=540)
    return replace(
        state,
        items=(),
        figures=narrow,
        history=(*[wide] * 40, *[narrow] * 40),
        health=judge(narrow, narrow, "live"),
    )


def overloaded(say: Say) -> studio.StudioState:
    """On air on a computer that has no core left for it."""
    state = on_air(say)
    late = replace(state.figures, is_starved=True, late_ms=900.0)
    return replace(state, items=(), figures=late, health=judge(late, late, "live"))


def weak(say: Say) -> studio.StudioState:
    """Before going live on a computer that is too slow for all qualities."""
    return replace(
        scene(say),
        checks=(),
        qualities=Qualities(is_several=True, machine=(say("720p"), say("360p")), is_whole=False),
    )


def _two_networks(desktop: Desktop, say: Say) -> None:
    _studio(0, weak)(desktop, say)
    desktop.studio._preflight.show_ways((say("192.0.2.7"), say("198.51.100.20")), "198.51.100.20")


def gift_state(say: Say, coins: int = 1234, grant: int = 100) -> gifts.GiftsState:
    kinds = ("banner", "combo", "stage")
    catalogue = tuple(
        coin_events.GiftInfo(
            gift_id=GiftId(gift_id),
            price_coins=10**number,
            effect=kinds[number % 3],
            names={"en": say(gift_id.title()), "zh_CN": say("巨龙")},
        )
        for number, gift_id in enumerate(("flower", "candy", "guitar", "dragon", "castle"))
    )
    place = gifts.Place(room_id=ROOM, owner_id="u1", user_id="u2", is_live=True)
    return (
        gifts.GiftsState()
        .apply(gifts.Entered(place))
        .apply(gifts.Catalogued(catalogue))
        .apply(gifts.WalletRead(purse(coins, grant)))
    )


def purse(coins: int, grant: int) -> coin_events.Wallet:
    return coin_events.Wallet(
        balance_coins=coins,
        beans=5678,
        grant_coins=grant,
        spent_day_coins=40,
        spent_month_coins=400,
        limit_day_coins=2000,
    )


def gift_sent(say: Say, number: int) -> coin_events.GiftSent:
    return coin_events.GiftSent(
        room_id=ROOM,
        transfer_id=TransferId(f"t{number}"),
        user_id=UserId("u3"),
        name=say("Bob"),
        gift_id=GiftId("castle"),
        count=number,
        combo=number,
        coins=10_000 * number,
        sent_at_unix_ms=1_700_000_000_000 + number,
    )


def thanked(say: Say) -> studio.StudioState:
    state = on_air(say)
    for number in (1, 2, 3):
        state = state.apply(studio_events.GiftHeard(gift_sent(say, number)))
    return state


def busy_chat(say: Say) -> room.RoomState:
    """Every kind of row, a mention and a reply."""
    state = joined(say)
    roles: tuple[event_base.Role, ...] = ("streamer", "moderator", "admin", "viewer")
    for number, role in enumerate(roles, start=100):
        one = msgspec.structs.replace(
            message(say, number), role=role, reply_to=MessageId("m000001"), text=say("@Ada hello")
        )
        state = state.apply(one)
    return state


# --- bringing them to the front -------------------------------------------------------------------


def _first(desktop: Desktop, _say: Say) -> None:
    desktop.window.show_first_start()


def _joining(desktop: Desktop, _say: Say) -> None:
    desktop.window.show_first_start()
    desktop.first_start._set_joining(is_joining=True)


def _busy(desktop: Desktop, _say: Say) -> None:
    desktop.window.show_first_start()
    desktop.first_start._set_busy(is_busy=True)


def _failed(desktop: Desktop, say: Say) -> None:
    desktop.window.show_first_start()
    desktop.first_start._set_joining(is_joining=True)
    desktop.first_start._on_failed(RelayRefused(ErrorCode.INVALID_VALUE, say("not a name")))


def _discover(make: Callable[[Say], discover.DiscoverState]) -> Place:
    def bring(desktop: Desktop, say: Say) -> None:
        desktop.window.show_page("discover")
        desktop.discover.render_state(make(say))

    return bring


def _listed(say: Say) -> discover.DiscoverState:
    rooms = (room_info(say, 3), room_info(say, 2, "away"), room_info(say, 1, ""))
    followed = frozenset({rooms[0].room_id, rooms[2].room_id})
    return discover.DiscoverState().apply(discover.Listed(rooms, "", "", followed))


def _room(make: Callable[[Say], room.RoomState]) -> Place:
    def bring(desktop: Desktop, say: Say) -> None:
        desktop.window.show_page("room")
        desktop.room.render_state(make(say))

    return bring


def _refused(code: ErrorCode) -> Callable[[Say], room.RoomState]:
    return lambda say: (
        room.RoomState().apply(room.Opened(ROOM)).apply(room.JoinRefused(code, say("no")))
    )


def _send_refused(say: Say) -> room.RoomState:
    return joined(say).apply(room.SendEnded(ErrorCode.INVALID_VALUE, say("not this word")))


def _with_figures(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("room")
    if not desktop.room.controls.figures.isChecked():
        desktop.room.controls.figures.click()
    desktop.room.render_state(joined(say))


def _studio(tab: int, make: Callable[[Say], studio.StudioState]) -> Place:
    def bring(desktop: Desktop, say: Say) -> None:
        desktop.window.show_page("studio")
        desktop.studio._tabs.setCurrentIndex(tab)
        desktop.studio._render(make(say))

    return bring


def _chat_search(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("room")
    desktop.room.render_state(busy_chat(say))
    desktop.room.chat.list.search.open_bar()
    desktop.room.chat.list.search.input.setText("good")


def _chat_reply(desktop: Desktop, say: Say) -> None:
    """Answering somebody, with others blocked and danmaku hidden."""
    desktop.window.show_page("room")
    desktop.room.render_state(busy_chat(say))
    chat = desktop.room.chat.list
    chat.set_hidden_count(37)
    chat.block("nobody")
    chat.reply_wanted.emit("m000001", say("Bob"))


def _led(say: Say) -> room.RoomState:
    """A moderator's view, with an announcement and a pinned message."""
    said = chat_events.Announcement(
        text=say("Next stream on Friday"), name=say("Ada"), at_unix_ms=1
    )
    return (
        joined(say, role="moderator")
        .apply(chat_events.Announced(room_id=ROOM, announcement=said))
        .apply(chat_events.MessagePinned(room_id=ROOM, message=message(say, 1)))
    )


def _chat_rules(desktop: Desktop, say: Say) -> QWidget:
    desktop.window.show_page("room")
    desktop.room.render_state(_held_state(say))
    desktop.room.lead.keep.rules.click()
    return desktop.room.lead.keep.panel


def _rounds_of_a_keeper(say: Say) -> room.RoomState:
    return replace(_rounds(say), role="moderator")


def _held_state(say: Say) -> room.RoomState:
    state = _led(say).apply(
        chat_events.ChatRulesChanged(
            room_id=ROOM, rules=event_base.ChatRules(slow_s=30, delay_s=5, is_held=True)
        )
    )
    for number in range(50, 60):
        reason = HeldReason(rule=get_args(HoldRule)[number % 7], words=say("rude"))
        waiting = chat_events.DanmakuHeld(room_id=ROOM, message=message(say, number), reason=reason)
        state = state.apply(waiting)
    return state


def raided(say: Say) -> room.RoomState:
    """With all the reasons that there may be."""
    state = replace(joined(say), role="moderator")
    names = ("same_text", "young_account", "came_just_now", "writes_fast", "same_device")
    raid = RaidInfo(
        raid_id="r1",
        act_id=ActId("a1"),
        identities=28,
        muted=28,
        removed=143,
        took_ms=640,
        reasons=tuple(Signal(name=name, count=28) for name in names),
        remaining_ms=900_000,
    )
    return state.apply(RaidDetected(room_id=ROOM, raid=raid))


def raided_studio(say: Say) -> studio.StudioState:
    return replace(on_air(say), kept=replace(raided(say).kept, role="streamer"))


def _held(desktop: Desktop, say: Say) -> QWidget:
    desktop.window.show_page("room")
    desktop.room.render_state(_held_state(say))
    desktop.room.lead.keep.held.click()
    return desktop.room.lead.keep.queue


def _with_emotes(desktop: Desktop, say: Say) -> None:
    """A moderator in a room with as many emotes as it may have."""
    desktop.window.show_page("room")
    pictures = {f"an_emote_of_this_room_{n:02}": make_png(8 + n, 20) for n in range(30)}
    emotes = tuple(
        EmoteInfo(name=name, emote_id=make_emote_id(picture)) for name, picture in pictures.items()
    )
    desktop.room.render_state(_led(say).apply(EmotesChanged(room_id=ROOM, emotes=emotes)))
    for emote in emotes:
        desktop.room.emotes.emotes.put(emote.emote_id, pictures[emote.name])


def _emotes(desktop: Desktop, say: Say) -> QWidget:
    _with_emotes(desktop, say)
    desktop.room.chat.emote_button.click()
    desktop.room.chat.picker.manage.click()
    return desktop.room.lead.keep.album


def _no_emotes(desktop: Desktop, say: Say) -> QWidget:
    desktop.window.show_page("room")
    desktop.room.render_state(_led(say))
    desktop.room.chat.emote_button.click()
    desktop.room.chat.picker.manage.click()
    return desktop.room.lead.keep.album


def _emote_picker(desktop: Desktop, say: Say) -> QWidget:
    _with_emotes(desktop, say)
    desktop.room.chat.emote_button.click()
    return desktop.room.chat.picker


def _nothing_held(desktop: Desktop, say: Say) -> QWidget:
    desktop.window.show_page("room")
    desktop.room.render_state(_led(say))
    desktop.room.lead.keep.queue.pop_up_below(desktop.room.lead.keep)
    return desktop.room.lead.keep.queue


def kept_studio(say: Say) -> studio.StudioState:
    """Live, with all that may stand above one's own chat."""
    rounds = _rounds(say)
    state = replace(on_air(say), kept=_held_state(say).kept)
    state = replace(state, kept=replace(state.kept, role="streamer", rounds=rounds.rounds))
    for number in range(2, 20):
        state = state.apply(studio_events.ChatHeard(message(say, number)))
    return state


def _studio_rules(desktop: Desktop, say: Say) -> QWidget:
    _studio(2, kept_studio)(desktop, say)
    desktop.studio.chat.keep.rules.click()
    return desktop.studio.chat.keep.panel


def _message_menu(role: event_base.Role) -> Place:
    """Of a viewer's message, as a moderator sees it, and of one whom they do not reach."""

    def bring(desktop: Desktop, say: Say) -> QWidget:
        desktop.window.show_page("room")
        written = msgspec.structs.replace(message(say, 3), role=role)
        desktop.room.render_state(_led(say).apply(written))
        desktop.room.people.offers_report = True
        chat = desktop.room.chat.list
        chat.flush()
        menu = chat.make_menu(chat.model.row(2))
        menu.popup(desktop.room.mapToGlobal(QPoint(40, 80)))
        return menu

    return bring


def _sanction_presets(desktop: Desktop, say: Say) -> QWidget:
    menu = _message_menu("viewer")(desktop, say)
    assert isinstance(menu, QMenu)
    presets = menu.findChildren(QMenu)[0]
    presets.popup(desktop.room.mapToGlobal(QPoint(240, 80)))
    return presets


def _sanction_dialog(kind: SanctionKind) -> Place:
    def bring(desktop: Desktop, say: Say) -> QWidget:
        desktop.window.show_page("room")
        desktop.room.render_state(_led(say))
        dialog = SanctionDialog(desktop.room, kind, target_of(message(say, 3)))
        dialog.open()
        return dialog

    return bring


def room_acts(say: Say) -> tuple[order_events.ActInfo, ...]:
    """One of each kind; the oldest is undone."""
    made = []
    for number, action in enumerate((*get_args(ActName), "later")):
        undone = {} if number < 9 else {"undone_by": user(say), "undone_at_unix_ms": 1}
        made.append(
            order_events.ActInfo(
                act_id=ActId(f"a{99 - number}"),
                action=action if action in get_args(ActName) else say(action),
                actor=user(say) if number else None,
                role="moderator",
                user=user(say, "Bob"),
                reason=say("spam"),
                detail=order_events.ActDetail(duration_s=600, text=say("Good evening")),
                at_unix_ms=1_700_000_000_000,
                can_undo=True,
                **undone,
            )
        )
    return tuple(made)


def _acts(desktop: Desktop, say: Say) -> QWidget:
    desktop.window.show_page("room")
    desktop.room.render_state(_led(say).apply(ActsListed(room_acts(say))))
    record = desktop.room.lead.keep.record
    record.pop_up_below(desktop.room.lead.keep)
    return record


def _sanctioned(kind: SanctionKind) -> Callable[[Say], room.RoomState]:
    def make(say: Say) -> room.RoomState:
        until_ms = time.monotonic_ns() // 1_000_000 + 540_000
        own = OwnSanction("s1", kind, say("spam"), say("Ann"), until_mono_ms=until_ms)
        state = joined(say).apply(OwnSanctionsRead((own,)))
        if kind == "mute":
            return state
        code = ErrorCode.BANNED if kind == "ban" else ErrorCode.KICKED
        return state.apply(room.JoinRefused(code, say("no")))

    return make


def _page(key: str) -> Place:
    def bring(desktop: Desktop, _say: Say) -> None:
        desktop.window.set_admin(is_admin=True)
        desktop.window.show_page(key)

    return bring


def _me(make: Callable[[Say], HouseState]) -> Place:
    def bring(desktop: Desktop, say: Say) -> None:
        desktop.window.show_page("me")
        desktop.me.render_state(make(say))

    return bring


def _hosted(say: Say) -> HouseState:
    return HouseState(
        url="wss://127.0.0.1:7788",
        is_hosted=True,
        invite_link=INVITE,
        link="connected",
        user=user(say),
        home_room_id="r1",
    )


def _shortcuts(desktop: Desktop, _say: Say) -> QWidget:
    desktop.window._shortcuts.show()
    return desktop.window._shortcuts


def _question(desktop: Desktop, say: Say) -> QWidget:
    desktop.studio._render(on_air(say))
    desktop.window.close()
    question = desktop.window._question
    assert isinstance(question, Question)
    return question


class _Crashes:
    has_crashed = True

    def __init__(self, report: str) -> None:
        self.on_failure: Callable[[], None] = lambda: None
        self._report = report

    def read_pending(self) -> str:
        return self._report

    def forget_pending(self) -> None:
        self._report = ""


def _crash(desktop: Desktop, say: Say) -> QWidget:
    report = say("Livehouse crash report")
    offer = CrashOffer(desktop.window, _Crashes(report), report)
    offer.show()
    offer.show_button.click()
    return offer


def _danmaku_settings(desktop: Desktop, say: Say) -> QWidget:
    desktop.window.show_page("room")
    desktop.room.render_state(joined(say))
    desktop.room.controls.danmaku_settings.click()
    return desktop.room.danmaku.panel


def _gifts(tab: int, make: Callable[[Say], gifts.GiftsState]) -> Place:
    def bring(desktop: Desktop, say: Say) -> QWidget:
        desktop.window.show_page("room")
        desktop.room.render_state(joined(say))
        desk = desktop.room.gifts
        desk.render_state(make(say))
        desk.popup.tabs.setCurrentIndex(tab)
        desk.popup.pop_up_above(desk.bar)
        desk.popup.render_state(make(say))
        return desk.popup

    return bring


def _unanswered(say: Say) -> gifts.GiftsState:
    press = gifts.Press(key="k", gift_id=GiftId("flower"), coins=1)
    taken = gifts.Taken(press, 1000, 12, now_mono_ms=1 << 60)
    failed = gifts.Unanswered(press, RelayRefused(ErrorCode.BUSY, say("busy")))
    return gift_state(say).apply(taken).apply(failed)


def _given(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("room")
    desktop.room.render_state(joined(say))
    desk = desktop.room.gifts
    state = gift_state(say)
    for number in (1, 2, 3, 4):
        opened = coin_events.RedPacketOpened(
            room_id=ROOM,
            packet_id=PacketId(f"p{number}"),
            user_id=UserId("u3"),
            name=say("Bob"),
            coins=100,
            shares=10,
        )
        state = state.apply(gifts.PacketCame(opened, time.monotonic_ns() // 1_000_000))
        desk.on_event(opened)
    desk.render_state(state)
    for number in (1, 2, 3):
        desk.on_event(gift_sent(say, number))


def _givers(desktop: Desktop, say: Say) -> QWidget:
    desktop.window.show_page("room")
    desktop.room.render_state(joined(say))
    popup = desktop.room.gifts.givers
    popup.pop_up_above(desktop.room.gifts.bar.givers)
    givers = tuple(coin_events.Giver(user=user(say), coins=10**n) for n in range(8, 0, -1))
    popup.show_givers(popup.span, givers)
    return popup


def _wallet(desktop: Desktop, say: Say) -> None:
    _me(_hosted)(desktop, say)
    card = desktop.me.wallet
    card.show_wallet(purse(1234, 100))
    kinds = ("gift", "daily_grant", "red_packet", "refund", say("later"))
    movements = tuple(
        coin_events.Movement(
            transfer_id=TransferId(f"t{number}"),
            at_unix_ms=1_700_000_000_000,
            amount=-5 * number,
            unit="beans" if number % 2 else "coins",
            kind=kind,
            balance=1000,
            other=user(say, "Bob"),
            note=say("a note"),
        )
        for number, kind in enumerate(kinds)
    )
    page = coin_events.Movements(re=1, movements=movements, next_cursor="more")
    card.show_page(page)


def _my_data(desktop: Desktop, say: Say) -> None:
    """Everything there is of somebody, and how long it stays."""
    _me(_hosted)(desktop, say)
    names = (*privacy.SHOWN, say("later"))
    counts = tuple(
        privacy_events.DataCount(name=name, rows=10_000 - number)
        for number, name in enumerate(names)
    )
    desktop.me.data.show_data(privacy_events.MyData(re=1, counts=counts))
    desktop.me.data.show_terms(TERMS)


def _exporting(desktop: Desktop, say: Say) -> None:
    _my_data(desktop, say)
    desktop.me.data.show_progress(privacy.ExportProgress(rows_done=300, rows=1_000))


def _consent(desktop: Desktop, say: Say) -> None:
    """A guest who reads what an account means."""
    _me(lambda _say: HouseState(url="wss://h:1", link="connected"))(desktop, say)
    desktop.me.account.consent.show_terms(TERMS)
    desktop.me.account.consent.tick.setChecked(True)


def _erase_dialog(desktop: Desktop, _say: Say) -> QWidget:
    dialog = EraseDialog(desktop.me, needs_password=True, is_hosted=True)
    dialog.password.setText("a password")
    dialog.open()
    return dialog


def _danmaku_blocks(desktop: Desktop, say: Say) -> QWidget:
    for number in range(3):
        desktop.room.danmaku.block_words(say(f"words {number}"))
        desktop.room.danmaku.block_user(f"u{number}", say("Bob"))
    return _danmaku_settings(desktop, say)


def _danmaku_menu(desktop: Desktop, say: Say) -> QWidget:
    tools = desktop.room.danmaku
    layer = desktop.room.stage.danmaku
    tools.fill_menu(layer.measure("a", say("Good evening"), user_id="u2", name=say("Bob")))
    tools.menu.popup(desktop.room.mapToGlobal(QPoint(40, 80)))
    return tools.menu


def _danmaku_box(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("room")
    desktop.room.render_state(joined(say))
    desktop.room.danmaku.editor.begin(None)


def _sources_menu(desktop: Desktop, say: Say) -> QWidget:
    from app.media.capture.devices import Device  # noqa: PLC0415 # loads capture

    desktop.window.show_page("studio")
    devices = Devices((Device("camera:0", say("Front & back camera")),), (), has_screen=True)
    before = _menus_of(desktop)
    desktop.studio._menus.show_sources(devices, desktop.window.pos())
    (menu,) = _menus_of(desktop) - before
    return menu


def _menus_of(desktop: Desktop) -> set[QMenu]:
    """Without the menus within menus."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    return set(desktop.studio.findChildren(QMenu, options=direct))


def _held_back(say: Say, reason: Literal["viewer_slow", "viewer_busy"]) -> room.RoomState:
    return joined(say).apply(media_events.LayerSelected(layer=0, reason=reason))


def _quality_menu(desktop: Desktop, say: Say) -> QWidget:
    desktop.window.show_page("room")
    desktop.room.render_state(_held_back(say, "viewer_busy"))
    menu = desktop.room.controls.quality.menu()
    menu.popup(desktop.window.pos())
    return menu


def _sounds_menu(desktop: Desktop, say: Say) -> QWidget:
    from app.media.capture.devices import Device  # noqa: PLC0415 # loads capture

    desktop.window.show_page("studio")
    devices = Devices((), (Device("mic:0", say("Headset")),), has_screen=False)
    before = _menus_of(desktop)
    desktop.studio._menus.show_sounds(devices, desktop.window.pos())
    (menu,) = _menus_of(desktop) - before
    return menu


def _poll_dialog(desktop: Desktop, _say: Say) -> QWidget:
    desktop.window.show_page("studio")
    dialog = PollDialog(desktop.studio)
    dialog.open()
    return dialog


def streamed(say: Say, stream_in: StreamInState) -> studio.StudioState:
    """A target in each state, and OBS in one."""
    server = "rtmp://127.0.0.1:1935/live"
    targets = tuple(
        TargetStatus(
            str(number), say(name), "rtmp://live.example.org/app", is_enabled=name != "Archive",
            state=state, trouble=trouble, bit_rate_bps=2_450_000, dropped=lost,
        )
        for number, (name, state, trouble, lost) in enumerate(TARGETS)
    )  # fmt: skip
    port = StreamIn(stream_in, server, Secret("not-a-key-that-opens"))
    told = studio_events.StreamsTold(targets, port)
    return (on_air(say) if stream_in == "off" else scene(say)).apply(told)


TARGETS: Final[tuple[tuple[str, TargetState, Trouble, int], ...]] = (
    ("Videos", "live", "", 0),
    ("Second channel", "live", "", 1204),
    ("Company", "waiting", "unreachable", 0),
    ("Games", "refused", "refused", 0),
    ("Archive", "off", "", 0),
)


def _studio_streams(stream_in: StreamInState) -> Place:
    def show(desktop: Desktop, say: Say) -> QWidget | None:
        shown = _studio(1, lambda words: streamed(words, stream_in))(desktop, say)
        area = desktop.studio._tabs.currentWidget()
        assert isinstance(area, QScrollArea)
        area.ensureWidgetVisible(desktop.studio._streams.port_button)
        return shown

    return show


def _target_dialog(number: int | None = None) -> Place:
    def show(desktop: Desktop, say: Say) -> QWidget:
        desktop.window.show_page("studio")
        targets = streamed(say, "off").targets
        dialog = TargetDialog(desktop.studio, None if number is None else targets[number])
        dialog.open()
        return dialog

    return show


def _draw_dialog(desktop: Desktop, _say: Say) -> QWidget:
    desktop.window.show_page("studio")
    dialog = DrawDialog(desktop.studio)
    dialog.open()
    return dialog


def sanction(say: Say) -> SanctionInfo:
    return SanctionInfo(
        sanction_id=SanctionId("s1"),
        kind="mute",
        user=user(say),
        reason=say("flooding"),
        role="admin",
        imposed_at_unix_ms=1,
        remaining_ms=60_000,
    )


def _feedback(desktop: Desktop, say: Say) -> None:
    _me(_hosted)(desktop, say)
    answered = inbox_events.OwnFeedback(
        feedback_id="f1",
        category="problem",
        text=say("The sound stops when I change the room"),
        sent_at_unix_ms=1_700_000_000_000,
        status="answered",
        answer=say("That is mended in the next version. Thank you for telling us."),
        answered_at_unix_ms=1_700_003_600_000,
        is_unread=True,
    )
    waiting = msgspec.structs.replace(
        answered, feedback_id="f2", status="read", answer="", is_unread=False
    )
    judged = inbox_events.OwnReport(
        report_id="r1",
        kind="message",
        room_name=say("stage"),
        accused_name=say("Bob"),
        text=say("Buy coins here"),
        reason="spam",
        at_unix_ms=1_700_000_000_000,
        state="acted",
        verdict=say("Muted for a day"),
    )
    page = inbox_events.Inbox(
        re=1,
        feedback=(answered, waiting),
        feedback_total=12,
        reports=(judged,),
        reports_total=1,
        unread=1,
    )
    state = InboxState().with_sanctions((sanction(say),)).with_page(page)
    desktop.me.feedback.render_state(state)
    desktop.window.set_news("me", 1)


def _feedback_dialog(desktop: Desktop, say: Say) -> FeedbackDialog:
    desktop.window.show_page("me")
    desktop.inbox.write()
    dialog = desktop.inbox.dialog
    assert dialog is not None
    dialog.show_diagnostics(say("livehouse: 1.0\nsystem: Linux 6.1\nencoders: h264 libx264"))
    dialog.text.edit.setPlainText("The sound stops")
    return dialog


def _feedback_picture(desktop: Desktop, say: Say) -> QWidget:
    dialog = _feedback_dialog(desktop, say)
    dialog.picture.click()
    (look,) = dialog.findChildren(PictureDialog)
    return look


def _appeal_dialog(desktop: Desktop, say: Say) -> QWidget:
    desktop.window.show_page("me")
    desktop.inbox.appeal(sanction(say))
    dialog = desktop.inbox.dialog
    assert dialog is not None
    return dialog


def _report_dialog(text: str) -> Place:
    def bring(desktop: Desktop, say: Say) -> QWidget:
        desktop.window.show_page("room")
        desktop.room.render_state(joined(say))
        message_id = MessageId("m1") if text else None
        target = ReportTarget(
            room_id=ROOM, name=say("Bob"), text=say(text) if text else "", message_id=message_id
        )
        dialog = ask_report(desktop.room, target)
        dialog.choose("spam")
        return dialog

    return bring


def _toast(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("me")
    desktop.me._on_failed(RelayRefused(ErrorCode.INVALID_VALUE, say("not a name")))


def _rounds(say: Say) -> room.RoomState:
    choices = tuple(say(choice) for choice in ("Slow songs", "Fast songs", "Anything"))
    poll = round_events.PollInfo(
        poll_id=PollId("p1"),
        question=say("Which songs next?"),
        choices=choices,
        votes=(12, 30, 3),
        ends_in_ms=90_000,
        own_choice=1,
    )
    draw = round_events.DrawInfo(
        draw_id=DrawId("d1"),
        prize=say("A signed poster"),
        winners_max=3,
        commitment="0" * 64,
        entries=1_234,
        ends_in_ms=90_000,
    )
    return (
        joined(say)
        .apply(round_events.PollOpened(room_id=ROOM, poll=poll))
        .apply(round_events.DrawOpened(room_id=ROOM, draw=draw))
    )


def _rounds_over(say: Say) -> room.RoomState:
    before = _rounds(say)
    assert before.rounds.poll is not None
    closed = round_events.DrawClosed(
        room_id=ROOM,
        draw_id=DrawId("d1"),
        prize=say("A signed poster"),
        commitment="0" * 64,
        seed="0" * 64,
        entries=2,
        entries_sha256="0" * 64,
        winners_max=3,
        winners=(user(say), user(say, "Bob")),
    )
    return (
        before.apply(round_events.PollClosed(room_id=ROOM, poll=before.rounds.poll))
        .apply(closed)
        .apply(Checked(DrawId("d1"), "right"))
    )


PLACES: Final[dict[str, Place]] = {
    "first start": _first,
    "first start, joining": _joining,
    "first start, busy": _busy,
    "first start, failed": _failed,
    "discover, loading": _discover(lambda _say: discover.DiscoverState()),
    "discover, rooms": _discover(_listed),
    "discover, no rooms": _discover(
        lambda _say: discover.DiscoverState().apply(discover.Listed((), "", ""))
    ),
    "discover, no match": _discover(
        lambda say: discover.DiscoverState(search=say("x"), has_listed=True)
    ),
    "discover, failed": _discover(
        lambda say: discover.DiscoverState().apply(
            discover.ListFailed(RelayRefused(ErrorCode.INVALID_VALUE, say("no")))
        )
    ),
    **RECOMMENDED_PLACES,
    "room, none": _room(lambda _say: room.RoomState()),
    "room, joining": _room(lambda _say: room.RoomState().apply(room.Opened(ROOM))),
    "room, live": _room(joined),
    "room, paused": _room(lambda say: joined(say).apply(room.PauseChosen(is_paused=True))),
    "room, guest": _room(lambda say: joined(say, role="guest")),
    "room, offline": _room(lambda say: joined(say, "")),
    "room, starting": _room(lambda say: joined(say).apply(room.Measured(room.Statistics()))),
    "room, away": _room(lambda say: joined(say, "away")),
    "room, ended": _room(lambda say: replace(joined(say, ""), end_reason="away_too_long")),
    "room, cut": _room(lambda say: joined(say).apply(room.LinkChanged("waiting"))),
    "room, sound only": _room(
        lambda say: joined(say).apply(room.QualityChosen("auto", audio_only=True))
    ),
    "room, slow link": _room(lambda say: _held_back(say, "viewer_slow")),
    "room, sound by link": _room(
        lambda say: joined(say).apply(
            media_events.LayerSelected(layer=0, audio_only=True, reason="viewer_slow")
        )
    ),
    "room, quality menu": _quality_menu,
    "room, no sound device": _room(
        lambda say: joined(say).apply(room.SoundRouted("silent", words=say("none")))
    ),
    "room, not sent": _room(_send_refused),
    "room, figures": _with_figures,
    "room, poll and draw": _room(_rounds),
    "room, poll and draw over": _room(_rounds_over),
    "room, many hearts": _room(
        lambda say: joined(say).apply(chat_events.LikesCounted(room_id=ROOM, total=987_654_321))
    ),
    **{
        f"room, refused: {code}": _room(_refused(code))
        for code in (
            ErrorCode.NOT_FOUND,
            ErrorCode.PASSPHRASE_REQUIRED,
            ErrorCode.INVITE_REQUIRED,
            ErrorCode.ROOM_CLOSED,
            ErrorCode.INVALID_VALUE,
        )
    },
    "danmaku settings": _danmaku_settings,
    "danmaku settings, blocks": _danmaku_blocks,
    "danmaku menu": _danmaku_menu,
    "danmaku box": _danmaku_box,
    "gifts": _gifts(0, gift_state),
    "gifts, too few coins": _gifts(0, lambda say: gift_state(say, coins=0)),
    "gifts, not answered": _gifts(0, _unanswered),
    "gifts, red packet": _gifts(1, lambda say: gift_state(say, grant=0)),
    "room, given": _given,
    "top givers": _givers,
    "studio, empty": _studio(0, lambda _say: studio.StudioState()),
    "studio, sources": _studio(0, scene),
    "studio, sources that are missing": _studio(0, unplugged),
    "studio, room": _studio(1, scene),
    "studio, room with a cover": _studio(1, covered),
    "discover, covers": _discover_covers,
    "studio, streams": _studio_streams("waiting"),
    "studio, streams from OBS": _studio_streams("live"),
    "a service to stream to": _target_dialog(),
    "a service that is changed": _target_dialog(0),
    "room, chat of all kinds": _room(busy_chat),
    "room, led chat": _room(_led),
    "room, chat rules": _chat_rules,
    "room, messages held": _room(_held_state),
    "room, poll and draw of a keeper": _room(_rounds_of_a_keeper),
    "held messages": _held,
    "held messages, none": _nothing_held,
    "emotes of a room": _emotes,
    "emotes of a room, none": _no_emotes,
    "emote picker": _emote_picker,
    "room, a raid was stopped": _room(raided),
    "studio, a raid was stopped": _studio(2, raided_studio),
    "message menu of a keeper": _message_menu("viewer"),
    "message menu, out of reach": _message_menu("streamer"),
    "sanction presets": _sanction_presets,
    "sanction, mute": _sanction_dialog("mute"),
    "sanction, kick": _sanction_dialog("kick"),
    "sanction, ban": _sanction_dialog("ban"),
    "acts": _acts,
    "room, muted": _room(_sanctioned("mute")),
    "room, kicked": _room(_sanctioned("kick")),
    "room, banned": _room(_sanctioned("ban")),
    "studio live, kept chat": _studio(2, kept_studio),
    "studio live, chat rules": _studio_rules,
    "room, chat search": _chat_search,
    "room, chat reply": _chat_reply,
    "studio, chat": _studio(2, scene),
    "studio, thanks": _studio(3, thanked),
    "studio live, sources": _studio(0, on_air),
    "studio live, room": _studio(1, on_air),
    "studio live, narrow uplink": _studio(0, narrowed),
    "studio live, busy computer": _studio(0, overloaded),
    "studio, weak computer": _studio(0, weak),
    "studio, two networks": _two_networks,
    "studio, reconnecting": _studio(1, lambda say: on_air(say, "waiting")),
    "studio, ending": _studio(1, lambda say: on_air(say, "ending")),
    "studio, stopped": _studio(
        1, lambda say: replace(scene(say), failure=RelayRefused(ErrorCode.REPLACED, say("no")))
    ),
    "poll dialog": _poll_dialog,
    "draw dialog": _draw_dialog,
    "sources menu": _sources_menu,
    "sounds menu": _sounds_menu,
    "replays": _page("replays"),
    **{f"replays, {name}": place for name, place in REPLAY_PLACES.items()},
    **{f"admin, {name}": place for name, place in ADMIN_PLACES.items()},
    "me, no relay": _me(lambda _say: HouseState()),
    "me, guest": _me(lambda _say: HouseState(url="wss://example.test:7788", link="connected")),
    "me, hosted": _me(_hosted),
    "me, reconnecting": _me(lambda say: replace(_hosted(say), link="waiting", words=say("cut"))),
    "me, wallet": _wallet,
    "me, my data": _my_data,
    "me, exporting": _exporting,
    "me, consent": _consent,
    "erase dialog": _erase_dialog,
    "me, feedback": _feedback,
    "feedback dialog": _feedback_dialog,
    "feedback picture": _feedback_picture,
    "appeal dialog": _appeal_dialog,
    "report dialog, message": _report_dialog("Buy coins here, the best in town"),
    "report dialog, room": _report_dialog(""),
    "toast": _toast,
    "shortcuts": _shortcuts,
    "question": _question,
    "crash report": _crash,
    **export_places(on_air, scene),
}
