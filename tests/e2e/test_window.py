"""`livehouse` as a process: it opens its house by itself, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM is POSIX")


def test_window_when_it_was_hosting_then_hosts_again_and_ends_with_its_relay(
    tmp_path: Path,
) -> None:
    (tmp_path / "relays.json").write_text(json.dumps({"was_hosting": True}))
    (tmp_path / "settings.json").write_text(json.dumps({"language": "zh_CN", "theme": "light"}))
    window = subprocess.Popen(
        [sys.executable, "-m", "app", "--data-dir", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        accounts = tmp_path / "accounts.json"
        for _ in range(300):
            if accounts.is_file() or window.poll() is not None:
                break
            time.sleep(0.1)
        assert accounts.is_file(), "it did not host"
        children = psutil.Process(window.pid).children(recursive=True)
        assert any("server" in " ".join(child.cmdline()) for child in children)
        time.sleep(1)
        again = subprocess.run(
            [sys.executable, "-m", "app", "--data-dir", str(tmp_path), "--join", "livehouse://"],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
            check=True,
        )
        assert "open already" in again.stderr
        assert window.poll() is None
        window.send_signal(signal.SIGTERM)
        _, words = window.communicate(timeout=30)
        assert window.returncode == 0, words
        assert "Traceback" not in words
        _, alive = psutil.wait_procs(children, timeout=1)
        assert alive == []
    finally:
        if window.poll() is None:
            window.kill()
            window.communicate()
