#!/usr/bin/env python3
"""The only command to learn: it sets Livehouse up, runs it, tests it and measures it.

    python3 dev.py run            open Livehouse; without a display go live and print statistics
    python3 dev.py test           every test (arguments go to pytest)
    python3 dev.py demo           a lively house on this computer; media files may follow
    python3 dev.py check          lint, format, types and the direction of imports
    python3 dev.py fix            what the linter and the formatter can mend by themselves
    python3 dev.py bench          the benches by name; `bench NAME` runs one
    python3 dev.py package        the packaged programs in dist/, tried; `--archive` packs them
    python3 dev.py screenshots    the pictures in docs/screenshots; media files may follow
    python3 dev.py licences       docs/licences.md: what Livehouse is built on, under which terms
    python3 dev.py audit          known faults of the locked packages; asks PyPI
    python3 dev.py texts          bring the translations up to the sources and compile them
    python3 dev.py setup          only what all of the above do first
    python3 dev.py lock           resolve requirements.lock again

Every command does the set-up that it needs and costs next to nothing when that is done. Standard
library only; written for Python 3.8 so that it can still explain itself to an interpreter that
Livehouse does not support.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import importlib.util
import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
PYTHONS = ((3, 11), (3, 12), (3, 13))
UV = "uv==0.13.9"
PIP_AUDIT = "pip-audit==2.10.1"

STEP_REPORT_INTERVAL_S = 10.0
DISPLAY_TIMEOUT_S = 10.0
SCREEN = "1920x1080x24"
# Groups of tests are named in tests/conftest.py, in the order in which they are to be begun.
SPREAD = ("-n", "2", "--dist", "loadscope", "--no-loadscope-reorder")
SCREEN_OF_PICTURES = "2600x1500x24"


class Stop(Exception):
    """A reason to stop that needs no traceback; the text is all that the user has to read."""


# --------------------------------------------------------------------------------- showing progress


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def as_typed(command: Sequence[str]) -> str:
    return " ".join(shlex.quote(part) for part in command)


def run_step(title: str, command: Sequence[str], env: dict[str, str] | None = None) -> None:
    """Run one step of the set-up, shown as one line; its whole output is shown if it fails."""
    started = time.monotonic()
    reported = started
    is_terminal = sys.stdout.isatty()
    lines: list[str] = []
    if not is_terminal:
        say(f"- {title} ...")
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None  # noqa: S101 - PIPE above; tells the type checker
        for line in process.stdout:
            lines.append(line)
            elapsed_s = time.monotonic() - started
            if is_terminal:
                detail = f"- {title}  {elapsed_s:.0f} s  {line.strip()}"
                sys.stdout.write("\r\x1b[K" + detail[: shutil.get_terminal_size().columns - 1])
                sys.stdout.flush()
            elif time.monotonic() - reported >= STEP_REPORT_INTERVAL_S:
                reported = time.monotonic()
                say(f"    {elapsed_s:.0f} s: {line.strip()[:90]}")
    start = "\r\x1b[K" if is_terminal else ""
    elapsed_s = time.monotonic() - started
    if process.returncode != 0:
        say(f"{start}- {title}: failed after {elapsed_s:.1f} s. The command and what it said:")
        say(f"  {as_typed(command)}")
        say("".join(lines))
        raise Stop(f"{title}: exit code {process.returncode}")
    say(f"{start}- {title}: {elapsed_s:.1f} s")


def run_in_foreground(command: Sequence[str], env: dict[str, str] | None = None) -> int:
    """Run what the user asked for on this terminal and return its exit code.

    Ctrl+C reaches the child by itself, so here it only means "go on waiting": the child may have
    a broadcast to end. SIGTERM reaches this process alone and is handed on.
    """
    process = subprocess.Popen(command, cwd=ROOT, env=env)

    def hand_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    previous = signal.signal(signal.SIGTERM, hand_on)
    try:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                continue
            return code if code >= 0 else 128 - code
    finally:
        signal.signal(signal.SIGTERM, previous)


# ---------------------------------------------------------------------------- a fitting interpreter


def go_on_with_a_fitting_python() -> None:
    """Return if this interpreter is supported; otherwise start one that is, or stop."""
    version = sys.version_info[:2]
    if version in PYTHONS:
        return
    here = ".".join(map(str, sys.version_info[:3]))
    span = f"3.{PYTHONS[0][1]} to 3.{PYTHONS[-1][1]}"
    found = find_fitting_python()
    if found is None:
        raise Stop(
            f"Livehouse needs Python {span}; this is {here} and no fitting one is on PATH.\n"
            "Install one and run this again:\n"
            "  Debian, Ubuntu   sudo apt-get install python3 python3-venv\n"
            "  Fedora           sudo dnf install python3.13\n"
            "  macOS            brew install python@3.13\n"
            "  Windows          winget install Python.Python.3.13"
        )
    say(f"Livehouse needs Python {span}; this is {here}, so going on with {as_typed(found)}.")
    raise SystemExit(run_in_foreground([*found, str(ROOT / "dev.py"), *sys.argv[1:]]))


def find_fitting_python() -> list[str] | None:
    candidates = [[str(venv_program("python"))]]
    for major, minor in reversed(PYTHONS):
        candidates.append([f"python{major}.{minor}"])
        if os.name == "nt":
            candidates.append(["py", f"-{major}.{minor}"])
    for candidate in candidates:
        program = shutil.which(candidate[0])
        if program and python_version([program, *candidate[1:]])[:2] in PYTHONS:
            return [program, *candidate[1:]]
    return None


def python_version(command: Sequence[str]) -> tuple[int, ...]:
    """Ask an interpreter which it is; () when it does not start (a shim, a moved one)."""
    question = "import sys; print(*sys.version_info[:3])"
    try:
        answer = subprocess.run(
            [*command, "-c", question],
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(int(part) for part in answer.stdout.split())


# ---------------------------------------------------------------------------------- system packages


class PackageManager(NamedTuple):
    program: str
    query: str
    """Prints `installed` as a line of its own for each package that is there."""
    installed: str
    install: str
    needed: str
    """Without these the programs do not start."""
    fonts: str
    """Without these Chinese text and emoji show as boxes."""
    tests: str
    """Without these some tests skip themselves and say so."""


PACKAGE_MANAGERS = (
    PackageManager(
        program="apt-get",
        query="dpkg-query -W -f ${db:Status-Status}=${Package}\\n",
        installed="installed={}",
        install="apt-get install -y --no-install-recommends",
        needed="libportaudio2 libegl1 libgl1 libglib2.0-0 libxkbcommon0 libxkbcommon-x11-0 "
        "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 "
        "libxcb-render-util0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libx11-xcb1 "
        "libdbus-1-3 libfontconfig1",
        fonts="fonts-noto-cjk fonts-noto-color-emoji",
        tests="xvfb xauth pulseaudio libasound2-plugins postgresql ffmpeg gcc libc6-dev iproute2 "
        "nftables libfaketime openssl nginx-light libnginx-mod-rtmp",
    ),
    PackageManager(
        program="dnf",
        query="rpm -q --qf %{NAME}\\n",
        installed="{}",
        install="dnf install -y",
        needed="portaudio mesa-libEGL mesa-libGL glib2 libxkbcommon libxkbcommon-x11 "
        "xcb-util-cursor xcb-util-wm xcb-util-image xcb-util-keysyms xcb-util-renderutil "
        "dbus-libs fontconfig",
        fonts="google-noto-sans-cjk-fonts google-noto-color-emoji-fonts",
        tests="xorg-x11-server-Xvfb xorg-x11-xauth pulseaudio-utils alsa-plugins-pulseaudio "
        "postgresql-server ffmpeg-free gcc iproute nftables libfaketime openssl",
    ),
    PackageManager(
        program="pacman",
        query="pacman -Qq",
        installed="{}",
        install="pacman -S --needed --noconfirm",
        needed="portaudio libglvnd glib2 libxkbcommon libxkbcommon-x11 xcb-util-cursor "
        "xcb-util-wm xcb-util-image xcb-util-keysyms xcb-util-renderutil dbus fontconfig",
        fonts="noto-fonts-cjk noto-fonts-emoji",
        tests="xorg-server-xvfb xorg-xauth pulseaudio alsa-plugins postgresql ffmpeg gcc "
        "iproute2 nftables libfaketime openssl",
    ),
)
"""macOS and Windows need none: the wheels of PySide6 and sounddevice hold all that they use."""

SAME_AS = {"gcc": "cc", "libc6-dev": "cc", "ffmpeg": "ffprobe", "ffmpeg-free": "ffprobe"}
"""Packages that are not asked for where their program came from somewhere else."""


def set_up_system(*, for_tests: bool) -> None:
    """Install the missing system packages, or name the command that does."""
    manager = next((one for one in PACKAGE_MANAGERS if shutil.which(one.program)), None)
    if manager is None:
        for program in ("ffprobe", "initdb") if for_tests else ():
            if shutil.which(program) is None:
                say(f"- {program} is not on PATH: the tests that need it will be skipped")
        return
    wanted = f"{manager.needed} {manager.fonts} {manager.tests if for_tests else ''}".split()
    missing = find_missing_packages(manager, wanted)
    if not missing:
        return
    install = [*manager.install.split(), *missing]
    privilege = find_privilege()
    if manager.program == "apt-get" and privilege is not None:
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        say(f"Missing on this system: {' '.join(missing)}")
        # A mirror that is down is no reason to stop while the package lists at hand still do.
        with contextlib.suppress(Stop):
            run_step("System package lists", [*privilege, "apt-get", "update"], env)
        patience = ["-o", "DPkg::Lock::Timeout=120"]  # another installer may be at work
        run_step("System packages", [*privilege, *install, *patience], env)
        return
    by_hand = as_typed(["sudo", *install])
    vital = sorted(set(missing) & set(manager.needed.split()))
    if vital:
        raise Stop(
            f"These system libraries are missing: {' '.join(vital)}\n"
            f"Type this, then run it again (or go on without: dev.py --no-system ...):\n  {by_hand}"
        )
    say(f"Missing on this system, so some things are skipped: {' '.join(missing)}\n  {by_hand}")


def find_missing_packages(manager: PackageManager, names: Sequence[str]) -> list[str]:
    # The time_t transition renamed some of Debian's libraries from x to xt64.
    asked = [*names, *(f"{name}t64" for name in names if manager.program == "apt-get")]
    query = [part.replace("\\n", "\n") for part in manager.query.split()]
    answer = subprocess.run(
        [*query, *asked],
        check=False,  # says 1 as soon as one of them is unknown
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    there = set(answer.stdout.decode().split("\n"))
    return [
        name
        for name in names
        if manager.installed.format(name) not in there
        and manager.installed.format(f"{name}t64") not in there
        and not (name in SAME_AS and shutil.which(SAME_AS[name]))
    ]


def find_privilege() -> list[str] | None:
    """What to put before a command to run it as root without being asked; None if nothing does."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    test = subprocess.run(
        ["sudo", "-n", "true"],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return ["sudo", "-n"] if test.returncode == 0 else None


