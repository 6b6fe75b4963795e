"""A day in a house, for the pictures of the admin tab.

The figures of the week before are written as the relay writes them, before it runs. What people
and admins do comes over sockets: accounts, messages, reports, feedback, sanctions and the rest.
"""

from __future__ import annotations

import asyncio
import math
import random
import secrets
import sys
import time
import uuid
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt

from app.errors import RelayRefused
from app.live.crowd_accounts import CrowdAccounts
from app.live.vault import Vault
from app.net.address import parse_relay_address
from app.net.control_client import ControlClient, open_control
from server.admin import queries
from server.admin.figures import STORED_MAX, STORED_MS, Sample
from server.store.data_dir import DataDir
from server.store.store import Store
from wire import (
    account_commands,
    admin_commands,
    chat_commands,
    chat_events,
    coin_commands,
    command_base,
    event_base,
    events,
    inbox_commands,
    room_commands,
    words_commands,
)
from wire import order_commands as order
from wire.event_base import Answer
from wire.ids import GiftId, MessageId, RoomId, UserId

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage

    from app.live.house import House
    from tests.tour.screenshots import Tour

ADMIN: Final = "Rowan"
SEED: Final = 20
PEOPLE: Final = (
    ("Ines", "林间", "阿禾", "晚风", "Bettina", "Otto"),
    ("coin_fairy", "刷屏王", "Loud Larry"),
)
"""Those who are kind, and those who are not."""
WORDS: Final = (
    ("free coins", "refuse"),
    ("follow for follow", "hold"),
    ("cheap gold", "refuse"),
    ("加微信", "refuse"),
    ("代练", "hold"),
    ("刷粉", "refuse"),
    ("互关", "hold"),
    ("loser", "hold"),
    ("idiot", "refuse"),
    ("滚出去", "refuse"),
)
CALM_LINES: Final = (
    "The light in this scene is wonderful",
    "这个镜头真好看",
    "Does anybody know the name of the tune?",
    "前排围观，今晚不困",
)
BAD_LINES: Final = (
    (
        "Send me your password and I double your coins",
        "free coins for all of you",
        "FREE C0INS, only today",
        "cheap gold at my place",
    ),
    ("主播不行，快来我的直播间", "代练找我，便宜又快", "加微信有惊喜", "互关互关，有关必回"),
    (
        "what a boring stream, go home",
        "YOU ARE ALL SO SLOW",
        "only a loser watches this",
    ),
)
_SHOT_WIDTH: Final = 640
_SHOT_QUALITY: Final = 45
_PASSWORD_BYTES: Final = 24


async def write_figures(relay_folder: Path, now_unix_ms: int) -> None:
    """A week of the house's figures, up to a quarter of an hour ago."""
    chance = random.Random(SEED)  # the same week in each run
    last = now_unix_ms // STORED_MS * STORED_MS - STORED_MS
    samples = [
        _make_sample(last - step * STORED_MS, chance) for step in range(STORED_MAX - 2, -1, -1)
    ]
    with DataDir.open(relay_folder) as data_dir:
        store = Store.open(data_dir.database_url(), queue_max=10)
        try:
            for sample in samples:
                await store.write(
                    lambda session, one=sample: queries.insert_figures(
                        session, one, keep_since_unix_ms=0
                    )
                )
        finally:
            store.close()


def _make_sample(at_unix_ms: int, chance: random.Random) -> Sample:
    """Most come in the evening, fewest before dawn, and each day is a little different."""
    hour = time.localtime(at_unix_ms / 1000)
    of_day = hour.tm_hour + hour.tm_min / 60
    evening = math.exp(-(((of_day - 20.5 + 12) % 24 - 12) ** 2) / 14)
    noon = 0.35 * math.exp(-(((of_day - 12.5 + 12) % 24 - 12) ** 2) / 5)
    is_weekend = hour.tm_wday >= 5
    crowd = (0.04 + noon + evening) * (1.25 if is_weekend else 1.0) * chance.uniform(0.88, 1.12)
    viewers = round(240 * crowd)
    rooms = max(1, round(9 * crowd + chance.uniform(-0.4, 0.4)))
    messages = round(viewers * chance.uniform(0.28, 0.4))
    is_raided = chance.random() < 0.012
    return Sample(
        at_unix_ms=at_unix_ms,
        viewers=viewers,
        rooms_live=rooms,
        sockets=round(viewers * 2.1) + 6,
        bytes_in_per_s=rooms * round(chance.uniform(300_000, 345_000)),
        bytes_out_per_s=viewers * round(chance.uniform(285_000, 330_000)),
        cpu_permille=round(40 + viewers * chance.uniform(1.7, 2.1)),
        memory_bytes=round(92e6 + viewers * 210_000 + chance.uniform(0, 4e6)),
        lag_us_max=round(1_400 + viewers * chance.uniform(8, 22)),
        messages=messages * (3 if is_raided else 1),
        coins=round(viewers * chance.uniform(1.5, 9)) if chance.random() < 0.8 else 0,
        refusals=messages if is_raided else round(messages * chance.uniform(0, 0.04)),
        sanctions=3 + at_unix_ms // 86_400_000 % 4 + (2 if is_raided else 0),
    )


