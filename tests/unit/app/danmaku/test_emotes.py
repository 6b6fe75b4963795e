from __future__ import annotations

from importlib import resources

from hypothesis import given
from hypothesis import strategies as st

from app.danmaku.emotes import EMOTES_MAX, NAMES, Run, split_emotes


def test_codes_when_known_then_are_emotes_and_the_rest_is_text() -> None:
    assert split_emotes("a:heart::gg: :nope:") == (
        Run("a"),
        Run("heart", is_emote=True),
        Run("gg", is_emote=True),
        Run(" :nope:"),
    )
    assert split_emotes("") == (Run(""),)


@given(st.text(alphabet="a: heart", max_size=300))
def test_text_when_split_then_nothing_is_lost(text: str) -> None:
    runs = split_emotes(text)
    assert "".join(f":{run.words}:" if run.is_emote else run.words for run in runs) == text


def test_emotes_when_there_are_too_many_then_the_rest_stays_text() -> None:
    runs = split_emotes(":cat:" * (EMOTES_MAX + 5))
    assert sum(run.is_emote for run in runs) == EMOTES_MAX
    assert runs[-1] == Run(":cat:" * 5)


def test_each_emote_has_its_drawing() -> None:
    folder = resources.files("resources").joinpath("emotes")
    drawn = {one.name for one in folder.iterdir() if one.name.endswith(".svg")}
    assert drawn == {f"{name}.svg" for name in NAMES}
