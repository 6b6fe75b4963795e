"""Texts that are JSON, nearly JSON, or what hostile peers send instead."""

from hypothesis import strategies as st

from tests.unit.wire.message_types import (
    COMMANDS,
    NO_SURROGATES,
    PUBLISHER_MESSAGES,
    SUBSCRIBER_MESSAGES,
    fields_of,
)

_MESSAGES = (*COMMANDS, *PUBLISHER_MESSAGES, *SUBSCRIBER_MESSAGES)
_NAMES = sorted({name for message in _MESSAGES for name in fields_of(message)} | {"type", "x"})
_TYPES = sorted(message.__name__ for message in _MESSAGES)

HOSTILE = {
    "lone surrogate escaped": '{"id": 1, "type": "Resume", "token": "\\ud800"}',
    "lone surrogate raw": '{"id": 1, "type": "Resume", "token": "\ud800"}',
    "lone surrogate in a name": '{"id": 1, "\\udc00": 1, "type": "Ping"}',
    "half a pair": '{"id": 1, "type": "Resume", "token": "\\ud83d\\u0041"}',
    "not a number": '{"id": NaN, "type": "Ping"}',
    "infinity": '{"id": Infinity, "type": "Ping"}',
    "negative infinity": '{"id": -Infinity, "type": "Ping"}',
    "beyond a double": '{"id": 1e999, "type": "Ping"}',
    "boolean for a number": '{"id": true, "type": "Ping"}',
    "fraction for a number": '{"id": 1.5, "type": "Ping"}',
    "5,000 digits": '{"id": ' + "9" * 5_000 + ', "type": "Ping"}',
    "5,000 digits in an unknown place": '{"x": ' + "9" * 5_000 + ', "id": 1, "type": "Ping"}',
    "60,000 arrays": "[" * 60_000,
    "60,000 arrays in an unknown place": '{"id": 1, "type": "Ping", "x": ' + "[" * 60_000,
    "60,000 arrays as the id": '{"id": ' + "[" * 30_000 + "]" * 30_000 + ', "type": "Ping"}',
    "60,000 objects": '{"id":' * 60_000,
    "nothing": "",
    "blanks": " \t\r\n",
    "null": "null",
    "no object": '"Ping"',
    "zero byte": "\0",
    "byte order mark": '\ufeff{"id": 1, "type": "Ping"}',
    "two values": '{"id": 1, "type": "Ping"} {"id": 2, "type": "Ping"}',
    "comma at the end": '{"id": 1, "type": "Ping",}',
    "single quotes": "{'id': 1, 'type': 'Ping'}",
    "comment": '{"id": 1, "type": "Ping"} // really',
    "unknown field": '{"id": 1, "type": "Ping", "x": 1}',
    "unknown type": '{"id": 1, "type": "Explode"}',
    "type as a number": '{"id": 1, "type": 1}',
    "type twice": '{"id": 1, "type": "Ping", "type": "Explode"}',
    "no type": '{"id": 1}',
    "no id": '{"type": "Ping"}',
    "negative id": '{"id": -1, "type": "Ping"}',
    "id beyond a double": '{"id": 9007199254740992, "type": "Ping"}',
    "SQL": '{"id": 1, "type": "JoinRoom", "room_id": ["\' OR 1=1 --"]}',
}
"""None of these is a message."""

_leaves = st.one_of(
    st.text(max_size=8).map(lambda text: '"' + text.replace('"', "") + '"'),
    st.text(NO_SURROGATES, max_size=8).map(lambda text: '"' + text + '"'),
    st.sampled_from([f'"{name}"' for name in _TYPES]),
    st.integers().map(str),
    st.integers(0, 3).map(str),
    st.floats().map(repr),
    st.sampled_from(["null", "true", "false", "NaN", "-Infinity", '"\\ud800"', "9" * 400, ""]),
)


def _objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Names may come twice."""
    pairs = st.tuples(st.sampled_from(_NAMES), values).map(lambda pair: f'"{pair[0]}":{pair[1]}')
    return st.lists(pairs, max_size=5).map(lambda members: "{" + ",".join(members) + "}")


def _containers(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arrays = st.lists(values, max_size=4).map(lambda members: "[" + ",".join(members) + "]")
    return _objects(values) | arrays


any_values = st.recursive(_leaves, _containers, max_leaves=12)
near_messages = st.tuples(
    st.sampled_from(_TYPES), st.lists(st.tuples(st.sampled_from(_NAMES), any_values), max_size=5)
).map(
    lambda parts: (
        f'{{"type":"{parts[0]}","id":1'
        + "".join(f',"{name}":{value}' for name, value in parts[1])
        + "}"
    )
)
any_texts = st.one_of(any_values, near_messages, st.text(max_size=60))
