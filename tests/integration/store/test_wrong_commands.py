"""Every command with every field wrong, as everybody: an error that is documented, and no more.

The cases are made from the wire's own union (`tests/support/mutations.py`), so that a command
added there is tried here. Each is said on a control session with real services and a real
database; a sample goes through real sockets in `tests/integration/relay/test_wrong_messages.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.store.store import Store
from tests.integration.store.hostile_house import ROLES, House
from tests.server_parts import Parts
from tests.support.mutations import Case, good_fields, kinds_of, mutated, render
from tests.unit.wire.json_texts import any_texts, any_values
from wire import command_base, commands
from wire.errors import MalformedMessage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

CASES_MIN = 20_000
CASES_OF_ONE_MIN = 100
GUESSES = 1_000
PARTS = 6
KINDS = kinds_of(commands.ControlCommand)


def cases_of(
    kind: type[command_base.Command], known: Mapping[str, object], roles: Sequence[str]
) -> Iterator[tuple[str, Case]]:
    """Each case as somebody, and those that are commands after all as everybody."""
    for case in mutated(good_fields(kind, known)):
        yield roles[0], case
        with contextlib.suppress(MalformedMessage):
            commands.parse_control(case.text)
            for role in roles[1:]:
                yield role, case


def test_cases_when_counted_then_at_least_so_many() -> None:
    count = sum(1 for kind in KINDS for _ in cases_of(kind, {}, ROLES))
    sys.stdout.write(f"{count} cases\n")
    assert count >= CASES_MIN


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
async def test_command_when_wrong_in_any_one_place_then_a_documented_error_and_no_more(
    kind: type[command_base.Command], tmp_path: Path, sqlite_template: Path
) -> None:
    parts = await _make_parts(tmp_path, sqlite_template)
    await _try_all(parts, kind, ROLES)
    await parts.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.postgresql
@pytest.mark.parametrize("part", range(PARTS))
async def test_commands_when_wrong_on_the_other_database_then_a_documented_error_and_no_more(
    part: int, parts: Parts
) -> None:
    """PostgreSQL refuses other texts than SQLite does, whoever sends them."""
    for kind in KINDS[part::PARTS]:
        await _try_all(parts, kind, ("owner",))


async def _try_all(parts: Parts, kind: type[command_base.Command], roles: Sequence[str]) -> None:
    house = House(parts)
    await house.open(kind)
    for turn in roles:
        await house.open_rounds(kind)
        for role, case in cases_of(kind, house.known, roles):
            if role == turn:
                house.go_live()
                await house.tell(role, case)
    assert sum(house.answers.values()) >= CASES_OF_ONE_MIN


def test_commands_when_wrong_in_many_places_then_a_documented_error_and_no_more(
    tmp_path: Path, sqlite_template: Path
) -> None:
    with asyncio.Runner() as loop:
        parts = loop.run(_make_parts(tmp_path, sqlite_template))
        house = House(parts)
        loop.run(house.open())

        @settings(max_examples=GUESSES, deadline=None, derandomize=True, database=None)
        @given(
            st.sampled_from(ROLES),
            st.sampled_from(KINDS),
            st.dictionaries(st.integers(0, 12), any_values, max_size=3),
        )
        def try_it(role: str, kind: type[command_base.Command], wrong: dict[int, str]) -> None:
            fields = good_fields(kind, house.known)
            names = list(fields)
            fields |= {names[place % len(names)]: value for place, value in wrong.items()}
            loop.run(house.tell(role, Case("guessed", render(fields))))

        @settings(max_examples=GUESSES, deadline=None, derandomize=True, database=None)
        @given(st.sampled_from(ROLES), any_texts)
        def try_any(role: str, text: str) -> None:
            loop.run(house.tell(role, Case("anything", text)))

        try_it()
        try_any()
        loop.run(parts.close())


async def _make_parts(folder: Path, template: Path) -> Parts:
    database = folder / "test.db"
    shutil.copyfile(template, database)
    store = Store.open(f"sqlite:///{database}", queue_max=100)
    return Parts(store, data_dir=folder, database=database)
