import pytest

from app.state.account import Age, ProfileDraft, measure_age
from wire.account_events import Profile
from wire.event_base import UserInfo
from wire.ids import UserId

ADA = Profile(user=UserInfo(user_id=UserId("a"), name="Ada"), about="Counts")
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("passed", "age"),
    [
        (-5 * MINUTE, Age("now")),
        (0, Age("now")),
        (MINUTE - 1, Age("now")),
        (MINUTE, Age("minutes", 1)),
        (HOUR - 1, Age("minutes", 59)),
        (HOUR, Age("hours", 1)),
        (DAY - 1, Age("hours", 23)),
        (DAY, Age("days", 1)),
        (40 * DAY, Age("days", 40)),
    ],
)
def test_age_when_measured_then_in_the_largest_unit(passed: int, age: Age) -> None:
    assert measure_age(1_700_000_000_000 - passed, 1_700_000_000_000) == age


def test_draft_when_nothing_is_known_or_typed_then_there_is_nothing_to_save() -> None:
    assert not ProfileDraft(name="Ada", about="x").can_save
    assert not ProfileDraft().apply(ADA).can_save
    assert not ProfileDraft(ADA, "  Ada ", "Counts ").can_save


def test_draft_when_typed_then_only_the_change_is_sent() -> None:
    renamed = ProfileDraft(ADA, "Countess  of   L", "Counts")
    assert (renamed.new_name, renamed.new_about) == ("Countess of L", None)
    silent = ProfileDraft(ADA, "Ada", "")
    assert (silent.new_name, silent.new_about) == (None, "")
    assert ProfileDraft(ADA, "", "Counts").new_name is None


def test_draft_when_the_relay_speaks_while_one_types_then_what_was_typed_stays() -> None:
    newer = Profile(user=ADA.user, about="Counts on")
    draft = ProfileDraft(ADA, "Countess", "Counts").apply(newer)
    assert (draft.name, draft.about) == ("Countess", "Counts on")


def test_draft_when_somebody_else_logs_in_then_nothing_is_left_of_the_first() -> None:
    bob = Profile(user=UserInfo(user_id=UserId("b"), name="Bob"))
    draft = ProfileDraft(ADA, "Countess", "typed").apply(bob)
    assert (draft.name, draft.about) == ("Bob", "")
