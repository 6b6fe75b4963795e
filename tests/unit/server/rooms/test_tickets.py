from __future__ import annotations

import pytest

from server.rooms.tickets import TicketGrant, Tickets
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId, SessionId, UserId

ROOM = RoomId("room")
GRANT = TicketGrant("publish", ROOM, UserId("ada"), SessionId("s1"))


def redeem(tickets: Tickets, secret: str, now_mono_s: float) -> TicketGrant:
    return tickets.redeem(secret, purpose="publish", room_id=ROOM, now_mono_s=now_mono_s)


def test_redeem_when_good_then_once() -> None:
    tickets = Tickets()
    tickets.issue("t", GRANT, 0.0)
    assert redeem(tickets, "t", 29.9) == GRANT
    with pytest.raises(WireError) as caught:
        redeem(tickets, "t", 29.9)
    assert caught.value.code is ErrorCode.TICKET_INVALID


def test_redeem_when_late_then_refused_and_forgotten() -> None:
    tickets = Tickets()
    tickets.issue("t", GRANT, 0.0)
    with pytest.raises(WireError):
        redeem(tickets, "t", 30.0)
    assert len(tickets) == 0


def test_redeem_when_used_for_something_else_then_used_up() -> None:
    tickets = Tickets()
    tickets.issue("t", GRANT, 0.0)
    with pytest.raises(WireError):
        tickets.redeem("t", purpose="subscribe", room_id=ROOM, now_mono_s=1.0)
    with pytest.raises(WireError):
        redeem(tickets, "t", 1.0)


def test_issue_when_too_many_are_out_then_busy_until_some_expire() -> None:
    tickets = Tickets(tickets_max=2)
    tickets.issue("a", GRANT, 0.0)
    tickets.issue("b", GRANT, 10.0)
    with pytest.raises(WireError) as caught:
        tickets.issue("c", GRANT, 20.0)
    assert caught.value.code is ErrorCode.BUSY
    tickets.issue("c", GRANT, 30.0)
    assert len(tickets) == 2


def test_revoke_when_a_session_ends_then_only_its_tickets_go() -> None:
    tickets = Tickets()
    tickets.issue("a", GRANT, 0.0)
    tickets.issue("b", TicketGrant("publish", ROOM, UserId("ada"), SessionId("s2")), 0.0)
    tickets.issue("c", TicketGrant("publish", ROOM, UserId("bob"), SessionId("s3")), 0.0)
    tickets.revoke(session_id=SessionId("s1"))
    assert len(tickets) == 2
    tickets.revoke(user_id=UserId("ada"))
    assert redeem(tickets, "c", 1.0).user_id == "bob"
    assert len(tickets) == 0
