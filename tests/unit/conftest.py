"""Property tests must not fail because somebody else has the cores."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "unit",
    parent=settings(),  # in CI that is hypothesis's own profile, which repeats itself
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unit")
