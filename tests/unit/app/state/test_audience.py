"""The simulated audience's plan: repeatable, in order, human in its rhythm."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict

import pytest

from app.state import audience_lines as lines
from app.state.audience import (
    SAY_GAP_S_MIN,
    STAY_S_MEAN,
    STAY_S_MIN,
    Act,
    Arrive,
    Give,
    Leave,
    Person,
    Say,
    Tap,
    Treat,
    make_people,
    plan,
)
from wire.limits import DANMAKU_CHARACTERS_MAX, USER_NAME_CHARACTERS_MAX

ROOMS = 5
CATEGORIES = ("Outdoors", "Making", "Music", "Painting", "Outdoors")


def acts(
    seed: int, *, viewers: int = 40, accounts_max: int = 12, until_s: float = 3600
) -> list[Act]:
    chance = random.Random(seed).random
    people = make_people(
        viewers, CATEGORIES, accounts_max=accounts_max, picture_share=0.5, random=chance
    )
    return list(itertools.takewhile(lambda act: act.at_s < until_s, plan(people, ROOMS, chance)))


def test_plan_when_the_seed_is_the_same_then_every_act_is() -> None:
    assert acts(7) == acts(7)
    assert acts(7) != acts(8)


def test_plan_when_followed_then_time_goes_forward_and_everybody_comes_before_going() -> None:
    inside: dict[int, int] = {}
    before_s = 0.0
    for act in acts(1):
        assert act.at_s >= before_s
        before_s = act.at_s
        match act:
            case Arrive(_, person, room):
                assert person not in inside
                assert 0 <= room < ROOMS
                inside[person] = room
            case Leave(_, person):
                del inside[person]
            case _:
                assert act.person in inside


def test_plan_when_somebody_writes_then_has_an_account_and_keeps_the_relays_pace() -> None:
    spoken: dict[int, list[float]] = defaultdict(list)
    for act in acts(2):
        if isinstance(act, Say):
            assert act.person < 12, "those with an account come first"
            spoken[act.person].append(act.at_s)
    assert len(spoken) == 12
    for times in spoken.values():
        assert min(b - a for a, b in itertools.pairwise(times)) >= SAY_GAP_S_MIN


def test_plan_when_many_stays_are_measured_then_they_are_exponential() -> None:
    came: dict[int, float] = {}
    stays = []
    for act in acts(3, viewers=100, until_s=20_000):
        if isinstance(act, Arrive):
            came[act.person] = act.at_s
        elif isinstance(act, Leave):
            stays.append(act.at_s - came[act.person])
    mean = sum(stays) / len(stays)
    assert mean == pytest.approx(STAY_S_MEAN, rel=0.1)
    assert min(stays) == pytest.approx(STAY_S_MIN)
    short = sum(stay < mean for stay in stays) / len(stays)
    assert short == pytest.approx(0.63, abs=0.05), "most go early, a few stay very long"


def test_plan_when_a_room_has_a_moment_then_lines_come_in_bursts() -> None:
    where: dict[int, int] = {}
    said = []
    for act in acts(4, accounts_max=24, until_s=7200):
        if isinstance(act, Arrive):
            where[act.person] = act.room
        elif isinstance(act, Say) and where[act.person] == 0:
            said.append(act.at_s)
    counts = Counter(int(at_s // 4) for at_s in said)
    mean = len(said) / 1800
    variance = sum((counts[window] - mean) ** 2 for window in range(1800)) / 1800
    assert variance > 1.3 * mean, "independent lines would vary as much as their mean"


def test_plan_when_an_hour_passes_then_those_with_an_account_tap_give_and_treat() -> None:
    done = acts(8)
    taps = [act for act in done if isinstance(act, Tap)]
    gifts = [act for act in done if isinstance(act, Give)]
    treats = [act for act in done if isinstance(act, Treat)]
    assert all(act.person < 12 for act in (*taps, *gifts, *treats))
    assert len(taps) > len(gifts) > len(treats) > 0
    assert all(1 <= act.count <= 10 for act in taps)
    assert all(0 <= act.generosity < 1 and 1 <= act.times <= 12 for act in gifts)
    assert any(act.times > 5 for act in gifts), "some make a combo"


def test_plan_when_rooms_are_compared_then_the_first_draws_the_most() -> None:
    visits = Counter(act.room for act in acts(5) if isinstance(act, Arrive))
    assert visits[0] == max(visits.values())
    assert set(visits) == set(range(ROOMS))


def test_plan_when_it_begins_then_most_have_come_within_twenty_seconds() -> None:
    came = {act.person for act in acts(6, until_s=20) if isinstance(act, Arrive)}
    assert len(came) > 30


def test_people_when_made_then_accounts_are_few_and_names_differ() -> None:
    people = make_people(
        400, ("", "", ""), accounts_max=24, picture_share=0.25, random=random.Random(1).random
    )
    named = [person.name for person in people if person.name]
    assert len(named) == len(set(named)) == 24
    assert people[:24] == tuple(person for person in people if person.name)
    assert 60 < sum(person.takes_picture for person in people) < 140
    guest = make_people(1, ("",), accounts_max=0, picture_share=1.0, random=lambda: 0.75)
    assert guest == (Person("", "en", (0, 0), 1.625, takes_picture=True, hours_from=0),)


def test_people_when_made_then_a_taste_is_a_room_and_others_of_its_category() -> None:
    people = make_people(
        400, CATEGORIES, accounts_max=24, picture_share=1.0, random=random.Random(3).random
    )
    tastes = {CATEGORIES[person.favourites[0]] for person in people[:24]}
    assert len(tastes) >= 3, "they differ"
    outdoors = [person for person in people if person.favourites[0] in {0, 4}]
    assert {person.favourites for person in outdoors} == {(0, 4), (4, 0)}
    hours = Counter(person.hours_from for person in people)
    evening = sum(hours[hour] for hour in range(15, 24))
    assert evening > 0.6 * len(people)
    assert sum(hours.values()) == len(people)


def test_person_when_it_is_their_hour_then_at_home_past_midnight_too() -> None:
    late = Person("", "en", (0,), 1.0, takes_picture=True, hours_from=22)
    assert [hour for hour in range(24) if late.is_at_home(hour)] == [0, 1, 2, 22, 23]


def test_plan_when_it_is_nobodys_hour_then_they_come_back_later() -> None:
    people = tuple(
        Person("", "en", (0,), 1.0, takes_picture=True, hours_from=19) for _ in range(40)
    )

    def visits(hour: float | None) -> int:
        done = plan(people, 1, random.Random(1).random, began_hour=hour)
        return sum(
            isinstance(act, Arrive)
            for act in itertools.takewhile(lambda act: act.at_s < 3600, done)
        )

    assert visits(None) == visits(20.0)
    assert visits(9.0) < 0.8 * visits(20.0)


def test_plan_when_people_have_tastes_then_they_mostly_follow_them() -> None:
    chance = random.Random(9).random
    people = make_people(40, CATEGORIES, accounts_max=12, picture_share=0.5, random=chance)
    done = itertools.takewhile(lambda act: act.at_s < 7200, plan(people, ROOMS, chance))
    came = [act for act in done if isinstance(act, Arrive)]
    at_favourite = sum(act.room in people[act.person].favourites for act in came)
    assert at_favourite > 0.7 * len(came)


def test_lines_when_read_then_the_relay_takes_them() -> None:
    said = [
        *itertools.chain(*lines.GREETINGS.values(), *lines.SMALL_TALK.values()),
        *itertools.chain(*lines.FAREWELLS.values()),
        *(
            words
            for moment in lines.REACTIONS.values()
            for kind in moment.values()
            for words in kind
        ),
    ]
    assert all(0 < len(words) <= DANMAKU_CHARACTERS_MAX for words in said)
    assert all(2 <= len(name) <= USER_NAME_CHARACTERS_MAX for name, _ in lines.NAMES)


def test_plan_when_an_hour_passes_then_a_few_lines_are_larger_or_smaller() -> None:
    sizes = Counter(act.size for act in acts(9) if isinstance(act, Say))
    assert sizes["normal"] > 0.8 * sizes.total()
    assert sizes["small"] > 0
    assert sizes["large"] > 0
