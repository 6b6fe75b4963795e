"""Settings as data: what each takes, and what is refused."""

from __future__ import annotations

import pytest

from app.errors import BadInput
from app.state.preferences import (
    ALL,
    LANGUAGE,
    RETURN_AT_START,
    SOUND_OUTPUT,
    TEXT_CHARS_MAX,
    Preferences,
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "zh_CN"),
        ("return_at_start", False),
        ("sound_output", "USB Headset #2"),
        ("volume", 0.25),
        ("delay_ms", 0),
        ("own_size", "large"),
    ],
)
def test_put_when_the_value_fits_then_it_is_kept(name: str, value: object) -> None:
    chosen = Preferences().put(name, value)
    assert dict(chosen.chosen) == {name: value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "fr"),
        ("return_at_start", 1),
        ("sound_output", 7),
        ("sound_output", "x" * (TEXT_CHARS_MAX + 1)),
        ("sound_output", "two\nlines"),
        ("colour", "red"),
        ("volume", 1.01),
        ("volume", True),
        ("volume", "0.5"),
        ("volume", float("nan")),
        ("delay_ms", -1),
        ("own_size", "huge"),
    ],
)
def test_put_when_the_value_does_not_fit_then_it_is_refused(name: str, value: object) -> None:
    with pytest.raises(BadInput) as caught:
        Preferences().put(name, value)
    assert "\n" not in caught.value.message


def test_kinds_when_asked_then_only_a_free_name_is_a_text() -> None:
    listed = [preference for preference in ALL if preference.is_listed]
    assert [preference for preference in listed if preference.is_text] == [SOUND_OUTPUT]
    assert not LANGUAGE.is_text
    assert not RETURN_AT_START.is_text
    assert Preferences().get(SOUND_OUTPUT) == ""
