from __future__ import annotations

from dataclasses import replace

import pytest

from server.admin import rules
from server.detection.rules import Thresholds, check_thresholds
from server.settings import Limits, Retention
from wire.errors import ErrorCode, WireError


def test_settings_when_listed_then_names_are_single_and_defaults_are_good_values() -> None:
    assert len(rules.BY_NAME) == len(rules.SETTINGS)
    for setting in rules.SETTINGS:
        assert rules.is_good(setting, setting.default), setting.name
        assert setting.text


def test_settings_when_compared_with_the_limits_then_the_defaults_agree() -> None:
    limits = Limits()
    assert int(rules.SOCKETS_MAX.default) == limits.sockets_max
    assert int(rules.SOCKETS_PER_ADDRESS_MAX.default) == limits.sockets_per_address_max
    assert int(rules.BROADCAST_AWAY_S_MAX.default) == limits.broadcast_away_s_max


def test_settings_when_compared_with_detection_then_the_defaults_and_bounds_agree() -> None:
    limits = Thresholds()
    assert (rules.FINDS_RAIDS.default == rules.ON) is limits.finds_raids
    assert (rules.SCORES_PEOPLE.default == rules.ON) is limits.scores_people
    assert int(rules.RAID_IDENTITIES.default) == limits.raid_identities
    assert int(rules.TROLL_MODE_MIN.default) * 60 == limits.troll_mode_s
    assert int(rules.RAID_MUTE_MIN.default) * 60 == limits.raid_mute_s
    for edge in ("low", "high"):
        check_thresholds(
            replace(
                limits,
                raid_identities=getattr(rules.RAID_IDENTITIES, edge),
                troll_mode_s=60.0 * getattr(rules.TROLL_MODE_MIN, edge),
                raid_mute_s=60 * getattr(rules.RAID_MUTE_MIN, edge),
            )
        )


@pytest.mark.parametrize(
    ("setting", "value", "kept"),
    [
        (rules.NEW_ROOM_SLOW_S, " 30 ", "30"),
        (rules.NEW_ROOM_SLOW_S, "007", "7"),
        (rules.GUESTS_MAY_ENTER, "off", "off"),
        (rules.SIGN_UP, "closed", "closed"),
        (rules.SIGN_UP_CODE, "  paper   boats ", "paper boats"),
        (rules.SIGN_UP_CODE, "", ""),
    ],
)
def test_check_when_good_then_kept_in_one_form(
    setting: rules.Setting, value: str, kept: str
) -> None:
    assert rules.check_value(setting, value) == kept


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        (rules.NEW_ROOM_SLOW_S, "-1", "whole number"),
        (rules.NEW_ROOM_SLOW_S, "1_0", "whole number"),
        (rules.NEW_ROOM_SLOW_S, "٣", "whole number"),
        (rules.NEW_ROOM_SLOW_S, "3.5", "whole number"),
        (rules.NEW_ROOM_SLOW_S, "", "whole number"),
        (rules.NEW_ROOM_SLOW_S, "9" * 50, "whole number"),
        (rules.NEW_ROOM_SLOW_S, "3601", "from 0 to 3600"),
        (rules.GUESTS_MAY_ENTER, "true", "one of on, off"),
        (rules.SIGN_UP, "Open", "one of open, code, closed"),
        (rules.SIGN_UP_CODE, "x" * 41, "at most 40"),
        (rules.SIGN_UP_CODE, "a\u202eb", "ordinary characters"),
    ],
)
def test_check_when_wrong_then_refused_in_words(
    setting: rules.Setting, value: str, words: str
) -> None:
    with pytest.raises(WireError, match=words) as caught:
        rules.check_value(setting, value)
    assert (caught.value.code, caught.value.field) == (ErrorCode.INVALID_VALUE, "value")
    assert not rules.is_good(setting, value)


def test_retention_when_compared_then_named_and_set_as_the_relays() -> None:
    for setting in rules.RETENTION:
        assert int(setting.default) == getattr(Retention(), setting.name)


def test_find_when_the_name_is_unknown_then_not_found() -> None:
    with pytest.raises(WireError) as caught:
        rules.find_setting("colour_of_the_walls")
    assert caught.value.code is ErrorCode.NOT_FOUND
