"""Reports, feedback and what comes back: asked of the relay, and heard from it.

The functions for keepers (queues, claiming, judging, answering) need the rights of one; whoever has
none is refused by the relay.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.errors import LivehouseError
from app.state.inbox import InboxState, Item
from wire import command_base, event_base, events
from wire import inbox_commands as ask
from wire import inbox_events as told
from wire.order_commands import MySanctions
from wire.order_events import SanctionImposed, SanctionLifted, SanctionList

if TYPE_CHECKING:
    from app.state.house import HouseState
    from app.state.inbox import FeedbackDraft, ReportTarget
    from wire.ids import RoomId, SanctionId

_Answer = TypeVar("_Answer", bound=event_base.Answer)

PAGE: Final = 20


class Control(Protocol):
    """What this needs of the house."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


class House(Control, Protocol):
    """What the own inbox needs of it."""

    def add_state_listener(self, listener: Callable[[HouseState], None]) -> Callable[[], None]: ...

    def add_room_listener(
        self, room_id: str, listener: Callable[[events.RoomEvent], None]
    ) -> Callable[[], None]: ...


def make_report(target: ReportTarget, reason: ask.ReportReason, text: str) -> ask.SendReport:
    return ask.SendReport(
        id=0,
        room_id=target.room_id,
        message_id=target.message_id,
        user_id=target.user_id if target.message_id is None else None,
        reason=reason,
        text=text,
    )


class OwnInbox:
    """The user's own: what was sent and what came back.

    Made before the house does anything; used on the loop, where the listeners are called too.
    """

    def __init__(
        self,
        house: House,
        *,
        on_state: Callable[[InboxState], None],
        on_news: Callable[[Item], None],
    ) -> None:
        self._house = house
        self._on_state = on_state
        self._on_news = on_news
        self._user_id = ""
        self._loading: asyncio.Task[None] | None = None
        self.state = InboxState()
        house.add_state_listener(self._on_house)
        house.add_room_listener("", self._on_event)

    async def report(self, command: ask.SendReport) -> told.ReportTaken:
        """This and what follows raise LivehouseError."""
        taken = await self._house.request(command, told.ReportTaken)
        await self._load_quietly()
        return taken

    async def send(self, draft: FeedbackDraft, key: str) -> told.OwnFeedback:
        """The same key again is the same feedback: safe to ask twice."""
        command = ask.SendFeedback(
            id=0,
            idempotency_key=key,
            category=draft.category,
            text=draft.text,
            diagnostics=draft.diagnostics,
            screenshot=draft.screenshot,
            sanction_id=draft.sanction_id,
        )
        taken = await self._house.request(command, told.FeedbackTaken)
        self._put(self.state.sent(taken.feedback))
        return taken.feedback

    async def load_more(self) -> None:
        offset = self.state.next_offset
        page = await self._house.request(ask.GetInbox(id=0, offset=offset), told.Inbox)
        self._put(self.state.with_page(page, offset=offset))

    async def mark_read(self) -> None:
        """The user has looked."""
        if self.state.unread:
            self._put(self.state.seen())
            await self._house.request(ask.MarkInboxRead(id=0), events.Ok)

    async def load(self) -> None:
        page = await self._house.request(ask.GetInbox(id=0), told.Inbox)
        against = await self._house.request(MySanctions(id=0), SanctionList)
        state = self.state.with_sanctions(against.sanctions)
        self._put(state.with_page(page))

    def _on_house(self, state: HouseState) -> None:
        user_id = state.user.user_id if state.user is not None and state.is_connected else ""
        if user_id == self._user_id:
            return
        self._user_id = user_id
        if user_id:
            # Also after each cut of the link: what was answered meanwhile is found so.
            self._reload()
        elif state.user is None:
            self._put(InboxState())

    def _reload(self) -> None:
        if self._loading is not None:
            self._loading.cancel()
        self._loading = asyncio.get_running_loop().create_task(self._load_quietly())

    async def _load_quietly(self) -> None:
        with contextlib.suppress(LivehouseError):
            await self.load()

    def _on_event(self, event: events.RoomEvent) -> None:
        if isinstance(event, told.FeedbackAnswered):
            self._take_news(event.feedback)
        elif isinstance(event, told.ReportDecided):
            self._take_news(event.report)
        elif (
            isinstance(event, SanctionImposed | SanctionLifted)
            and event.sanction.user.user_id == self._user_id
        ):
            self._reload()

    def _take_news(self, item: Item) -> None:
        self._put(self.state.answered(item))
        self._on_news(item)

    def _put(self, state: InboxState) -> None:
        if state != self.state:
            self.state = state
            self._on_state(state)


async def appeal_ban(
    control: Control,
    name: str,
    password: str,
    *,
    key: str,
    sanction_id: SanctionId | None = None,
    text: str = "",
) -> told.Appeals:
    """For somebody who may not log in. Without a text it only reads. Raises LivehouseError."""
    command = ask.AppealBan(
        id=0, name=name, password=password, idempotency_key=key, sanction_id=sanction_id, text=text
    )
    return await control.request(command, told.Appeals)


# --- for keepers --------------------------------------------------------------------------------


async def list_reports(
    control: Control,
    room_id: RoomId | None = None,
    *,
    queue: ask.ReportQueue = "open",
    offset: int = 0,
) -> told.ReportList:
    """Of one room, or (for admins) of all."""
    command = ask.ListReports(id=0, room_id=room_id, queue=queue, offset=offset, limit=PAGE)
    return await control.request(command, told.ReportList)


async def get_report(control: Control, report_id: str) -> told.ReportDetails:
    return await control.request(ask.GetReport(id=0, report_id=report_id), told.ReportDetails)


async def claim_report(
    control: Control, report_id: str, *, is_claimed: bool = True
) -> told.ReportDetails:
    command = ask.ClaimReport(id=0, report_id=report_id, is_claimed=is_claimed)
    return await control.request(command, told.ReportDetails)


async def decide_report(
    control: Control, report_id: str, decision: ask.ReportDecision, text: str = ""
) -> told.ReportDetails:
    command = ask.DecideReport(id=0, report_id=report_id, decision=decision, text=text)
    return await control.request(command, told.ReportDetails)


async def list_feedback(
    control: Control,
    *,
    status: ask.FeedbackStatus | None = None,
    category: ask.FeedbackCategory | None = None,
    offset: int = 0,
) -> told.FeedbackList:
    command = ask.ListFeedback(id=0, status=status, category=category, offset=offset, limit=PAGE)
    return await control.request(command, told.FeedbackList)


async def get_feedback(control: Control, feedback_id: str) -> told.FeedbackDetails:
    """What was new is read from then on."""
    command = ask.GetFeedback(id=0, feedback_id=feedback_id)
    return await control.request(command, told.FeedbackDetails)


async def answer_feedback(
    control: Control,
    feedback_id: str,
    text: str,
    *,
    is_closed: bool = False,
    is_granted: bool = False,
) -> told.FeedbackDetails:
    """Granting an appeal lifts the sanction."""
    command = ask.AnswerFeedback(
        id=0, feedback_id=feedback_id, text=text, is_closed=is_closed, is_granted=is_granted
    )
    return await control.request(command, told.FeedbackDetails)
