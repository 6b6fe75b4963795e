"""What the packaged folder weighs, by part, and whether that is within the bound.

python -m distribution.sizes dist/livehouse
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

MEGABYTE: Final = 1_000_000
SIZE_MAX_MB: Final = 620
"""The wheels with their own libraries make nine tenths of it: OpenCV 190 (74 its code, 39 OpenBLAS,
35 its Qt 5, 40 its FFmpeg), PyAV 105, Qt 90, NumPy 45, Python 37. What is above this bound came in
by mistake: scikit-learn alone would add 130, Qt Quick 40."""

_PARTS: Final = (
    ("OpenCV", ("cv2", "opencv_python.libs")),
    ("PyAV and FFmpeg", ("av", "av.libs")),
    ("Qt", ("PySide6", "shiboken6")),
    ("NumPy", ("numpy", "numpy.libs")),
    ("PostgreSQL's driver", ("psycopg_binary", "psycopg_binary.libs")),
    ("SQLAlchemy", ("sqlalchemy",)),
    ("cryptography", ("cryptography",)),
    ("Chinese dictionaries", ("opencc", "pypinyin")),
    ("Livehouse's own data", ("resources", "server")),
)


def measure(folder: Path) -> dict[str, int]:
    """Bytes by part; links count nothing, for what they point to counts already."""
    inside = folder / "_internal"
    parts = {name: sum(_weigh(inside / place) for place in places) for name, places in _PARTS}
    parts["the programs themselves"] = sum(
        file.stat().st_size for file in folder.iterdir() if file.is_file()
    )
    parts["Python and the rest"] = _weigh(folder) - sum(parts.values())
    return parts


def _weigh(place: Path) -> int:
    files = [place] if place.is_file() else place.rglob("*")
    return sum(one.stat().st_size for one in files if one.is_file() and not one.is_symlink())


def main() -> int:
    parts = measure(Path(sys.argv[1]))
    for name, size in sorted(parts.items(), key=lambda part: -part[1]):
        sys.stdout.write(f"{name:<26}{size / MEGABYTE:8.1f} MB\n")
    total = sum(parts.values()) / MEGABYTE
    sys.stdout.write(f"{'all':<26}{total:8.1f} MB   (bound {SIZE_MAX_MB})\n")
    return 0 if total <= SIZE_MAX_MB else 1


if __name__ == "__main__":
    sys.exit(main())
