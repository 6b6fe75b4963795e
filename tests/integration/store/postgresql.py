"""A real PostgreSQL that the tests start and stop themselves."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from server.store.migrations import HEAD

START_TIMEOUT_S = 30.0
_OPTIONS = [
    part
    for setting in (
        "listen_addresses=",
        "shared_buffers=16MB",
        # Nothing here outlives the tests.
        "fsync=off",
        "full_page_writes=off",
        "autovacuum=off",
    )
    for part in ("-c", setting)
]


_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_CLEAR = """
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        IF pg_relation_size(format('%I', name)::regclass) > 1000000 THEN
            EXECUTE format('TRUNCATE %I CASCADE', name);
        ELSE
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
END $$
"""


def find_binaries() -> Path | None:
    """The folder of initdb and postgres, the newest; None where PostgreSQL is not installed."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if installed:
        return installed[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def run_cluster(binaries: Path) -> Iterator[str]:
    """A fresh cluster on a Unix socket. Gives its address without a database's name."""
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="livehouse-pg-"))
    try:
        if user is not None:
            account = pwd.getpwnam(user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = folder / "data"
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"],
            check=True,
            capture_output=True,
            user=user,
            group=user,
            cwd=folder,
        )
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, *_OPTIONS],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user,
            group=user,
            cwd=folder,
        )
        try:
            _wait_until_ready(folder, server)
            yield f"postgresql+psycopg://postgres@/{{database}}?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=START_TIMEOUT_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def create_database(address: str, name: str, template: str = "template1") -> str:
    """Make a database, empty or as the template is, and return its address."""
    with _connect(address, "postgres") as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return address.format(database=name)


def clear_database(address: str, name: str) -> bool:
    """Delete every row, which is ten times quicker than another database.

    False where its schema is not the newest: a test has changed it.
    """
    with _connect(address, name) as connection:
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if version != (HEAD,):
            return False
        connection.execute(_END_OTHERS)
        # Neither the book's own triggers nor the order of foreign keys.
        connection.execute("SET session_replication_role = replica")
        connection.execute(_CLEAR)
    return True


def _connect(address: str, name: str) -> psycopg.Connection:
    folder = address.rsplit("host=", 1)[1]
    return psycopg.connect(host=folder, user="postgres", dbname=name, autocommit=True)


def _wait_until_ready(folder: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            # There is no event to wait for: a server says that it is ready by answering.
            time.sleep(0.05)
        else:
            return
