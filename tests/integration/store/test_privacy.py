"""Seeing, taking along and erasing on real services; nothing of who is erased stays in a byte."""

from __future__ import annotations

import asyncio
import base64
import importlib
import importlib.util
import io
import json
import pkgutil
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlmodel import SQLModel, select, text

import server
from server import personal_parts
from server.ledger import audit
from server.ledger import queries as ledger
from server.moderation.tables import ListedWord, TextRuleSet
from server.privacy.erasing import REWRITE_AT_ONCE_BYTES_MAX
from server.sanctions.tables import Sanction
from tests.server_parts import PASSWORD, Parts, Socket
from wire import (
    account_commands,
    account_events,
    chat_commands,
    chat_events,
    coin_commands,
    event_base,
    events,
    inbox_commands,
    order_commands,
    privacy_commands,
    privacy_events,
    room_commands,
    room_events,
    round_commands,
    words_commands,
)
from wire.errors import ErrorCode
from wire.ids import RoomId
from wire.privacy_events import PRIVACY_VERSION

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlmodel import Session

    from server.gateway.services import Services
    from server.store.engine import Wiped

MESSAGES = 10_000
CANARIES = (
    "canary-name-7f3a",
    "canary-about-91c4",
    "canary-message-e2d8",
    "canary-poll-5b60",
    "canary-title-c77e",
    "canary-device-08af",
    "canary-prize-d41b",
    "canary-announcement-3e95",
    "canary-report-60fd",
    "canary-feedback-a82c",
)
NAME, ABOUT, MESSAGE, POLL, TITLE, DEVICE, PRIZE, ANNOUNCEMENT, REPORT, FEEDBACK = CANARIES

_PERSON = re.compile(
    r"(^|_)(users?|owner|actor|author|reporter|follower|followed|member|admin|by)(_id)?$"
)


# --- every table is spoken of --------------------------------------------------------------------


def columns_of_people() -> Iterator[str]:
    """Every column that leads to users, or is named as if it did, of whatever feature."""
    for feature in pkgutil.iter_modules(server.__path__, "server."):
        if feature.ispkg and importlib.util.find_spec(f"{feature.name}.tables"):
            importlib.import_module(f"{feature.name}.tables")
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if column.name.startswith("is_"):
                continue
            if _leads_to_users(column) or _PERSON.search(column.name):
                yield f"{table.name}.{column.name}"


def _leads_to_users(column: Column[object]) -> bool:
    return any(key.column.table.name == "users" for key in column.foreign_keys)


def test_parts_when_compared_with_all_tables_then_each_column_of_people_is_in_one() -> None:
    """A new table with a user in it says in its feature's `personal.py` what becomes of it."""
    spoken_of = [name for part in personal_parts.PARTS for name in (*part.erased, *part.kept)]
    assert len(spoken_of) == len(set(spoken_of))
    assert set(spoken_of) == set(columns_of_people())
    assert all(why for part in personal_parts.PARTS for why in part.kept.values())


# --- a person ------------------------------------------------------------------------------------


