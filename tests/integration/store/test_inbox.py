"""Reports and feedback through control sessions: who may, what is kept, who hears of it."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, TypeVar

import pytest
from sqlmodel import select

from server.accounts.tables import User
from server.chat.tables import Message
from server.feedback.rules import UNANSWERED_MAX
from server.feedback.tables import Feedback
from server.privacy.rules import DAY_MS
from server.reports.rules import CLAIM_S
from server.reports.tables import Report, ReportEntry
from server.settings import Retention
from tests.server_parts import PASSWORD, Parts, Socket
from wire import (
    account_commands,
    account_events,
    chat_commands,
    chat_events,
    event_base,
    events,
    limits,
    room_commands,
    room_events,
)
from wire import inbox_commands as ask
from wire import inbox_events as told
from wire.errors import ErrorCode
from wire.event_base import UserInfo
from wire.ids import MessageId, RoomId, UserId
from wire.order_commands import DeleteDanmaku, ImposeSanction
from wire.order_events import SanctionDetails, SanctionInfo

if TYPE_CHECKING:
    from sqlmodel import Session

    from wire.command_base import Command

_Answer = TypeVar("_Answer", bound=event_base.Answer)
_Event = TypeVar("_Event", bound=event_base.Event)

JPEG = b"\xff\xd8\xff\xe0picture"


class Hall:
    """A room with its owner, and people who come into it."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.owner = Socket(parts)
        self.room_id = RoomId("")
        self._keys = itertools.count()

    async def open(self) -> None:
        await self.owner.register("Ada")
        answer = await get(
            self.owner, room_events.RoomDetails, room_commands.CreateRoom, name="Hall"
        )
        self.room_id = answer.room.room_id
        await self.owner.ask(room_commands.JoinRoom, room_id=self.room_id)

    async def viewer(self, name: str) -> Socket:
        socket = Socket(self.parts)
        await socket.register(name)
        await socket.ask(room_commands.JoinRoom, room_id=self.room_id)
        return socket

    async def admin(self, name: str = "Root") -> Socket:
        socket = await self.viewer(name)
        user_id = id_of(socket)

        def promote(session: Session) -> None:
            user = session.get(User, user_id)
            assert user is not None
            user.is_admin = True

        await self.parts.store.write(promote)
        login = socket.session._state.actor.require_login()
        socket.session._state.update_user(
            UserInfo(user_id=user_id, name=login.user.name, is_admin=True)
        )
        self.parts.accounts._known.change(
            UserInfo(user_id=user_id, name=login.user.name, is_admin=True)
        )
        return socket

    async def say(self, socket: Socket, text: str) -> MessageId:
        self.parts.time.pass_s(2)
        answer = await get(
            socket,
            chat_events.DanmakuAccepted,
            chat_commands.SendDanmaku,
            room_id=self.room_id,
            text=text,
        )
        return answer.message_id

    async def report(self, socket: Socket, **fields: object) -> told.ReportTaken:
        given = {"room_id": self.room_id, "reason": "spam", **fields}
        return await get(socket, told.ReportTaken, ask.SendReport, **given)

    async def queue(self, socket: Socket, **fields: object) -> told.ReportList:
        given = {"room_id": self.room_id, **fields}
        return await get(socket, told.ReportList, ask.ListReports, **given)

    async def feedback(self, socket: Socket, **fields: object) -> told.OwnFeedback:
        given = {
            "idempotency_key": f"k{next(self._keys)}",
            "category": "idea",
            "text": "More mugs",
            **fields,
        }
        self.parts.time.pass_s(120)
        return (await get(socket, told.FeedbackTaken, ask.SendFeedback, **given)).feedback


@pytest.fixture
async def hall(parts: Parts) -> Hall:
    hall = Hall(parts)
    await hall.open()
    return hall


async def get(
    socket: Socket, answer_kind: type[_Answer], command: type[Command], /, **fields: object
) -> _Answer:
    answer = await socket.ask(command, **fields)
    assert isinstance(answer, answer_kind), answer
    return answer


async def refused(socket: Socket, command: type[Command], **fields: object) -> events.Error:
    return await get(socket, events.Error, command, **fields)


