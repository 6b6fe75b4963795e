from app.media.clock import MediaClock


class Times:
    def __init__(self) -> None:
        self.monotonic_ns = 5_000_000_000
        self.unix_ns = 1_700_000_000_000_000_000


def make_clock(times: Times, first_pts_us: int = 0) -> MediaClock:
    return MediaClock(
        monotonic_ns=lambda: times.monotonic_ns,
        unix_ns=lambda: times.unix_ns,
        first_pts_us=first_pts_us,
    )


def test_now_when_time_passes_then_counts_microseconds_from_the_first_pts() -> None:
    times = Times()
    clock = make_clock(times, first_pts_us=700)
    times.monotonic_ns += 2_500_000
    assert clock.now_us() == 700 + 2_500


def test_start_at_when_the_pipeline_opened_slowly_then_the_origin_is_now() -> None:
    times = Times()
    clock = make_clock(times)
    times.monotonic_ns += 3_000_000_000
    times.unix_ns += 3_000_000_000
    clock.start_at(90_000_000)
    assert clock.now_us() == 90_000_000
    assert clock.unix_us(90_000_000) == times.unix_ns // 1000


def test_unix_time_when_the_wall_clock_jumps_then_is_not_bent() -> None:
    times = Times()
    clock = make_clock(times)
    before_us = clock.unix_us(1_000_000)
    times.unix_ns += 3600 * 1_000_000_000
    times.monotonic_ns += 1_000_000_000
    assert clock.unix_us(1_000_000) == before_us
    assert clock.unix_us(clock.now_us()) == before_us
