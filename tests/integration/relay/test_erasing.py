"""Erasing on a real relay: what is live ends, and folder and log hold nothing of who is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.privacy.journal import WIPE_FILE
from tests.support.relay_clients import PASSWORD, control, publisher, subscriber
from tests.support.relay_process import RelayProcess, running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import (
    account_commands,
    chat_events,
    commands,
    events,
    media_events,
    privacy_commands,
    privacy_events,
    room_commands,
)
from wire.errors import CloseCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "canary-name-4411"
TEXT = "canary-text-9120"
TITLE = "canary-title-7733"


@pytest.fixture
def own_relay(tmp_path: Path) -> Iterator[RelayProcess]:
    with running_relay(tmp_path / "data") as process:
        yield process


async def test_erase_when_the_user_is_live_then_all_is_cut_and_no_byte_is_left(
    own_relay: RelayProcess,
) -> None:
    relay = own_relay
    async with control(relay.url) as ada, control(relay.url) as bob, control(relay.url) as other:
        await ada.register(NAME)
        await bob.register("Bob")
        await other.ask(account_commands.Resume(id=0, token=ada.token))
        room_id = await ada.create_room("Hers", title=TITLE)
        await bob.join(room_id)
        await ada.join(room_id)
        assert isinstance(await (await ada.say(room_id, TEXT)), chat_events.DanmakuAccepted)
        issue = room_commands.RequestPublishTicket(id=0, room_id=room_id)  # type: ignore[arg-type]  # plain text here
        ticket = (await ada.ask(issue)).ticket
        async with (
            publisher(relay.url, room_id, SyntheticMedia(), ticket=ticket) as source,
            subscriber(relay.url, room_id) as viewer,
        ):
            assert source.accepted
            assert viewer.of(media_events.Subscribed)
            assert _is_anywhere(relay, NAME)
            await ada.ask(privacy_commands.EraseAccount(id=0, password=PASSWORD))
            assert await other.wait_closed() == CloseCode.SESSION_ENDED
            assert await source.wait_closed() is not None
            assert await viewer.wait_closed() == CloseCode.ENDED
        answer = await ada.ask(privacy_commands.GetPrivacyTerms(id=0))  # a guest now
        assert isinstance(answer, privacy_events.PrivacyTerms)
        refused = await bob.ask_in_vain(room_commands.GetRoom(id=0, room=room_id))
        assert refused.code == "not_found"
        assert isinstance(await bob.ask(commands.Ping(id=0)), events.Pong)
    relay.stop()  # it finishes what was begun
    assert not (relay.data_dir / WIPE_FILE).exists()
    for canary in (NAME, TEXT, TITLE):
        assert not _is_anywhere(relay, canary), canary


async def test_log_when_things_go_wrong_then_nobodys_name_address_or_words_are_in_it(
    own_relay: RelayProcess,
) -> None:
    relay = own_relay
    async with control(relay.url) as ada:
        await ada.register(NAME)
        room_id = await ada.create_room("Hers", title=TITLE)
        await ada.join(room_id)
        await (await ada.say(room_id, TEXT))
        await ada.ask_in_vain(account_commands.Login(id=0, name=NAME, password="wrong words here"))
        await ada.socket.send('{"type": "SendDanmaku", "id": 1, "text": "' + TEXT + '"}')
        await ada.socket.send(TEXT)
        async with publisher(relay.url, room_id, SyntheticMedia(), ticket=TEXT) as refused:
            assert await refused.wait_closed() == CloseCode.UNAUTHENTICATED
    relay.stop()
    log = relay.log_path.read_text("utf-8")
    assert "serving" in log
    own_url = relay.url.partition("://")[2]
    for words in (NAME, TEXT, TITLE, "127.0.0.1", PASSWORD):
        assert words not in log.replace(own_url, ""), words


def _is_anywhere(relay: RelayProcess, words: str) -> bool:
    """In the data folder or the log."""
    files = [path for path in relay.data_dir.rglob("*") if path.is_file()]
    return any(words.encode() in path.read_bytes() for path in (*files, relay.log_path))