class House:
    """Ada, who is to go, with a room of her own; Bob, who stays, and his room."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.ada, self.bob = Socket(parts, "192.0.2.77"), Socket(parts)
        self.ada_room = self.bob_room = RoomId("")
        self.ada_id = ""

    @property
    def services(self) -> Services:
        return self.parts.services

    async def open(self, messages: int = 3) -> None:
        answer = await self.ada.ask(
            account_commands.Register,
            name=NAME,
            password=PASSWORD,
            device=DEVICE,
            agreed_version=PRIVACY_VERSION,
        )
        assert isinstance(answer, account_events.LoggedIn), answer
        self.ada_id = answer.user.user_id
        bob = await self.bob.register("Bob")
        self.ada_room = await self._open_room(self.ada, title=TITLE)
        self.bob_room = await self._open_room(self.bob)
        await self.ada.ask(account_commands.EditProfile, about=ABOUT)
        for socket in (self.ada, self.bob):
            for room_id in (self.ada_room, self.bob_room):
                await socket.ask(room_commands.JoinRoom, room_id=room_id)
        await self.bob.ask(
            room_commands.SetModerator, room_id=self.bob_room, user_id=self.ada_id, granted=True
        )
        await self.lead()
        await self.ada.ask(account_commands.FollowUser, user_id=bob.user.user_id, is_following=True)
        await self.bob.ask(account_commands.FollowUser, user_id=self.ada_id, is_following=True)
        await self.ada.ask(coin_commands.ClaimGrant)
        await self.ada.ask(coin_commands.SetSpendingLimits, limit_day_coins=50)
        await self.write(messages)

    async def lead(self) -> None:
        """Ada asks, draws and announces in Bob's room, and enters what Bob opens in hers."""
        for kind, fields in (
            (round_commands.OpenPoll, {"question": POLL, "choices": ("a", "b")}),
            (round_commands.OpenDraw, {"prize": PRIZE}),
            (chat_commands.Announce, {"text": ANNOUNCEMENT}),
        ):
            answer = await self.ada.ask(kind, room_id=self.bob_room, **fields)
            assert not isinstance(answer, events.Error), answer
        # What stands above is kept for undoing, in the line of whoever replaces it.
        for socket, words in ((self.bob, "mine"), (self.ada, ANNOUNCEMENT)):
            answer = await socket.ask(chat_commands.Announce, room_id=self.bob_room, text=words)
            assert not isinstance(answer, events.Error), answer

    async def write(self, messages: int) -> None:
        """Straight into the tables, but for the newest, which go through chat."""
        actor = self.ada_id

        def work(session) -> None:  # type: ignore[no-untyped-def]  # a session
            rows = [
                {
                    "id": f"0{number:09}",
                    "room_id": self.bob_room,
                    "user_id": actor,
                    "text": f"{MESSAGE} {number}",
                }
                for number in range(messages - 1)
            ]
            if rows:
                session.execute(
                    text(
                        "INSERT INTO messages (id, room_id, user_id, role, text, mode, color, "
                        "sent_at_unix_ms) VALUES (:id, :room_id, :user_id, 'viewer', :text, 1, 0,"
                        " 1)"
                    ),
                    rows,
                )

        await self.parts.store.write(work)
        said = await self.say(self.ada, self.bob_room, f"{MESSAGE} the last")
        assert isinstance(said, chat_events.DanmakuAccepted), said
        self.said = said
        for socket in (self.ada, self.bob):
            await socket.ask(
                chat_commands.PinMessage, room_id=self.bob_room, message_id=said.message_id
            )
        answered = await self.say(self.bob, self.bob_room, "hear, hear", said.message_id)
        assert isinstance(answered, chat_events.DanmakuAccepted), answered
        self.answered = answered
        # Bob's report keeps Ada's message and what was said around it.
        for socket, message_id in ((self.ada, answered.message_id), (self.bob, said.message_id)):
            taken = await socket.ask(
                inbox_commands.SendReport,
                room_id=self.bob_room,
                message_id=message_id,
                reason="spam",
                text=REPORT if socket is self.ada else "look at this",
            )
            assert not isinstance(taken, events.Error), taken
        taken = await self.ada.ask(
            inbox_commands.SendFeedback, idempotency_key="k", category="problem", text=FEEDBACK
        )
        assert not isinstance(taken, events.Error), taken

    async def say(
        self, socket: Socket, room_id: RoomId, words: str, reply_to: str | None = None
    ) -> event_base.Answer:
        return await socket.ask(
            chat_commands.SendDanmaku, room_id=room_id, text=words, reply_to=reply_to
        )

    async def erase(self) -> None:
        answer = await self.ada.ask(privacy_commands.EraseAccount, password=PASSWORD)
        assert answer == events.Ok(re=answer.re), answer
        await self.services.eraser.close()

    async def _open_room(self, socket: Socket, **fields: object) -> RoomId:
        name = f"Hall {socket.channel.address}"
        answer = await socket.ask(room_commands.CreateRoom, name=name, **fields)
        assert isinstance(answer, room_events.RoomDetails), answer
        return answer.room.room_id


@pytest.fixture
async def house(parts: Parts) -> House:
    house = House(parts)
    await house.open()
    return house


