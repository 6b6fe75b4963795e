"""What models, their features and the steps of a training are called; newer ones as they are."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.ui.plain_text import one_line

_NAME_MAX = 40


def model_kind_name(kind: str) -> str:
    translate = QCoreApplication.translate
    names = {
        "linear": translate("Models", "Least squares"),
        "logistic": translate("Models", "Logistic regression"),
        "tree": translate("Models", "Decision tree"),
        "forest": translate("Models", "Random forest"),
        "boosting": translate("Models", "Gradient boosting"),
        "knn": translate("Models", "Nearest neighbours"),
        "net": translate("Models", "Small neural net"),
    }
    return names.get(kind) or one_line(kind, _NAME_MAX)


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
    }
    return names.get(name) or one_line(name, _NAME_MAX)


def training_step_name(step: str) -> str:
    translate = QCoreApplication.translate
    names = {
        "reading": translate("Models", "reading what happened"),
        "half-lives": translate("Models", "choosing how fast tastes fade"),
        "replaying": translate("Models", "replaying the past"),
        "fitting": translate("Models", "fitting"),
    }
    checked = step.removeprefix("checking ")
    if checked != step:
        words = translate("Models", "checking {0}")
        return words.replace("{0}", model_kind_name(checked))
    return names.get(step) or one_line(step, _NAME_MAX)
