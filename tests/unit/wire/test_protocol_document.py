"""docs/protocol.md says what wire/ does, no less and no more.

The document is read by its headings, tables and fenced examples; see `Document`.
"""

import dataclasses
import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

import wire
from server.settings import Limits
from tests.unit.wire.message_types import (
    CONTROL_ANSWERS,
    PUBLISHER_EVENTS,
    ROOM_EVENTS,
    SUBSCRIBER_EVENTS,
    describe,
    describe_default,
    fields_of,
    structs_of,
)
from wire import (
    admin_events,
    chat_events,
    coin_events,
    command_base,
    commands,
    discovery_commands,
    event_base,
    events,
    limits,
    media_packet,
    order_events,
    room_events,
    round_events,
)
from wire.errors import CLOSE_CODES, CloseCode, ErrorCode
from wire.event_base import Data
from wire.tracks import TrackInfo

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")

COMMANDS = structs_of(command_base.Command)
ANSWERS = structs_of(event_base.Answer)
MESSAGES = {
    **COMMANDS,
    **structs_of(command_base.MediaMessage),
    **ANSWERS,
    **structs_of(event_base.Event),
    **{
        one.__name__: one
        for one in (event_base.UserInfo, event_base.BroadcastInfo, event_base.RoomInfo)
    },
    "PublishKeyInfo": room_events.PublishKeyInfo,
    "PollInfo": round_events.PollInfo,
    "DrawInfo": round_events.DrawInfo,
    "SessionInfo": event_base.SessionInfo,
    **{
        one.__name__: one for one in (coin_events.GiftInfo, coin_events.Movement, coin_events.Giver)
    },
    "ChatRules": event_base.ChatRules,
    "Announcement": chat_events.Announcement,
    "TrackInfo": TrackInfo,
    **{
        one.__name__: one
        for one in (
            admin_events.HouseRoom,
            admin_events.HouseUser,
            admin_events.HouseGift,
            admin_events.RelaySetting,
            admin_events.BackupInfo,
            admin_events.JobInfo,
            order_events.SanctionInfo,
            order_events.ActInfo,
            order_events.ActDetail,
        )
    },
    **{
        name: one
        for name, one in structs_of(Data).items()
        if one.__module__
        in {
            "wire.inbox_events",
            "wire.detection_events",
            "wire.discovery_events",
            "wire.replay_events",
            "wire.taste_events",
        }
    },
    "TimelineEntry": events.TimelineEntry,
    "Reason": event_base.Reason,
    "Impression": discovery_commands.Impression,
}
RFC_CLOSE_CODES = {1000, 1002, 1003, 1007, 1009, 1011}

Row = list[str]


def section(heading: str) -> str:
    """What stands under a heading, up to the next one of any level."""
    found = re.search(
        rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", TEXT, re.MULTILINE | re.DOTALL
    )
    assert found, f"docs/protocol.md has no heading {heading!r}"
    return found[1]


def tables(text: str) -> list[list[Row]]:
    """The rows of each table, without its head."""
    found = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [[_cells(line) for line in table.splitlines()[2:]] for table in found]


def _cells(line: str) -> Row:
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def code(cell: str) -> str:
    assert cell.startswith("`"), f"{cell!r} is not code"
    return cell.strip("`")


