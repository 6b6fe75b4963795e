"""What `livehouse-relay` does beside running: migrate, back up, restore, check, make users."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from server import house_backup
from server.accounts import queries as accounts
from server.accounts.common_passwords import load_common_passwords
from server.accounts.hashing import PasswordHasher
from server.accounts.known_users import KnownUsers
from server.accounts.service import AccountService
from server.clocks import Clocks
from server.errors import StoreError
from server.gifts import queries as packets
from server.ledger import audit
from server.ledger import queries as ledger
from server.ledger.queries import Movement
from server.ledger.rules import beans_of, coins_of
from server.personal_parts import PARTS, build_privacy
from server.privacy import queries as privacy
from server.privacy.exports import write_zip
from server.privacy.journal import Journal
from server.sanctions.standings import Standings
from server.settings import Limits, Retention
from server.store.backup import CheckReport, check_database, copy_database, restore_database
from server.store.data_dir import DATABASE_FILE, DataDir
from server.store.engine import parse_url, sqlite_path, sqlite_url
from server.store.migrate import check_schema
from server.store.migrations import HEAD
from server.store.offline import look
from server.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from server.house_backup import Advance
    from server.ledger.audit import LedgerReport
    from server.store.session import Session
    from wire.event_base import UserInfo


STATEMENT_LINES_MAX: Final = 100_000
COPYING: Final = house_backup.COPYING


def _tell_nobody(_step: str, _share: float) -> None:
    """Where progress is not shown."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A user's purses and what moved in them, newest first."""

    user_id: str
    name: str
    coins: int
    beans: int
    movements: tuple[Movement, ...]


def migrate(data_dir: Path, database_url: str) -> str:
    """Bring the database to the newest schema and return its version. The relay is stopped."""
    with _open_store(data_dir, database_url):
        return HEAD


def back_up(
    data_dir: Path, database_url: str, destination: Path, *, on_progress: Advance = _tell_nobody
) -> None:
    """The whole house where the file's name ends in .zip, else the database alone, into one file;
    the relay may run.
    """
    source = _require_sqlite(data_dir, database_url, "pg_dump")
    if destination.suffix.lower() == house_backup.SUFFIX:
        if source.parent != data_dir:
            raise StoreError("a house in one file has its database in the data folder")
        house_backup.back_up_house(data_dir, destination, on_progress=on_progress)
        return
    if not source.is_file():
        raise StoreError(f"there is no database {source}")
    copy_database(source, destination, on_progress=partial(on_progress, COPYING))


def restore(
    data_dir: Path,
    database_url: str,
    backup: Path,
    *,
    force: bool,
    on_progress: Advance = _tell_nobody,
) -> None:
    """Put a backup in the database's place. The relay is stopped."""
    destination = _require_sqlite(data_dir, database_url, "psql or pg_restore")
    with DataDir.open(data_dir):
        if backup.is_file() and house_backup.is_house(backup):
            house_backup.restore_house(backup, data_dir, force=force, on_progress=on_progress)
        else:
            restore_database(
                backup, destination, force=force, on_progress=partial(on_progress, COPYING)
            )
    _erase_again(data_dir, database_url)


def check(data_dir: Path, database_url: str) -> CheckReport:
    """Integrity, foreign keys, schema version and the ledger; the relay may run."""
    path = _sqlite_file(data_dir, database_url)
    report = check_database(path) if path is not None else check_schema(database_url)
    if not report.ok or report.schema != HEAD:
        return report
    book = verify_ledger(data_dir, database_url)
    return msgspec.structs.replace(
        report, ok=book.ok, problems=tuple(f"ledger: {words}" for words in book.problems)
    )


def verify_ledger(data_dir: Path, database_url: str) -> LedgerReport:
    """Sums, chain and balances; the relay may run."""

    def work(session: Session) -> LedgerReport:
        return audit.verify(
            ledger.read_book(session),
            ledger.read_balances(session),
            packets.read_packet_states(session),
        )

    return look(_address(data_dir, database_url), work)


