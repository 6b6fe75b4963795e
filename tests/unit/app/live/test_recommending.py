"""What is asked about recommendations, as the relay hears it."""

from __future__ import annotations

from typing import Any

from app.live import recommending
from wire import account_commands, command_base, events
from wire import discovery_commands as ask
from wire.discovery_events import Belief, HiddenChanged, Models, People, QualityReport, TrainingInfo
from wire.ids import RoomId, UserId

ANN = UserId("ann")


class FakeRelay:
    def __init__(self) -> None:
        self.asked: list[command_base.Command] = []

    async def request(self, command: command_base.Command, answer: type[Any]) -> Any:
        self.asked.append(command)
        answers = {
            Belief: Belief(re=1, visits=len(self.asked)),
            People: People(re=1),
            Models: Models(re=1, training=TrainingInfo()),
            QualityReport: QualityReport(re=1),
            HiddenChanged: HiddenChanged(re=1, user_id=ANN, is_hidden=False),
            events.Ok: events.Ok(re=1),
        }
        return answers[answer]


async def test_belief_when_corrected_then_one_streamer_or_one_category() -> None:
    relay = FakeRelay()
    await recommending.correct_streamer(relay, ANN, "more")
    await recommending.correct_category(relay, "Music", "forget")
    assert relay.asked == [
        ask.CorrectBelief(id=0, user_id=ANN, weight=2.0),
        ask.CorrectBelief(id=0, category="Music", weight=0.0),
    ]


async def test_belief_when_reset_or_shown_again_then_read_anew() -> None:
    relay = FakeRelay()
    assert (await recommending.reset_belief(relay)).visits == 2
    assert (await recommending.show_again(relay, ANN)).visits == 4
    assert [type(one) for one in relay.asked] == [
        ask.ResetBelief,
        ask.GetBelief,
        ask.HideStreamer,
        ask.GetBelief,
    ]


async def test_room_when_shared_twice_then_two_keys() -> None:
    relay = FakeRelay()
    for _ in range(2):
        await recommending.tell_shared(relay, RoomId("r1"))
    first, second = relay.asked
    assert isinstance(first, ask.RecordShare)
    assert isinstance(second, ask.RecordShare)
    assert first.key != second.key


async def test_admin_when_training_then_models_come_back() -> None:
    relay = FakeRelay()
    await recommending.train(relay)
    await recommending.cancel_training(relay)
    await recommending.roll_back(relay, "m1")
    await recommending.list_models(relay)
    await recommending.load_quality(relay)
    assert await recommending.list_people(relay) == ()
    await recommending.follow(relay, ANN, is_following=True)
    assert relay.asked[2] == ask.RollBack(id=0, model_id="m1")
    assert relay.asked[-1] == account_commands.FollowUser(id=0, user_id=ANN, is_following=True)
