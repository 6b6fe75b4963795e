"""Every command with every field wrong, as everybody: an error that is documented, and no more.

The cases are made from the wire's own union (`tests/support/mutations.py`), so that a command
added there is tried here. Each is said on a control session with real services and a real
database; a sample goes through real sockets in `tests/integration/relay/test_wrong_messages.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.store.hostile_house import ROLES, House
from tests.support.mutations import Case, good_fields, kinds_of, mutated
from wire import commands

if TYPE_CHECKING:
    from tests.server_parts import Parts

CASES_MIN = 20_000
KINDS = kinds_of(commands.ControlCommand)


def test_cases_when_counted_then_at_least_so_many() -> None:
    cases = sum(len(list(mutated(good_fields(kind, {})))) for kind in KINDS)
    assert cases * len(ROLES) >= CASES_MIN


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
async def test_command_when_wrong_in_any_one_place_then_a_documented_error_and_no_more(
    parts: Parts, kind: type[commands.Command]
) -> None:
    house = House(parts)
    await house.open()
    for role in ROLES:
        for case in mutated(good_fields(kind, house.known)):
            house.go_live()
            await house.tell(role, case)
    assert sum(house.answers.values()) >= 4 * 80
