"""Another relay is noticed once; none in between is not another."""

from __future__ import annotations

from app.errors import RelayUnreachable
from app.live.relay_watch import RelayWatch


class FakeLink:
    def __init__(self) -> None:
        self.settings: tuple[str, str | None] | None = None

    def relay_settings(self) -> tuple[str, str | None]:
        if self.settings is None:
            raise RelayUnreachable("no relay is chosen")
        return self.settings


def test_relay_when_looked_at_then_another_is_told_of_once_and_the_first_is_none() -> None:
    link = FakeLink()
    watch = RelayWatch(link)
    assert watch.look() == "none"
    assert not watch.is_known
    told = []
    for settings in (
        ("ws://a", None),
        ("ws://a", None),
        None,
        ("ws://a", None),
        ("ws://a", "pin"),
        ("ws://a", "pin"),
        None,
        ("ws://b", None),
    ):
        link.settings = settings
        told.append(watch.look())
        assert watch.is_known
    assert told == ["same", "same", "none", "same", "another", "same", "none", "another"]