def count_rows(counts: tuple[privacy_events.DataCount, ...]) -> dict[str, int]:
    return {one.name: one.rows for one in counts if one.rows}


async def read_export(socket: Socket) -> dict[str, list[dict[str, object]]]:
    """All files of the zip but the first, by name."""
    piece = await socket.ask(privacy_commands.PrepareExport)
    assert isinstance(piece, privacy_events.ExportPiece), piece
    taken = b""
    while not piece.size_bytes or len(taken) < piece.size_bytes:
        await asyncio.sleep(0.01)
        piece = await socket.ask(
            privacy_commands.ReadExport, export_id=piece.export_id, offset=len(taken)
        )
        assert isinstance(piece, privacy_events.ExportPiece), piece
        taken += base64.b64decode(piece.data)
    with zipfile.ZipFile(io.BytesIO(taken)) as archive:
        assert archive.testzip() is None
        return {
            name.removesuffix(".json"): json.loads(archive.read(name))
            for name in archive.namelist()
        }


# --- consent -------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [0, PRIVACY_VERSION + 1])
async def test_register_when_the_words_of_today_are_not_agreed_to_then_no_account(
    parts: Parts, version: int
) -> None:
    socket = Socket(parts)
    answer = await socket.ask(
        account_commands.Register, name="Ada", password=PASSWORD, agreed_version=version
    )
    assert isinstance(answer, events.Error)
    assert (answer.code, answer.field) == (ErrorCode.CONSENT_REQUIRED, "agreed_version")
    await socket.register("Ada")


async def test_my_data_when_asked_then_the_agreement_and_all_there_is_in_counts(
    house: House,
) -> None:
    answer = await house.ada.ask(privacy_commands.GetMyData)
    assert isinstance(answer, privacy_events.MyData)
    assert answer.agreed_version == PRIVACY_VERSION
    assert answer.agreed_at_unix_ms == house.parts.time.clocks.unix_ms()
    assert count_rows(answer.counts) == {
        "profile": 1,
        "sessions": 1,
        "devices": 1,
        "messages": 3,
        "announcements": 1,
        "polls": 1,
        "draws": 1,
        "follows": 1,
        "followers": 1,
        "coins": 1,
        "spending_limits": 1,
        "privacy": 1,
        "rooms": 1,
        "moderating": 1,
        # Two announcements and a pin; made a moderator, and pinned by both.
        "acts": 3,
        "acts_about_me": 3,
        "reports": 1,
        "reports_about_me": 1,
        "feedback": 1,
    }


async def test_recording_when_turned_off_then_kept_and_obeyed(house: House) -> None:
    privacy = house.services.privacy
    assert await privacy.may_record(house.ada_id)
    await house.ada.ask(privacy_commands.SetRecording, is_recorded=False)
    assert not await privacy.may_record(house.ada_id)
    answer = await house.ada.ask(privacy_commands.GetMyData)
    assert isinstance(answer, privacy_events.MyData)
    assert (answer.is_recorded, answer.agreed_version) == (False, PRIVACY_VERSION)


# --- taking along --------------------------------------------------------------------------------


async def test_export_when_read_then_every_list_is_there_as_json(house: House) -> None:
    files = await read_export(house.ada)
    about = files.pop("about")
    assert about["rows"] == {name: len(rows) for name, rows in files.items()}
    assert [row["text"] for row in files["messages"]][-1] == f"{MESSAGE} the last"
    assert files["profile"][0]["about"] == ABOUT
    assert files["rooms"][0]["title"] == TITLE
    whole = json.dumps(files)
    assert all(canary in whole for canary in CANARIES)
    assert "password" not in whole
    assert "hash" not in whole


async def test_export_when_dropped_or_anothers_then_not_found(house: House) -> None:
    piece = await house.ada.ask(privacy_commands.PrepareExport)
    assert isinstance(piece, privacy_events.ExportPiece)
    for socket, kind in (
        (house.bob, privacy_commands.ReadExport),
        (house.bob, privacy_commands.DropExport),
    ):
        answer = await socket.ask(kind, export_id=piece.export_id)
        assert isinstance(answer, events.Error)
        assert answer.code is ErrorCode.NOT_FOUND
    assert await house.ada.ask(privacy_commands.DropExport, export_id=piece.export_id)
    answer = await house.ada.ask(privacy_commands.ReadExport, export_id=piece.export_id)
    assert isinstance(answer, events.Error)
    assert answer.code is ErrorCode.NOT_FOUND


