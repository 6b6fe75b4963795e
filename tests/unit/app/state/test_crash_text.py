"""What a report says and keeps to itself."""

import pytest

from app.state.crash_text import (
    REPORT_CHARACTERS_MAX,
    clean,
    make_header,
    make_report,
    split_run,
)

TOKEN = "Zk3-abcDEF0123456789_ghiJKLmnopQRSTuvwxyz012"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("cannot open livehouse://192.168.1.20:7788/stage?pin=00ff&invite=abc", "192.168.1.20"),
        ("rtsp://user:hunter2@camera.local/stream failed", "hunter2"),
        (f"refused: {TOKEN} is not known", TOKEN),
        ("Login(name='ann', password='correct horse battery')", "correct horse"),
        ("passphrase: opensesame", "opensesame"),
        ('{"device_token": "short"}', "short"),
        ("publish_key=abc123", "abc123"),
        ("livehouse --publish-key=abc123", "abc123"),
        (f"fingerprint {'ab' * 32}", "ab" * 32),
        ('File "/home/ann/livehouse/app/x.py", line 3', "/home/ann"),
    ],
)
def test_text_when_it_holds_a_secret_then_the_secret_is_hidden(text: str, secret: str) -> None:
    cleaned = clean(text, home="/home/ann")
    assert secret not in cleaned
    assert "***" in cleaned or "~" in cleaned


def test_text_when_it_is_a_traceback_then_files_lines_and_names_stay() -> None:
    text = (
        'File "/opt/x/_cffi_backend.cpython-311-x86_64-linux-gnu.so", line 12 in on_sound\n'
        "app.media.playback.audio_player_of_a_long_name\nKeyError: 'room'\n"
    )
    assert clean(text, home="/") == text


def test_text_when_it_is_an_endless_row_of_hyphens_then_it_is_read_once() -> None:
    text = "a-" * 200_000
    assert clean(text, home="/home/ann") == text


def test_report_when_the_trace_is_endless_then_it_is_bounded_and_keeps_the_end() -> None:
    report = make_report(
        title="Livehouse crash report",
        header=make_header({"version": "1\n2"}),
        trace="x" * 1_000_000 + "\nValueError: the end",
        log=["line"] * 100_000,
    )
    assert len(report) < REPORT_CHARACTERS_MAX + 1000
    assert "ValueError: the end" in report
    assert "version: 1 2\n" in report


def test_run_when_it_holds_traces_then_log_and_fault_are_told_apart() -> None:
    run = "version: 1\n\n10:00:00 WARNING app: a\nFatal Python error: Segmentation fault\n\nThread"
    header, log, fault = split_run(run)
    assert header == "version: 1\n"
    assert log == ["10:00:00 WARNING app: a"]
    assert fault.startswith("Fatal Python error: Segmentation fault")
    assert split_run("version: 1\n\n10:00:00 WARNING app: a\n")[2] == ""
