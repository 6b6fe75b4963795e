"""Messages with one field wrong, on real sockets of all three kinds, while others go on.

The sample of what `tests/integration/store/test_wrong_commands.py` tries completely, and all of
the media sockets' first messages.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from websockets.exceptions import ConnectionClosed

from tests.support.alive import staying_alive
from tests.support.mutations import Case, good_fields, kinds_of, mutated
from tests.support.relay_clients import claim_admin, control, new_key, opened
from tests.support.synthetic_media import SyntheticMedia
from wire import (
    CONTROL_PATH,
    PUBLISH_PATH,
    SUBSCRIBE_PATH,
    account_commands,
    commands,
    event_base,
    events,
    media_commands,
    room_commands,
)
from wire.errors import CLOSE_CODES, CloseCode, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from websockets.asyncio.client import ClientConnection

    from tests.support.relay_process import RelayProcess

LEAKS = ("Traceback", "SELECT", "INSERT", "sqlite", ".py", "site-packages", "0x")
SAMPLE = 41
"""One in so many of the commands' cases."""
CASES_A_SOCKET = 8
"""Fewer wrong messages than end a socket."""
AT_ONCE = 6
PONG_ID = 777_777
TOO_LARGE = 1009


@dataclass(frozen=True)
class Visit:
    """One control socket: whom it logs in as, and what it says."""

    token: str
    room_id: str
    cases: tuple[Case, ...]


async def test_control_when_fields_are_wrong_then_documented_errors_and_the_relay_stays_alive(
    relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    async with (
        control(relay.url) as owner,
        control(relay.url) as viewer,
        control(relay.url) as admin,
        control(relay.url) as somebody,
    ):
        await admin.register(unique("admin"))
        await claim_admin(admin, relay)
        await owner.register(unique("owner"))
        await viewer.register(unique("viewer"))
        room_id = await owner.create_room(unique("room"))
        # Whom admins' commands are about: some are right after all, and log them out or ban them.
        await somebody.register(unique("somebody"))
        assert somebody.user is not None
        known = {
            "room_id": room_id,
            "room": room_id,
            "user_id": somebody.user.user_id,
            # Right ones would end the sessions of all other visits.
            "password": "not the password",
            "old_password": "not the password",
            "passphrase": "",
        }
        visits = _visits(known, room_id, ("", owner.token, viewer.token, admin.token))
        # Once before: a relay that has just started grows with each statement that it compiles.
        await _all_of(_pay(relay, visit) for visit in visits)
        async with staying_alive(relay, unique("alive")) as watch:
            watch.peers = len(visits)
            codes = await _all_of(_pay(relay, visit) for visit in visits)
    assert {ErrorCode.INVALID_VALUE, ErrorCode.MALFORMED, ErrorCode.LOGIN_REQUIRED} <= codes
    assert ErrorCode.INTERNAL not in codes


def _visits(known: dict[str, object], room_id: str, tokens: tuple[str, ...]) -> list[Visit]:
    kinds = [
        kind for kind in kinds_of(commands.ControlCommand) if kind is not account_commands.Logout
    ]
    cases = [case for kind in kinds for case in mutated(good_fields(kind, known))]
    visits = []
    for number, token in enumerate(tokens):
        sample = cases[number * (SAMPLE // len(tokens)) :: SAMPLE]
        visits += [
            Visit(token, room_id, tuple(sample[first : first + CASES_A_SOCKET]))
            for first in range(0, len(sample), CASES_A_SOCKET)
        ]
    return visits


async def _pay(relay: RelayProcess, visit: Visit) -> set[ErrorCode]:
    async with opened(relay.url, CONTROL_PATH) as socket:
        if visit.token:
            await socket.send(commands.pack(account_commands.Resume(id=1, token=visit.token)))
            assert '"LoggedIn"' in str(await socket.recv())
        join = room_commands.JoinRoom(id=2, room_id=visit.room_id)  # type: ignore[arg-type]  # plain text here
        await socket.send(commands.pack(join))
        await socket.recv()
        return {code for case in visit.cases for code in await _say(socket, case)}


async def _say(socket: ClientConnection, case: Case) -> set[ErrorCode]:
    """The errors that came before the answer to a ping."""
    await socket.send(case.text.encode("utf-8", "surrogatepass"), text=True)
    await socket.send(commands.pack(commands.Ping(id=PONG_ID)))
    codes = set()
    async with asyncio.timeout(20):
        while True:
            message = events.parse_control(await socket.recv())
            if isinstance(message, events.Error):
                codes.add(_check(message))
            if isinstance(message, event_base.Answer) and message.re == PONG_ID:
                # So many sockets of one user may have to wait with their pings as well.
                assert isinstance(message, events.Pong) or message.code is ErrorCode.RATE_LIMITED
                return codes


def _check(error: events.Error) -> ErrorCode:
    assert error.message
    assert not any(leak in error.message for leak in LEAKS), error
    return error.code


async def test_media_when_a_first_message_is_wrong_then_one_error_and_closed(
    relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    async with control(relay.url) as owner:
        await owner.register(unique("owner"))
        room_id = await owner.create_room(unique("room"))
        key = await new_key(owner, room_id)
        known = {
            "room_id": room_id,
            "publish_key": key.publish_key,
            "ticket": "",
            "tracks": msgspec.to_builtins(SyntheticMedia().tracks),
        }
        cases = [
            *_first_messages(PUBLISH_PATH, media_commands.PublisherMessage, known),
            *_first_messages(SUBSCRIBE_PATH, media_commands.SubscriberMessage, known),
        ]
        async with staying_alive(relay, unique("alive")) as watch:
            watch.peers = len(cases)
            codes = await _all_of(_begin(relay, path, case) for path, case in cases)
    assert {ErrorCode.INVALID_VALUE, ErrorCode.MALFORMED, ErrorCode.WRONG_STATE} <= codes
    assert ErrorCode.INTERNAL not in codes


def _first_messages(
    path: str, union: object, known: dict[str, object]
) -> Iterator[tuple[str, Case]]:
    for kind in kinds_of(union):
        for case in mutated(good_fields(kind, known)):
            yield path, case
    if path == PUBLISH_PATH:
        track = {name: msgspec.json.encode(v).decode() for name, v in known["tracks"][0].items()}  # type: ignore[index]  # a list of ours
        good = good_fields(media_commands.Publish, known)
        for case in mutated(track):
            yield path, Case(f"track, {case.what}", _with_tracks(good, f"[{case.text}]"))


def _with_tracks(good: dict[str, str], tracks: str) -> str:
    pairs = {**good, "tracks": tracks}.items()
    return "{" + ",".join(f'"{name}":{value}' for name, value in pairs) + "}"


async def _begin(relay: RelayProcess, path: str, case: Case) -> set[ErrorCode]:
    """One message; then an orderly goodbye where it was right after all."""
    codes: set[ErrorCode] = set()
    async with opened(relay.url, path) as socket:
        with contextlib.suppress(ConnectionClosed):
            await socket.send(case.text.encode("utf-8", "surrogatepass"), text=True)
            async with asyncio.timeout(20):
                while True:
                    said = await socket.recv()
                    assert isinstance(said, str)
                    if '"type":"Error"' not in said:
                        return codes
                    codes.add(_check(msgspec.json.decode(said, type=events.Error)))
    assert len(codes) <= 1
    closed_with = {int(CLOSE_CODES[code]) for code in codes} or {TOO_LARGE, CloseCode.REPLACED}
    assert socket.close_code in closed_with, (case, codes, socket.close_code)
    return codes


async def _all_of(visits: Iterator) -> set[ErrorCode]:  # type: ignore[type-arg]  # coroutines of sets
    """So many at once as a machine's own programs might be."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(visit) -> set[ErrorCode]:  # type: ignore[no-untyped-def]  # a coroutine
        async with turn:
            return await visit

    found = await asyncio.gather(*(one(visit) for visit in visits))
    return set().union(*found)
