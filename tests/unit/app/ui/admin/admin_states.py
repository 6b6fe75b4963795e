"""Every place of the admin tab, for the walk through the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from app.errors import RelayUnreachable
from app.state.admin_overview import FIGURES, OverviewState, Seen, WaitingCounts
from app.ui.cover_files import make_cover
from tests.unit.app.ui.admin.recommender_states import nothing_yet, quality
from wire import admin_events, coin_events, event_base, inbox_events, words_events
from wire.covers import make_cover_id
from wire.event_base import ChatRules, RoomInfo, SessionInfo, UserInfo
from wire.ids import (
    ActId,
    BroadcastId,
    GiftId,
    MessageId,
    RoomId,
    SanctionId,
    SessionId,
    TransferId,
    UserId,
)
from wire.order_events import ActDetail, ActInfo, SanctionInfo
from wire.replay_events import RecordingShare, RoomShare

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.admin.admin_page import AdminPage
    from app.ui.desktop import Desktop
    from wire.discovery_events import TrainingState

Say = Callable[[str], str]
NOW_MS: Final = 1_700_000_000_000
SETTINGS: Final = (
    ("sign_up", "choice", "code", ("open", "code", "closed")),
    ("sign_up_code", "text", "", ()),
    ("guests_may_enter", "switch", "on", ("on", "off")),
    ("users_may_make_rooms", "switch", "off", ("on", "off")),
    ("rooms_per_user_max", "number", "50", ()),
    ("messages_days", "number", "0", ()),
    ("sockets_max", "number", "2000", ()),
)


def overview(samples: int = 30) -> admin_events.Overview:
    at = tuple(NOW_MS + 5_000 * number for number in range(samples))
    columns = {name: tuple(range(samples)) for name in FIGURES}
    return admin_events.Overview(
        started_at_unix_ms=NOW_MS, version="1.0", users=24, rooms=9, at_unix_ms=at, **columns
    )


def person(say: Say, name: str = "Ann", *, is_admin: bool = False) -> UserInfo:
    return UserInfo(user_id=UserId(f"u-{name}"), name=say(name), is_admin=is_admin)


def cover_picture() -> bytes:
    """As the relay takes it."""
    image = QImage(640, 360, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    picture = make_cover(image)
    assert picture is not None
    return picture


def house_room(say: Say, number: int = 1) -> admin_events.HouseRoom:
    live = event_base.BroadcastInfo(
        broadcast_id=BroadcastId(f"b{number}"), started_at_unix_us=0, state="live"
    )
    return admin_events.HouseRoom(
        room=RoomInfo(
            room_id=RoomId(f"r{number}"),
            name=say(f"stage {number}"),
            owner=person(say),
            title=say("Evening music"),
            category=say("Music"),
            viewers=12,
            broadcast=live if number == 1 else None,
            is_featured=number == 1,
            cover=make_cover_id(cover_picture()) if number == 1 else "",
            starts_at_unix_ms=NOW_MS if number > 1 else 0,
            starts_title=say("Tonight"),
            closed_reason=say("no light") if number == 3 else None,
        ),
        created_at_unix_ms=NOW_MS,
        chat_rules=ChatRules(is_muted=number == 2),
    )


def house_user(say: Say, name: str = "Ann", *, is_admin: bool = False) -> admin_events.HouseUser:
    return admin_events.HouseUser(
        user=person(say, name, is_admin=is_admin),
        created_at_unix_ms=NOW_MS,
        last_seen_at_unix_ms=NOW_MS,
        is_online=is_admin,
        rooms=2,
        coins=1_234_567,
        sessions=2,
    )


def user_page(say: Say) -> admin_events.UserPage:
    return admin_events.UserPage(
        user=house_user(say),
        about=say("Sings on Sundays"),
        sessions=(
            SessionInfo(
                session_id=SessionId("s1"),
                device=say("Ann's laptop"),
                created_at_unix_ms=NOW_MS,
                last_seen_at_unix_ms=NOW_MS,
            ),
        ),
        rooms=(house_room(say).room,),
        beans=12,
    )


def movements(say: Say) -> coin_events.Movements:
    return coin_events.Movements(
        movements=(
            coin_events.Movement(
                transfer_id=TransferId("t1"),
                at_unix_ms=NOW_MS,
                amount=500,
                unit="coins",
                kind="admin_grant",
                balance=500,
                note=say("for the light"),
            ),
        )
    )


def act(say: Say, number: int = 1, action: str = "change_setting") -> ActInfo:
    return ActInfo(
        act_id=ActId(f"a{number}"),
        action=action,
        actor=person(say, "Root", is_admin=True),
        role="admin",
        user=person(say),
        reason=say("shouting"),
        detail=ActDetail(text=say("new_room_slow_s: 0 → 5"), is_on=True),
        at_unix_ms=NOW_MS + number,
        can_undo=number == 1,
        undone_at_unix_ms=NOW_MS if number == 2 else None,
    )


def sanction(say: Say, number: int = 1) -> SanctionInfo:
    return SanctionInfo(
        sanction_id=SanctionId(f"s{number}"),
        kind="ban" if number == 1 else "mute",
        user=person(say),
        reason=say("spam"),
        imposed_by=person(say, "Root", is_admin=True),
        role="admin",
        imposed_at_unix_ms=NOW_MS,
        remaining_ms=None if number == 1 else 5_400_000,
    )


def room_sanction(say: Say) -> SanctionInfo:
    return msgspec.structs.replace(sanction(say, 2), room_id=RoomId("r1"), room_name=say("stage 1"))


def settings(say: Say) -> tuple[admin_events.RelaySetting, ...]:
    return tuple(
        admin_events.RelaySetting(
            name=name,
            kind=kind,
            value=value,
            default="on",
            text="what it does",
            high=5_000,
            choices=choices,
            changed_by=say("Root"),
            changed_at_unix_ms=NOW_MS,
        )
        for name, kind, value, choices in SETTINGS
    )


def storage(state: str = "done", restores: str = "") -> admin_events.Storage:
    backup = admin_events.BackupInfo(
        name="livehouse-20260102-030405.db", bytes=1_400_000, made_at_unix_ms=NOW_MS
    )
    return admin_events.Storage(
        database="sqlite",
        data_dir="/srv/livehouse",
        database_bytes=3_300_000,
        disk_free_bytes=40 * 10**9,
        disk_total_bytes=100 * 10**9,
        schema="0011",
        backups=(backup,),
        job=admin_events.JobInfo(
            kind="backup",
            state=state,
            done_permille=400,
            words="no space",
            at_unix_ms=NOW_MS,
        ),
        restores=restores,
    )


def recordings(**fields: object) -> RecordingShare:
    rooms = (("Stage", 9, 8_400_000_000), ("Kitchen", 2, 1_300_000_000))
    share = RecordingShare(
        is_on=True,
        is_full=False,
        recordings=11,
        bytes=9_700_000_000,
        kept_bytes=2_000_000_000,
        bytes_max=20_000_000_000,
        free_bytes=40 * 10**9,
        free_bytes_min=10**9,
        rooms=tuple(
            RoomShare(room_id=RoomId(name), name=name, recordings=count, bytes=size)
            for name, count, size in rooms
        ),
    )
    return msgspec.structs.replace(share, **fields)


def gifts() -> tuple[admin_events.HouseGift, ...]:
    return tuple(
        admin_events.HouseGift(
            gift_id=GiftId(gift_id),
            names={"en": english, "zh_CN": chinese},
            effect="combo",
            price_coins=price,
            default_price_coins=10,
            is_on=price > 10,
        )
        for gift_id, english, chinese, price in (
            ("candy", "Candy", "糖果", 10),
            ("castle", "Castle", "城堡", 5_200),
        )
    )


def report(say: Say, number: int = 1) -> inbox_events.ReportBrief:
    return inbox_events.ReportBrief(
        report_id=f"p{number}",
        kind="message",
        room_id=RoomId("r1"),
        room_name=say("stage 1"),
        accused=person(say),
        text=say("bad words"),
        count=3,
        weight=240,
        reasons=("harassment",),
        first_at_unix_ms=NOW_MS,
        last_at_unix_ms=NOW_MS,
        claimed_by=person(say, "Root") if number == 1 else None,
    )


def case(say: Say) -> inbox_events.ReportDetails:
    return inbox_events.ReportDetails(
        report=report(say),
        lines=(
            inbox_events.ReportLine(
                message_id=MessageId("m1"),
                user_id=UserId("u1"),
                name=say("Bob"),
                text=say("hello all"),
                sent_at_unix_ms=NOW_MS,
            ),
        ),
        entries=(
            inbox_events.ReportEntry(
                reporter=person(say, "Bob"),
                reason="harassment",
                text=say("again"),
                weight=100,
                at_unix_ms=NOW_MS,
            ),
        ),
    )


def feedback_brief(say: Say) -> inbox_events.FeedbackBrief:
    return inbox_events.FeedbackBrief(
        feedback_id="f1",
        user=person(say),
        category="appeal",
        text=say("please look again"),
        sent_at_unix_ms=NOW_MS,
        status="new",
    )


def feedback_details(say: Say) -> inbox_events.FeedbackDetails:
    return inbox_events.FeedbackDetails(
        user=person(say),
        feedback=inbox_events.OwnFeedback(
            feedback_id="f1",
            category="appeal",
            text=say("please look again"),
            sent_at_unix_ms=NOW_MS,
            status="read",
            answer=say("we do"),
        ),
        diagnostics=say("Linux, 1280x800"),
        sanction=sanction(say),
    )


def words(say: Say) -> tuple[words_events.WordEntry, ...]:
    return (
        words_events.WordEntry(word=say("badword"), level="hold", hits=12),
        words_events.WordEntry(word=say("another"), level="refuse", hits=0),
    )


def rules_now() -> words_events.TextRulesNow:
    return words_events.TextRulesNow(
        rules=words_events.TextRules(links="hold", flood_many="refuse"),
        hits=words_events.RuleHits(link=1_204),
        words=2,
    )


# --- places -------------------------------------------------------------------------------------


def _section(key: str, fill: Callable[[AdminPage, Say], QWidget | None]):
    def show(desktop: Desktop, say: Say) -> QWidget | None:
        desktop.window.show_page("admin")
        desktop.admin.show_section(key)
        window = fill(desktop.admin, say)
        QTest.qWait(1)
        return window

    return show


def _overview(page: AdminPage, _say: Say) -> None:
    page.overview.render_state(OverviewState().apply(Seen("hour", overview())))


def _overview_failed(page: AdminPage, say: Say) -> None:
    _overview(page, say)
    page.overview.show_failure(RelayUnreachable("nobody answers"))


def _rooms(page: AdminPage, say: Say) -> None:
    rooms = tuple(house_room(say, number) for number in (1, 2, 3))
    page.rooms.show_rooms(rooms, 3)
    page.rooms.choose("r1")
    page.rooms._on_cover(rooms[0].room.cover, cover_picture())


def _rooms_closed(page: AdminPage, say: Say) -> None:
    _rooms(page, say)
    page.rooms.choose("r3")


def _no_rooms(page: AdminPage, _say: Say) -> None:
    page.rooms.show_rooms((), 0)


def _users(page: AdminPage, say: Say) -> None:
    people = (house_user(say), house_user(say, "Root", is_admin=True))
    page.users.show_users(people, 120, "2")
    page.users.details.show_user(user_page(say), movements(say))


def _no_users(page: AdminPage, _say: Say) -> None:
    page.users.show_users((), 0)
    page.users.details.forget()


def _overview_waiting(page: AdminPage, _say: Say) -> None:
    waiting = msgspec.structs.replace(overview(), reports_open=12, feedback_new=1_204)
    page.overview.render_state(OverviewState().apply(Seen("hour", waiting)))
    page.show_waiting(WaitingCounts(reports=12, feedback=1_204))


def _sanctions(page: AdminPage, say: Say) -> None:
    page.sanctions.show_sanctions((sanction(say), room_sanction(say)), "next")
    page.sanctions.table.selectRow(0)


def _audit(page: AdminPage, say: Say) -> None:
    page.audit.show_acts((act(say), act(say, 2, "ban"), act(say, 3, "something new")), "next")
    page.audit.table.selectRow(2)


def _words(page: AdminPage, say: Say) -> None:
    page.words.show_words(words(say), rules_now(), 12_345, has_more=True)
    page.words.show_tried(
        words_events.TextTried(level="hold", folded=say("badword"), rule="word", entry=say("bad"))
    )
    page.words.table.selectRow(0)


def _reports(page: AdminPage, say: Say) -> None:
    page.reports.show_reports((report(say), report(say, 2)), 2)
    page.reports.show_case(case(say))


def _no_reports(page: AdminPage, _say: Say) -> None:
    page.reports.show_reports((), 0)
    page.reports.show_case(None)


def _feedback(page: AdminPage, say: Say) -> None:
    page.feedback.show_feedback((feedback_brief(say),), 1)
    page.feedback.show_case(feedback_details(say))


def _no_feedback(page: AdminPage, _say: Say) -> None:
    page.feedback.show_feedback((), 0)
    page.feedback.show_case(None)


def _settings(page: AdminPage, say: Say) -> None:
    page.settings.settings.show_settings(settings(say))
    page.settings.storage.show_storage(storage())
    page.settings.recordings.show_share(recordings())


def _backing_up(page: AdminPage, say: Say) -> None:
    page.settings.settings.show_settings(settings(say)[:1])
    page.settings.storage.show_storage(storage("running", "livehouse-20260102-030405.db"))
    page.settings.recordings.show_share(recordings(is_full=True, kept_bytes=19_900_000_000))


def _recommendations(state: TrainingState) -> Callable[[AdminPage, Say], None]:
    def fill(page: AdminPage, say: Say) -> None:
        page.recommendations.render_state(quality(say, state))

    return fill


def _report_form(page: AdminPage, say: Say) -> QWidget | None:
    _reports(page, say)
    page.reports.ban_button.click()
    return _dialogs(page)[0]


def _form(press: Callable[[AdminPage], object]) -> Callable[[AdminPage, Say], QWidget | None]:
    def show(page: AdminPage, say: Say) -> QWidget | None:
        _rooms(page, say)
        _users(page, say)
        before = set(_dialogs(page))
        press(page)
        return next(iter(set(_dialogs(page)) - before))

    return show


def _dialogs(page: AdminPage) -> list[QWidget]:
    from PySide6.QtWidgets import QDialog  # noqa: PLC0415 # only here

    return [one for one in page.findChildren(QDialog) if one.isVisible()]


ADMIN_PLACES: Final = {
    "overview, empty": _section(
        "overview", lambda page, _say: page.overview.render_state(OverviewState())
    ),
    "overview": _section("overview", _overview),
    "overview, something waits": _section("overview", _overview_waiting),
    "overview, failed": _section("overview", _overview_failed),
    "rooms": _section("rooms", _rooms),
    "rooms, a closed one": _section("rooms", _rooms_closed),
    "rooms, none": _section("rooms", _no_rooms),
    "users": _section("users", _users),
    "users, none": _section("users", _no_users),
    "sanctions": _section("sanctions", _sanctions),
    "sanctions, none": _section("sanctions", lambda page, _say: page.sanctions.show_sanctions(())),
    "gifts": _section("gifts", lambda page, _say: page.gifts.show_gifts(gifts())),
    "recommendations": _section("recommendations", _recommendations("done")),
    "recommendations, training": _section("recommendations", _recommendations("running")),
    "recommendations, failed": _section("recommendations", _recommendations("failed")),
    "recommendations, none": _section(
        "recommendations", lambda page, _say: page.recommendations.render_state(nothing_yet())
    ),
    "audit": _section("audit", _audit),
    "audit, nothing": _section("audit", lambda page, _say: page.audit.show_acts(())),
    "words": _section("words", _words),
    "words, none": _section(
        "words",
        lambda page, _say: page.words.show_words(
            (),
            words_events.TextRulesNow(
                rules=words_events.TextRules(), hits=words_events.RuleHits(), words=0
            ),
        ),
    ),
    "reports": _section("reports", _reports),
    "reports, a ban": _section("reports", _report_form),
    "reports, none": _section("reports", _no_reports),
    "feedback": _section("feedback", _feedback),
    "feedback, none": _section("feedback", _no_feedback),
    "settings": _section("settings", _settings),
    "settings, backing up": _section("settings", _backing_up),
    **{
        name: _section("rooms", _form(press))
        for name, press in (
            ("new room", lambda page: page.rooms.new_button.click()),
            ("announce to all", lambda page: page.rooms.announce_button.click()),
            ("plan", lambda page: page.rooms.details.buttons["plan"].click()),
            ("close", lambda page: page.rooms.details.buttons["close"].click()),
            ("cover", lambda page: page.rooms.details.buttons["cover"].click()),
        )
    },
    **{
        name: _section("users", _form(press))
        for name, press in (
            ("grant", lambda page: page.users.details.buttons["grant"].click()),
            ("sanction", lambda page: page.users.details.buttons["sanction"].click()),
            ("make admin", lambda page: page.users.details.buttons["admin"].click()),
        )
    },
}
