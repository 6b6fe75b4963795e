"""A whole house in one file: the database and the small files beside it, without which a restored
relay would be a stranger to its viewers' pins and its publishers' keys.

The file is a zip that anybody can open: `house.json` names what is in it with sizes and SHA-256.
Recordings are not in it; they are large, and files of their own that any tool can copy.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from server.errors import StoreError
from server.gateway.certificates import CERTIFICATE_NAME, KEY_NAME
from server.privacy.addresses import SALTS_FILE
from server.privacy.journal import ERASED_FILE
from server.store.backup import copy_database, restore_database
from server.store.data_dir import DATABASE_FILE, ROOM_KEY_SECRET_FILE, write_private

SUFFIX: Final = ".zip"
MANIFEST: Final = "house.json"
KIND: Final = "livehouse-house"
FORMAT: Final = 1
SMALL_FILES: Final = (
    ROOM_KEY_SECRET_FILE,
    CERTIFICATE_NAME,
    KEY_NAME,
    SALTS_FILE,
    ERASED_FILE,
)
SMALL_FILE_BYTES_MAX: Final = 16 * 1024 * 1024
_PIECE_BYTES: Final = 1024 * 1024
COPYING: Final = "copying the database"
PACKING: Final = "packing"
UNPACKING: Final = "unpacking"

Advance = Callable[[str, float], None]
"""Hears what is under way and which share of it is done, 0 to 1."""


class Piece(msgspec.Struct, frozen=True):
    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What `house.json` holds."""

    kind: str
    format: int
    pieces: tuple[Piece, ...]


def is_house(file: Path) -> bool:
    return zipfile.is_zipfile(file)


def back_up_house(data_dir: Path, destination: Path, *, on_progress: Advance) -> None:
    """Write the file; complete or not there at all. The relay may run. Raises StoreError."""
    if destination.exists():
        raise StoreError(f"{destination} exists already")
    if not (data_dir / DATABASE_FILE).is_file():
        raise StoreError(f"there is no database {data_dir / DATABASE_FILE}")
    if not destination.parent.is_dir():
        raise StoreError(f"there is no folder {destination.parent}")
    unfinished = destination.with_name(destination.name + ".partial")
    unfinished.unlink(missing_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=destination.parent, prefix=".backup-") as folder:
            copy = Path(folder) / DATABASE_FILE
            copy_database(data_dir / DATABASE_FILE, copy, on_progress=partial(on_progress, COPYING))
            files = [copy, *(data_dir / name for name in SMALL_FILES)]
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            _pack(unfinished, [file for file in files if file.is_file()], on_progress)
        unfinished.replace(destination)
    except (OSError, zipfile.BadZipFile) as error:
        raise StoreError(f"cannot write {destination}: {error}") from None
    finally:
        unfinished.unlink(missing_ok=True)


def restore_house(file: Path, data_dir: Path, *, force: bool, on_progress: Advance) -> None:
    """Put a house in place. The relay is stopped and its folder locked. Raises StoreError.

    Everything is unpacked and proved before the first file changes. Who was erased here since the
    copy was made stays erased: that list is kept, and the copy's is added to it.
    """
    database = data_dir / DATABASE_FILE
    if database.exists() and not force:
        raise StoreError(f"{database} exists; --force replaces it")
    try:
        with (
            tempfile.TemporaryDirectory(dir=data_dir, prefix=".restore-") as folder,
            zipfile.ZipFile(file) as archive,
        ):
            pieces = _read_manifest(archive)
            names = [_unpack(archive, piece, Path(folder), on_progress) for piece in pieces]
            if DATABASE_FILE not in names:
                raise StoreError(f"{file} holds no database")
            restore_database(
                Path(folder) / DATABASE_FILE,
                database,
                force=force,
                on_progress=partial(on_progress, COPYING),
            )
            for name in names:
                if name != DATABASE_FILE:
                    _put(Path(folder) / name, data_dir / name)
    except (zipfile.BadZipFile, EOFError) as error:
        raise StoreError(f"{file} is not a good backup: {error}") from None
    except OSError as error:
        raise StoreError(f"cannot restore {file}: {error.strerror or error}") from None


def _pack(target: Path, files: list[Path], on_progress: Advance) -> None:
    pieces = tuple(Piece(file.name, file.stat().st_size, _sum(file)) for file in files)
    manifest = Manifest(kind=KIND, format=FORMAT, pieces=pieces)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        for file, piece in zip(files, pieces, strict=True):
            with (
                file.open("rb") as source,
                archive.open(file.name, "w", force_zip64=True) as packed,
            ):
                done = 0
                while part := source.read(_PIECE_BYTES):
                    packed.write(part)
                    done += len(part)
                    on_progress(PACKING, done / piece.size)
    with target.open("rb") as written:
        os.fsync(written.fileno())


def _read_manifest(archive: zipfile.ZipFile) -> tuple[Piece, ...]:
    try:
        with archive.open(MANIFEST) as packed:
            text = packed.read(SMALL_FILE_BYTES_MAX)
        manifest = msgspec.json.decode(text, type=Manifest)
    except (KeyError, msgspec.MsgspecError):
        raise StoreError("this zip is no backup of a house") from None
    if manifest.kind != KIND:
        raise StoreError("this zip is no backup of a house")
    if manifest.format > FORMAT:
        raise StoreError("this backup was made by a newer Livehouse: update, then restore")
    return manifest.pieces


def _unpack(archive: zipfile.ZipFile, piece: Piece, folder: Path, on_progress: Advance) -> str:
    """Write one piece. No more than the manifest says, and nothing but what we know by name."""
    if piece.name not in {DATABASE_FILE, *SMALL_FILES}:
        raise StoreError(f"the backup holds an unknown file {piece.name!r}")
    target, left = folder / piece.name, piece.size
    try:
        with archive.open(piece.name) as packed, target.open("wb") as out:
            while part := packed.read(min(_PIECE_BYTES, left + 1)):
                left -= len(part)
                if left < 0:
                    break
                out.write(part)
                on_progress(UNPACKING, 1 - left / piece.size)
    except KeyError:
        raise StoreError(f"the backup lacks {piece.name}") from None
    if left or _sum(target) != piece.sha256:
        raise StoreError(f"{piece.name} in the backup is damaged")
    return piece.name


def _put(source: Path, target: Path) -> None:
    value = source.read_bytes()
    if target.name == ERASED_FILE and target.exists():
        there = target.read_bytes().splitlines()
        added = [line for line in value.splitlines() if line not in {*there}]
        value = b"".join(line + b"\n" for line in (*there, *added))
    write_private(target, value)


def _sum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