# ------------------------------------------------------------------------------ virtual environment


def venv_program(name: str) -> Path:
    if os.name == "nt":
        return VENV / "Scripts" / f"{name}.exe"
    return VENV / "bin" / name


@contextlib.contextmanager
def one_set_up_at_a_time() -> Iterator[None]:
    """Two terminals that start at once must not build the environment over each other."""
    with LOCK.open("rb") as lock:
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 - not there on Windows

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up_environment(*, rebuild: bool) -> None:
    """Bring .venv to exactly what the lock says, with this checkout importable in it."""
    python = str(venv_program("python"))
    # The path is in it because a moved environment's programs still point to the old place, the
    # version because `python3.13 dev.py test` has to mean what it says.
    place = f"{ROOT}\nPython {sys.version_info[0]}.{sys.version_info[1]}\n"
    locked = place + hashlib.sha256(LOCK.read_bytes()).hexdigest()
    project = place + hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    locked_stamp, project_stamp = VENV / "stamp-lock", VENV / "stamp-project"
    stamped = read_stamp(locked_stamp)
    if not rebuild and stamped == locked and read_stamp(project_stamp) == project:
        return
    with one_set_up_at_a_time():
        stamped = read_stamp(locked_stamp)
        if rebuild or not stamped.startswith(place) or not python_version([python]):
            create_environment()
            stamped = ""
        if stamped != locked:
            locked_stamp.unlink(missing_ok=True)
            # The lock is complete, so pip need not resolve; and nothing is built from source.
            flags = "--require-hashes --no-deps --only-binary :all: --progress-bar off"
            command = f"install {flags} --requirement {LOCK.name}"
            run_step("Locked packages", [*pip(python), *command.split()])
            locked_stamp.write_text(locked, encoding="utf-8")
        if read_stamp(project_stamp) != project:
            command = "install --no-index --no-deps --no-build-isolation --editable ."
            run_step("Livehouse itself", [*pip(python), *command.split()])
            project_stamp.write_text(project, encoding="utf-8")


