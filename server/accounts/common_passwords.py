"""Passwords that too many people have.

The list is zxcvbn's (MIT licence, kept beside it), ranked by how often each was found in leaked
sets: its 3,000 commonest, and of its next 27,000 those that are long enough to pass the length
rule.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

FILE_NAME: Final = "common_passwords.txt"


@cache
def load_common_passwords() -> frozenset[str]:
    text = files(__package__ or "server.accounts").joinpath(FILE_NAME).read_text("utf-8")
    return frozenset(text.split())
