"""Addresses as keyed hashes under a secret that changes: they can be compared for a while only.

Each week has a secret of its own, kept in the data folder; one that is older than `KEPT` weeks is
destroyed, and from then on nobody, the relay included, can tell which address a stored hash was.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from server.errors import SettingsError
from server.store.data_dir import check_private, write_private

if TYPE_CHECKING:
    from server.ids import RandomBytes

SALTS_FILE: Final = "address-salts.secret"
PERIOD_MS: Final = 7 * 86_400_000
KEPT: Final = 4
"""Secrets that are at hand, the present one among them: a hash can be matched for 21 to 28 days."""
_SALT_BYTES: Final = 32
_HASH_BYTES: Final = 16
_NETWORK_BITS_IPV6: Final = 64
"""One subscriber has so many addresses; what follows is changed at will."""


class AddressHasher:
    """Any one thread. The secrets are on disk before a hash made with them is given out."""

    def __init__(
        self, folder: Path, *, unix_ms: Callable[[], int], random_bytes: RandomBytes
    ) -> None:
        """Raises SettingsError where the file cannot be used."""
        self._path = folder / SALTS_FILE
        self._unix_ms = unix_ms
        self._random_bytes = random_bytes
        self._salts = self._read()

    def hash(self, address: str) -> str:
        """As it is stored: the number of the secret's week, and a keyed hash."""
        period = self._unix_ms() // PERIOD_MS
        self.rotate()
        return _hash(period, self._salts[period], address)

    def hashes(self, address: str) -> tuple[str, ...]:
        """All that the address may stand as in the database, the newest first."""
        self.rotate()
        return tuple(
            _hash(period, self._salts[period], address)
            for period in sorted(self._salts, reverse=True)
        )

    def matches(self, address: str, stored: str) -> bool:
        """Whether a stored hash is of this address; False too where its secret is destroyed."""
        return any(hmac.compare_digest(one, stored) for one in self.hashes(address))

    def rotate(self) -> None:
        """Make this week's secret, and destroy those that are too old."""
        now = self._unix_ms() // PERIOD_MS
        # A clock that was set back needs the secrets of days to come no more than old ones.
        kept = {period: salt for period, salt in self._salts.items() if now - KEPT < period <= now}
        if now not in kept:
            kept[now] = self._random_bytes(_SALT_BYTES)
        if kept != self._salts:
            write_private(self._path, msgspec.json.encode({str(k): v for k, v in kept.items()}))
            self._salts = kept

    def _read(self) -> dict[int, bytes]:
        if not self._path.exists():
            return {}
        check_private(self._path)
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=dict[str, bytes])
            return {int(period): salt for period, salt in found.items()}
        except (ValueError, OSError):
            raise SettingsError(
                f"{self._path} is damaged: remove it, and addresses are forgotten"
            ) from None


def _hash(period: int, salt: bytes, address: str) -> str:
    digest = hmac.digest(salt, _network(address).encode(), hashlib.sha256)
    return f"{period}:{digest[:_HASH_BYTES].hex()}"


def _network(address: str) -> str:
    """What one household cannot change by itself."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _NETWORK_BITS_IPV6), strict=False))
    return str(parsed)
