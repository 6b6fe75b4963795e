"""How many sockets may be open, counted by where they come from."""

import pytest

from server.addresses import count_as, is_loopback
from server.gateway.admission import Admission
from server.settings import Limits

LIMITS = Limits(
    sockets_max=20,
    unauthenticated_sockets_max=6,
    unauthenticated_per_address_max=3,
    unauthenticated_loopback_max=9,
    sockets_per_address_max=5,
)


class FakeConnection:
    """An accepted TCP connection; its own transport."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.transport = self
        self.is_aborted = False

    def abort(self) -> None:
        self.is_aborted = True


class Door:
    def __init__(self) -> None:
        self.admission = Admission(LIMITS)

    def knock(self, address: str, *, admitted: bool = False) -> FakeConnection:
        connection = FakeConnection(address)
        self.admission.on_connected(connection)
        if admitted:
            self.admission.admit(connection)
        return connection

    def knocks(self, address: str, times: int, *, admitted: bool = False) -> int:
        """How many of them got in."""
        got = [self.knock(address, admitted=admitted) for _ in range(times)]
        return sum(not connection.is_aborted for connection in got)


def test_address_when_it_has_too_many_pending_then_only_it_is_refused() -> None:
    door = Door()
    assert door.knocks("192.0.2.1", 5) == 3
    assert door.knocks("192.0.2.2", 1) == 1
    assert door.admission.refused == 2


def test_addresses_when_together_too_many_pending_then_all_but_this_machine_are_refused() -> None:
    door = Door()
    assert door.knocks("192.0.2.1", 3) + door.knocks("192.0.2.2", 3) == 6
    assert door.knocks("192.0.2.3", 1) == 0
    assert door.knocks("127.0.0.1", 1) == 1


def test_address_when_its_sockets_are_admitted_then_others_may_follow_up_to_its_bound() -> None:
    door = Door()
    assert door.knocks("192.0.2.1", 9, admitted=True) == LIMITS.sockets_per_address_max
    assert door.admission.pending == 0


def test_loopback_when_it_has_many_sockets_then_has_its_own_bound_and_none_for_the_address() -> (
    None
):
    door = Door()
    assert door.knocks("127.0.0.1", 8, admitted=True) == 8
    assert door.knocks("::1", 4) + door.knocks("127.0.0.1", 6) == 9
    assert door.knocks("192.0.2.1", 2) == 2


def test_relay_when_it_is_full_then_refuses_everybody() -> None:
    door = Door()
    for _ in range(LIMITS.sockets_max):
        door.knock("127.0.0.1", admitted=True)
    assert door.knocks("127.0.0.1", 1) == door.knocks("192.0.2.1", 1) == 0
    assert len(door.admission) == len(door.admission.connections()) == LIMITS.sockets_max


def test_socket_when_lost_then_its_place_is_free_and_nothing_is_remembered() -> None:
    door = Door()
    sockets = [door.knock("192.0.2.1") for _ in range(4)]
    door.admission.admit(sockets[0])
    for connection in [*sockets, *sockets]:
        door.admission.on_lost(connection)
    assert (len(door.admission), door.admission.pending) == (0, 0)
    assert not door.admission._per_address
    assert not door.admission._pending_per_address
    assert door.knocks("192.0.2.1", 3) == 3


def test_socket_when_admitted_twice_or_after_its_end_then_counts_once() -> None:
    door = Door()
    connection = door.knock("192.0.2.1", admitted=True)
    door.admission.admit(connection)
    assert door.admission.pending == 0
    door.admission.on_lost(connection)
    door.admission.admit(connection)
    assert (len(door.admission), door.admission.pending) == (0, 0)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:192.0.2.1", False),
        ("192.0.2.1", False),
        ("fe80::1%eth0", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_address_when_asked_then_is_loopback_or_not(address: str, *, expected: bool) -> None:
    assert is_loopback(address) is expected


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("2606:4700:1:2:3:4:5:6", "2606:4700:1:2::/64"),
        ("2606:4700:1:2:ffff::", "2606:4700:1:2::/64"),
        ("2606:4700:1:3::1", "2606:4700:1:3::/64"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("fd00::7", "fd00::7"),
        ("", ""),
    ],
)
def test_address_when_counted_then_a_network_of_its_own_is_one(address: str, counted: str) -> None:
    assert count_as(address) == counted
    assert is_loopback(counted) is is_loopback(address)