def id_of(socket: Socket) -> UserId:
    assert socket.session.user_id is not None
    return socket.session.user_id


def heard(socket: Socket, kind: type[_Event]) -> list[_Event]:
    return [event for event in socket.channel.events if isinstance(event, kind)]


# --- reports ------------------------------------------------------------------------------------


async def test_report_when_of_a_message_then_kept_with_what_was_said_and_seen(hall: Hall) -> None:
    hall.parts.thumbnails[hall.room_id] = JPEG
    troll, viewer = await hall.viewer("Troll"), await hall.viewer("Bob")
    await hall.say(viewer, "good evening")
    bad = await hall.say(troll, "<b>buy</b> my coins")
    await hall.say(viewer, "after it")
    taken = await hall.report(viewer, message_id=bad, text="every minute")
    assert not taken.is_repeat

    def delete(session: Session) -> None:
        session.delete(session.get_one(Message, bad))

    await hall.parts.store.write(delete)
    details = await get(hall.owner, told.ReportDetails, ask.GetReport, report_id=taken.report_id)
    assert details.report.text == "<b>buy</b> my coins"
    assert details.report.accused.name == "Troll"
    assert [line.text for line in details.lines] == ["good evening", "<b>buy</b> my coins"]
    assert details.thumbnail == JPEG
    assert [(one.reason, one.text, one.reporter) for one in details.entries] == [
        ("spam", "every minute", None)
    ]
    assert heard(hall.owner, told.ReportsChanged)[-1].open == 1
    assert not heard(viewer, told.ReportsChanged)


async def test_report_when_many_report_one_message_then_one_case_and_each_counts_once(
    hall: Hall,
) -> None:
    troll = await hall.viewer("Troll")
    bad = await hall.say(troll, "bad words")
    viewers = [await hall.viewer(f"Viewer{number}") for number in range(3)]
    for viewer in viewers:
        await hall.report(viewer, message_id=bad, reason="hate")
    again = await hall.report(viewers[0], message_id=bad, reason="spam")
    assert again.is_repeat
    queue = await hall.queue(hall.owner)
    assert queue.total == 1
    assert (queue.reports[0].count, queue.reports[0].weight) == (3, 300)
    assert queue.reports[0].reasons == ("hate",)


async def test_report_when_many_come_at_once_then_still_one_case(hall: Hall) -> None:
    bad = await hall.say(await hall.viewer("Troll"), "bad words")
    viewers = [await hall.viewer(f"Viewer{number}") for number in range(8)]
    await asyncio.gather(*(hall.report(viewer, message_id=bad) for viewer in viewers))
    (case,) = (await hall.queue(hall.owner)).reports
    assert case.count == len(viewers)


async def test_feedback_when_one_key_comes_twice_at_once_then_still_once(hall: Hall) -> None:
    viewer = await hall.viewer("Bob")
    service, user_id = hall.parts.feedback, id_of(viewer)
    command = ask.SendFeedback(id=1, idempotency_key="k", category="idea", text="More")
    taken = await asyncio.gather(*(service.send(user_id, command) for _ in range(4)))
    assert len({one.feedback.feedback_id for one in taken}) == 1


async def test_report_when_long_ago_and_long_talked_since_then_its_own_time_is_kept(
    hall: Hall,
) -> None:
    troll, viewer = await hall.viewer("Troll"), await hall.viewer("Bob")
    first = await hall.say(troll, "the bad one")
    for number in range(limits.DANMAKU_HISTORY_MAX + 5):
        await hall.say(viewer, f"line {number}")
    taken = await hall.report(viewer, message_id=first)
    details = await get(hall.owner, told.ReportDetails, ask.GetReport, report_id=taken.report_id)
    assert [line.text for line in details.lines] == ["the bad one"]
    by_user = await hall.report(viewer, user_id=id_of(troll))
    details = await get(hall.owner, told.ReportDetails, ask.GetReport, report_id=by_user.report_id)
    assert len(details.lines) <= limits.REPORT_LINES_MAX
    assert details.lines[0].text == "the bad one"


