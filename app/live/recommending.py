"""What one asks the relay about recommendations. All raise LivehouseError."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.state.recommending import WISHES, Why, Wish, find_why
from wire import account_commands, command_base, event_base, events
from wire import discovery_commands as ask
from wire.discovery_events import (
    Belief,
    Explanation,
    HiddenChanged,
    Models,
    People,
    Person,
    QualityReport,
)
from wire.taste_commands import ChooseInterests, GetInterests
from wire.taste_events import Interests

if TYPE_CHECKING:
    from wire.ids import RoomId, UserId

_Answer = TypeVar("_Answer", bound=event_base.Answer)

PEOPLE: Final = 6
QUALITY_DAYS: Final = 30


class Control(Protocol):
    """What this needs of the house."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


async def load_belief(control: Control) -> Belief:
    return await control.request(ask.GetBelief(id=0), Belief)


async def load_why(control: Control, room: event_base.RoomInfo) -> Why:
    """What speaks for one recommended room."""
    belief = await load_belief(control)
    told = await control.request(ask.ExplainRoom(id=0, room_id=room.room_id), Explanation)
    return find_why(belief, room, tuple((part.name, part.value) for part in told.parts))


async def correct_streamer(control: Control, user_id: UserId, wish: Wish) -> Belief:
    command = ask.CorrectBelief(id=0, user_id=user_id, weight=WISHES[wish])
    return await control.request(command, Belief)


async def correct_category(control: Control, category: str, wish: Wish) -> Belief:
    command = ask.CorrectBelief(id=0, category=category, weight=WISHES[wish])
    return await control.request(command, Belief)


async def reset_belief(control: Control) -> Belief:
    await control.request(ask.ResetBelief(id=0), events.Ok)
    return await load_belief(control)


async def set_hidden(control: Control, user_id: UserId, *, is_hidden: bool) -> None:
    command = ask.HideStreamer(id=0, user_id=user_id, is_hidden=is_hidden)
    await control.request(command, HiddenChanged)


async def show_again(control: Control, user_id: UserId) -> Belief:
    """A hidden streamer may be recommended again."""
    await set_hidden(control, user_id, is_hidden=False)
    return await load_belief(control)


async def load_interests(control: Control) -> Interests:
    return await control.request(GetInterests(id=0), Interests)


async def choose_interests(control: Control, names: tuple[str, ...]) -> Interests:
    """None: the user does not want to say."""
    return await control.request(ChooseInterests(id=0, interests=names), Interests)


async def list_people(control: Control) -> tuple[Person, ...]:
    return (await control.request(ask.ListPeople(id=0, limit=PEOPLE), People)).people


async def follow(control: Control, user_id: UserId, *, is_following: bool) -> None:
    command = account_commands.FollowUser(id=0, user_id=user_id, is_following=is_following)
    await control.request(command, events.Ok)


async def tell_shared(control: Control, room_id: RoomId) -> None:
    """The link to a room was copied."""
    command = ask.RecordShare(id=0, room_id=room_id, key=uuid.uuid4().hex)
    await control.request(command, events.Ok)


# --- for admins -------------------------------------------------------------------------------


async def load_quality(control: Control) -> QualityReport:
    return await control.request(ask.GetQuality(id=0, days=QUALITY_DAYS), QualityReport)


async def list_models(control: Control) -> Models:
    return await control.request(ask.ListModels(id=0), Models)


async def train(control: Control) -> Models:
    return await control.request(ask.TrainNow(id=0), Models)


async def cancel_training(control: Control) -> Models:
    return await control.request(ask.CancelTraining(id=0), Models)


async def roll_back(control: Control, model_id: str) -> Models:
    return await control.request(ask.RollBack(id=0, model_id=model_id), Models)
