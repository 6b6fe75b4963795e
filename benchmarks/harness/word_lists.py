"""A house's word list of 20,000 entries: 50 that are disguised, the rest made of parts.

Insults, gambling, drugs, forged papers, cheats, loans, fans for sale, with the words that such
offers are made of; names of invented people; domains; misspellings that people add by hand.
"""

from __future__ import annotations

import random
from itertools import product
from typing import Final

_LATIN_TEXT: Final = """
fuck shit bitch whore penis cocaine asshole bastard slut dildo porn viagra casino heroin
nazi wanker cunt rapist pussy retard jihad scammer escort methadone ketamine
"""
LATIN: Final = _LATIN_TEXT.split()
_HAN_TEXT: Final = """
傻逼 妈的 赌博网站 加微信 六合彩 裸聊 冰毒 海洛因 代开发票 办假证 滚出去 贱人 王八蛋 操你妈
狗杂种 迷奸药 高利贷 刷单兼职 枪支弹药 约炮 网络诈骗 买粉丝 开外挂 毒品买卖 援交妹
"""
HAN: Final = _HAN_TEXT.split()

_SHORT_LATIN_TEXT: Final = """
ass anal anus arse arsehole boob boobs tits tit cock cum dick damn dyke fag hell hoe homo
jizz kike milf nude nudes piss prick queer rape rapes sex sexy spic spunk suck sucks tosser
turd twat sb nmsl wtf stfu kys fck fuk fuq phuck b1tch a55 azz sh1t biatch pr0n p0rn orgy
lsd mdma meth weed hash opium crack xanax valium tramadol oxycontin codeine bong stoned simp
incel crap bugger bollocks bloody coon gook chink paki wog tranny hentai fetish bdsm camgirl
onlyfans sugarbaby killyourself gohell bimbo skank slag minger git pikey nonce perv paedo
molest lolita incest
"""
_SHORT_LATIN: Final = _SHORT_LATIN_TEXT.split()
_SHORT_HAN_TEXT: Final = """
赌博 赌场 赌球 博彩 毒品 大麻 吸毒 贩毒 嫖娼 卖淫 裸照 色情 黄片 成人片 一夜情 援交 包养
走私 洗钱 诈骗 传销 假币 假钞 发票 代考 枪支 炸药 弹药 匕首 弩箭 傻叉 脑残 智障 贱货 婊子
混蛋 王八 杂种 畜生 人渣 狗屎 废物 去死 滚蛋 垃圾主播 骗子 水军 刷粉 刷票 刷单 外挂 代练
私服 加群 加扣 微商 套现 网贷 裸贷 催收 黑客 盗号 木马 迷药 春药 伟哥 蒙汗药 代孕 卖肾 假证
假发票 黑车 高仿 山寨机 翻墙 时时彩 百家乐 老虎机 真人荷官 快三 北京赛车
"""
_SHORT_HAN: Final = _SHORT_HAN_TEXT.split()
_OFFERS_TEXT: Final = """
赌博 赌球 六合彩 时时彩 百家乐 老虎机 德州扑克 真钱棋牌 网络博彩 体育投注 冰毒 摇头丸 K粉
大麻 海洛因 迷药 春药 迷魂药 发票 假证 毕业证 驾驶证 身份证 假币 银行卡 电话卡 手枪 气枪 弩
匕首 窃听器 外挂 私服 游戏币 粉丝 点赞 刷票 刷单 代练 高利贷 网贷 套现 信用卡 荐股 内幕消息
虚拟币 裸聊 援交 小姐 上门服务 同城约会 成人视频
"""
_OFFERS: Final = _OFFERS_TEXT.split()
_WITH_TEXT: Final = """
网站 平台 开户 投注 代理 技巧 预测 公司 出售 购买 哪里买 货到付款 批发 价格 微信 联系方式
加群 加QQ 电话 办理 代办 专业办理 包过 快速办理 出租 交易 渠道 货源 供应 厂家直销 招聘
招代理 日结 稳赚 包赢 稳赢 返利 充值 提现 下载 注册送钱 首充 客服 内部群 教程 配方 制作方法
图片 种子 资源 破解版 永久免费 最新地址 备用网址 一对一
"""
_WITH: Final = _WITH_TEXT.split()
_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻柏窦章"
_GIVEN: Final = (
    "伟芳娜敏静强磊军洋勇艳杰娟涛超霞刚桂英建国志明秀兰春梅海燕晓峰文博子轩梓涵宇航嘉怡雨婷浩然俊"
)
_DO_TEXT: Final = """
buy sell order cheap discount free get real fake cloned wholesale instant
"""
_DO: Final = _DO_TEXT.split()
_WHAT: Final = (
    *[
        "followers",
        "viewers",
        "subscribers",
        "likes",
        "views",
        "bots",
        "accounts",
        "coins",
        "gems",
        "skins",
        "passports",
    ],
    *[
        "licences",
        "diplomas",
        "banknotes",
        "pills",
        "steroids",
        "cocaine",
        "heroin",
        "ketamine",
        "weed",
        "xanax",
    ],
    *[
        "viagra",
        "guns",
        "ammo",
        "cvv",
        "dumps",
        "aimbot",
        "wallhack",
        "nudes",
        "escorts",
        "watches",
    ],
    *("gift cards", "credit cards", "bank logins", "game cheats", "cam girls"),
)
_END: Final = [
    "",
    "here",
    "online",
    "now",
    "no prescription",
    "overnight",
    "best price",
    "telegram",
]
_BRANDS_TEXT: Final = """
bet win vip casino slot lucky gold king royal jin long fa hao ying da bao
"""
_BRANDS: Final = _BRANDS_TEXT.split()
_TOPS_TEXT: Final = """
com net cc vip top xyz club
"""
_TOPS: Final = _TOPS_TEXT.split()
ENTRIES: Final = 20_000


def make_word_list(seed: int = 5) -> list[str]:
    """The disguised ones first."""
    chance = random.Random(seed)  # noqa: S311 # the same list each time
    words = dict.fromkeys((*LATIN, *HAN, *_SHORT_LATIN, *_SHORT_HAN))
    words.update(dict.fromkeys(a + b for a, b in product(_OFFERS, _WITH)))
    words.update(
        dict.fromkeys(" ".join(f"{a} {b} {c}".split()) for a, b, c in product(_DO, _WHAT, _END))
    )
    names = [a + b + c for a, b, c in product(_SURNAMES, _GIVEN, _GIVEN)]
    words.update(dict.fromkeys(chance.sample(names, 6_000)))
    while len(words) < ENTRIES:
        brand = "".join(chance.sample(_BRANDS, 2)) + str(chance.randrange(10, 9_999))
        words[f"{brand}.{chance.choice(_TOPS)}"] = None
    return list(words)[:ENTRIES]
