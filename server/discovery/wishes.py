"""What users said of their own lists: whom they never want to see, and more or less of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from server.discovery import queries
from server.discovery.interests import ASKED, SUBJECT, key_of
from server.text import check_line
from wire.errors import ErrorCode, WireError
from wire.limits import ROOM_CATEGORY_CHARACTERS_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from server.discovery.surroundings import Users
    from server.store.store import Store
    from wire.ids import UserId

CORRECTIONS_MAX: Final = 200
HIDDEN_MAX: Final = 1_000


class Wishes:
    """Event loop's thread only. All are in memory: every list asks."""

    def __init__(self, store: Store, *, users: Users) -> None:
        self._store = store
        self._users = users
        self._of: dict[str, dict[str, float]] = {}

    async def load(self) -> None:
        for user_id, subject, weight in await self._store.read(queries.list_wishes):
            self._of.setdefault(user_id, {})[subject] = weight

    def of(self, user_id: str) -> Mapping[str, float]:
        """As in `tables.TasteWish`."""
        return self._of.get(user_id, {})

    def hidden_of(self, user_id: str) -> frozenset[str]:
        """Streamers that are never recommended to the user."""
        subjects = self.of(user_id)
        return frozenset(one.removeprefix("hide:") for one in subjects if one.startswith("hide:"))

    async def hide(self, user_id: UserId, streamer_id: UserId, *, is_hidden: bool) -> None:
        """Raises WireError: INVALID_VALUE, NOT_FOUND, FULL."""
        await self._check_streamer(user_id, streamer_id)
        await self._wish(
            user_id, f"hide:{streamer_id}", 0.0 if is_hidden else None, most=HIDDEN_MAX
        )

    async def correct(
        self, user_id: UserId, *, streamer_id: UserId | None, category: str, weight: float
    ) -> None:
        """Raises WireError: INVALID_VALUE, NOT_FOUND, FULL."""
        if (streamer_id is None) == (not category):
            raise WireError(
                ErrorCode.INVALID_VALUE, "name a streamer or a category", field="user_id"
            )
        if streamer_id is not None:
            await self._check_streamer(user_id, streamer_id)
        subject = f"streamer:{streamer_id}" if streamer_id is not None else f"category:{category}"
        await self._wish(user_id, subject, None if weight == 1.0 else weight, most=CORRECTIONS_MAX)

    async def choose(self, user_id: UserId, names: Sequence[str]) -> None:
        """What the user is interested in, instead of what was chosen before; the user was asked.

        Raises WireError(INVALID_VALUE).
        """
        chosen: dict[str, str] = {}
        for name in names:
            clean = check_line(name, characters_max=ROOM_CATEGORY_CHARACTERS_MAX, field="interests")
            if not clean:
                raise WireError(ErrorCode.INVALID_VALUE, "a name is needed", field="interests")
            chosen.setdefault(key_of(clean), clean)
        subjects = [ASKED, *(f"{SUBJECT}{name}" for name in chosen.values())]
        await self._store.write(
            lambda session: queries.replace_interests(session, user_id, subjects)
        )
        wishes = self._of.setdefault(user_id, {})
        for subject in tuple(wishes):
            if subject.startswith(SUBJECT):
                del wishes[subject]
        wishes.update(dict.fromkeys(subjects, 1.0))

    def reset(self, user_id: UserId) -> None:
        """As `queries.delete_corrections` did on the disk: who is hidden stays hidden."""
        wishes = self._of.get(user_id, {})
        for subject in tuple(wishes):
            if not subject.startswith("hide:"):
                del wishes[subject]

    def forget(self, user_id: UserId) -> None:
        """The user is erased; the rows are the eraser's."""
        self._of.pop(user_id, None)
        for wishes in self._of.values():
            wishes.pop(f"hide:{user_id}", None)
            wishes.pop(f"streamer:{user_id}", None)

    async def _wish(
        self, user_id: UserId, subject: str, weight: float | None, *, most: int
    ) -> None:
        wishes = self._of.setdefault(user_id, {})
        prefix = subject.partition(":")[0]
        is_more = weight is not None and subject not in wishes
        if is_more and sum(one.startswith(prefix) for one in wishes) >= most:
            raise WireError(ErrorCode.FULL, f"at most {most} of these", field="wishes")
        await self._store.write(lambda session: queries.put_wish(session, user_id, subject, weight))
        if weight is None:
            wishes.pop(subject, None)
        else:
            wishes[subject] = weight

    async def _check_streamer(self, user_id: UserId, streamer_id: UserId) -> None:
        if user_id == streamer_id:
            raise WireError(ErrorCode.INVALID_VALUE, "that is you", field="user_id")
        if streamer_id not in await self._users.find_users([streamer_id]):
            raise WireError(ErrorCode.NOT_FOUND, "there is no such user", field="user_id")