def read_statement(data_dir: Path, database_url: str, user: str) -> Statement:
    """Everything that moved in the purses of a user, named by name or id; the relay may run.

    Raises StoreError where there is nobody of that name.
    """

    def work(session: Session) -> Statement:
        found = _access_user(session, user)
        own = (coins_of(found.user_id), beans_of(found.user_id))
        return Statement(
            user_id=found.user_id,
            name=found.name,
            coins=ledger.balance(session, own[0]),
            beans=ledger.balance(session, own[1]),
            movements=tuple(
                ledger.movements(session, own, before_seq=None, limit=STATEMENT_LINES_MAX)
            ),
        )

    return look(_address(data_dir, database_url), work)


def create_user(
    data_dir: Path, database_url: str, *, name: str, password: str, is_admin: bool
) -> UserInfo:
    """Raises WireError for a name or password that the rules refuse."""
    with _open_store(data_dir, database_url) as store:
        limits = Limits()
        hasher = PasswordHasher(
            at_once=limits.password_hashes_at_once, queue_max=limits.password_queue_max
        )
        accounts = AccountService(
            store,
            clocks=_clocks(),
            random_bytes=secrets.token_bytes,
            hasher=hasher,
            known=KnownUsers(),
            bars=Standings(time.monotonic),
            common_passwords=load_common_passwords(),
        )
        try:
            return asyncio.run(
                accounts.create_user(name=name, password=password, is_admin=is_admin)
            )
        finally:
            hasher.close()


def export_user(data_dir: Path, database_url: str, user: str, to: Path) -> int:
    """Write all that is stored of a user into a new zip; the relay may run. Returns the rows."""
    if to.exists():
        raise StoreError(f"{to} exists already")

    def work(session: Session) -> int:
        found = _access_user(session, user)
        sections = privacy.sections_of(PARTS, found.user_id)
        rows = ((one.name, privacy.read_rows(session, one)) for one in sections)
        counts = privacy.count_rows(session, sections)
        about = {"user_id": found.user_id, "rows": {k: v for k, v in counts.items() if v}}
        with to.open("xb") as file:
            write_zip(file, about, rows, lambda: None)
        return sum(counts.values())

    return look(_address(data_dir, database_url), work)


def erase_user(data_dir: Path, database_url: str, user: str) -> str:
    """As if the user had asked for it; the relay is stopped. Returns what the user was called."""
    with _open_store(data_dir, database_url) as store:
        return asyncio.run(_erase(store, data_dir, lambda session: (_access_user(session, user),)))


def _erase_again(data_dir: Path, database_url: str) -> None:
    """A backup that was put back knows nothing of who was erased since it was made."""
    erased = Journal(data_dir).erased()
    if erased:
        with _open_store(data_dir, database_url) as store:
            asyncio.run(
                _erase(
                    store,
                    data_dir,
                    lambda session: accounts.find_unerased(session, erased),
                )
            )


async def _erase(
    store: Store, data_dir: Path, find: Callable[[Session], Iterable[UserInfo]]
) -> str:
    desk = build_privacy(store, folder=data_dir, retention=Retention(), clocks=_clocks())
    users = tuple(await store.read(lambda session: tuple(find(session))))
    for user in users:
        await desk.eraser.erase(user.user_id)
    await desk.eraser.close()
    return ", ".join(user.name for user in users)


def _access_user(session: Session, name_or_id: str) -> UserInfo:
    found = accounts.find_user(session, name_or_id)
    if found is None:
        raise StoreError(f"there is no user {name_or_id}")
    return found


def _clocks() -> Clocks:
    return Clocks(mono_s=time.monotonic, unix_us=lambda: time.time_ns() // 1000)


@contextmanager
def _open_store(data_dir: Path, database_url: str) -> Iterator[Store]:
    with DataDir.open(data_dir) as folder:
        store = Store.open(folder.database_url(database_url), queue_max=Limits().database_queue_max)
        try:
            yield store
        finally:
            store.close()


def _sqlite_file(data_dir: Path, database_url: str) -> Path | None:
    """None for PostgreSQL."""
    return sqlite_path(parse_url(database_url)) if database_url else data_dir / DATABASE_FILE


def _address(data_dir: Path, database_url: str) -> str:
    return database_url or sqlite_url(data_dir / DATABASE_FILE)


def _require_sqlite(data_dir: Path, database_url: str, tool: str) -> Path:
    path = _sqlite_file(data_dir, database_url)
    if path is None:
        raise StoreError(f"this copies SQLite; for PostgreSQL use {tool}")
    return path
