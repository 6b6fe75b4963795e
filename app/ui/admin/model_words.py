"""What models and the steps of a training are called; newer ones as they are."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from app.ui.plain_text import one_line

_NAME_MAX = 40
_WORDS_MAX = 200
_TOO_FEW = re.compile(r"at least (\d{1,9}) visits are needed, there are (\d{1,9})", re.ASCII)


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


def training_failure(words: str) -> str:
    """The relay's own words, but for the one that everybody meets first."""
    found = _TOO_FEW.fullmatch(words)
    if found is None:
        return one_line(words, _WORDS_MAX)
    too_few = QCoreApplication.translate("Models", "it needs {0} visits, and there are {1}")
    return too_few.replace("{0}", found[1]).replace("{1}", found[2])
