"""The unit for systemd, word by word."""

from __future__ import annotations

from server.service_unit import write_unit


def test_unit_when_words_are_plain_then_as_they_are() -> None:
    unit = write_unit(["/opt/livehouse-relay", "run", "--port", "7788"])
    assert "ExecStart=/opt/livehouse-relay run --port 7788\n" in unit
    assert "WantedBy=default.target" in unit


def test_unit_when_words_have_spaces_quotes_and_signs_then_systemd_reads_them_whole() -> None:
    unit = write_unit(["/opt/r", "--room", 'Hall "A" 100% $HOME', "back\\slash", ""])
    assert '"Hall \\"A\\" 100%% $$HOME"' in unit
    assert '"back\\\\slash"' in unit
    assert '"back\\\\slash" ""\n' in unit
