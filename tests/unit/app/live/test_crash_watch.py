"""Reports of what nobody caught, of signals, and nothing of a pulled plug. With real processes."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.errors import BadInput
from app.live.crash_watch import REPORTS_MAX, CrashWatch

SECRET = "Zk3-abcDEF0123456789_ghiJKLmnopQRSTuvwxyz012"
BEFORE = """
import ctypes, logging, os, signal, sys, threading, time
from pathlib import Path
from app.live.crash_watch import CrashWatch
log = logging.getLogger("app.child")
def fail_in_a_thread():
    thread = threading.Thread(target=lambda: {}["lost"], name="worker")
    thread.start()
    thread.join()
with CrashWatch(Path(sys.argv[1])):
    log.warning("last words before it")
    log.info("token=%s", sys.argv[2])
    print("watching", flush=True)
    """


def run_child(folder: Path, work: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BEFORE + work, str(folder), SECRET],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*")) if folder.exists() else []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_segfault_when_it_ends_the_process_then_the_next_start_finds_its_traces(
    tmp_path: Path,
) -> None:
    ended = run_child(tmp_path, "ctypes.string_at(0)")
    assert ended.returncode == -signal.SIGSEGV
    with CrashWatch(tmp_path) as watch:
        report = watch.read_pending()
        assert watch.has_crashed
        assert "Segmentation fault" in report
        assert "string_at" in report
        assert "last words before it" in report
        assert "version: " in report
        assert "PySide6-Essentials" in report
        assert SECRET not in report
        watch.forget_pending()
        assert watch.read_pending() == ""
    assert names(tmp_path) == []


def test_exception_when_it_ends_the_program_then_the_next_start_finds_it(tmp_path: Path) -> None:
    ended = run_child(tmp_path, "raise ValueError(f'bad {sys.argv[2]}')")
    assert ended.returncode == 1
    with CrashWatch(tmp_path) as watch:
        report = watch.read_pending()
        assert watch.has_crashed
        assert "ValueError: bad ***" in report
        assert "token=***" in report


def test_exception_when_a_thread_raises_then_the_program_goes_on_and_it_is_kept(
    tmp_path: Path,
) -> None:
    ended = run_child(tmp_path, "fail_in_a_thread(); print('went on')")
    assert ended.returncode == 0
    assert "went on" in ended.stdout
    assert "KeyError: 'lost'" in ended.stderr
    with CrashWatch(tmp_path) as watch:
        assert not watch.has_crashed
        assert "KeyError: 'lost'" in watch.read_pending()
        assert "thread: worker" in watch.read_pending()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_kill_when_it_ends_the_process_then_nothing_is_offered_and_nothing_stays(
    tmp_path: Path,
) -> None:
    ended = run_child(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    assert ended.returncode == -signal.SIGKILL
    assert len(names(tmp_path)) == 1
    with CrashWatch(tmp_path) as watch:
        assert watch.read_pending() == ""
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells by the open file")
def test_run_when_its_process_still_lives_then_is_left_alone(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", BEFORE + "time.sleep(60)", str(tmp_path), SECRET],
        stdout=subprocess.PIPE,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"watching"
        with CrashWatch(tmp_path) as watch:
            assert watch.read_pending() == ""
            assert f"run-{child.pid}.txt" in names(tmp_path)
        assert names(tmp_path) == [f"run-{child.pid}.txt"]
    finally:
        child.kill()
        child.communicate()


def test_error_when_it_was_foreseen_then_is_no_crash(tmp_path: Path) -> None:
    with pytest.raises(BadInput), CrashWatch(tmp_path):
        raise BadInput("no such room")
    assert names(tmp_path) == []


def test_watch_when_it_ends_in_order_then_hooks_and_folder_are_as_before(tmp_path: Path) -> None:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook, logging.getLogger().handlers
    with CrashWatch(tmp_path / "crashes"):
        assert sys.excepthook is not before[0]
    after = sys.excepthook, threading.excepthook, sys.unraisablehook, logging.getLogger().handlers
    assert after == before
    assert not (tmp_path / "crashes").exists()


def test_error_when_code_of_ours_logs_it_then_is_kept_once_and_told(tmp_path: Path) -> None:
    told = []
    with CrashWatch(tmp_path) as watch:
        watch.on_failure = lambda: told.append(1)
        for _ in range(3):
            logging.getLogger("app.live.loop_thread").error("failed", exc_info=ValueError())
        logging.getLogger("websockets.client").error("theirs", exc_info=ValueError())
        logging.getLogger("asyncio").error("refused", exc_info=BadInput("foreseen"))
    assert told == [1]
    assert len(names(tmp_path)) == 1
    assert names(tmp_path)[0].startswith("error-")
    if os.name == "posix":
        assert (tmp_path / names(tmp_path)[0]).stat().st_mode & 0o777 == 0o600


def test_reports_when_there_are_many_then_the_newest_are_kept(tmp_path: Path) -> None:
    for day in range(1, 12):
        path = tmp_path / f"crash-202601{day:02d}-000000-0.txt"
        path.write_text(f"day {day}")
        os.utime(path, (day, day))
    with CrashWatch(tmp_path) as watch:
        assert len(names(tmp_path)) == REPORTS_MAX + 1  # the run's own
        assert watch.read_pending().startswith("day 11")
        assert "day 6" not in watch.read_pending()


def test_log_when_it_is_endless_then_the_file_of_the_run_stays_small(tmp_path: Path) -> None:
    with CrashWatch(tmp_path):
        for number in range(2000):
            logging.getLogger("app").info("line %d %s", number, "x" * 400)
        (run,) = tmp_path.glob("run-*.txt")
        text = run.read_text()
        assert len(text) < 80_000
        assert text.startswith("version: ")
        assert "line 1999 " in text


def test_folder_when_it_cannot_be_written_then_the_program_runs_all_the_same(
    tmp_path: Path,
) -> None:
    (tmp_path / "crashes").write_text("a file where a folder should be")
    with CrashWatch(tmp_path / "crashes") as watch:
        assert watch.read_pending() == ""