async def test_report_when_words_were_deleted_before_then_the_keeper_sees_them(hall: Hall) -> None:
    troll, viewer = await hall.viewer("Troll"), await hall.viewer("Bob")
    bad = await hall.say(troll, "the bad one")
    for number in range(limits.REPORT_LINES_MAX):
        await hall.say(viewer, f"line {number}")
    await get(hall.owner, events.Ok, DeleteDanmaku, room_id=hall.room_id, message_id=bad)
    error = await refused(
        viewer, ask.SendReport, room_id=hall.room_id, message_id=bad, reason="spam"
    )
    assert (error.code, error.field) == (ErrorCode.NOT_FOUND, "message_id")
    taken = await hall.report(viewer, user_id=id_of(troll))
    details = await get(hall.owner, told.ReportDetails, ask.GetReport, report_id=taken.report_id)
    assert details.lines[0].text == "the bad one"


async def test_report_when_of_oneself_or_of_nothing_then_refused(hall: Hall) -> None:
    viewer = await hall.viewer("Bob")
    own = await hall.say(viewer, "hello")
    for fields in (
        {"message_id": own},
        {"user_id": id_of(viewer)},
        {"message_id": own, "user_id": id_of(hall.owner)},
        {"reason": "other"},
    ):
        given = {"room_id": hall.room_id, "reason": "spam", **fields}
        assert (await refused(viewer, ask.SendReport, **given)).code is ErrorCode.INVALID_VALUE
    for fields in ({"message_id": "none"}, {"user_id": "none"}, {"user_id": "\0"}):
        given = {"room_id": hall.room_id, "reason": "spam", **fields}
        assert (await refused(viewer, ask.SendReport, **given)).code is ErrorCode.NOT_FOUND
    owners = {"room_id": hall.room_id, "reason": "spam"}
    assert (await refused(hall.owner, ask.SendReport, **owners)).code is ErrorCode.INVALID_VALUE


async def test_report_when_of_the_room_or_of_a_keeper_then_for_admins_alone(hall: Hall) -> None:
    viewer, admin = await hall.viewer("Bob"), await hall.admin()
    room = await hall.report(viewer, reason="sexual")
    keeper = await hall.report(viewer, user_id=id_of(hall.owner))
    assert (await hall.queue(hall.owner)).total == 0
    for taken in (room, keeper):
        error = await refused(hall.owner, ask.GetReport, report_id=taken.report_id)
        assert error.code is ErrorCode.NOT_FOUND
        error = await refused(
            hall.owner, ask.DecideReport, report_id=taken.report_id, decision="dismissed"
        )
        assert error.code is ErrorCode.NOT_FOUND
    everywhere = await hall.queue(admin, room_id=None)
    assert {report.kind for report in everywhere.reports} == {"room", "user"}
    details = await get(admin, told.ReportDetails, ask.GetReport, report_id=room.report_id)
    assert [entry.reporter and entry.reporter.name for entry in details.entries] == ["Bob"]


async def test_queue_when_asked_by_others_then_refused(hall: Hall) -> None:
    viewer = await hall.viewer("Bob")
    taken = await hall.report(viewer, user_id=id_of(await hall.viewer("Troll")))
    for kind, fields in (
        (ask.ListReports, {"room_id": hall.room_id}),
        (ask.ListReports, {}),
        (ask.GetReport, {"report_id": taken.report_id}),
        (ask.ClaimReport, {"report_id": taken.report_id}),
        (ask.DecideReport, {"report_id": taken.report_id, "decision": "acted"}),
    ):
        assert (await refused(viewer, kind, **fields)).code is ErrorCode.FORBIDDEN
    assert (await refused(hall.owner, ask.ListReports)).code is ErrorCode.FORBIDDEN


