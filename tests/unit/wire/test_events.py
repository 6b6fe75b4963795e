"""What the relay says: round trips, batches, and messages of a newer relay."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.wire.message_types import (
    CONTROL_ANSWERS,
    PUBLISHER_EVENTS,
    ROOM_EVENTS,
    SUBSCRIBER_EVENTS,
    messages,
)
from wire import event_base, events, room_events


@pytest.mark.parametrize("answer", CONTROL_ANSWERS)
def test_answer_when_packed_then_parses_to_itself(answer: type) -> None:
    @given(messages(answer))
    def check(value: events.ControlAnswer) -> None:
        assert events.parse_control(events.pack(value)) == value

    check()


@pytest.mark.parametrize("event", ROOM_EVENTS)
def test_event_when_packed_then_parses_to_a_batch_of_itself(event: type) -> None:
    @given(messages(event))
    def check(value: events.RoomEvent) -> None:
        assert events.parse_control(events.pack(value)) == (value,)

    check()


@given(st.lists(st.one_of([messages(event) for event in ROOM_EVENTS]), max_size=4).map(tuple))
def test_batch_when_packed_then_parses_in_order(batch: tuple[events.RoomEvent, ...]) -> None:
    assert events.parse_control(events.pack_batch(batch)) == batch
    assert events.parse_control(events.pack_batch(batch).decode()) == batch


@given(st.one_of([messages(event) for event in PUBLISHER_EVENTS]))
def test_publisher_event_when_packed_then_parses_to_itself(value: events.PublisherEvent) -> None:
    assert events.parse_publisher(events.pack(value)) == value


@given(st.one_of([messages(event) for event in SUBSCRIBER_EVENTS]))
def test_subscriber_event_when_packed_then_parses_to_itself(value: events.SubscriberEvent) -> None:
    assert events.parse_subscriber(events.pack(value)) == value


def test_parse_when_a_newer_relay_adds_a_field_then_ignores_it() -> None:
    text = '{"type": "ViewersChanged", "room_id": "r", "viewers": 3, "mood": {"good": [true]}}'
    assert events.parse_control(text) == (room_events.ViewersChanged(room_id="r", viewers=3),)


def test_size_when_normal_then_left_out_and_read_as_such() -> None:
    fields = {"user_id": "u", "name": "Bob", "role": "viewer", "text": "hi"}
    usual = {"type": "DanmakuPosted", "room_id": "r", "message_id": "m", "sent_at_unix_ms": 1}
    (posted,) = events.parse_control(json.dumps(usual | fields))
    assert isinstance(posted, event_base.DanmakuPosted)
    assert posted.size == "normal"
    assert "size" not in json.loads(events.pack(posted))
    large = msgspec.structs.replace(posted, size="large")
    assert json.loads(events.pack(large))["size"] == "large"
