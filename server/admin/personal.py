"""What the admin's feature keeps of a user: who changed a setting."""

from __future__ import annotations

from typing import Final

from server.privacy.parts import Part

PART: Final = Part(
    kept={"relay_settings.changed_by": "the id of an admin, whose row is a pseudonym from then on"}
)