async def test_claim_when_another_is_at_it_then_refused_until_it_ends(hall: Hall) -> None:
    viewer, admin = await hall.viewer("Bob"), await hall.admin()
    troll = await hall.viewer("Troll")
    report_id = (await hall.report(viewer, user_id=id_of(troll))).report_id
    claimed = await get(hall.owner, told.ReportDetails, ask.ClaimReport, report_id=report_id)
    assert claimed.report.claimed_by is not None
    assert claimed.report.claimed_by.name == "Ada"
    for kind, fields in (
        (ask.ClaimReport, {}),
        (ask.DecideReport, {"decision": "acted"}),
    ):
        error = await refused(admin, kind, report_id=report_id, **fields)
        assert (error.code, error.field) == (ErrorCode.ALREADY_DONE, "report_id")
    hall.parts.time.pass_s(CLAIM_S)
    assert (await hall.queue(admin)).reports[0].claimed_by is None
    await get(admin, told.ReportDetails, ask.ClaimReport, report_id=report_id)
    await get(admin, told.ReportDetails, ask.ClaimReport, report_id=report_id, is_claimed=False)
    await get(hall.owner, told.ReportDetails, ask.ClaimReport, report_id=report_id)


async def test_decision_when_made_then_reporters_hear_now_or_when_they_come(hall: Hall) -> None:
    troll, here, gone = [await hall.viewer(name) for name in ("Troll", "Here", "Gone")]
    bad = await hall.say(troll, "bad words")
    for viewer in (here, gone):
        await hall.report(viewer, message_id=bad)
    hall.parts.registry.forget(gone.channel)
    report_id = (await hall.queue(hall.owner)).reports[0].report_id
    decided = await get(
        hall.owner,
        told.ReportDetails,
        ask.DecideReport,
        report_id=report_id,
        decision="acted",
        text="Thank you: muted",
    )
    assert decided.report.state == "acted"
    (event,) = heard(here, told.ReportDecided)
    assert (event.report.state, event.report.verdict) == ("acted", "Thank you: muted")
    assert event.report.is_unread
    assert not heard(gone, told.ReportDecided)
    assert not heard(troll, told.ReportDecided)
    inbox = await get(gone, told.Inbox, ask.GetInbox)
    assert inbox.unread == 1
    assert inbox.reports[0].verdict == "Thank you: muted"
    await gone.ask(ask.MarkInboxRead)
    assert (await get(gone, told.Inbox, ask.GetInbox)).unread == 0
    assert (await hall.queue(hall.owner)).total == 0
    assert (await hall.queue(hall.owner, queue="decided")).total == 1
    assert heard(hall.owner, told.ReportsChanged)[-1].open == 0


async def test_decision_when_made_already_then_it_stays(hall: Hall) -> None:
    troll, viewer = await hall.viewer("Troll"), await hall.viewer("Bob")
    bad = await hall.say(troll, "words")
    report_id = (await hall.report(viewer, message_id=bad)).report_id
    fields = {"report_id": report_id, "decision": "dismissed"}
    await get(hall.owner, told.ReportDetails, ask.DecideReport, **fields)
    error = await refused(hall.owner, ask.DecideReport, **fields)
    assert error.code is ErrorCode.ALREADY_DONE
    late = await hall.report(await hall.viewer("Late"), message_id=bad)
    assert (late.report_id, late.state) == (report_id, "dismissed")
    assert (await hall.queue(hall.owner)).total == 0


async def test_user_when_judged_then_may_be_reported_anew(hall: Hall) -> None:
    troll, viewer = await hall.viewer("Troll"), await hall.viewer("Bob")
    first = await hall.report(viewer, user_id=id_of(troll))
    await hall.owner.ask(ask.DecideReport, report_id=first.report_id, decision="acted")
    hall.parts.time.pass_s(60)
    second = await hall.report(viewer, user_id=id_of(troll))
    assert second.report_id != first.report_id
    assert not second.is_repeat


