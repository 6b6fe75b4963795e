"""What a recommender looks at, in words; newer features as they are."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.ui.plain_text import one_line

_NAME_MAX = 40


def feature_name(name: str) -> str:
    translate = QCoreApplication.translate
    names = {
        "own_long": translate("Models", "Own history, long"),
        "own_short": translate("Models", "Own history, lately"),
        "own_share": translate("Models", "Share of one's watching"),
        "own_count": translate("Models", "Number of visits"),
        "own_recency": translate("Models", "Since the last visit"),
        "own_latest": translate("Models", "Watched last"),
        "own_due": translate("Models", "Due again"),
        "own_hour": translate("Models", "Usual at this hour"),
        "seen": translate("Models", "Seen before"),
        "minutes": translate("Models", "Minutes watched"),
        "likes": translate("Models", "Likes"),
        "coins": translate("Models", "Coins given"),
        "messages": translate("Models", "Messages written"),
        "item_knn": translate("Models", "Like streamers one watches"),
        "user_knn": translate("Models", "Liked by similar people"),
        "ease": translate("Models", "Watched together (EASE)"),
        "popular": translate("Models", "Popular"),
        "rising": translate("Models", "Rising"),
        "momentum": translate("Models", "Momentum of minutes"),
        "returns": translate("Models", "People come back"),
        "newness": translate("Models", "New streamer"),
        "category": translate("Models", "Category"),
        "friends": translate("Models", "Friends inside"),
        "followed": translate("Models", "Followed"),
        "viewers": translate("Models", "Viewers now"),
        "now": translate("Models", "Viewers now"),
        "fresh": translate("Models", "New streamer"),
        "friend": translate("Models", "Friends inside"),
        "follow": translate("Models", "Followed"),
        "tag": translate("Models", "Category"),
        "recent": translate("Models", "New recording"),
        "interest": translate("Models", "Your interests"),
        "passed": translate("Models", "Shown and not opened"),
        "wish": translate("Models", "Your own wish"),
        "rest": translate("Models", "All the rest"),
    }
    return names.get(name) or one_line(name, _NAME_MAX)
