"""What reports keep of a user: words and pictures go, who judged what stays by ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col, select

from server.privacy.parts import SWEEP_ROWS_MAX, Part, Section, Sweep
from server.reports import queries
from server.reports.tables import Report, ReportEntry
from wire.ids import UserId

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session

_WHY: Final = "a case stays judged, without words; the id is a pseudonym"


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "reports",
            select(
                ReportEntry.report_id, ReportEntry.reason, ReportEntry.text, ReportEntry.at_unix_ms
            ).where(ReportEntry.reporter_id == user_id),
        ),
        Section(
            "reports_about_me",
            select(Report.id, Report.kind, Report.text, Report.state).where(
                Report.accused_id == user_id
            ),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    queries.erase(session, UserId(erasing.user_id))


def _sweep(session: Session, before_unix_ms: int) -> int:
    old = session.exec(
        select(Report.id).where(col(Report.last_at_unix_ms) < before_unix_ms).limit(SWEEP_ROWS_MAX)
    ).all()
    session.execute(delete(Report).where(col(Report.id).in_(old)))
    return len(old)


PART: Final = Part(
    kept={
        "reports.accused_id": _WHY,
        "reports.claimed_by": _WHY,
        "reports.decided_by": _WHY,
        "report_entries.reporter_id": _WHY,
    },
    sections=_sections,
    erase=_erase,
    sweeps=(Sweep("audit", _sweep),),
)
