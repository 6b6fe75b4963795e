"""What the demo house shows: its rooms, their streamers and the pictures that tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from wire.limits import ROOM_TITLE_CHARACTERS_MAX


@dataclass(frozen=True, slots=True)
class DemoRound:
    """What a streamer asks the room, and what is drawn afterwards."""

    question: str
    choices: tuple[str, ...]
    prize: str
    winners: int = 1


@dataclass(frozen=True, slots=True)
class DemoRoom:
    """One room with its broadcast."""

    name: str
    owner: str
    title: str
    category: str
    description: str
    source: str
    """As for `livehouse publish`."""
    rounds: tuple[DemoRound, ...]


def _card(look: str) -> str:
    return f"testcard:640x360@25,{look}"


ROOMS: Final = (
    DemoRoom(
        "lakeside",
        "Nadia",
        "Sundown by the lake",
        "Outdoors",
        "One camera, one lake, until it is dark. Bring tea.\n"
        "一台摄像机，一片湖，拍到天黑为止。带杯茶来。",
        _card("dusk"),
        (
            DemoRound(
                "Where should the camera go next week?",
                ("The jetty", "The reeds", "The far shore"),
                "A print of tonight's last light",
            ),
        ),
    ),
    DemoRoom(
        "深夜电台",
        "老周",
        "深夜电台：修老收音机",
        "手工",
        "每晚十一点，边修老收音机边聊天，问什么都行。\n"
        "Old radios, repaired late at night. Ask anything.",
        _card("night"),
        (
            DemoRound(
                "下一台先修哪个？",
                ("红灯牌 711", "熊猫 B802", "自己带来的那台"),
                "修好的老收音机一台",
            ),
        ),
    ),
    DemoRoom(
        "island-songs",
        "Kit",
        "Sea songs, badly sung",
        "Music",
        "A song from a new island each week. You sing, I play.\n"
        "每周一首海岛上的歌，你来唱，我伴奏。",
        _card("sea"),
        (
            DemoRound(
                "Which island is next?",
                ("Faroe", "Kihnu", "Inis Meáin", "Föhr"),
                "The songbook, signed by all two of us",
                winners=2,
            ),
        ),
    ),
    DemoRoom(
        "画梅花",
        "林小鹿",
        "跟我画梅花：第三课",
        "绘画",
        "零基础也能跟上，准备一支笔和一点耐心就好。\n"
        "Plum blossom for beginners: a brush and some patience will do.",
        _card("plum"),
        (
            DemoRound(
                "下一课想学什么？",
                ("兰花", "竹子", "锦鲤"),
                "今晚画的这幅梅花",
                winners=3,
            ),
        ),
    ),
    DemoRoom(
        "forest-radio",
        "Otto",
        "A walk in the woods",
        "Outdoors",
        "Two hours on foot, birds by ear, no talking before the first bench.\n"
        "徒步两小时，听声辨鸟，走到第一张长椅之前不说话。",
        _card("forest"),
        (
            DemoRound(
                "Left along the stream, or up to the ridge?",
                ("The stream", "The ridge"),
                "A jar of forest honey",
            ),
        ),
    ),
)
_FILM_ROUND: Final = DemoRound(
    "Watch it once more? 要不要再看一遍？",
    ("Once more · 再来一遍", "Something else · 换一部"),
    "Two tickets for the next film · 下一场电影票两张",
    winners=2,
)
_STREAMERS: Final = (*(room.owner for room in ROOMS), "Mina")
"""As many as there may be files."""


def make_programme(files: Sequence[str]) -> tuple[DemoRoom, ...]:
    """The user's files first, each in a room that is called like it; then the rooms of the demo.

    There are never fewer rooms than without any.
    """
    shown = [
        DemoRoom(
            f"cinema-{number}",
            _STREAMERS[-number],
            PurePath(file).stem.replace("_", " ")[:ROOM_TITLE_CHARACTERS_MAX] or "Cinema",
            "Film",
            "From a file, again and again.\n文件循环播放。",
            f"file:{file}",
            (_FILM_ROUND,),
        )
        for number, file in enumerate(files, start=1)
    ]
    return (*shown, *ROOMS[: max(0, len(ROOMS) - len(shown))])
