"""Whom an address stands for, as far as limits and hashes care."""

from __future__ import annotations

import ipaddress


def count_as(address: str) -> str:
    """The address under which a peer is counted: one's own IPv6 network is one peer, its /64.

    Whoever has one IPv6 address has 2**64 of them. Those of a house's own network, and what is no
    IP address, stay as they are.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    if not parsed.is_global:
        return address
    return str(ipaddress.IPv6Network((parsed, 64), strict=False))


def is_loopback(address: str) -> bool:
    """False for what is no IP address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback
