"""A room's own emotes over real sockets: the largest picture fits, and nobody drains the relay."""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

from server.gateway.action_limits import PER_USER, ActionKind
from tests.emote_pictures import SIGNATURE, chunk, header
from tests.support.relay_clients import WAIT_S, control
from wire import emotes_commands, events
from wire.emotes import make_emote_id
from wire.emotes_events import EmoteInfo, EmotePicture, EmotesChanged
from wire.errors import ErrorCode
from wire.limits import EMOTE_BYTES_MAX

if TYPE_CHECKING:
    from tests.support.relay_clients import ControlClient
    from tests.support.relay_process import RelayProcess


def largest() -> bytes:
    """A good frame around bytes that no decoder takes: the relay does not decode."""
    around = SIGNATURE + header(256, 256) + chunk(b"IDAT") + chunk(b"IEND")
    return (
        SIGNATURE
        + header(256, 256)
        + chunk(b"IDAT", os.urandom(EMOTE_BYTES_MAX - len(around)))
        + chunk(b"IEND")
    )


async def test_emote_when_as_large_as_may_be_then_it_comes_to_a_guest_unchanged(
    relay: RelayProcess, owner: ControlClient, room_id: str
) -> None:
    picture = largest()
    assert len(picture) == EMOTE_BYTES_MAX
    async with control(relay.url) as guest:
        await guest.join(room_id)
        await owner.ask(
            emotes_commands.AddEmote(id=0, room_id=room_id, name="wave", picture=picture)
        )
        changed = await guest.wait_for(EmotesChanged)
        wave = EmoteInfo(name="wave", emote_id=make_emote_id(picture))
        assert changed.emotes == (wave,)
        got = await guest.ask(
            emotes_commands.GetEmote(id=0, room_id=room_id, emote_id=wave.emote_id)
        )
        assert got.picture == picture


async def test_pictures_when_asked_for_without_end_then_the_bucket_is_empty_at_once(
    relay: RelayProcess, owner: ControlClient, room_id: str
) -> None:
    rows = zlib.compress(b"\0" + b"\xff" * 4)
    picture = SIGNATURE + header(1, 1) + chunk(b"IDAT", rows) + chunk(b"IEND")
    await owner.ask(emotes_commands.AddEmote(id=0, room_id=room_id, name="dot", picture=picture))
    wanted = emotes_commands.GetEmote(id=0, room_id=room_id, emote_id=make_emote_id(picture))
    async with control(relay.url) as guest:
        await guest.join(room_id)
        answers = [
            await guest._ask(wanted, WAIT_S) for _ in range(PER_USER[ActionKind.PICTURE].burst)
        ]
        assert all(isinstance(answer, EmotePicture) for answer in answers)
        while not isinstance(answer := await guest._ask(wanted, WAIT_S), events.Error):
            answers.append(answer)
            assert len(answers) < 1_000
    assert answer.code is ErrorCode.RATE_LIMITED
