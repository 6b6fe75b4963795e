"""dev.py and what it sets a machine up with: standard library only, readable by old interpreters,
right about what is missing."""

import ast
import contextlib
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from distribution.machine import display, steps, system_packages
from tests.architecture.tree import ROOT, load_dev, name_of

MACHINE = ROOT / "distribution" / "machine"
SOURCES = [ROOT / "dev.py", ROOT / "distribution" / "__init__.py", *sorted(MACHINE.glob("*.py"))]


@pytest.fixture
def dev() -> ModuleType:
    return load_dev("dev_under_test")


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_source_when_parsed_for_python_3_8_then_has_no_newer_syntax(source: Path) -> None:
    ast.parse(source.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_imports_when_listed_then_are_all_of_the_standard_library_or_beside(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    names = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    others = {name for name in names if name.partition(".")[0] not in sys.stdlib_module_names}
    assert others <= {f"distribution.machine.{path.stem}" for path in MACHINE.glob("*.py")}


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for the query is a shell script")
@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ("liba libb", []),
        ("liba", ["libb"]),
        ("liba libbt64", []),
        ("libax libb", ["liba"]),
        ("", ["liba", "libb"]),
    ],
)
def test_missing_packages_when_the_system_is_asked_then_only_absent_ones_are_named(
    tmp_path: Path, there: str, missing: list[str]
) -> None:
    query = tmp_path / "query"
    lines = "".join(f"echo installed={name}\n" for name in there.split())
    query.write_text(f"#!/bin/sh\n{lines}echo config-files=libb\nexit 1\n", encoding="utf-8")
    query.chmod(query.stat().st_mode | stat.S_IXUSR)
    apt = system_packages.PACKAGE_MANAGERS[0]._replace(query=str(query))
    assert system_packages.find_missing_packages(apt, ["liba", "libb"]) == missing


def test_missing_packages_when_the_program_came_otherwise_then_the_package_is_not_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apt = system_packages.PACKAGE_MANAGERS[0]._replace(query=f"{sys.executable} -c pass")
    monkeypatch.setattr(shutil, "which", lambda name: "/somewhere" if name == "ffprobe" else None)
    assert system_packages.find_missing_packages(apt, ["ffmpeg", "xvfb"]) == ["xvfb"]


@pytest.mark.parametrize(("prefix", "is_asked"), [("/usr", True), ("/opt/python", False)])
def test_python_library_when_the_interpreter_is_debians_then_asked_for(
    monkeypatch: pytest.MonkeyPatch, prefix: str, is_asked: bool
) -> None:
    monkeypatch.setattr(sys, "base_prefix", prefix)
    wanted = [f"libpython{sys.version_info[0]}.{sys.version_info[1]}"]
    assert system_packages.debian_python_library() == (wanted if is_asked else [])


@pytest.mark.parametrize(
    ("missing", "stops"), [(["libegl1", "xvfb"], True), (["fonts-noto-cjk", "xvfb"], False)]
)
def test_system_when_nothing_may_be_installed_then_the_exact_command_is_named(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    missing: list[str],
    stops: bool,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system_packages, "find_privilege", lambda: None)
    monkeypatch.setattr(system_packages, "find_missing_packages", lambda _manager, _names: missing)
    said = ""
    try:
        system_packages.set_up_system(for_tests=True)
    except steps.Stop as stop:
        said = str(stop)
    assert bool(said) == stops
    said += capsys.readouterr().out
    assert f"  sudo apt-get install -y --no-install-recommends {' '.join(missing)}" in said


def test_step_when_the_command_fails_then_its_own_words_are_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = "import sys; print('first'); print('the real error', file=sys.stderr); sys.exit(3)"
    with pytest.raises(steps.Stop, match="A step: exit code 3"):
        steps.run_step("A step", [sys.executable, "-c", program])
    output = capsys.readouterr().out
    assert "first\n" in output
    assert "the real error\n" in output


