"""Feedback: sent once in one message, read and answered by admins, and its author hears of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from server.feedback import queries, rules
from server.feedback.tables import Feedback
from server.ids import RandomBytes, make_id
from server.rates import TokenBuckets, rate_limited
from server.text import is_storable
from wire import inbox_events as events
from wire import limits
from wire.errors import ErrorCode, WireError
from wire.event_base import UserInfo
from wire.ids import SanctionId, UserId

if TYPE_CHECKING:
    from sqlmodel import Session

    from server.accounts.actor import Actor
    from server.clocks import Clocks
    from server.store.store import Store
    from wire.event_base import Event
    from wire.inbox_commands import (
        AnswerFeedback,
        FeedbackCategory,
        FeedbackStatus,
        ListFeedback,
        SendFeedback,
    )
    from wire.order_events import SanctionInfo


class Users(Protocol):
    """What feedback asks of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


class Sanctions(Protocol):
    """What appeals ask of sanctions."""

    async def describe(self, sanction_id: SanctionId) -> SanctionInfo:
        """Raises WireError(NOT_FOUND)."""

    async def lift(self, actor: Actor, sanction_id: SanctionId) -> SanctionInfo:
        """Raises WireError: FORBIDDEN, ALREADY_DONE where it is over."""


@dataclass(frozen=True)
class OwnFeedbackPage:
    items: tuple[events.OwnFeedback, ...]
    total: int
    unread: int


