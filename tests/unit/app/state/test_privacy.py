from __future__ import annotations

from app.state.privacy import SHOWN, ExportProgress, sort_counts
from wire.privacy_events import DataCount


def test_counts_when_sorted_then_known_names_come_in_order_and_the_rest_is_summed() -> None:
    counts = (
        DataCount(name="profile", rows=1),
        DataCount(name="devices", rows=2),
        DataCount(name="messages", rows=10_000),
        DataCount(name="of a newer relay", rows=3),
        DataCount(name="rooms", rows=0),
    )
    assert sort_counts(counts) == (("messages", 10_000), ("devices", 2), ("other", 4))
    assert sort_counts(()) == ()
    assert len(set(SHOWN)) == len(SHOWN)


def test_progress_when_it_goes_on_then_the_share_only_grows_up_to_all() -> None:
    steps = (
        ExportProgress(),
        ExportProgress(rows_done=1, rows=4),
        ExportProgress(rows_done=4, rows=4),
        ExportProgress(rows_done=4, rows=4, bytes_done=10, size_bytes=100),
        ExportProgress(rows_done=4, rows=4, bytes_done=100, size_bytes=100),
        ExportProgress(rows_done=9, rows=4, bytes_done=900, size_bytes=100),
    )
    shares = [one.share for one in steps]
    assert shares == sorted(shares)
    assert (shares[0], shares[-2], shares[-1]) == (0.0, 1.0, 1.0)