class AdminDay:
    """An admin of the house, and people who give it something to do. `prepare`, then `live`."""

    def __init__(self) -> None:
        self._password = secrets.token_urlsafe(_PASSWORD_BYTES)

    async def prepare(self, relay_folder: Path) -> None:
        """Before the relay runs: the admin's account, by the command line, and the figures."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "server", "admin", "create-user", ADMIN, "--admin"),
            *("--data-dir", str(relay_folder), "--password-file", "-"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
        )
        await process.communicate(f"{self._password}\n".encode())
        if process.returncode:
            raise SystemExit("screenshots: the admin's account was not made")
        await write_figures(relay_folder, time.time_ns() // 10**6)

    def begin(self, tour: Tour) -> None:
        """While nobody else is here: the words, whose automaton takes a moment."""
        tour.loop.submit(self._begin(tour.house)).result(60)

    async def _begin(self, house: House) -> None:
        url, pin = house.relay_settings()
        async with open_control(parse_relay_address(url, pin=pin)) as admin:
            await _ask(admin, account_commands.Login(id=0, name=ADMIN, password=self._password))
            own = UserId(house.own_user_id())
            await _ask(admin, admin_commands.SetAdmin(id=0, user_id=own, granted=True))
            await self._set_words(admin)

    def live(self, tour: Tour, folder: Path) -> None:
        """All of it. Blocks, with the window alive, until it is done."""
        shot = _pack(tour.window.grab().toImage())
        done = tour.loop.submit(self._live(tour.house, folder, shot))
        tour.wait_until(done.done, "the admin's day")
        done.result()

    async def _live(self, house: House, folder: Path, shot: bytes) -> None:
        url, pin = house.relay_settings()
        address = parse_relay_address(url, pin=pin)
        accounts = CrowdAccounts(Vault(folder / "day", uses_keyring=False), pin or url)
        kind, unkind = PEOPLE
        async with open_control(address) as admin:
            login = account_commands.Login(
                id=0, name=ADMIN, password=self._password, device="Workshop PC"
            )
            await _ask(admin, login)
            own = UserId(house.own_user_id())
            listed = await _ask(admin, room_commands.ListRooms(id=0, live_only=True))
            rooms = [room for room in listed.rooms if room.owner.user_id != own]
            users: dict[str, UserId] = {}
            said: dict[str, MessageId] = {}
            for number, name in enumerate((*kind, *unkind)):
                room_id = rooms[number % 2].room_id
                async with open_control(address) as control:
                    user = await accounts.sign_in(control, name)
                    users[name] = user.user_id
                    await _ask(control, room_commands.JoinRoom(id=0, room_id=room_id))
                    lines = (
                        BAD_LINES[unkind.index(name)]
                        if name in unkind
                        else (CALM_LINES[number % len(CALM_LINES)],)
                    )
                    for line in lines:
                        await self._say(control, room_id, line, name, said)
            where = {name: rooms[n % 2].room_id for n, name in enumerate((*kind, *unkind))}
            for name in kind:
                async with open_control(address) as control:
                    await accounts.sign_in(control, name)
                    await self._complain(control, name, users, said, where, shot)
            await self._keep_order(admin, users, rooms)

    async def _say(
        self,
        control: ControlClient,
        room_id: RoomId,
        line: str,
        name: str,
        said: dict[str, MessageId],
    ) -> None:
        command = chat_commands.SendDanmaku(id=control.next_id(), room_id=room_id, text=line)
        try:
            posted = await control.request(command, chat_events.DanmakuAccepted)
        except RelayRefused as refused:
            print(f"{name}: {refused.message}")  # noqa: T201 # a command's output
        else:
            said.setdefault(name, posted.message_id)

    async def _set_words(self, admin: ControlClient) -> None:
        for level in ("hold", "refuse"):
            words = tuple(word for word, wanted in WORDS if wanted == level)
            await _ask(admin, words_commands.ImportWords(id=0, words=words, level=level))
        await _ask(
            admin,
            words_commands.SetTextRules(
                id=0, links="refuse", caps="hold", flood_one="hold", flood_many="off"
            ),
        )

    async def _complain(
        self,
        control: ControlClient,
        name: str,
        users: dict[str, UserId],
        said: dict[str, MessageId],
        where: dict[str, RoomId],
        shot: bytes,
    ) -> None:
        reports: tuple[tuple[str, inbox_commands.ReportReason, str], ...] = {
            "Ines": (("刷屏王", "spam", ""), ("coin_fairy", "fraud", "Asks for passwords")),
            "林间": (("刷屏王", "spam", "一直在拉人"), ("Loud Larry", "harassment", "")),
            "Otto": (("coin_fairy", "fraud", ""), ("Loud Larry", "harassment", "Since yesterday")),
            "晚风": (("刷屏王", "spam", ""),),
        }.get(name, ())
        for accused, reason, text in reports:
            message_id = said.get(accused)
            await _ask(
                control,
                inbox_commands.SendReport(
                    id=0,
                    room_id=where[accused],
                    message_id=message_id,
                    user_id=None if message_id else users[accused],
                    reason=reason,
                    text=text,
                ),
            )
        feedback: tuple[tuple[inbox_commands.FeedbackCategory, str, bool], ...] = {
            "Otto": (("problem", "The picture stays black after full screen.", True),),
            "阿禾": (("idea", "希望弹幕可以按颜色筛选，晚上看更舒服。", False),),
            "晚风": (("problem", "连麦结束以后音量变小了，要重新进房间才好。", True),),
            "Bettina": (("question", "How long are replays kept in this house?", False),),
        }.get(name, ())
        for category, words, has_shot in feedback:
            await _ask(
                control,
                inbox_commands.SendFeedback(
                    id=0,
                    idempotency_key=uuid.uuid4().hex,
                    category=category,
                    text=words,
                    diagnostics="Livehouse 1.0\nLinux, 8 cores\nframes late: 12 of 9,000",
                    screenshot=shot if has_shot else None,
                ),
            )

    async def _keep_order(
        self, admin: ControlClient, users: dict[str, UserId], rooms: list[event_base.RoomInfo]
    ) -> None:
        day_s = 86_400
        for command in (
            order.ImposeSanction(
                id=0, user_id=users["刷屏王"], kind="mute", duration_s=day_s, reason="刷屏"
            ),
            order.ImposeSanction(
                id=0, user_id=users["coin_fairy"], kind="ban", reason="Offers coins for passwords"
            ),
            order.ImposeSanction(
                id=0,
                user_id=users["Loud Larry"],
                room_id=rooms[0].room_id,
                kind="mute",
                duration_s=3_600,
                reason="Insults",
            ),
            admin_commands.FeatureRoom(id=0, room_id=rooms[0].room_id, is_featured=True),
            admin_commands.PlanBroadcast(
                id=0,
                room_id=rooms[-1].room_id,
                starts_at_unix_ms=time.time_ns() // 10**6 + day_s * 1000,
                title="Open stage",
            ),
            admin_commands.AnnounceToHouse(id=0, text="At midnight the house rests for an hour."),
            admin_commands.SetGift(id=0, gift_id=GiftId("castle"), is_on=True, price_coins=3_000),
            admin_commands.ChangeRelaySetting(id=0, name="new_room_slow_s", value="5"),
            admin_commands.ChangeRelaySetting(id=0, name="sign_up", value="code"),
            admin_commands.ChangeRelaySetting(id=0, name="sign_up_code", value="lantern"),
            coin_commands.GrantCoins(
                id=0,
                user_id=users["Ines"],
                coins=800,
                note="Painted the banner",
                idempotency_key=uuid.uuid4().hex,
            ),
            admin_commands.EndSessionsOf(id=0, user_id=users["coin_fairy"]),
            admin_commands.StartJob(id=0, kind="backup"),
        ):
            await _ask(admin, command)


async def _ask(control: ControlClient, command: command_base.Command) -> Answer:
    numbered = msgspec.structs.replace(command, id=control.next_id())
    while True:
        try:
            return await control.request(numbered, Answer)
        except RelayRefused as refused:
            if refused.retry_after_ms is None:
                # Said, and not raised: one line less is no reason to take no picture.
                print(f"{type(command).__name__}: {refused.message}")  # noqa: T201 # its output
                return events.Ok()
            await asyncio.sleep(refused.retry_after_ms / 1000)


def _pack(shot: QImage) -> bytes:
    """As the feedback's dialog sends it: small."""
    small = shot.scaledToWidth(_SHOT_WIDTH, Qt.TransformationMode.SmoothTransformation)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    small.save(buffer, "JPG", _SHOT_QUALITY)
    return content.data()