class FeedbackService:
    """Event loop's thread only. The caller checks who may."""

    def __init__(
        self,
        store: Store,
        *,
        users: Users,
        sanctions: Sanctions,
        tell_users: Callable[[Mapping[UserId, Event]], None],
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._users = users
        self._sanctions = sanctions
        self._tell_users = tell_users
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._turns: TokenBuckets[UserId] = TokenBuckets(rules.SEND_RATE)

    async def send(self, user_id: UserId, command: SendFeedback) -> events.FeedbackTaken:
        """The same key is the same feedback. Raises WireError."""
        text, diagnostics = rules.check_feedback(command)
        if not is_storable(command.idempotency_key):
            raise WireError(ErrorCode.INVALID_VALUE, "this is no key", field="idempotency_key")
        key = command.idempotency_key
        known = await self._store.read(lambda session: queries.find_by_key(session, user_id, key))
        if known is not None:
            return events.FeedbackTaken(feedback=_describe_own(known))
        await self._check_sanction(user_id, command.sanction_id)
        wait_s = self._turns.take(user_id, self._clocks.mono_s())
        if wait_s:
            raise rate_limited(wait_s, "you have sent a lot; wait")
        row_id, now = make_id(self._random_bytes), self._clocks.unix_ms()

        def work(session: Session) -> Feedback:
            again = queries.find_by_key(session, user_id, key)
            if again is not None:
                return again
            _check_waiting(session, user_id, command.sanction_id)
            row = Feedback(
                id=row_id,
                user_id=user_id,
                idempotency_key=key,
                category=command.category,
                text=text,
                diagnostics=diagnostics,
                screenshot=command.screenshot,
                sanction_id=command.sanction_id,
                sent_at_unix_ms=now,
            )
            session.add(row)
            session.flush()
            return row

        return events.FeedbackTaken(feedback=_describe_own(await self._store.write(work)))

    def count_new(self, session: Session) -> int:
        """Within the caller's transaction: what nobody has read."""
        return queries.count_new(session)

    async def own(self, user_id: UserId, *, offset: int) -> OwnFeedbackPage:
        rows, total, unread = await self._store.read(
            lambda session: queries.list_own(
                session, user_id, offset=offset, limit=limits.FEEDBACK_PAGE_MAX
            )
        )
        return OwnFeedbackPage(tuple(_describe_own(row) for row in rows), total, unread)

    async def appeals_of(self, user_id: UserId) -> tuple[events.OwnFeedback, ...]:
        """Newest first."""
        rows, _total = await self._store.read(
            lambda session: queries.list_all(
                session,
                status=None,
                category="appeal",
                user_id=user_id,
                offset=0,
                limit=limits.FEEDBACK_PAGE_MAX,
            )
        )
        return tuple(_describe_own(row) for row in rows)

    async def mark_read(self, user_id: UserId) -> None:
        await self._store.write(lambda session: queries.mark_read(session, user_id))

    # --- for admins ---------------------------------------------------------------------------

    async def list_all(self, command: ListFeedback) -> events.FeedbackList:
        rows, total = await self._store.read(
            lambda session: queries.list_all(
                session,
                status=command.status,
                category=command.category,
                offset=command.offset,
                limit=command.limit,
            )
        )
        names = await self._users.find_users({UserId(row.user_id) for row in rows})
        items = tuple(_describe_brief(row, names) for row in rows)
        return events.FeedbackList(items=items, total=total)

    async def get(self, feedback_id: str) -> events.FeedbackDetails:
        """What was new is read from now on. Raises WireError(NOT_FOUND)."""

        def work(session: Session) -> Feedback:
            row = _access(session, feedback_id)
            if row.status == "new":
                row.status = rules.go_to("new", "read")
            return row

        return await self._details(await self._write(feedback_id, work))

    async def answer(self, admin: Actor, command: AnswerFeedback) -> events.FeedbackDetails:
        """Raises WireError: NOT_FOUND, INVALID_VALUE, ALREADY_DONE, and what lifting raises."""
        before = await self._find(command.feedback_id)
        text = rules.check_answer(command, is_appeal=before.category == "appeal")
        wanted: FeedbackStatus = "closed" if command.is_closed else "answered"
        rules.go_to(cast("FeedbackStatus", before.status), wanted)
        if command.is_granted and before.sanction_id is not None:
            # First: an answer that says "lifted" is true when it arrives.
            await self._lift(admin, SanctionId(before.sanction_id))
        now, admin_id = self._clocks.unix_ms(), admin.require_login().user.user_id

        def work(session: Session) -> Feedback:
            row = _access(session, command.feedback_id)
            row.status = rules.go_to(cast("FeedbackStatus", row.status), wanted)
            row.answer = text or row.answer
            row.answered_by, row.answered_at_unix_ms = admin_id, now
            row.is_granted = row.is_granted or command.is_granted
            row.is_unread = True
            return row

        row = await self._write(command.feedback_id, work)
        told = events.FeedbackAnswered(feedback=_describe_own(row))
        self._tell_users({UserId(row.user_id): told})
        return await self._details(row)

    # --- within -------------------------------------------------------------------------------

    async def _check_sanction(self, user_id: UserId, sanction_id: SanctionId | None) -> None:
        if sanction_id is None:
            return
        sanction = await self._sanctions.describe(sanction_id)
        if sanction.user.user_id != user_id:
            raise WireError(ErrorCode.NOT_FOUND, "there is no such sanction", field="sanction_id")
        if sanction.remaining_ms == 0:
            raise WireError(ErrorCode.ALREADY_DONE, "this sanction is over", field="sanction_id")

    async def _lift(self, admin: Actor, sanction_id: SanctionId) -> None:
        """What is over by itself, or by another's hand, is no error."""
        try:
            await self._sanctions.lift(admin, sanction_id)
        except WireError as error:
            if error.code is not ErrorCode.ALREADY_DONE:
                raise

    async def _find_sanction(self, sanction_id: str | None) -> SanctionInfo | None:
        if sanction_id is None:
            return None
        try:
            return await self._sanctions.describe(SanctionId(sanction_id))
        except WireError as error:
            if error.code is not ErrorCode.NOT_FOUND:
                raise
            return None

    async def _details(self, row: Feedback) -> events.FeedbackDetails:
        wanted = {UserId(row.user_id)} | ({UserId(row.answered_by)} if row.answered_by else set())
        names = await self._users.find_users(wanted)
        return events.FeedbackDetails(
            user=_user(row.user_id, names),
            feedback=_describe_own(row),
            diagnostics=row.diagnostics,
            screenshot=row.screenshot or b"",
            answered_by=_user(row.answered_by, names) if row.answered_by else None,
            sanction=await self._find_sanction(row.sanction_id),
        )

    async def _find(self, feedback_id: str) -> Feedback:
        if not is_storable(feedback_id):
            raise _no_such_feedback()
        return await self._store.read(lambda session: _access(session, feedback_id))

    async def _write(self, feedback_id: str, work: Callable[[Session], Feedback]) -> Feedback:
        if not is_storable(feedback_id):
            raise _no_such_feedback()
        return await self._store.write(work)


def _check_waiting(session: Session, user_id: UserId, sanction_id: str | None) -> None:
    if sanction_id is not None:
        if queries.has_open_appeal(session, user_id, sanction_id):
            raise WireError(
                ErrorCode.ALREADY_DONE, "your appeal waits for an answer", field="feedback"
            )
        return  # not kept from appealing by other feedback that waits
    if queries.count_unanswered(session, user_id) >= rules.UNANSWERED_MAX:
        raise WireError(
            ErrorCode.FULL, "much of yours waits for an answer already", field="feedback"
        )


def _access(session: Session, feedback_id: str) -> Feedback:
    row = session.get(Feedback, feedback_id)
    if row is None:
        raise _no_such_feedback()
    return row


def _describe_own(row: Feedback) -> events.OwnFeedback:
    return events.OwnFeedback(
        feedback_id=row.id,
        category=cast("FeedbackCategory", row.category),
        text=row.text,
        has_screenshot=row.screenshot is not None,
        has_diagnostics=bool(row.diagnostics),
        sanction_id=SanctionId(row.sanction_id) if row.sanction_id is not None else None,
        sent_at_unix_ms=row.sent_at_unix_ms,
        status=cast("FeedbackStatus", row.status),
        answer=row.answer,
        answered_at_unix_ms=row.answered_at_unix_ms,
        is_granted=row.is_granted,
        is_unread=row.is_unread,
    )


def _describe_brief(row: Feedback, names: Mapping[UserId, UserInfo]) -> events.FeedbackBrief:
    return events.FeedbackBrief(
        feedback_id=row.id,
        user=_user(row.user_id, names),
        category=cast("FeedbackCategory", row.category),
        text=rules.excerpt(row.text),
        sent_at_unix_ms=row.sent_at_unix_ms,
        status=cast("FeedbackStatus", row.status),
        has_screenshot=row.screenshot is not None,
    )


def _user(user_id: str, names: Mapping[UserId, UserInfo]) -> UserInfo:
    """Without a name where the account is gone."""
    return names.get(UserId(user_id)) or UserInfo(user_id=UserId(user_id), name="")


def _no_such_feedback() -> WireError:
    return WireError(ErrorCode.NOT_FOUND, "there is no such feedback", field="feedback_id")
