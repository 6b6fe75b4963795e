"""Interests of newcomers: asked once, used, seen by nobody else, and forgotten."""

from __future__ import annotations

import pytest

from server.discovery import queries
from server.personal_parts import PARTS
from tests.integration.store.streamers_halls import House, id_of, join, open_house, recommended
from tests.server_parts import Parts, Socket
from wire import (
    discovery_commands,
    event_base,
    events,
    privacy_commands,
    taste_commands,
    taste_events,
)
from wire.errors import ErrorCode


@pytest.fixture
async def house(parts: Parts) -> House:
    return await open_house(parts)


@pytest.fixture
async def ann(house: House) -> Socket:
    return await join(house, "Ann")


async def interests(socket: Socket, *chosen: str) -> taste_events.Interests:
    """Chosen, or only read."""
    answer = (
        await socket.ask(taste_commands.ChooseInterests, interests=chosen)
        if chosen
        else await socket.ask(taste_commands.GetInterests)
    )
    assert isinstance(answer, taste_events.Interests), answer
    return answer


async def wishes_of(house: House) -> list[tuple[str, str]]:
    rows = await house.parts.store.read(queries.list_wishes)
    return sorted((user_id, subject) for user_id, subject, _ in rows)


async def test_interests_when_new_then_asked_with_the_categories_of_public_rooms(
    house: House, ann: Socket
) -> None:
    secret = await house.parts.register("Secret")
    await house.parts.create_room(secret, "Den", category="secret", privacy="invite")
    told = await interests(ann)
    assert told.is_asked
    assert told.choices[:3] == ("c0", "c1", "c2")
    assert "music" in told.choices
    assert "secret" not in told.choices


async def test_interests_when_chosen_then_their_rooms_come_first_and_say_so(
    house: House, ann: Socket
) -> None:
    told = await interests(ann, "C1")
    assert (told.chosen, told.is_asked) == (("C1",), False)
    first = (await recommended(ann)).rooms[0]
    assert first.reason == event_base.Reason(kind="interest", names=("c1",))
    assert (await interests(ann, "c2")).chosen == ("c2",), "instead of those before"


async def test_interests_when_skipped_then_never_asked_again_and_nothing_is_chosen(
    house: House, ann: Socket
) -> None:
    told = await ann.ask(taste_commands.ChooseInterests, interests=())
    assert isinstance(told, taste_events.Interests), told
    assert (told.chosen, told.is_asked) == ((), False)
    assert not (await interests(ann)).is_asked
    again = Parts(house.parts.store, first_id=9_000)
    await again.discovery.service.wishes.load()
    assert not (await again.discovery.service.interests(id_of(ann))).is_asked


async def test_interests_when_the_user_is_known_or_not_recorded_then_not_asked(
    house: House, ann: Socket
) -> None:
    await house.watch_often(id_of(ann), 0, times=3, seconds=60)
    assert not (await interests(ann)).is_asked
    bob = Socket(house.parts)
    await bob.register("Bob")
    await bob.ask(privacy_commands.SetRecording, is_recorded=False)
    assert not (await interests(bob)).is_asked


async def test_interests_when_everything_is_forgotten_then_they_are_too(
    house: House, ann: Socket
) -> None:
    await interests(ann, "music", "c1")
    await ann.ask(discovery_commands.ResetBelief)
    assert await wishes_of(house) == []
    told = await interests(ann)
    assert (told.chosen, told.is_asked) == ((), True)


async def test_interests_when_taken_along_or_erased_then_in_the_export_and_gone(
    house: House, ann: Socket
) -> None:
    await interests(ann, "music")
    user_id = id_of(ann)
    (section,) = [
        section
        for part in PARTS
        for section in part.sections(user_id)
        if section.name == "taste_wishes"
    ]
    rows = await house.parts.store.read(lambda session: session.execute(section.query).all())
    assert {row[0] for row in rows} == {"asked:interests", "interest:music"}
    await house.parts.privacy.eraser.erase(user_id)
    assert await wishes_of(house) == []
    assert house.parts.discovery.service.wishes.of(user_id) == {}


@pytest.mark.parametrize("name", ["\u202emusic", "a\0b", "   "])
async def test_interests_when_a_name_is_no_line_then_refused(
    house: House, ann: Socket, name: str
) -> None:
    answer = await ann.ask(taste_commands.ChooseInterests, interests=(name,))
    assert isinstance(answer, events.Error), answer
    assert answer.code is ErrorCode.INVALID_VALUE
    assert await wishes_of(house) == []