async def test_reporter_when_mostly_dismissed_then_weighs_less_and_waits_longer(
    hall: Hall,
) -> None:
    crier, honest = await hall.viewer("Crier"), await hall.viewer("Bob")
    victim = await hall.viewer("Victim")
    for number in range(8):
        hall.parts.time.pass_s(60)
        message_id = await hall.say(victim, f"harmless {number}")
        taken = await hall.report(crier, message_id=message_id)
        await hall.owner.ask(ask.DecideReport, report_id=taken.report_id, decision="dismissed")
    troll = await hall.viewer("Troll")
    await hall.report(crier, user_id=id_of(victim))
    await hall.report(honest, user_id=id_of(troll))
    queue = await hall.queue(hall.owner)
    assert [(one.accused.name, one.weight) for one in queue.reports] == [
        ("Troll", 100),
        ("Victim", 27),
    ]
    await hall.report(crier, user_id=id_of(troll))
    error = await refused(
        crier, ask.SendReport, room_id=hall.room_id, user_id=id_of(honest), reason="spam"
    )
    assert error.code is ErrorCode.RATE_LIMITED
    assert error.retry_after_ms == 1_800_000


async def test_report_when_the_room_is_private_then_only_from_inside(hall: Hall) -> None:
    await hall.owner.ask(
        room_commands.EditRoom, room_id=hall.room_id, privacy="passphrase", passphrase="open sesame"
    )
    outside = Socket(hall.parts)
    await outside.register("Outside")
    error = await refused(outside, ask.SendReport, room_id=hall.room_id, reason="spam")
    assert error.code is ErrorCode.FORBIDDEN


# --- feedback -----------------------------------------------------------------------------------


async def test_feedback_when_sent_read_and_answered_then_it_comes_back(hall: Hall) -> None:
    viewer, admin = await hall.viewer("Bob"), await hall.admin()
    sent = await hall.feedback(
        viewer, category="problem", text="No sound", diagnostics="Linux", screenshot=JPEG
    )
    assert (sent.status, sent.has_screenshot, sent.has_diagnostics) == ("new", True, True)
    listed = await get(admin, told.FeedbackList, ask.ListFeedback, status="new")
    assert [(one.text, one.user.name) for one in listed.items] == [("No sound", "Bob")]
    details = await get(admin, told.FeedbackDetails, ask.GetFeedback, feedback_id=sent.feedback_id)
    assert (details.screenshot, details.diagnostics) == (JPEG, "Linux")
    assert details.feedback.status == "read"
    await get(
        admin,
        told.FeedbackDetails,
        ask.AnswerFeedback,
        feedback_id=sent.feedback_id,
        text="Choose another device",
    )
    (event,) = heard(viewer, told.FeedbackAnswered)
    assert (event.feedback.status, event.feedback.answer) == ("answered", "Choose another device")
    inbox = await get(viewer, told.Inbox, ask.GetInbox)
    assert (inbox.unread, inbox.feedback[0].answer) == (1, "Choose another device")
    await viewer.ask(ask.MarkInboxRead)
    assert (await get(viewer, told.Inbox, ask.GetInbox)).unread == 0
    fields = {"feedback_id": sent.feedback_id, "is_closed": True}
    closed = await get(admin, told.FeedbackDetails, ask.AnswerFeedback, **fields)
    assert (closed.feedback.status, closed.feedback.answer) == ("closed", "Choose another device")
    error = await refused(admin, ask.AnswerFeedback, **fields)
    assert error.code is ErrorCode.ALREADY_DONE


async def test_feedback_when_sent_twice_with_one_key_then_once(hall: Hall) -> None:
    viewer = await hall.viewer("Bob")
    first = await hall.feedback(viewer, idempotency_key="same")
    again = await hall.feedback(viewer, idempotency_key="same", text="else")
    assert again == first
    other = await hall.feedback(await hall.viewer("Eve"), idempotency_key="same")
    assert other.feedback_id != first.feedback_id


async def test_feedback_when_much_waits_then_refused_until_answered(hall: Hall) -> None:
    viewer, admin = await hall.viewer("Bob"), await hall.admin()
    sent = [await hall.feedback(viewer) for _ in range(UNANSWERED_MAX)]
    hall.parts.time.pass_s(120)
    fields = {"idempotency_key": "more", "category": "idea", "text": "More"}
    assert (await refused(viewer, ask.SendFeedback, **fields)).code is ErrorCode.FULL
    await admin.ask(ask.AnswerFeedback, feedback_id=sent[0].feedback_id, is_closed=True)
    await hall.feedback(viewer)
    page = await get(viewer, told.Inbox, ask.GetInbox)
    assert (len(page.feedback), page.feedback_total) == (10, UNANSWERED_MAX + 1)
    older = await get(viewer, told.Inbox, ask.GetInbox, offset=20)
    assert [one.feedback_id for one in older.feedback] == [sent[0].feedback_id]


