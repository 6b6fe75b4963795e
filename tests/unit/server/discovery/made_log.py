"""A log of invented people who have favourites, habits and now and then try something new."""

import numpy as np

from server.discovery.log import Log

DAY_S = 86_400.0
START_S = 1.8e9


def make_log(*, users=60, streamers=40, days=60, seed=1, with_shows=False) -> Log:
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 4, users)
    kind = rng.integers(0, 4, streamers)
    fame = rng.pareto(1.5, streamers) + 0.2
    rows = []
    for user in range(users):
        taste = fame * np.where(kind == group[user], 6.0, 1.0)
        favourites = rng.choice(streamers, 3, replace=False, p=taste / taste.sum())
        hour = rng.uniform(18, 23)
        for day in range(days):
            if rng.random() < 0.4:
                continue
            if rng.random() < 0.7:
                streamer = int(rng.choice(favourites))
            else:
                streamer = int(rng.choice(streamers, p=taste / taste.sum()))
            at_s = START_S + day * DAY_S + (hour + rng.normal(0, 0.7)) * 3_600
            rows.append((user, streamer, at_s, float(rng.exponential(20)) + 1.0))
    table = np.array(rows)
    begins = table[:, 2] - 1_800.0
    return Log(
        table[:, 0].astype(np.int64),
        table[:, 1].astype(np.int64),
        table[:, 2],
        table[:, 3],
        users,
        streamers,
        begins if with_shows else None,
        begins + 7_200.0 if with_shows else None,
    ).sorted()
