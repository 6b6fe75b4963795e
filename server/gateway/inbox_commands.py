"""The use cases of reports and feedback."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

from server.reports.rules import Keeper
from wire import events, inbox_events, limits
from wire import inbox_commands as commands
from wire.errors import WireError
from wire.permissions import Action, require

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.accounts.actor import Login
    from server.gateway.control_state import ControlState
    from wire.command_base import Command
    from wire.event_base import Answer
    from wire.ids import RoomId


async def _send_report(state: ControlState, command: commands.SendReport) -> Answer:
    login = state.actor.require_login()
    await state.services.rooms.role_in(state.actor, command.room_id, Action.REPORT)
    await _require_sight(state, command.room_id)
    taken = await state.services.reports.send(login.user.user_id, command)
    accused = command.user_id
    if command.message_id is not None:
        with contextlib.suppress(WireError):
            deleting = state.services.chat.deleting
            accused = await deleting.author_of(command.room_id, command.message_id)
    if accused is not None:
        state.services.detection.watch.note_report(accused)
    await state.services.admin.waiting.tell()
    return taken


async def _list_reports(state: ControlState, command: commands.ListReports) -> Answer:
    login = state.actor.require_login()
    if command.room_id is None:
        _require_everywhere(state, Action.JUDGE_REPORTS)
        return await state.services.reports.list_cases(_keeper(login), command)
    await state.services.rooms.role_in(state.actor, command.room_id, Action.JUDGE_REPORTS)
    return await state.services.reports.list_cases(_keeper(login), command)


async def _get_report(state: ControlState, command: commands.GetReport) -> Answer:
    keeper = await _require_judge(state, command.report_id)
    return await state.services.reports.get(keeper, command.report_id)


async def _claim_report(state: ControlState, command: commands.ClaimReport) -> Answer:
    keeper = await _require_judge(state, command.report_id)
    return await state.services.reports.claim(
        keeper, command.report_id, is_claimed=command.is_claimed
    )


async def _decide_report(state: ControlState, command: commands.DecideReport) -> Answer:
    keeper = await _require_judge(state, command.report_id)
    decided = await state.services.reports.decide(
        keeper, command.report_id, command.decision, command.text
    )
    await state.services.admin.waiting.tell()
    return decided


async def _send_feedback(state: ControlState, command: commands.SendFeedback) -> Answer:
    login = _require_everywhere(state, Action.GIVE_FEEDBACK)
    taken = await state.services.feedback.send(login.user.user_id, command)
    await state.services.admin.waiting.tell()
    return taken


async def _appeal_ban(state: ControlState, command: commands.AppealBan) -> Answer:
    """Needs no login, gives none: who is banned proves with the password who it is."""
    services = state.services
    user = await services.accounts.recognise(
        name=command.name, password=command.password, address=state.channel.address
    )
    if command.text:
        appeal = commands.SendFeedback(
            id=command.id,
            idempotency_key=command.idempotency_key,
            category="appeal",
            text=command.text,
            sanction_id=command.sanction_id,
        )
        await services.feedback.send(user.user_id, appeal)
        await services.admin.waiting.tell()
    standing = await services.sanctions.list_own(user.user_id, limit=limits.INBOX_PAGE_MAX)
    return inbox_events.Appeals(
        sanctions=standing.sanctions,
        feedback=await services.feedback.appeals_of(user.user_id),
    )


async def _get_inbox(state: ControlState, command: commands.GetInbox) -> Answer:
    user_id = _require_everywhere(state, Action.GIVE_FEEDBACK).user.user_id
    feedback = await state.services.feedback.own(user_id, offset=command.offset)
    reports = await state.services.reports.own(user_id, offset=command.offset)
    return inbox_events.Inbox(
        feedback=feedback.items,
        feedback_total=feedback.total,
        reports=reports.reports,
        reports_total=reports.total,
        unread=feedback.unread + reports.unread,
    )


async def _mark_inbox_read(state: ControlState, _command: commands.MarkInboxRead) -> Answer:
    user_id = _require_everywhere(state, Action.GIVE_FEEDBACK).user.user_id
    await state.services.feedback.mark_read(user_id)
    await state.services.reports.mark_read(user_id)
    return events.Ok()


async def _list_feedback(state: ControlState, command: commands.ListFeedback) -> Answer:
    _require_everywhere(state, Action.ANSWER_FEEDBACK)
    return await state.services.feedback.list_all(command)


async def _get_feedback(state: ControlState, command: commands.GetFeedback) -> Answer:
    _require_everywhere(state, Action.ANSWER_FEEDBACK)
    read = await state.services.feedback.get(command.feedback_id)
    await state.services.admin.waiting.tell()
    return read


async def _answer_feedback(state: ControlState, command: commands.AnswerFeedback) -> Answer:
    _require_everywhere(state, Action.ANSWER_FEEDBACK)
    answered = await state.services.feedback.answer(state.actor, command)
    await state.services.admin.waiting.tell()
    return answered


def _require_everywhere(state: ControlState, action: Action) -> Login:
    """What somebody may do on the whole relay, whatever the room."""
    login = state.actor.require_login()
    require({"admin"} if state.actor.is_admin else {"viewer"}, action)
    return login


async def _require_sight(state: ControlState, room_id: RoomId) -> None:
    """A private room is reported by those who are in it or may enter it freely."""
    is_public = await state.services.rooms.is_public(room_id)
    if not is_public and not state.hub.is_member(room_id, state.channel):
        await state.services.rooms.role_in(state.actor, room_id, Action.ENTER_FREELY)


async def _require_judge(state: ControlState, report_id: str) -> Keeper:
    login = state.actor.require_login()
    room_id = await state.services.reports.room_of(report_id)
    await state.services.rooms.role_in(state.actor, room_id, Action.JUDGE_REPORTS)
    return _keeper(login)


def _keeper(login: Login) -> Keeper:
    return Keeper(login.user.user_id, login.user.is_admin)


INBOX_USE_CASES: Final[dict[type[Command], Callable[[Any, Any], Awaitable[Answer | None]]]] = {
    commands.SendReport: _send_report,
    commands.ListReports: _list_reports,
    commands.GetReport: _get_report,
    commands.ClaimReport: _claim_report,
    commands.DecideReport: _decide_report,
    commands.SendFeedback: _send_feedback,
    commands.AppealBan: _appeal_ban,
    commands.GetInbox: _get_inbox,
    commands.MarkInboxRead: _mark_inbox_read,
    commands.ListFeedback: _list_feedback,
    commands.GetFeedback: _get_feedback,
    commands.AnswerFeedback: _answer_feedback,
}
