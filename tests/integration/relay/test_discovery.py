"""Discovery on a real relay: what goes through the media socket is what is believed."""

from __future__ import annotations

import asyncio
import csv
from typing import TYPE_CHECKING

from server import recommender
from tests.support.relay_clients import ControlClient, control, publisher, subscriber
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import (
    discovery_commands,
    discovery_events,
    event_base,
    media_commands,
    media_events,
    privacy_commands,
    room_commands,
    room_events,
)
from wire.ids import RoomId

if TYPE_CHECKING:
    from pathlib import Path


async def first_room(client: ControlClient) -> event_base.RoomInfo:
    page = await client.ask(room_commands.ListRooms(id=0, order="recommended"))
    assert isinstance(page, room_events.RoomList)
    return page.rooms[0]


async def watch(client: ControlClient, url: str, room_id: RoomId, seconds: float) -> None:
    ticket = await client.ask(room_commands.RequestSubscribeTicket(id=0, room_id=room_id))
    async with subscriber(url, room_id, ticket=ticket.ticket) as viewer:
        await viewer.wait_for(media_events.Subscribed)
        await viewer.say(media_commands.Report(latency_ms=400, stalls=2))
        await asyncio.sleep(seconds)  # time watched is what is measured


async def test_watching_when_a_socket_was_open_then_the_list_knows_it_and_the_row_is_kept(
    tmp_path: Path,
) -> None:
    with running_relay(tmp_path / "data") as relay:
        media, room_id = SyntheticMedia(), RoomId(relay.room_id)
        async with (
            publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key) as source,
            control(relay.url) as ann,
            control(relay.url) as shy,
        ):
            await source.stream(media, 3)
            for client, name in ((ann, "Ann"), (shy, "Shy")):
                await client.register(name)
                await client.join(room_id)
            await shy.ask(privacy_commands.SetRecording(id=0, is_recorded=False))
            for client in (ann, shy):
                await watch(client, relay.url, room_id, 1.0)
            await asyncio.sleep(1.1)  # what is live is looked at once a second
            assert (await first_room(ann)).reason == event_base.Reason(kind="watched", count=1)
            other = (await first_room(shy)).reason
            assert other is not None
            assert other.kind != "watched"
            belief = await ann.ask(discovery_commands.GetBelief(id=0))
            assert isinstance(belief, discovery_events.Belief)
            assert belief.visits == 1
            await source.say(media_commands.EndPublishing())
            await ann.wait_for(room_events.BroadcastEnded)
            assert (await first_room(ann)).reason is None
        relay.stop()
        ((rows_file, count), _) = recommender.export_behaviour(
            tmp_path / "data", "", tmp_path / "out"
        )
        explained = recommender.explain_user(tmp_path / "data", "", "Ann")
    assert (explained["user"], explained["visits"]) == ("Ann", 1)
    assert "Ann: 1 visits" in next(iter(recommender.explanation_lines(explained)))
    with rows_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == count
    assert {row["kind"] for row in rows} == {"entered", "watched"}
    (watched,) = [row for row in rows if row["kind"] == "watched"]
    assert 0.8 < float(watched["amount"]) < 10
    assert (watched["delay_ms"], watched["stalls"]) == ("400", "2")
