"""Messages of the wire made wrong, one field at a time, as JSON text.

Everything is read from the wire's own structs: a new command, or a new field, is tried without a
word here. Texts are put together by hand because no encoder writes a key twice, NaN or half a
surrogate pair.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from msgspec import NODEFAULT, Struct, inspect

COMBINING = "\u0301\u0302\u0303"

WRONG: Final[Mapping[str, str]] = {
    "null": "null",
    "true": "true",
    "an int beyond a double": "9007199254740993",
    "an int of 400 digits": "9" * 400,
    "a negative int": "-1",
    "zero": "0",
    "a fraction": "0.5",
    "a float beyond a double": "1e999",
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "a string": '"some text"',
    "an empty string": '""',
    "a number in a string": '"1"',
    "an empty array": "[]",
    "an array of nulls": "[null,null]",
    "deep arrays": "[" * 3_000 + "]" * 3_000,
    "deep objects": '{"a":' * 3_000 + "1" + "}" * 3_000,
    "an object": "{}",
    "an object with a type": '{"type":"Ping","id":1}',
    "half a surrogate pair": '"\\ud800"',
    "the other half": '"a\\udfffb"',
    "nothing": "",
}
"""JSON, or nearly, put in a field's place."""

HOSTILE_TEXTS: Final[Mapping[str, str]] = {
    "NUL": "a\0b",
    "marks": "e" + COMBINING * 60,
    "marks that compose": "\u1ec7" * 40 + COMBINING,
    "right to left override": "\u202egpj.exe\u2066",
    "zero width": "ad\u200bmin\ufeff\u200d",
    "soft hyphen and fillers": "\u00ad\u3164\u1160\u2800",
    "tags": "\U000e0041\U000e007f",
    "controls": "\x1b[31m\x07\x08\r\n\x9b",
    "line separators": "a\u2028b\u2029c\x85d",
    "blanks": " \t\u3000\u00a0 ",
    "rich text": '<img src="file:///etc/passwd"><b>&lt;',
    "script": "javascript:alert(1)//\"'`",
    "quotes for a database": "'; DROP TABLE user;--",
    "a pattern for a database": "%_\\%' OR '1'='1",
    "a path": "../../../../etc/passwd",
    "a path of Windows": "C:\\con\\nul|\\\\host\\share",
    "an address": "https://user:secret@evil.example/?q=\x00",
    "templates": "{0.__class__} %s%n $(id) ${jndi:ldap://x} {{7*7}}",
    "full width": "\uff21\uff44\uff4d\uff49\uff4e\uff0f",
    "look-alikes": "\u0410\u0501m\u0456n",
    "capital I with a dot": "\u0130\u0131\u1e9e\ufb01",
    "one letter that folds to eighteen": "\ufdfa" * 60,
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\U0001f1e8\U0001f1f3" * 4,
    "not a character": "\ufffe\uffff\U0010ffff",
    "private": "\ue000\U000f0000",
    "Hangul in pieces": "\u1100\u1161\u11a8" * 60,
    "long": "x" * 60_000,
    "long and wide": "\U0001f600" * 5_000,
    "as long as an id may be": "i" * 64,
    "as long as a note may be": "言" * 200,
}
"""Strings that are valid JSON and have hurt programs: each in the place of every field."""


@dataclass(frozen=True)
class Case:
    """One message that is wrong in one place, or hostile there."""

    what: str
    text: str


Fields = dict[str, str]
"""The JSON text of each field, in order."""


def good_fields(kind: type[Struct], known: Mapping[str, object]) -> Fields:
    """A message that is right: values from `known` by the field's name, or the least that fits.

    Fields with a default are filled in as well, so that they can be made wrong too.
    """
    fields = {"type": json.dumps(_tag_of(kind))}
    for field in _fields_of(kind):
        fields[field.encode_name] = _good_value(field, known)
    return fields


def render(fields: Mapping[str, str] | list[tuple[str, str]]) -> str:
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    return "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in pairs) + "}"


def mutated(fields: Fields) -> Iterator[Case]:
    """Each field taken away, doubled, replaced by what is wrong and by what is hostile."""
    for name, value in fields.items():
        yield Case(f"without {name}", render({k: v for k, v in fields.items() if k != name}))
        for what, second in (("itself", value), ("null", "null"), ("a string", '"other"')):
            yield Case(f"{name}, then {what}", render([*fields.items(), (name, second)]))
            yield Case(f"{what}, then {name}", render([(name, second), *fields.items()]))
        for what, wrong in WRONG.items():
            yield Case(f"{name}: {what}", render({**fields, name: wrong}))
        for what, hostile in HOSTILE_TEXTS.items():
            yield Case(f"{name}: {what}", render({**fields, name: json.dumps(hostile)}))
    yield Case("unknown field", render({**fields, "role": '"admin"'}))
    yield Case("unknown field of half a pair", render({**fields, "\ud800": "1"}))
    yield Case("unchanged", render(fields))
    text = render(fields)
    yield Case("twice in one text", text + text)
    yield Case("cut off", text[:-1])
    yield Case("in an array", f"[{text}]")


def _tag_of(kind: type[Struct]) -> str:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return str(info.tag)


def _fields_of(kind: type[Struct]) -> tuple[inspect.Field, ...]:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return info.fields


def _good_value(field: inspect.Field, known: Mapping[str, object]) -> str:
    if field.encode_name in known:
        return msgspec.json.encode(known[field.encode_name]).decode()
    if field.default is not NODEFAULT and field.default is not None:
        return msgspec.json.encode(field.default).decode()
    return msgspec.json.encode(_least(field.type)).decode()


def _least_number(kind: Any) -> Any:
    if kind.ge is not None:
        return kind.ge
    return 1 if kind.gt is None else kind.gt + 1


_LEAST: Final[dict[type[inspect.Type], Callable[[Any], Any]]] = {
    inspect.BoolType: lambda _: True,
    inspect.IntType: _least_number,
    inspect.FloatType: _least_number,
    inspect.StrType: lambda kind: "x" * max(kind.min_length or 0, 1),
    inspect.LiteralType: lambda kind: kind.values[0],
    inspect.EnumType: lambda kind: next(iter(kind.cls)).value,
    inspect.UnionType: lambda kind: _least(
        next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    ),
    inspect.ListType: lambda kind: [_least(kind.item_type)] * max(kind.min_length or 0, 1),
    inspect.VarTupleType: lambda kind: [_least(kind.item_type)] * max(kind.min_length or 0, 1),
    inspect.SetType: lambda kind: [_least(kind.item_type)],
    inspect.TupleType: lambda kind: [_least(item) for item in kind.item_types],
    inspect.DictType: lambda _: {},
    inspect.StructType: lambda kind: {
        **({kind.tag_field: kind.tag} if kind.tag_field else {}),
        **{field.encode_name: _least(field.type) for field in kind.fields if field.required},
    },
    inspect.BytesType: lambda _: "AA==",
    inspect.AnyType: lambda _: None,
    inspect.NoneType: lambda _: None,
}
"""A type that is new to the wire gets its line here."""


def _least(kind: inspect.Type) -> Any:
    """The least value that a type allows."""
    return _LEAST[type(kind)](kind)


def kinds_of(union: Any) -> tuple[type[Struct], ...]:
    return typing.get_args(union)
