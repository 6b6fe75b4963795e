"""This machine's address as others on the LAN see it."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final

_ELSEWHERE: Final = (("192.0.2.1", 9), ("10.255.255.254", 9), ("192.168.255.254", 9))
"""The first is reserved for documentation, the others are private networks: without a way out
there may still be one to neighbours. Asking for the way sends nothing."""


def find_lan_host() -> str | None:
    """The address of the way out; None where this computer is in no network."""
    for elsewhere in _ELSEWHERE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(elsewhere)
                host = str(probe.getsockname()[0])
            except OSError:
                continue
        if not is_only_here(host):
            return host
    return None


def is_only_here(host: str) -> bool:
    """Whether an address means the very computer that it is used on."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.lower() == "localhost"
    return address.is_loopback or address.is_unspecified