@pytest.mark.parametrize(("program", "code"), [("pass", 0), ("raise SystemExit(7)", 7)])
def test_foreground_when_the_child_ends_then_its_code_is_returned(program: str, code: int) -> None:
    assert steps.run_in_foreground([sys.executable, "-c", program]) == code


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals between processes")
def test_foreground_when_the_child_is_killed_then_the_code_is_a_shell_s() -> None:
    program = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert steps.run_in_foreground([sys.executable, "-c", program]) == 128 + 9


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
def test_display_when_there_is_none_then_one_serves_and_goes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with display.a_display() as env:
        number = env["DISPLAY"].removeprefix(":")
        socket = Path(f"/tmp/.X11-unix/X{number}")
        ours = socket.stat().st_ino
    # The number is free again: somebody else's screen may have it by now.
    with contextlib.suppress(FileNotFoundError):
        assert socket.stat().st_ino != ours


def test_bench_when_the_name_is_unknown_then_the_known_ones_are_listed(
    dev: ModuleType,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "benchmarks"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "fanout.py").write_text('"""One room.\n\nMore."""\n', encoding="utf-8")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    assert dev.bench(["fan-out"], []) == 2
    output = capsys.readouterr().out
    assert output.splitlines() == [
        "There is no bench named fan-out. There are:",
        "fanout              One room.",
    ]


def test_command_when_unknown_then_one_line_says_so_before_any_set_up() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "dev.py"), "launch"],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 2
    assert "invalid choice: 'launch'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "given", "started"),
    [
        ("run", [], []),
        ("run", ["--seconds", "5"], ["--seconds", "5"]),
        ("run", ["watch", "--help"], ["watch", "--help"]),
        ("demo", ["a film.mp4"], ["demo", "a film.mp4"]),
    ],
)
def test_run_and_demo_when_started_then_the_program_gets_what_was_typed(
    dev: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    given: list[str],
    started: list[str],
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(dev, "run_in_foreground", lambda command: commands.append(command) or 0)
    assert getattr(dev, command)(given) == 0
    assert [command[1:] for command in commands] == [["-m", "app", *started]]


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
def test_screenshots_when_there_is_a_display_then_still_use_one_of_their_own(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    displays: list[str] = []
    monkeypatch.setenv("DISPLAY", ":the-user-s")

    def note(command: list[str], env: dict[str, str]) -> int:
        assert command[-2:] == ["tests.tour.screenshots", "a film.mp4"]
        displays.append(env["DISPLAY"])
        return 0

    monkeypatch.setattr(dev, "run_in_foreground", note)
    assert dev.screenshots(["a film.mp4"]) == 0
    assert len(displays) == 1
    assert displays[0] != ":the-user-s"


def test_help_when_asked_then_names_every_command(dev: ModuleType) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "dev.py"), "--help"],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    offered = re.search(r"\{([a-z,]+)\}", done.stdout)
    assert offered is not None
    described = re.findall(r"^    python3 dev\.py (\w+)", dev.__doc__ or "", re.MULTILINE)
    assert sorted(offered[1].split(",")) == sorted(described)


@pytest.mark.parametrize(
    ("arguments", "spread"),
    [([], True), (["-x", "-q"], True), (["-n0"], False), (["tests/unit/wire"], False)],
)
def test_tests_when_all_are_asked_for_then_run_in_two_processes(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, arguments: list[str], *, spread: bool
) -> None:
    started: list[tuple[list[str], str]] = []

    def note(command: list[str], env: dict[str, str]) -> int:
        started.append((command, env.get("LIVEHOUSE_TEST_SCREENS", "")))
        return 0

    @contextlib.contextmanager
    def screen(*, always: bool = False) -> Iterator[dict[str, str]]:
        yield {"DISPLAY": ":8" if always else ":7"}

    monkeypatch.setattr(dev, "run_in_foreground", note)
    monkeypatch.setattr(dev, "a_display", screen)
    assert dev.test(arguments, with_check=False) == 0
    ((command, screens),) = started
    assert ("loadscope" in command) is spread
    assert screens == (":7 :8" if spread else "")
