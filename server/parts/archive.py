"""Recordings, and their use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.background import BackgroundTasks
from server.chat.past import Past
from server.gateway.registry import Identity
from server.recording.disk import FOLDER
from server.recording.live_streams import LiveStreams
from server.recording.offers import Offers
from server.recording.replays import Replays
from server.recording.service import RecordingService
from server.recording.timeline import GATHER_S

if TYPE_CHECKING:
    from server.parts.ground import Ground
    from server.parts.people import People
    from server.parts.talk import Talk


@dataclass(frozen=True, kw_only=True)
class Archive:
    recording: RecordingService
    replays: Replays
    streams: LiveStreams
    offers: Offers


def build_archive(ground: Ground, people: People, talk: Talk) -> Archive:
    store, clocks, random_bytes = ground.store, ground.clocks, ground.random_bytes
    recording = RecordingService(
        store,
        settings=ground.recording,
        folder=ground.data_dir / FOLDER,
        plane=ground.plane,
        rooms=people.rooms,
        past=Past(store, users=people.accounts, chat=talk.chat),
        post=ground.hub.post,
        find_cover=ground.find_cover,
        clocks=clocks,
        random_bytes=random_bytes,
        gather_s=min(ground.pace.store_messages_s, GATHER_S),
    )
    replays = Replays(
        store,
        recording=recording,
        rooms=people.rooms,
        users=people.accounts,
        post=ground.hub.post,
        post_to_leaders=ground.hub.post_to_leaders,
        clocks=clocks,
        random_bytes=random_bytes,
    )
    tasks = BackgroundTasks()

    def tell_ready(replay_id: str) -> None:
        tasks.start(replays.tell_ready(replay_id), name="a recording is ready")

    recording.on_ended = tell_ready
    streams = LiveStreams(ground.plane)
    ground.hub.listen(recording.note)
    ground.hub.listen(streams.note)
    ground.registry.on_cut.append(
        lambda is_cut: replays.tickets.end(
            lambda login: is_cut(Identity(login.user.user_id, login.session_id))
        )
    )
    offers = Offers(store, rooms=people.rooms, replays=replays)
    return Archive(recording=recording, replays=replays, streams=streams, offers=offers)
