import av
import pytest

from app.media.replay.replay_pictures import PICTURES_MAX, POSTER_US, Picture, ReplayPictures

TARGET_US = 1_000_000


def frames(*moments_us: int) -> list[av.VideoFrame]:
    made = []
    for pts_us in moments_us:
        frame = av.VideoFrame(2, 2, "gray")
        frame.pts = pts_us
        made.append(frame)
    return made


def moment(chosen: tuple[Picture | None, int]) -> int | None:
    return chosen[0].pts_us if chosen[0] is not None else None


@pytest.fixture
def pictures() -> ReplayPictures:
    """Which have just been asked to begin at `TARGET_US`."""
    made = ReplayPictures(TARGET_US)
    made.begin(0)
    return made


def test_first_when_the_very_moment_is_there_then_it_is_shown_and_measured(
    pictures: ReplayPictures,
) -> None:
    pictures.put(frames(TARGET_US))
    assert moment(pictures.choose_first(70, is_last=False)) == TARGET_US
    assert pictures.has_exact
    assert (pictures.first_us, pictures.exact_us, pictures.shown) == (70, 70, 1)
    assert len(pictures) == 0


def test_first_when_the_moment_is_between_two_then_the_one_after_it_is_exact(
    pictures: ReplayPictures,
) -> None:
    pictures.put(frames(TARGET_US - 10, TARGET_US + 10))
    assert moment(pictures.choose_first(0, is_last=False)) == TARGET_US + 10
    assert pictures.has_exact


def test_first_when_it_takes_long_then_one_on_the_way_shows_once_and_stays(
    pictures: ReplayPictures,
) -> None:
    pictures.put(frames(TARGET_US - 90, TARGET_US - 60))
    assert len(pictures) == 1
    assert pictures.choose_first(POSTER_US - 1, is_last=False) == (None, POSTER_US)
    assert moment(pictures.choose_first(POSTER_US, is_last=False)) == TARGET_US - 60
    assert pictures.choose_first(POSTER_US + 1, is_last=False) == (None, POSTER_US)
    assert (pictures.first_us, pictures.exact_us) == (POSTER_US, None)
    pictures.put(frames(TARGET_US))
    assert moment(pictures.choose_first(POSTER_US + 2, is_last=False)) == TARGET_US
    assert (pictures.first_us, pictures.exact_us) == (POSTER_US, POSTER_US + 2)


def test_first_when_no_more_come_then_the_last_one_is_exact(pictures: ReplayPictures) -> None:
    pictures.put(frames(TARGET_US - 60))
    assert moment(pictures.choose_first(0, is_last=True)) == TARGET_US - 60
    assert pictures.has_exact


def test_choose_when_some_are_late_then_the_newest_due_is_shown_and_the_rest_counted(
    pictures: ReplayPictures,
) -> None:
    pictures.put(frames(TARGET_US))
    pictures.choose_first(0, is_last=False)
    pictures.put(frames(TARGET_US + 10, TARGET_US + 20, TARGET_US + 90))
    assert moment(pictures.choose(TARGET_US + 30, speed=2.0)) == TARGET_US + 20
    assert (pictures.shown, pictures.overtaken) == (2, 1)
    assert pictures.choose(TARGET_US + 30, speed=2.0) == (None, 30)


def test_jump_when_pictures_wait_then_none_of_before_is_shown(pictures: ReplayPictures) -> None:
    pictures.put(frames(*range(TARGET_US, TARGET_US + PICTURES_MAX)))
    assert pictures.is_full
    pictures.choose_first(5, is_last=False)
    pictures.jump(0, 100)
    assert (len(pictures), pictures.has_exact, pictures.first_us) == (0, False, None)
    pictures.put(frames(0))
    assert moment(pictures.choose_first(130, is_last=False)) == 0
    assert pictures.exact_us == 30
