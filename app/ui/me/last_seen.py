"""How long ago, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.state.account import measure_age


def describe_last_seen(seen_unix_ms: int, now_unix_ms: int) -> str:
    translate = QCoreApplication.translate
    age = measure_age(seen_unix_ms, now_unix_ms)
    if age.unit == "now":
        return translate("LastSeen", "Last seen just now")
    one = {
        "minutes": translate("LastSeen", "Last seen a minute ago"),
        "hours": translate("LastSeen", "Last seen an hour ago"),
        "days": translate("LastSeen", "Last seen yesterday"),
    }
    if age.count == 1:
        return one[age.unit]
    many = {
        "minutes": translate("LastSeen", "Last seen %1 minutes ago"),
        "hours": translate("LastSeen", "Last seen %1 hours ago"),
        "days": translate("LastSeen", "Last seen %1 days ago"),
    }
    return many[age.unit].replace("%1", str(age.count))
