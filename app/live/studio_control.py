"""What the studio needs of the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from wire import command_base, event_base, events

if TYPE_CHECKING:
    from wire.ids import RoomId

_Answer = TypeVar("_Answer", bound=event_base.Answer)


class Control(Protocol):
    """A House, or a test's stand-in."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...

    def own_user_id(self) -> str:
        """Empty for a guest."""

    def relay_settings(self) -> tuple[str, str | None]: ...

    async def access_home_room(self) -> RoomId: ...

    def add_link_listener(self, listener: Callable[[bool], None]) -> Callable[[], None]: ...

    def add_room_listener(
        self, room_id: str, listener: Callable[[events.RoomEvent], None]
    ) -> Callable[[], None]: ...

    async def make_invite_link(self, room_id: str, *, is_new: bool = False) -> str: ...