async def test_feedback_when_sent_fast_then_rate_limited(hall: Hall) -> None:
    viewer = await hall.viewer("Bob")
    for number in range(5):
        fields = {"idempotency_key": f"f{number}", "category": "idea", "text": "More"}
        await get(viewer, told.FeedbackTaken, ask.SendFeedback, **fields)
    fields = {"idempotency_key": "f5", "category": "idea", "text": "More"}
    assert (await refused(viewer, ask.SendFeedback, **fields)).code is ErrorCode.RATE_LIMITED


async def test_feedback_when_others_ask_for_it_then_refused(hall: Hall) -> None:
    viewer = await hall.viewer("Bob")
    sent = await hall.feedback(viewer)
    for socket in (viewer, hall.owner):
        for kind, fields in (
            (ask.ListFeedback, {}),
            (ask.GetFeedback, {"feedback_id": sent.feedback_id}),
            (ask.AnswerFeedback, {"feedback_id": sent.feedback_id, "text": "x"}),
        ):
            assert (await refused(socket, kind, **fields)).code is ErrorCode.FORBIDDEN
    assert (await get(hall.owner, told.Inbox, ask.GetInbox)).feedback == ()


async def ban(admin: Socket, user_id: UserId, room_id: RoomId | None = None) -> SanctionInfo:
    fields = {"user_id": user_id, "room_id": room_id, "kind": "ban", "reason": "flooding"}
    return (await get(admin, SanctionDetails, ImposeSanction, **fields)).sanction


async def test_appeal_when_granted_then_the_sanction_is_lifted(hall: Hall) -> None:
    viewer, other, admin = await hall.viewer("Bob"), await hall.viewer("Eve"), await hall.admin()
    sanction = await ban(admin, id_of(viewer), hall.room_id)
    appeal = {
        "category": "appeal",
        "sanction_id": sanction.sanction_id,
        "text": "It was my brother",
    }
    error = await refused(other, ask.SendFeedback, idempotency_key="e", **appeal)
    assert error.code is ErrorCode.NOT_FOUND
    again = Socket(hall.parts)
    await get(again, account_events.LoggedIn, account_commands.Login, name="Bob", password=PASSWORD)
    sent = await hall.feedback(again, **appeal)
    hall.parts.time.pass_s(120)
    error = await refused(again, ask.SendFeedback, idempotency_key="b", **appeal)
    assert (error.code, error.field) == (ErrorCode.ALREADY_DONE, "feedback")
    details = await get(admin, told.FeedbackDetails, ask.GetFeedback, feedback_id=sent.feedback_id)
    assert details.sanction is not None
    assert (details.sanction.kind, details.sanction.reason) == ("ban", "flooding")
    fields = {"feedback_id": sent.feedback_id, "text": "We believe you", "is_granted": True}
    granted = await get(admin, told.FeedbackDetails, ask.AnswerFeedback, **fields)
    assert granted.sanction is not None
    assert granted.sanction.remaining_ms == 0
    assert heard(again, told.FeedbackAnswered)[-1].feedback.is_granted
    await get(again, room_events.RoomJoined, room_commands.JoinRoom, room_id=hall.room_id)
    rewritten = await get(admin, told.FeedbackDetails, ask.AnswerFeedback, **fields)
    assert rewritten.feedback.is_granted
    late = {**appeal, "idempotency_key": "late"}
    error = await refused(again, ask.SendFeedback, **late)
    assert (error.code, error.field) == (ErrorCode.ALREADY_DONE, "sanction_id")


