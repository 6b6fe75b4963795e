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
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from distribution.machine.display import a_display
from distribution.machine.environment import LOCK, pip, set_up_environment
from distribution.machine.interpreter import (
    base_python,
    go_on_with_a_fitting_python,
    venv_program,
)
from distribution.machine.steps import ROOT, Stop, run_in_foreground, run_step, say
from distribution.machine.system_packages import set_up_system

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

UV = "uv==0.13.9"
PIP_AUDIT = "pip-audit==2.10.1"

# Groups of tests are named in tests/conftest.py, in the order in which they are to be begun.
SPREAD = ("-n", "2", "--dist", "loadscope", "--no-loadscope-reorder")
SCREEN_OF_PICTURES = "2600x1500x24"


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
