"""What simulated viewers are called and what they say."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["en", "zh"]
Moment = Literal["laughter", "applause", "wonder", "warmth"]
"""What makes a whole room write at once."""

NAMES: Final[tuple[tuple[str, Language], ...]] = (
    ("小满", "zh"), ("Mochi", "en"), ("夜航船", "zh"), ("River_K", "en"), ("阿岚", "zh"),
    ("Tomás", "en"), ("半糖去冰", "zh"), ("Juniper", "en"), ("橘子汽水", "zh"), ("Okafor", "en"),
    ("不吃香菜", "zh"), ("Ines-M", "en"), ("三点水", "zh"), ("Benedikt", "en"), ("老街坊", "zh"),
    ("Saffron", "en"), ("云上写字", "zh"), ("Pilar", "en"), ("一只小鹿", "zh"), ("Otis", "en"),
    ("晚风", "zh"), ("Wren", "en"), ("木子今天早睡", "zh"), ("Haruto", "en"),
)  # fmt: skip
"""In the order in which accounts are made."""

GREETINGS: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "hi everyone 👋", "hello from Lisbon", "just got in, what did I miss?", "evening all",
        "first time here", "made it in time for once", "hey hey", "back again :)",
    ),
    "zh": (
        "来了来了", "晚上好呀", "第一次来，打卡", "大家好 👋", "刚下班，赶上了吗？", "前排！",
        "又见面了", "搬好小板凳了",
    ),
}  # fmt: skip

SMALL_TALK: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "the picture is so clear tonight", "how long have you been doing this?",
        "could you turn the sound up a little?", "this is what I needed after today",
        "which camera is that?", "sending this to my sister right now", "no lag at all here",
        "wait, go back a second", "what a colour", "my cat is watching too 🐈",
        "is there going to be one next week?", "I always learn something in here",
        "brb, tea", "ok I'm back", "so calm", "that went better than I expected",
        "do you plan these or just see what happens?", "audio is perfect now, thanks",
        "you make it look easy, it is not easy", "same time tomorrow?", "love this part",
        "how did you start? I have wanted to try it for years and never know where to begin",
    ),
    "zh": (
        "画面好清楚", "今天的光线真舒服", "主播做这个多久了？", "声音可以再大一点吗",
        "这是怎么做到的", "刚吃完饭，边看边消化", "已经转发到家里的群了", "一点都不卡",
        "这里能再讲一遍吗", "这个颜色太好看了", "我家猫也在看 🐈", "下周还播吗？",
        "每次来都能学到东西", "去倒杯水，马上回来", "回来了", "好治愈", "比想象中顺利",
        "明天同一时间？", "最喜欢这一段", "新手想入门，有什么建议吗？看了好几期还是不太敢自己动手",
        "收藏了", "安静地看着就很开心",
    ),
}  # fmt: skip

REACTIONS: Final[dict[Moment, dict[Language, tuple[str, ...]]]] = {
    "laughter": {
        "en": (
            "hahaha",
            "lol",
            "😂😂",
            "I can't 😂",
            "ha!",
            "my tea, everywhere",
            ":laugh::laugh:",
        ),
        "zh": (
            "哈哈哈哈",
            "笑死",
            "哈哈哈哈哈哈哈哈",
            "😂😂😂",
            "救命",
            "绷不住了",
            ":laugh: 笑出声",
        ),
    },
    "applause": {
        "en": ("👏👏👏", "bravo!", "well done", "nice!", "YES", "clean", ":clap::clap::clap:"),
        "zh": (
            "666",
            "太强了",
            "👏👏👏",
            "厉害厉害",
            "6666666",
            "这也行！",
            ":gg:",
            ":clap::clap:",
        ),
    },
    "wonder": {
        "en": ("wow", "whoa", "😮", "did you see that?", "how??", "beautiful", ":wow:"),
        "zh": ("哇", "哇哦！", "😮", "好美", "截图了", "这是真的吗", ":wow: 绝了"),
    },
    "warmth": {
        "en": (
            "❤️",
            "❤️❤️",
            "so cosy",
            "thank you for this",
            "this made my day",
            "🥹",
            ":heart::heart:",
        ),
        "zh": ("❤️", "好温柔", "谢谢主播", "被治愈了", "❤️❤️❤️", "抱抱", ":heart: 主播辛苦了"),
    },
}
MOMENTS: Final[tuple[Moment, ...]] = tuple(REACTIONS)

FAREWELLS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("have to run, good night!", "bye all 👋", "early start tomorrow, see you"),
    "zh": ("先撤了，晚安", "下次再来", "明天还要早起，溜了溜了"),
}
