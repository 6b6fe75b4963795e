"""Tables of the admin's feature. Only its service reads and writes them."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class RelaySettingRow(SQLModel, table=True):
    """A setting that is not as the program has it. No row: the default."""

    __tablename__ = "relay_settings"

    name: str = Field(primary_key=True)
    value: str
    changed_by: str
    """The admin's id."""
    changed_at_unix_ms: int = Field(sa_type=BigInteger)


class HouseFigures(SQLModel, table=True):
    """A quarter of an hour of the house; the fields of `figures.Sample`."""

    __tablename__ = "house_figures"

    at_unix_ms: int = Field(primary_key=True, sa_type=BigInteger)
    viewers: int = Field(sa_type=BigInteger)
    rooms_live: int = Field(sa_type=BigInteger)
    sockets: int = Field(sa_type=BigInteger)
    bytes_in_per_s: int = Field(sa_type=BigInteger)
    bytes_out_per_s: int = Field(sa_type=BigInteger)
    cpu_permille: int = Field(sa_type=BigInteger)
    memory_bytes: int = Field(sa_type=BigInteger)
    lag_us_max: int = Field(sa_type=BigInteger)
    messages: int = Field(sa_type=BigInteger)
    coins: int = Field(sa_type=BigInteger)
    refusals: int = Field(sa_type=BigInteger)
    sanctions: int = Field(sa_type=BigInteger)
