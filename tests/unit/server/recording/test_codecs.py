"""What a stranger's packets may cost where their setup is looked for."""

from __future__ import annotations

from server.recording import codecs

_DELIMITER = b"\x12\x00"
_SEQUENCE = b"\x0a\x0b\x00\x00\x00\x24\xcf\x7f\x0d\xbf\xff\x30\x08"


def test_picture_when_of_more_units_than_any_has_then_no_sample_and_no_setup() -> None:
    hostile = b"\0\0\1\x67\x42\0\x1e\0\0\1\x68\xce" + b"\0\0\1A" * codecs.UNITS_MAX

    assert codecs.split_annex_b(hostile) == []
    assert codecs.to_sample("h264", hostile) == b""
    assert codecs.find_video_entry("h264", hostile, 640, 360) is None


def test_picture_when_of_as_many_units_as_are_allowed_then_all_of_them() -> None:
    assert len(codecs.split_annex_b(b"\0\0\1A" * codecs.UNITS_MAX)) == codecs.UNITS_MAX


def test_av1_setup_when_behind_more_units_than_any_encoder_sends_then_not_looked_for() -> None:
    assert codecs.find_video_entry("av1", _DELIMITER + _SEQUENCE, 640, 360) is not None
    assert codecs.find_video_entry("av1", _DELIMITER * 100 + _SEQUENCE, 640, 360) is None
