from __future__ import annotations

import msgspec
import pytest

from app.state.inbox import InboxState, ReportTarget, describe_diagnostics
from wire.event_base import UserInfo
from wire.ids import MessageId, RoomId, SanctionId, UserId
from wire.inbox_events import Inbox, OwnFeedback, OwnReport
from wire.limits import DIAGNOSTICS_CHARACTERS_MAX
from wire.order_events import SanctionInfo

SENT = OwnFeedback(feedback_id="f1", category="idea", text="More mugs", sent_at_unix_ms=10)
REPORT = OwnReport(
    report_id="r1",
    kind="user",
    room_name="Hall",
    accused_name="Troll",
    reason="spam",
    at_unix_ms=20,
)


def page(**fields: object) -> Inbox:
    given = {"feedback": (SENT,), "feedback_total": 1, "reports": (REPORT,), "reports_total": 1}
    return Inbox(**{**given, **fields})


def test_items_when_of_both_kinds_then_unread_first_and_then_the_newest() -> None:
    state = InboxState().with_page(page())
    assert state.items == (REPORT, SENT)
    answered = msgspec.structs.replace(
        SENT, status="answered", answer="No", answered_at_unix_ms=15, is_unread=True
    )
    assert state.answered(answered).items == (answered, REPORT)


def test_answer_when_heard_twice_then_counted_once() -> None:
    state = InboxState().with_page(page())
    answered = msgspec.structs.replace(SENT, status="answered", answer="No", is_unread=True)
    state = state.answered(answered).answered(answered)
    assert (state.unread, state.feedback, state.feedback_total) == (1, (answered,), 1)
    assert state.seen().unread == 0


def test_verdict_when_of_a_report_that_was_not_loaded_then_added() -> None:
    judged = msgspec.structs.replace(REPORT, report_id="r9", state="acted", is_unread=True)
    state = InboxState().with_page(page()).answered(judged)
    assert state.reports == (judged, REPORT)
    assert (state.reports_total, state.unread) == (2, 1)


def test_sent_when_answered_twice_for_one_key_then_stands_once() -> None:
    state = InboxState().sent(SENT).sent(SENT)
    assert (state.feedback, state.feedback_total) == ((SENT,), 1)


def test_pages_when_one_list_is_longer_then_the_offset_is_its_own() -> None:
    first = page(feedback_total=3)
    state = InboxState().with_page(first)
    assert state.has_more
    assert state.next_offset == 1
    older = msgspec.structs.replace(SENT, feedback_id="f0")
    rest = page(feedback=(SENT, older), feedback_total=2, reports=())
    state = state.with_page(rest, offset=1)
    assert [one.feedback_id for one in state.feedback] == ["f1", "f0"]
    assert state.reports == (REPORT,)
    assert not state.has_more


def test_answer_when_it_is_to_something_further_down_then_no_page_has_a_gap() -> None:
    old = msgspec.structs.replace(SENT, feedback_id="old", is_unread=True)
    state = InboxState().with_page(page(feedback_total=3, reports_total=1)).answered(old)
    assert [one.feedback_id for one in state.feedback] == ["old", "f1"]
    assert (state.feedback_total, state.next_offset) == (3, 1)
    between = msgspec.structs.replace(SENT, feedback_id="f0")
    rest = page(feedback=(between, old), feedback_total=3, reports=(), reports_total=1)
    state = state.with_page(rest, offset=1)
    assert [one.feedback_id for one in state.feedback] == ["old", "f1", "f0"]
    assert not state.has_more


def test_pages_when_the_list_began_anew_then_an_older_page_leaves_no_gap() -> None:
    state = InboxState().with_page(page(feedback_total=30))
    assert state.with_page(page(feedback_total=30), offset=20) == state


def test_appeal_when_one_waits_then_not_again() -> None:
    sanction = SanctionInfo(
        sanction_id=SanctionId("s1"),
        kind="ban",
        user=UserInfo(user_id=UserId("u"), name="Bob"),
        role="admin",
        imposed_at_unix_ms=1,
    )
    state = InboxState().with_sanctions((sanction,)).with_page(page())
    assert state.sanctions == (sanction,)
    assert state.may_appeal("s1")
    appeal = msgspec.structs.replace(
        SENT, feedback_id="f2", category="appeal", sanction_id=SanctionId("s1")
    )
    assert not state.sent(appeal).may_appeal("s1")
    closed = msgspec.structs.replace(appeal, status="closed")
    assert state.sent(closed).may_appeal("s1")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"message_id": MessageId("m"), "user_id": UserId("u")}, "message"),
        ({"user_id": UserId("u")}, "user"),
        ({}, "room"),
    ],
)
def test_target_when_asked_for_its_kind_then_by_what_it_names(
    fields: dict[str, object], kind: str
) -> None:
    assert ReportTarget(room_id=RoomId("r"), name="x", **fields).kind == kind


def test_diagnostics_when_facts_name_addresses_files_and_secrets_then_none_is_left() -> None:
    facts = {
        "livehouse": "1.2.0",
        "system": "Linux 6.1",
        "relay": "wss://192.168.1.20:7788/v1/control",
        "empty": "",
    }
    errors = [
        "12:00:01 app.net: connection to 192.168.1.20:7788 lost",
        "12:00:02 app.media: /home/ada/Videos/my holiday.mp4 cannot be read",
        "12:00:03 app.media: C:\\Users\\ada\\secret.mkv and fe80::1ff:fe23:4567:890a",
        "12:00:04 app.live: token=abcdefgh12345678",
    ]
    text = describe_diagnostics(facts, errors, home="/home/ada")
    assert text.startswith("livehouse: 1.2.0\nsystem: Linux 6.1")
    for word in (
        "192.168",
        "fe80",
        "ada",
        "holiday.mp4",
        "secret",
        "abcdefgh",
        "empty",
        "control",
    ):
        assert word not in text, word
    assert "12:00:01 app.net: connection to *** lost" in text


def test_diagnostics_when_there_is_an_endless_row_of_hyphens_then_it_is_read_once() -> None:
    text = describe_diagnostics({"x": "a-" * 200_000}, [], home="/")
    assert text.startswith("x: a-a-a-")


def test_diagnostics_when_endless_then_within_the_limit() -> None:
    text = describe_diagnostics({"x": "long " * 2_000}, [], home="/")
    assert len(text) <= DIAGNOSTICS_CHARACTERS_MAX