async def test_ban_of_the_house_when_appealed_without_a_login_then_granted_and_in_again(
    hall: Hall,
) -> None:
    viewer, admin = await hall.viewer("Bob"), await hall.admin()
    sanction = await ban(admin, id_of(viewer))
    outside = Socket(hall.parts)
    login = {"name": "Bob", "password": PASSWORD}
    assert (await refused(outside, account_commands.Login, **login)).code is ErrorCode.BANNED
    wrong = {"name": "Bob", "password": "no such one", "idempotency_key": "k"}
    assert (await refused(outside, ask.AppealBan, **wrong)).code is ErrorCode.BAD_CREDENTIALS
    asked = {**login, "idempotency_key": "k"}
    seen = await get(outside, told.Appeals, ask.AppealBan, **asked)
    assert [one.sanction_id for one in seen.sanctions] == [sanction.sanction_id]
    assert seen.feedback == ()
    said = {**asked, "sanction_id": sanction.sanction_id, "text": "It was my brother"}
    sent = await get(outside, told.Appeals, ask.AppealBan, **said)
    assert (sent.feedback[0].status, sent.feedback[0].text) == ("new", "It was my brother")
    assert len((await get(outside, told.Appeals, ask.AppealBan, **said)).feedback) == 1
    assert outside.session.user_id is None
    assert (await refused(outside, ask.GetInbox)).code is ErrorCode.LOGIN_REQUIRED
    await get(
        admin,
        told.FeedbackDetails,
        ask.AnswerFeedback,
        feedback_id=sent.feedback[0].feedback_id,
        text="Welcome back",
        is_granted=True,
    )
    await get(outside, account_events.LoggedIn, account_commands.Login, **login)
    assert (await get(outside, told.Inbox, ask.GetInbox)).feedback[0].answer == "Welcome back"


# --- one's data ---------------------------------------------------------------------------------


async def test_erase_when_done_then_no_word_is_left_and_the_counts_stay(hall: Hall) -> None:
    viewer, troll = await hall.viewer("Bob"), await hall.viewer("Troll")
    await hall.say(viewer, "canary-line")
    bad = await hall.say(troll, "bad words")
    hall.parts.thumbnails[hall.room_id] = JPEG
    taken = await hall.report(viewer, message_id=bad, text="canary-report")
    await hall.report(viewer, user_id=id_of(troll), reason="hate", text="canary-too")
    await hall.report(hall.owner, user_id=id_of(viewer), text="other words")
    await hall.feedback(viewer, text="canary-feedback", diagnostics="canary-pc", screenshot=JPEG)
    parts = hall.parts
    await parts.privacy.eraser.erase(id_of(viewer))
    details = await get(hall.owner, told.ReportDetails, ask.GetReport, report_id=taken.report_id)
    assert [entry.text for entry in details.entries] == [""]
    assert [line.text for line in details.lines] == ["", "bad words"]
    assert details.report.count == 1

    def read_all(session: Session) -> str:
        tables = (Report, ReportEntry, Feedback)
        return str([row for table in tables for row in session.exec(select(table)).all()])

    left = await parts.store.read(read_all)
    assert "bad words" in left
    assert "canary" not in left
    (row,) = await parts.store.read(lambda session: session.exec(select(Feedback)).all())
    assert (row.screenshot, row.diagnostics) == (None, "")


async def test_sweep_when_feedback_is_long_closed_then_its_picture_goes_and_its_words_stay(
    hall: Hall,
) -> None:
    viewer, admin = await hall.viewer("Bob"), await hall.admin()
    sent = [await hall.feedback(viewer, diagnostics="Linux", screenshot=JPEG) for _ in range(2)]
    closed, open_ = (one.feedback_id for one in sent)
    await admin.ask(ask.AnswerFeedback, feedback_id=closed, text="Yes", is_closed=True)
    now = hall.parts.time.clocks.unix_ms()
    for days, picture in ((Retention().audit_days - 1, JPEG), (Retention().audit_days + 1, b"")):
        await hall.parts.privacy.service.sweep(now + days * DAY_MS)
        details = await get(admin, told.FeedbackDetails, ask.GetFeedback, feedback_id=closed)
        assert (details.screenshot, bool(details.diagnostics)) == (picture, bool(picture))
        assert details.feedback.answer == "Yes"
        waits = await get(admin, told.FeedbackDetails, ask.GetFeedback, feedback_id=open_)
        assert waits.screenshot == JPEG
