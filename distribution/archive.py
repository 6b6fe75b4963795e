"""One file to hand on: on Linux a tar with an installer, elsewhere a zip.

python -m distribution.archive dist/livehouse build/icons dist
"""

from __future__ import annotations

import datetime as dt
import platform
import shutil
import sys
import tarfile
from pathlib import Path
from typing import Final

from distribution.licences import find_texts
from distribution.versions import VERSION

ROOT: Final = Path(__file__).resolve().parent.parent
_LINUX: Final = Path(__file__).resolve().parent / "linux"
GZIP_LEVEL: Final = 6
"""xz would be a third smaller and take minutes."""
_COMMON_LICENCES: Final = tuple(
    Path("/usr/share/common-licenses") / name for name in ("GPL-2", "GPL-3", "LGPL-2.1", "LGPL-3")
)
"""Debian and its children have the texts that the libraries inside the wheels are under."""
_TEXTS: Final = ("LICENSE", "README.md", "README.zh.md", "CHANGELOG.md")


def archive(folder: Path, icons: Path, to: Path, *, gzip_level: int = GZIP_LEVEL) -> Path:
    """Pack the packaged folder. Returns the file."""
    name = f"livehouse-{VERSION}-{sys.platform}-{platform.machine().lower()}"
    if sys.platform != "linux":
        what = folder.parent / "Livehouse.app"
        source = what if what.exists() else folder
        return Path(shutil.make_archive(str(to / name), "zip", source.parent, source.name))
    file = to / f"{name}.tar.gz"
    share = to / f".{name}-share"
    shutil.rmtree(share, ignore_errors=True)
    _fill(share, icons)
    with tarfile.open(file, "w:gz", compresslevel=gzip_level) as tar:
        tar.add(folder, f"{name}/livehouse")
        tar.add(share, f"{name}/share")
        tar.add(_LINUX / "install.sh", f"{name}/install.sh")
        for file_name in _TEXTS:
            tar.add(ROOT / file_name, f"{name}/{file_name}")
        tar.add(ROOT / "docs" / "licences.md", f"{name}/licences/README.md")
        for package, texts in find_texts().items():
            for number, text in enumerate(texts):
                place = f"{name}/licences/{package}/{number}-{text.name}"
                tar.add(text, place.replace("/0-", "/"))
        for text in _COMMON_LICENCES:
            if text.exists():
                tar.add(text, f"{name}/licences/{text.name}.txt")
    shutil.rmtree(share)
    return file


def _fill(share: Path, icons: Path) -> None:
    (share / "icons").mkdir(parents=True)
    for png in icons.glob("livehouse-*.png"):
        shutil.copy(png, share / "icons")
    shutil.copy(ROOT / "resources" / "app" / "livehouse.svg", share / "icons")
    shutil.copy(_LINUX / "livehouse.desktop", share)
    name = "org.livehouse.Livehouse.metainfo.xml"
    text = (_LINUX / name).read_text(encoding="utf-8").replace("@VERSION@", VERSION)
    text = text.replace("@DATE@", dt.datetime.now(dt.UTC).date().isoformat())
    (share / name).write_text(text, encoding="utf-8")


def main() -> int:
    folder, icons, to = (Path(argument) for argument in sys.argv[1:4])
    file = archive(folder, icons, to)
    sys.stdout.write(f"{file.name}: {file.stat().st_size / 1_000_000:.0f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
