"""What the structs of wire/ allow, read from the structs: as words, and as random values."""

import importlib
import pkgutil
import typing
from functools import singledispatch
from typing import Any

from hypothesis import strategies as st
from msgspec import NODEFAULT, Struct, inspect

import wire
from wire import commands, events, media_commands

NO_SURROGATES = st.characters(exclude_categories=("Cs",))

COMMANDS = typing.get_args(commands.ControlCommand)
PUBLISHER_MESSAGES = typing.get_args(media_commands.PublisherMessage)
SUBSCRIBER_MESSAGES = typing.get_args(media_commands.SubscriberMessage)
CONTROL_ANSWERS = typing.get_args(events.ControlAnswer)
ROOM_EVENTS = typing.get_args(events.RoomEvent)
PUBLISHER_EVENTS = typing.get_args(events.PublisherEvent)
SUBSCRIBER_EVENTS = typing.get_args(events.SubscriberEvent)


def structs_of(base: type[Struct]) -> dict[str, type[Struct]]:
    """The messages that the modules of wire/ define, by name, without their base."""
    return {
        name: value
        for found in pkgutil.iter_modules(wire.__path__, "wire.")
        for name, value in vars(importlib.import_module(found.name)).items()
        if isinstance(value, type) and issubclass(value, base) and value is not base
    }


def fields_of(message: type[Struct]) -> dict[str, inspect.Field]:
    info = inspect.type_info(message)
    assert isinstance(info, inspect.StructType)
    return {field.encode_name: field for field in info.fields}


# --- as words -----------------------------------------------------------------------------------


def describe(field: inspect.Field) -> str:
    """The type of a field as docs/protocol.md writes it."""
    return _describe(field.type)


def describe_default(field: inspect.Field) -> str:
    """What stands for a field that is left out: "required", or the default as JSON."""
    if field.default is NODEFAULT:
        return "required" if field.required else "`[]`"
    default = field.default
    if default is None:
        return "`null`"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, str):
        return f'`"{default}"`'
    if isinstance(default, tuple):
        return "`[]`"
    return f"`{default}`"


@singledispatch
def _describe(kind: inspect.Type) -> str:
    raise AssertionError(f"no words for {kind}")


@_describe.register
def _(kind: inspect.UnionType) -> str:
    members = sorted(kind.types, key=lambda one: isinstance(one, inspect.NoneType))
    return " or ".join(_describe(member) for member in members)


@_describe.register
def _(kind: inspect.StrType) -> str:
    return _with_bounds("text", kind.min_length, kind.max_length, "characters")


@_describe.register
def _(kind: inspect.BytesType) -> str:
    return _with_bounds("base64", kind.min_length, kind.max_length, "bytes")


@_describe.register
def _(kind: inspect.IntType) -> str:
    return _with_bounds("integer", kind.ge, _highest(kind))


@_describe.register
def _(kind: inspect.FloatType) -> str:
    return _with_bounds("number", kind.ge, kind.le)


@_describe.register
def _(_kind: inspect.BoolType) -> str:
    return "boolean"


@_describe.register
def _(_kind: inspect.NoneType) -> str:
    return "null"


@_describe.register
def _(kind: inspect.LiteralType) -> str:
    return ", ".join(f'`"{one}"`' if isinstance(one, str) else f"`{one}`" for one in kind.values)


@_describe.register
def _(kind: inspect.EnumType) -> str:
    return kind.cls.__name__


@_describe.register
def _(kind: inspect.DictType) -> str:
    return f"object of {_describe(kind.value_type)}"


@_describe.register
def _(kind: inspect.StructType) -> str:
    return kind.cls.__name__


@_describe.register
def _(kind: inspect.VarTupleType) -> str:
    word = f"list of {_describe(kind.item_type)}"
    return _with_bounds(word, kind.min_length, kind.max_length, "items")


def _highest(kind: inspect.IntType) -> int | None:
    return kind.le if kind.lt is None else kind.lt - 1


def _with_bounds(word: str, low: float | None, high: float | None, unit: str = "") -> str:
    if high is None:
        return word
    unit = f" {unit}" if unit else ""
    return f"{word}, {low or 0}..{high}{unit}"


# --- as random values ---------------------------------------------------------------------------


def messages(message: type[Struct]) -> st.SearchStrategy[Any]:
    """Any value of a message that its own bounds allow."""
    return _values(inspect.type_info(message))


@singledispatch
def _values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    raise AssertionError(f"no values for {kind}")


@_values.register
def _(kind: inspect.UnionType) -> st.SearchStrategy[Any]:
    return st.one_of([_values(member) for member in kind.types])


@_values.register
def _(kind: inspect.StrType) -> st.SearchStrategy[Any]:
    size = min(kind.max_length or 20, 20)
    return st.text(NO_SURROGATES, min_size=kind.min_length or 0, max_size=size)


@_values.register
def _(kind: inspect.BytesType) -> st.SearchStrategy[Any]:
    size = min(kind.max_length or 20, 20)
    return st.binary(min_size=kind.min_length or 0, max_size=size)


@_values.register
def _(kind: inspect.IntType) -> st.SearchStrategy[Any]:
    low = -(2**53) if kind.ge is None else kind.ge
    return st.integers(low, _highest(kind) or 2**53)


@_values.register
def _(kind: inspect.FloatType) -> st.SearchStrategy[Any]:
    return st.floats(kind.ge, kind.le, allow_nan=False, allow_infinity=False)


@_values.register
def _(_kind: inspect.BoolType) -> st.SearchStrategy[Any]:
    return st.booleans()


@_values.register
def _(_kind: inspect.NoneType) -> st.SearchStrategy[Any]:
    return st.none()


@_values.register
def _(kind: inspect.LiteralType) -> st.SearchStrategy[Any]:
    return st.sampled_from(kind.values)


@_values.register
def _(kind: inspect.EnumType) -> st.SearchStrategy[Any]:
    return st.sampled_from(list(kind.cls))


@_values.register
def _(kind: inspect.VarTupleType) -> st.SearchStrategy[Any]:
    size = min(kind.max_length or 3, 3)
    return st.lists(_values(kind.item_type), min_size=kind.min_length or 0, max_size=size).map(
        tuple
    )


@_values.register
def _(kind: inspect.DictType) -> st.SearchStrategy[Any]:
    return st.dictionaries(_values(kind.key_type), _values(kind.value_type), max_size=3)


@_values.register
def _(kind: inspect.StructType) -> st.SearchStrategy[Any]:
    required = {field.name: _values(field.type) for field in kind.fields if field.required}
    optional = {field.name: _values(field.type) for field in kind.fields if not field.required}
    given = st.fixed_dictionaries(required, optional=optional)
    return given.map(lambda values: kind.cls(**values))
