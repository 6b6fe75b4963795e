"""docs/licences.md: every package that Livehouse needs, what lies in its wheel, and the terms.

python -m distribution.licences          write the page
python -m distribution.licences --check  say whether it is true, and write nothing
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import files, requires
from pathlib import Path
from typing import Any, Final

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "licences.md"
_EXTRAS: Final = {"sqlalchemy": {"asyncio"}, "psycopg": {"binary"}}

_HEAD: Final = """# Licences

Livehouse itself is under the MIT licence. What it is built on has terms of its own; this page is
made by `python3 dev.py licences` from the packages that are installed, and a test holds it true.

## What that means

- **The source** that you clone contains none of these packages: MIT, and nothing more to mind.
- **The packaged folder** contains them. PyAV's wheel carries FFmpeg with x264 and x265, and these
  are under the GPL, version 2 or later; with the parts under the LGPL 3 that makes the folder as a
  whole GPL 3. Whoever hands it on does so under that licence, with the source of all of it on
  offer: Livehouse's (this repository) and the libraries' (the addresses below). MIT allows that.
  Using the folder yourself asks nothing of you.
- **Qt and PySide6** are under the LGPL, version 3: the folder keeps them as files of their own that
  can be replaced, which is why Livehouse is never packed into one sealed file.
- **Codecs** may be under patents where you live (H.264, H.265, AAC); licences of code say nothing
  about that.
- Without the GPL: build PyAV against an FFmpeg without x264 and x265. Encoding then needs a
  hardware encoder or OpenH264.

The reasons are in [decision 1](decisions/0001-licence.md).
"""

_NATIVE: Final = (
    ("FFmpeg", "PyAV, OpenCV", "LGPL-2.1-or-later; with x264 and x265 GPL-2.0-or-later"),
    ("x264", "PyAV", "GPL-2.0-or-later"),
    ("x265", "PyAV", "GPL-2.0-or-later"),
    ("Opus, libvpx, SVT-AV1, dav1d, libaom", "PyAV, OpenCV", "BSD"),
    ("LAME", "PyAV", "LGPL-2.0-or-later"),
    ("GnuTLS, Nettle, GMP", "PyAV", "LGPL-2.1-or-later, LGPL-3.0-or-later"),
    ("Qt 6", "PySide6", "LGPL-3.0-only"),
    ("Qt 5", "opencv-python on Linux", "LGPL-3.0-only"),
    ("ICU", "PySide6", "Unicode-3.0"),
    ("OpenBLAS", "NumPy, OpenCV", "BSD-3-Clause"),
    ("GCC's run-time libraries", "NumPy, OpenCV", "GPL-3.0 with the run-time exception"),
    ("PortAudio", "sounddevice", "MIT"),
    ("OpenSSL", "cryptography, Python", "Apache-2.0"),
    ("libpq", "psycopg", "PostgreSQL"),
    ("SQLite", "Python", "public domain"),
    ("Python", "the packaged folder", "PSF-2.0"),
    (
        "PyInstaller's starter",
        "the packaged folder",
        "GPL-2.0 with an exception for what it starts",
    ),
)


def render() -> str:
    """The page for what is installed here."""
    packages = {_folded(one["Name"]): one for one in _installed()}
    shipped = sorted(_needed("livehouse", frozenset({"postgresql"})) & set(packages))
    tools = sorted(set(packages) - set(shipped) - {"livehouse"})
    lines = [_HEAD, "## Packages in the program", "", *_table(packages, shipped), ""]
    lines += [
        "## Libraries inside their wheels",
        "",
        "| library | in | terms |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {name} | {place} | {terms} |" for name, place, terms in _NATIVE]
    lines += ["", "## Tools for building and testing, not handed on", ""]
    return "\n".join([*lines, *_table(packages, tools)]) + "\n"


def find_texts() -> dict[str, list[Path]]:
    """The licence files of every package in the program, as its wheel brought them."""
    texts: dict[str, list[Path]] = {}
    for name in sorted(_needed("livehouse", frozenset({"postgresql"})) | {"livehouse"}):
        try:
            parts = files(name) or []
        except ModuleNotFoundError:
            continue
        found = [Path(str(part.locate())) for part in parts if _is_licence(str(part))]
        texts[name] = [path for path in found if path.is_file()]
    return texts


def _is_licence(place: str) -> bool:
    inside, _, name = place.replace("\\", "/").rpartition("/")
    return ".dist-info" in inside and name.upper().startswith(("LICEN", "COPYING", "NOTICE"))


def _table(packages: dict[str, dict[str, Any]], names: list[str]) -> list[str]:
    lines = ["| package | terms | from |", "| --- | --- | --- |"]
    for name in names:
        one = packages[name]
        terms = str(one["License"]).partition("\n")[0][:90].replace("|", "/")
        address = one["URL"] if str(one["URL"]).startswith("http") else ""
        lines.append(f"| {one['Name']} | {terms} | {f'<{address}>' if address else ''} |")
    return lines


def _installed() -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed", "--with-urls"]
    answer = subprocess.run(command, capture_output=True, check=True)
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def _needed(root: str, extras: frozenset[str]) -> set[str]:
    """Everything that `root` brings with it, by the packages' own words."""
    found: set[str] = set()
    waiting = [(root, extras)]
    while waiting:
        name, wanted = waiting.pop()
        try:
            lines = requires(name) or []
        except ModuleNotFoundError:
            continue
        for line in lines:
            asked = re.search(r"extra == ['\"]([^'\"]+)['\"]", line)
            if asked is not None and asked[1] not in wanted:
                continue
            match = re.match(r"([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?", line)
            if match is None or _folded(match[1]) in found:
                continue
            needed = _folded(match[1])
            found.add(needed)
            own = frozenset((match[2] or "").split(",")) | frozenset(_EXTRAS.get(needed, set()))
            waiting.append((needed, own))
    return found


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    text = render()
    if "--check" in sys.argv[1:]:
        is_true = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        sys.stdout.write("docs/licences.md is true\n" if is_true else "docs/licences.md is old\n")
        return 0 if is_true else 1
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}: {text.count(chr(10))} lines\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
