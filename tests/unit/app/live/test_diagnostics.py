from __future__ import annotations

import logging

from app.live.diagnostics import ERRORS_MAX, RecentErrors


def test_errors_when_logged_then_only_the_programs_own_words_are_kept() -> None:
    errors = RecentErrors()
    log = logging.getLogger("app.test")
    log.addHandler(errors)
    log.info("nothing to see")
    log.warning("the file %s was not read", "/home/ada/secret.txt")
    log.error("that failed at %s", "192.168.1.2", exc_info=OSError("/home/ada/other.txt"))
    first, second = errors.lines
    assert first.endswith("app.test: the file %s was not read")
    assert second.endswith("app.test: that failed at %s (OSError)")
    for _ in range(20):
        log.error("again")
    assert len(errors.lines) == ERRORS_MAX
    log.removeHandler(errors)
