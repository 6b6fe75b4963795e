"""What models and the steps of a training are called; newer ones as they are."""

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
