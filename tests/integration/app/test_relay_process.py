"""The hosted relay lives and ends with the program that started it."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import psutil
import pytest

from app.errors import HouseUnusable, RelayUnreachable
from app.net.relay_process import start_relay
from server.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

ENDS_WITHIN_S = 10.0

_HOST = """
import asyncio, sys
from pathlib import Path
from app.net.relay_process import start_relay

async def main():
    relay = await start_relay(data_dir=Path(sys.argv[1]), room="hall")
    print(relay.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_relay_when_the_program_that_hosts_it_is_killed_then_ends_in_order(
    tmp_path: Path,
) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HOST, str(tmp_path / "data"), stdout=asyncio.subprocess.PIPE
    )
    assert program.stdout is not None
    relay = psutil.Process(int(await program.stdout.readline()))
    program.kill()
    await program.wait()
    await asyncio.to_thread(psutil.wait_procs, [relay], timeout=ENDS_WITHIN_S)
    assert not relay.is_running()
    assert "stopping" in (tmp_path / "data" / "relay.log").read_text("utf-8")


async def test_relay_when_stopped_by_its_program_then_ends_with_0(tmp_path: Path) -> None:
    relay = await start_relay(data_dir=tmp_path / "data", room="hall")
    await relay.stop()
    assert await relay.wait() == 0


async def test_relay_when_the_database_is_a_newer_programs_then_its_own_words_say_so(
    tmp_path: Path,
) -> None:
    file = tmp_path / "livehouse.db"
    Store.open(f"sqlite:///{file}", queue_max=10).close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = file.read_bytes()
    with pytest.raises(HouseUnusable, match="newer Livehouse; use that one, or restore") as caught:
        await start_relay(data_dir=tmp_path)
    assert caught.value.is_newer
    assert file.read_bytes() == before


async def test_relay_when_its_port_is_taken_then_another_may_be_tried(tmp_path: Path) -> None:
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as taken,
        pytest.raises(RelayUnreachable, match="in use"),
    ):
        await start_relay(data_dir=tmp_path, port=taken.getsockname()[1])
