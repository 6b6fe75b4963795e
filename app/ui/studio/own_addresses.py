"""The addresses of this computer at which a way to a relay may begin."""

from __future__ import annotations

from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface


def list_own_addresses() -> tuple[str, ...]:
    """One for each network that is up, the IPv4 one where it has both; none of itself alone."""
    found = []
    flags = QNetworkInterface.InterfaceFlag
    for interface in QNetworkInterface.allInterfaces():
        state = interface.flags()
        if not state & flags.IsRunning or state & flags.IsLoopBack:
            continue
        addresses = [entry.ip() for entry in interface.addressEntries()]
        usable = [address for address in addresses if not address.isLinkLocal()]
        usable.sort(
            key=lambda address: (
                address.protocol() != QAbstractSocket.NetworkLayerProtocol.IPv4Protocol
            )
        )
        found += [address.toString() for address in usable[:1]]
    return tuple(found)