async def test_export_when_nobody_reads_it_then_it_is_gone_after_a_while(house: House) -> None:
    piece = await house.ada.ask(privacy_commands.PrepareExport)
    assert isinstance(piece, privacy_events.ExportPiece)
    house.parts.time.pass_s(601)
    answer = await house.ada.ask(privacy_commands.ReadExport, export_id=piece.export_id)
    assert isinstance(answer, events.Error)


# --- erasing -------------------------------------------------------------------------------------


async def test_erase_when_the_password_is_wrong_then_nothing_happens(house: House) -> None:
    answer = await house.ada.ask(privacy_commands.EraseAccount, password="not this one")
    assert isinstance(answer, events.Error)
    assert (answer.code, answer.field) == (ErrorCode.BAD_CREDENTIALS, "password")
    answer = await house.ada.ask(privacy_commands.GetMyData)
    assert isinstance(answer, privacy_events.MyData)


async def test_erase_when_done_then_nothing_is_left_in_tables_and_memory(house: House) -> None:
    other = Socket(house.parts)
    await other.ask(account_commands.Login, name=NAME, password=PASSWORD, device="")
    await house.erase()
    assert other.channel.closed_with is not None
    assert house.ada.channel.closed_with is None
    answer = await house.ada.ask(privacy_commands.GetMyData)
    assert isinstance(answer, events.Error)
    assert answer.code is ErrorCode.LOGIN_REQUIRED
    left = await house.services.privacy.my_data(house.ada_id)
    # What the books keep, and an id without a name.
    assert count_rows(left.counts) == {
        "profile": 1,
        "coins": 1,
        "acts": 3,
        "acts_about_me": 3,
        "reports": 1,
        "reports_about_me": 1,
        "feedback": 1,
    }
    newcomer = Socket(house.parts)
    joined = await newcomer.ask(room_commands.JoinRoom, room_id=house.bob_room)
    assert isinstance(joined, room_events.RoomJoined)
    words = repr(joined)
    assert not [canary for canary in CANARIES if canary in words]
    profile = await house.bob.ask(account_commands.GetProfile, user_id=house.ada_id)
    assert isinstance(profile, account_events.Profile)
    assert profile.user.name.startswith("erased-")
    answer = await house.ada.ask(account_commands.Login, name=NAME, password=PASSWORD)
    assert isinstance(answer, events.Error)
    await house.ada.register(NAME)  # the name is free


async def test_erase_when_done_then_rooms_are_gone_and_others_words_stay(house: House) -> None:
    await house.erase()
    answer = await house.bob.ask(room_commands.GetRoom, room=house.ada_room)
    assert isinstance(answer, events.Error)
    assert answer.code is ErrorCode.NOT_FOUND
    assert (house.ada_room, "room_closed") in house.parts.plane.ended
    assert house.ada_room in house.parts.plane.cut_rooms
    answered = house.answered.message_id
    history = house.services.chat.history(house.bob_room)
    await house.services.chat.load_history(house.bob_room)
    history = house.services.chat.history(house.bob_room)
    assert [one.message_id for one in history] == [answered]
    assert history[0].reply_to == house.said.message_id
    again = await house.say(house.bob, house.bob_room, "so it is", answered)
    assert isinstance(again, chat_events.DanmakuAccepted)


async def test_erase_when_rooms_go_then_their_lists_and_what_stands_in_them_go_too(
    house: House,
) -> None:
    parts, room_id = house.parts, house.ada_room
    ids = {"room_id": room_id, "kind": "mute", "reason": "canary-reason"}
    for kind, fields in (
        (words_commands.AddWord, {"room_id": room_id, "word": "canary-word"}),
        (words_commands.SetTextRules, {"room_id": room_id, "allowed_domains": ("canary.org",)}),
        (order_commands.ImposeSanction, {"user_id": house.bob.session.user_id, **ids}),
    ):
        answer = await house.ada.ask(kind, **fields)
        assert not isinstance(answer, events.Error), answer
    await house.erase()

    def read_all(session: Session) -> str:
        tables = (ListedWord, TextRuleSet, Sanction)
        return str([row for table in tables for row in session.exec(select(table)).all()])

    assert "canary" not in await parts.store.read(read_all)
    assert room_id not in parts.moderation._rooms
    assert list(parts.standings) == []


async def test_erase_when_the_book_is_verified_then_it_is_whole(house: House) -> None:
    await house.erase()
    report = await house.parts.store.read(
        lambda session: audit.verify(ledger.read_book(session), ledger.read_balances(session), {})
    )
    assert report.ok, report.problems


async def test_erase_when_the_disk_fails_then_the_user_stays_as_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wire.errors import WireError  # noqa: PLC0415 # for this one

    async def fail(_work: object) -> None:
        raise WireError(ErrorCode.STORAGE_FAILED, "the relay's disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(house.parts.store, "write", fail)
        answer = await house.ada.ask(privacy_commands.EraseAccount, password=PASSWORD)
        assert isinstance(answer, events.Error)
        assert answer.code is ErrorCode.STORAGE_FAILED
    said = await house.say(house.ada, house.bob_room, "still here")
    assert isinstance(said, chat_events.DanmakuAccepted), said


async def test_erase_when_a_user_has_ten_thousand_messages_then_no_byte_has_the_canaries(
    parts: Parts, database_url: str, tmp_path: Path
) -> None:
    house = House(parts)
    await house.open(MESSAGES)
    assert len((await read_export(house.ada))["messages"]) == MESSAGES
    read_all = _read_dump if database_url.startswith("postgresql") else _read_folder
    before = read_all(database_url, tmp_path)
    assert [canary for canary in CANARIES if canary.encode() not in before] == []
    await house.erase()
    assert not list(parts.folder.glob("wipe.due"))
    after = read_all(database_url, tmp_path)
    after += _read_folder("", parts.folder)
    assert [canary for canary in CANARIES if canary.encode() in after] == []
    assert b"hear, hear" in after


async def test_erase_when_many_do_so_then_the_database_is_rewritten_once_and_then_with_the_sweep(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int | None] = []
    wipe = parts.store.wipe

    async def note(*, rewrite_bytes_max: int | None) -> Wiped:
        asked.append(rewrite_bytes_max)
        wiped = await wipe(rewrite_bytes_max=rewrite_bytes_max)
        return wiped._replace(is_rewritten=rewrite_bytes_max != 0)  # as a SQLite of some size

    monkeypatch.setattr(parts.store, "wipe", note)
    for name in ("Ada", "Bob"):
        actor = await parts.register(name)
        await parts.privacy.eraser.erase(actor.require_login().user.user_id)
        await parts.privacy.eraser.close()
    due = parts.folder / "wipe.due"
    assert asked == [REWRITE_AT_ONCE_BYTES_MAX, 0]
    assert due.exists()
    await parts.privacy.eraser.wait_wiped(is_daily=True)
    assert asked[-1] is None
    assert not due.exists()


def _read_folder(_url: str, folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def _read_dump(url: str, _folder: Path) -> bytes:
    address = url.replace("postgresql+psycopg://", "postgresql://")
    dump = ["pg_dump", "--dbname", address]
    return subprocess.run(dump, check=True, capture_output=True, timeout=60).stdout


# --- keeping -------------------------------------------------------------------------------------


async def test_sweep_when_time_has_passed_then_old_messages_go_and_new_ones_stay(
    house: House,
) -> None:
    privacy, day_ms = house.services.privacy, 86_400_000
    sent_at = house.answered.sent_at_unix_ms
    assert await privacy.sweep(sent_at + 364 * day_ms) >= 2  # those of 1970
    await house.parts.store.read(lambda _session: None)
    left = await privacy.my_data(house.ada_id)
    assert count_rows(left.counts)["messages"] == 1
    await privacy.sweep(sent_at + 366 * day_ms)
    left = await privacy.my_data(house.ada_id)
    assert "messages" not in count_rows(left.counts)