def read_stamp(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def pip(python: str) -> list[str]:
    return [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]


def create_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        install_venv_module()
    run_step(
        f"Virtual environment with Python {sys.version_info[0]}.{sys.version_info[1]}",
        [base_python(), "-m", "venv", "--clear", str(VENV)],
    )


def base_python() -> str:
    """Not the one inside .venv, which may be running this and is about to be replaced."""
    return str(getattr(sys, "_base_executable", sys.executable))


def install_venv_module() -> None:
    """Debian and Ubuntu keep half of the standard library's venv in a package of its own."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    privilege = find_privilege()
    if privilege is None or shutil.which("apt-get") is None:
        raise Stop(f"This Python cannot make virtual environments. sudo apt-get install {package}")
    run_step("System package lists", [*privilege, "apt-get", "update"])
    run_step("System packages", [*privilege, "apt-get", "install", "-y", package])


# ------------------------------------------------------------------------------------------ display


@contextlib.contextmanager
def a_display(screen: str = SCREEN, *, always: bool = False) -> Iterator[dict[str, str]]:
    """The environment for a child, on Linux with a screen of its own when there is none."""
    env = dict(os.environ)
    program = shutil.which("Xvfb")
    has_one = bool(env.get("DISPLAY")) and not always
    if not sys.platform.startswith("linux") or has_one or program is None:
        yield env
        return
    env.pop("WAYLAND_DISPLAY", None)
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", screen]
    # If this process is killed outright, the screen goes with it.
    setpriv = shutil.which("setpriv")
    if setpriv is not None:
        command = [setpriv, "--pdeathsig", "TERM", *command]
    with tempfile.TemporaryFile() as log:
        # A session of its own: Ctrl+C ends the tests first and the screen after them.
        process = subprocess.Popen(
            [*command, "-nolisten", "tcp", "-noreset"],
            pass_fds=(writing,),
            start_new_session=True,
            stdout=log,
            stderr=log,
        )
        try:
            os.close(writing)
            number = read_display_number(reading)
            if number:
                env["DISPLAY"] = f":{number}"
            else:
                log.seek(0)
                say(f"Xvfb did not start:\n{log.read().decode(errors='replace')}")
            yield env
        finally:
            os.close(reading)
            process.terminate()
            process.wait()


def read_display_number(reading: int) -> str:
    """What Xvfb writes once it serves; "" when it ends or does not answer in time."""
    text = b""
    deadline = time.monotonic() + DISPLAY_TIMEOUT_S
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        part = os.read(reading, 32) if ready else b""
        if not part:
            return ""
        text += part
    return text.decode().strip()


# ----------------------------------------------------------------------------------------- commands


def run(arguments: Sequence[str]) -> int:
    """Without a command the program opens its window, or goes live where there is no display."""
    return run_in_foreground([str(venv_program("python")), "-m", "app", *arguments])


def demo(arguments: Sequence[str]) -> int:
    return run(["demo", *arguments])


def screenshots(arguments: Sequence[str]) -> int:
    """On a screen of its own, so that they come out the same everywhere."""
    with a_display(SCREEN_OF_PICTURES, always=True) as env:
        command = [str(venv_program("python")), "-m", "tests.tour.screenshots", *arguments]
        return run_in_foreground(command, env)


def test(arguments: Sequence[str], *, with_check: bool) -> int:
    """The whole suite in two processes, each with a screen of its own; a part of it in one."""
    failed = check() if with_check else 0
    if failed:
        say("The check failed (see above); the tests run all the same, but this will not pass.\n")
    whole = not any(Path(argument.partition("::")[0]).exists() for argument in arguments)
    counted = any(argument.startswith("-n") for argument in arguments)
    spread = SPREAD if whole and not counted else ()
    with contextlib.ExitStack() as stack:
        env = stack.enter_context(a_display())
        if spread:
            # Two windows on one screen take the focus from each other.
            other = stack.enter_context(a_display(always=True))
            screens = [env.get("DISPLAY", ""), other.get("DISPLAY", "")]
            env["LIVEHOUSE_TEST_SCREENS"] = " ".join(screen for screen in screens if screen)
        command = [str(venv_program("python")), "-m", "pytest", *spread, *arguments]
        return run_in_foreground(command, env) or failed


GATES = (
    ("lint", "ruff", "check ."),
    ("format", "ruff", "format --check ."),
    ("types", "mypy", ""),
    ("imports", "lint-imports", "--no-logo"),
)


def check() -> int:
    """Every gate, also after one has failed; 1 if any has."""
    verdicts = []
    for name, program, arguments in GATES:
        say(f"--- {name}: {program} {arguments}".rstrip())
        started = time.monotonic()
        code = run_in_foreground([str(venv_program(program)), *arguments.split()])
        elapsed_s = time.monotonic() - started
        verdicts.append((name, code, elapsed_s))
    say()
    for name, code, elapsed_s in verdicts:
        verdict = f"FAILED ({code})" if code else "passed"
        say(f"{name:<10}{verdict:<14}{elapsed_s:6.1f} s")
    say()
    return 1 if any(code for _, code, _ in verdicts) else 0


def fix() -> int:
    ruff = str(venv_program("ruff"))
    left = run_in_foreground([ruff, "check", "--fix", "."])
    return run_in_foreground([ruff, "format", "."]) or left


def bench(names: Sequence[str], arguments: Sequence[str]) -> int:
    """Run one bench; without a name list them with the first line of their docstrings."""
    benches = {
        path.stem: path
        for path in sorted((ROOT / "benchmarks").glob("*.py"))
        if not path.stem.startswith("_")
    }
    name = names[0] if names else ""
    if name not in benches:
        if name:
            say(f"There is no bench named {name}. There are:")
        for stem, path in benches.items():
            text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            say(f"{stem:<20}{text.partition(chr(10))[0]}")
        return 2 if name else 0
    with a_display() as env:
        command = [str(venv_program("python")), "-m", f"benchmarks.{name}", *arguments]
        return run_in_foreground(command, env)


def texts() -> int:
    """Take new texts of the window into the .ts file, then compile it; what is missing is told."""
    source = ROOT / "resources" / "translations" / "livehouse_zh_CN.ts"
    files = sorted(str(path) for path in (ROOT / "app" / "ui").rglob("*.py"))
    flags = ["-no-obsolete", "-locations", "none", "-ts", str(source)]
    failed = run_in_foreground([str(venv_program("pyside6-lupdate")), *files, *flags])
    failed = failed or run_in_foreground([str(venv_program("pyside6-lrelease")), str(source)])
    missing = source.read_text(encoding="utf-8").count('type="unfinished"')
    say(f"{missing} texts have no translation yet" if missing else "every text is translated")
    return failed


def package(arguments: Sequence[str]) -> int:
    """Build both programs, weigh them and run them as somebody who has no Python."""
    python, folder, icons = str(venv_program("python")), "dist/livehouse", "build/icons"
    offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    run_step("Icons", [python, "-m", "distribution.icons", icons], offscreen)
    paths = ["--workpath", "build", "--distpath", "dist"]
    run_step("Both programs", [python, "-m", "PyInstaller", "build.spec", "--noconfirm", *paths])
    failed = run_in_foreground([python, "-m", "distribution.sizes", folder])
    with a_display() as env:
        smoke = [python, "-m", "distribution.smoke", folder, "--picture", "build/window.png"]
        failed = run_in_foreground(smoke, env) or failed
    if "--archive" in arguments and not failed:
        failed = run_in_foreground([python, "-m", "distribution.archive", folder, icons, "dist"])
    return failed


def licences() -> int:
    return run_in_foreground([str(venv_program("python")), "-m", "distribution.licences"])


def audit() -> int:
    """With a tool that nothing else needs, in an environment of its own, as `lock` does."""
    with tempfile.TemporaryDirectory() as folder:
        run_step("Tools", [base_python(), "-m", "venv", folder])
        python = str(Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python")
        run_step("pip-audit", [*pip(python), "install", PIP_AUDIT])
        return run_in_foreground([python, "-m", "distribution.audit", LOCK.name])


def lock(arguments: Sequence[str]) -> int:
    """Resolve again, with uv, which nothing else here needs; `--upgrade` moves the pins."""
    with tempfile.TemporaryDirectory() as folder:
        tools = Path(folder) / "tools"
        run_step("Tools", [base_python(), "-m", "venv", str(tools)])
        binaries = tools / ("Scripts" if os.name == "nt" else "bin")
        run_step("uv", [*pip(str(binaries / "python")), "install", UV])
        compile_lock = (
            "pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest "
            "--generate-hashes --no-emit-index-url --no-emit-find-links --no-header "
            f"--all-extras --group dev --output-file {LOCK.name}"
        )
        command = [str(binaries / "uv"), *compile_lock.split(), *arguments]
        run_step(LOCK.name, command)
    return 0


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dev.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--no-system", action="store_true", help="leave system packages alone")
    parser.add_argument("--rebuild", action="store_true", help="make .venv anew")
    parser.add_argument(
        "command",
        choices=[
            *("run", "test", "demo", "check", "fix", "bench", "package", "screenshots", "texts"),
            *("licences", "audit", "setup", "lock"),
        ],
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="go to what is started")
    return parser


def main() -> int:
    options = build_parser().parse_args()
    command, arguments = options.command, options.arguments
    go_on_with_a_fitting_python()
    if command == "lock":
        return lock(arguments)
    if command not in {"check", "fix", "texts", "licences", "audit"} and not options.no_system:
        set_up_system(for_tests=command not in {"run", "demo"})
    set_up_environment(rebuild=options.rebuild)
    with_check = os.environ.get("CI", "").lower() in {"1", "true"}
    commands: dict[str, Callable[[], int]] = {
        "setup": lambda: 0,
        "run": lambda: run(arguments),
        "demo": lambda: demo(arguments),
        "screenshots": lambda: screenshots(arguments),
        "test": lambda: test(arguments, with_check=with_check),
        "check": check,
        "fix": fix,
        "texts": texts,
        "licences": licences,
        "audit": audit,
        "package": lambda: package(arguments),
        "bench": lambda: bench(arguments[:1], arguments[1:]),
    }
    return commands[command]()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stop as stop:
        sys.stderr.write(f"\n{stop}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
