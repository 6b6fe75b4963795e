"""What clients say: round trips, and no text that breaks the parsers."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.wire.json_texts import HOSTILE, any_texts
from tests.unit.wire.message_types import (
    COMMANDS,
    PUBLISHER_MESSAGES,
    SUBSCRIBER_MESSAGES,
    messages,
)
from wire import commands, limits, media_commands
from wire.errors import ErrorCode, MalformedMessage

PARSERS = [commands.parse_control, commands.parse_publisher, commands.parse_subscriber]
Parser = Callable[[str | bytes], Any]


def code_of(parser: Parser, text: str | bytes) -> ErrorCode:
    with pytest.raises(MalformedMessage) as caught:
        parser(text)
    return caught.value.code


@pytest.mark.parametrize("command", COMMANDS)
def test_control_command_when_packed_then_parses_to_itself(command: type) -> None:
    @given(messages(command))
    def check(value: commands.ControlCommand) -> None:
        assert commands.parse_control(commands.pack(value)) == value
        assert commands.find_request_id(commands.pack(value)) == value.id

    check()


@given(st.one_of([messages(message) for message in PUBLISHER_MESSAGES]))
def test_publisher_message_when_packed_then_parses_to_itself(
    value: media_commands.PublisherMessage,
) -> None:
    assert commands.parse_publisher(commands.pack(value)) == value


@given(st.one_of([messages(message) for message in SUBSCRIBER_MESSAGES]))
def test_subscriber_message_when_packed_then_parses_to_itself(
    value: media_commands.SubscriberMessage,
) -> None:
    assert commands.parse_subscriber(commands.pack(value)) == value


@pytest.mark.parametrize("parser", PARSERS)
def test_parse_when_given_any_text_then_raises_nothing_but_malformed_message(
    parser: Parser,
) -> None:
    @given(any_texts)
    def check(text: str) -> None:
        with suppress(MalformedMessage):
            parser(text)
        commands.find_request_id(text)

    check()


@pytest.mark.parametrize("parser", PARSERS)
@given(st.binary(max_size=80))
def test_parse_when_given_any_bytes_then_raises_nothing_but_malformed_message(
    parser: Parser, text: bytes
) -> None:
    try:
        parser(text)
    except MalformedMessage:
        pass
    else:
        raise AssertionError("random bytes became a message")
    commands.find_request_id(text)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("parser", PARSERS)
def test_parse_when_text_is_hostile_then_refuses_with_a_code(parser: Parser, name: str) -> None:
    assert code_of(parser, HOSTILE[name]) in {
        ErrorCode.MALFORMED,
        ErrorCode.INVALID_VALUE,
        ErrorCode.UNKNOWN_TYPE,
    }
    commands.find_request_id(HOSTILE[name])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"id": 1, "type": "Explode"}', ErrorCode.UNKNOWN_TYPE),
        ('{"id": 1, "type": "Publish"}', ErrorCode.UNKNOWN_TYPE),
        ('{"id": 1}', ErrorCode.INVALID_VALUE),
        ('{"id": 1, "type": "Ping", "x": 1}', ErrorCode.INVALID_VALUE),
        ('{"id": "1", "type": "Ping"}', ErrorCode.INVALID_VALUE),
        ('{"id": 1, "type": "Ping"', ErrorCode.MALFORMED),
        ('{"id": 1, "type": "Resume", "token": "\\ud800"}', ErrorCode.MALFORMED),
    ],
)
def test_parse_control_when_refused_then_the_code_tells_why(text: str, code: ErrorCode) -> None:
    assert code_of(commands.parse_control, text) is code


@pytest.mark.parametrize(
    ("text", "request_id"),
    [
        ('{"id": 7, "type": "Explode", "x": [1, {"y": 2}]}', 7),
        ('{"id": 7, "id": 8, "type": "Explode"}', 8),
        ('{"type": "Ping"}', None),
        ('{"id": -7}', None),
        ('{"id": true}', None),
        ('{"id": "7"}', None),
        ('{"id": 7.0}', None),
        (f'{{"id": {limits.INTEGER_MAX}}}', limits.INTEGER_MAX),
        (f'{{"id": {limits.INTEGER_MAX + 1}}}', None),
        ("[7]", None),
        ("", None),
    ],
)
def test_find_request_id_when_the_rest_is_broken_then_still_finds_it(
    text: str, request_id: int | None
) -> None:
    assert commands.find_request_id(text) == request_id


def test_parse_when_a_name_comes_twice_then_the_last_one_counts() -> None:
    parsed = commands.parse_control('{"id": 1, "type": "Ping", "id": 2}')
    assert parsed == commands.Ping(id=2)


def test_danmaku_when_its_size_is_none_of_the_three_then_refused() -> None:
    text = '{"type": "SendDanmaku", "id": 1, "room_id": "r", "text": "hi", "size": %s}'
    for size in ('"huge"', "25", "null"):
        assert code_of(commands.parse_control, text % size) is ErrorCode.INVALID_VALUE
    assert commands.parse_control(text % '"small"').size == "small"
