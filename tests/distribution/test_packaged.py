"""Both programs packaged, and run as somebody who has no Python. One build for all of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from distribution import sizes, smoke
from distribution.archive import archive

PROJECT = Path(__file__).parents[2]
BUILD_TIMEOUT_S = 900
INSTALL_TIMEOUT_S = 120

pytestmark = [pytest.mark.slow, pytest.mark.timeout(BUILD_TIMEOUT_S + 300)]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds `icons` and `dist/livehouse`, built from this checkout."""
    folder = tmp_path_factory.mktemp("packaged")
    offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    icons = [sys.executable, "-m", "distribution.icons", str(folder / "icons")]
    subprocess.run(icons, cwd=PROJECT, env=offscreen, check=True, timeout=BUILD_TIMEOUT_S)
    build = [sys.executable, "-m", "PyInstaller", "build.spec", "--noconfirm", "--log-level=WARN"]
    build += ["--workpath", str(folder), "--distpath", str(folder / "dist")]
    done = subprocess.run(
        build, cwd=PROJECT, capture_output=True, timeout=BUILD_TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-3000:]
    return folder


def test_folder_when_built_then_within_its_bound(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = sizes.measure(work / "dist" / "livehouse")
    with capsys.disabled():
        words = ", ".join(
            f"{name} {size / sizes.MEGABYTE:.0f}"
            for name, size in sorted(parts.items(), key=lambda part: -part[1])
        )
        sys.stdout.write(f"\npackaged, MB: {words}\n")
    assert all(parts[name] for name in ("OpenCV", "PyAV and FFmpeg", "Qt", "NumPy"))
    assert sum(parts.values()) / sizes.MEGABYTE <= sizes.SIZE_MAX_MB


def test_programs_when_packaged_then_relay_broadcast_viewer_and_window_work(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        pytest.skip("there is no display for the window: run it by dev.py, which starts Xvfb")
    picture = tmp_path / "window.png"
    with capsys.disabled():
        sys.stdout.write("\n")
        programs = smoke.run_all(work / "dist" / "livehouse", tmp_path, picture=picture)
        for name, took_s in programs.took_s.items():
            sys.stdout.write(f"packaged, {name}: {took_s:.2f} s\n")
    assert picture.stat().st_size > 0
    assert not list((tmp_path / "window" / "crashes").glob("*.txt"))


@pytest.mark.skipif(sys.platform != "linux", reason="the installer is for Linux")
def test_archive_when_installed_then_in_the_menu_and_gone_again(work: Path, tmp_path: Path) -> None:
    file = archive(work / "dist" / "livehouse", work / "icons", tmp_path, gzip_level=1)
    (tmp_path / "unpacked").mkdir()
    subprocess.run(["tar", "-xf", file, "-C", tmp_path / "unpacked"], check=True)
    file.unlink()
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert (unpacked / "licences" / "av").is_dir()
    home = tmp_path / "home"
    home.mkdir()
    env = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    script = [str(unpacked / "install.sh")]
    subprocess.run(script, env=env, check=True, timeout=INSTALL_TIMEOUT_S)
    answer = subprocess.run(
        [str(home / ".local" / "bin" / "livehouse-relay"), "about"],
        env=env,
        capture_output=True,
        check=True,
        timeout=INSTALL_TIMEOUT_S,
    )
    assert b"livehouse" in answer.stdout
    entry = (home / ".local" / "share" / "applications" / "livehouse.desktop").read_text("utf-8")
    (command,) = (line for line in entry.splitlines() if line.startswith("Exec="))
    assert Path(command.removeprefix("Exec=").split()[0]).is_file()
    subprocess.run([*script, "--remove"], env=env, check=True, timeout=INSTALL_TIMEOUT_S)
    assert [path for path in home.rglob("*") if path.is_file() or path.is_symlink()] == []