def examples(kind: str) -> Iterator[str]:
    for block in re.findall(rf"^```{kind}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()


def own_fields(message: type[Struct]) -> dict[str, tuple[str, str]]:
    """Name, type and default of the fields that a message does not have from its base."""
    common = {"id"} if issubclass(message, command_base.Command) else set()
    common |= {"re"} if issubclass(message, event_base.Answer) else set()
    return {
        name: (describe(field), describe_default(field))
        for name, field in fields_of(message).items()
        if name not in common
    }


# --- messages -----------------------------------------------------------------------------------


def test_headings_when_they_name_a_message_then_it_exists_and_all_are_named() -> None:
    named = re.findall(r"^#+ `(\w+)`$", TEXT, re.MULTILINE)
    assert len(named) == len(set(named))
    assert set(named) == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_message_when_looked_up_then_its_fields_stand_there_and_no_others(name: str) -> None:
    found = tables(section(f"`{name}`"))
    rows = found[0] if found else []
    written = {code(row[0]): (row[1], row[2]) for row in rows}
    assert written == own_fields(MESSAGES[name])
    assert all(row[3] for row in rows), "every field needs its meaning"


@pytest.mark.parametrize("name", COMMANDS)
def test_command_when_looked_up_then_its_answer_and_errors_exist(name: str) -> None:
    promised = re.search(r"Answer: (\w+)", COMMANDS[name].__doc__ or "")
    written = re.search(
        r"^Answer: `(\w+)`\.(.*?)\n\n", section(f"`{name}`"), re.MULTILINE | re.DOTALL
    )
    assert promised
    assert written
    assert written[1] == promised[1]
    assert written[1] in ANSWERS
    named = set(re.findall(r"`(\w+)`", written[2])) - set(fields_of(COMMANDS[name]))
    assert named - {"field"} <= {code.value for code in ErrorCode}


@pytest.mark.parametrize(
    ("heading", "message", "field"),
    [("Commands", command_base.Command, "id"), ("Answers", events.Ok, "re")],
)
def test_common_field_when_looked_up_then_has_its_type(
    heading: str, message: type[Struct], field: str
) -> None:
    row = next(row for row in tables(section(heading))[0] if row[0] == f"`{field}`")
    described = fields_of(message)[field]
    assert row[1:3] == [describe(described), describe_default(described)]


def test_table_of_places_when_read_then_agrees_with_the_parsers() -> None:
    sockets = [(*CONTROL_ANSWERS, *ROOM_EVENTS), PUBLISHER_EVENTS, SUBSCRIBER_EVENTS]
    written = {code(row[0]): row[1:] for row in tables(section("Which message where"))[0]}
    assert written == {
        name: ["yes" if MESSAGES[name] in one else "" for one in sockets]
        for name in MESSAGES
        if any(MESSAGES[name] in one for one in sockets)
    }


def test_reasons_when_listed_then_are_those_of_broadcast_ended() -> None:
    written = {row[0] for row in tables(section("Why a broadcast ends"))[0]}
    reasons = fields_of(room_events.BroadcastEnded)["reason"].type.values
    assert written == {f"`{reason}`" for reason in reasons}


# --- codes and limits ---------------------------------------------------------------------------


def test_errors_when_listed_then_are_all_and_close_as_the_code_does() -> None:
    rows = tables(section("Errors"))[0]
    assert [(code(row[0]), int(row[2])) for row in rows] == [
        (one.value, int(CLOSE_CODES[one])) for one in ErrorCode
    ]
    assert all(row[1] for row in rows)


def test_close_codes_when_listed_then_are_all_with_the_errors_that_lead_to_them() -> None:
    rows = {int(row[0]): row for row in tables(section("Close codes"))[0]}
    assert list(rows) == sorted({*map(int, CloseCode), *RFC_CLOSE_CODES})
    for close_code in CloseCode:
        row = rows[close_code]
        errors = {error.value for error, closes in CLOSE_CODES.items() if closes is close_code}
        assert code(row[1]) == close_code.name
        assert set(re.findall(r"`(\w+)`", row[2])) == errors
        assert row[3]


def test_limits_when_listed_then_are_all_with_their_values() -> None:
    written = {code(row[0]): row[1] for row in tables(section("Limits of the protocol"))[0]}
    assert written == {name: str(value) for name, value in vars(limits).items() if name.isupper()}


def test_limits_of_the_relay_when_listed_then_have_its_defaults() -> None:
    written = {code(row[0]): row[1] for row in tables(section("Limits of the bundled relay"))[0]}
    defaults = {field.name: str(field.default) for field in dataclasses.fields(Limits)}
    assert written == {name: defaults.get(name) for name in written}
    assert len(written) > 10


def test_endpoints_when_listed_then_are_those_of_the_code() -> None:
    places = [code(row[0]) for row in tables(section("Transport"))[0]]
    assert places[:3] == [wire.CONTROL_PATH, wire.PUBLISH_PATH, wire.SUBSCRIBE_PATH]
    assert f"`{wire.SUBPROTOCOL}`" in section("Transport")


# --- media packets ------------------------------------------------------------------------------


def test_header_when_listed_then_is_what_is_packed() -> None:
    rows = tables(section("Media packets"))[0]
    widths = {"u8": "B", "u32": "I", "u64": "Q"}
    packed = media_packet._HEADER.format.lstrip("!")
    assert [widths[row[1]] for row in rows[:-1]] == list(packed)
    offsets = [struct.calcsize("!" + packed[:index]) for index in range(len(packed) + 1)]
    assert [int(row[0]) for row in rows] == offsets
    names = [code(row[2]) for row in rows[:-1]]
    assert names == ["version", *media_packet.Header._fields]
    assert str(limits.MEDIA_MESSAGE_BYTES_MAX - media_packet.HEADER_BYTES) in rows[-1][-1]


@pytest.mark.parametrize(("place", "values"), [(1, media_packet.Kind), (2, media_packet.Flags)])
def test_kinds_and_flags_when_listed_then_are_all(place: int, values: Any) -> None:
    rows = tables(section("Media packets"))[place]
    assert [(int(row[0]), code(row[1])) for row in rows] == [
        (one.value, one.name) for one in values
    ]


def test_example_packet_when_read_then_is_the_golden_one() -> None:
    golden = (Path(__file__).parent / "golden" / "video_keyframe.bin").read_bytes()
    assert bytes.fromhex(" ".join(examples("hex"))) == golden


# --- examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "parse_sent", "parse_received"),
    [
        ("control", commands.parse_control, events.parse_control),
        ("publish", commands.parse_publisher, events.parse_publisher),
        ("subscribe", commands.parse_subscriber, events.parse_subscriber),
    ],
)
def test_examples_when_sent_then_parse(
    kind: str, parse_sent: Callable[[str], Any], parse_received: Callable[[str], Any]
) -> None:
    lines = list(examples(kind))
    assert len(lines) > 4
    for line in lines:
        parse = {"->": parse_sent, "<-": parse_received}[line[:2]]
        parse(line[2:].strip())
