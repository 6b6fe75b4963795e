"""requirements.lock: complete, pinned, hashed, and silent about where it came from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT

LOCK_TEXT = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# An entry is a requirement at the start of a line and the indented lines after it.
ENTRIES = re.findall(r"^(?!#)\S.*(?:\n[ \t]+.*)*", LOCK_TEXT, flags=re.MULTILINE)


def _locked() -> dict[str, Requirement]:
    requirements = [Requirement(entry.partition("\\")[0].strip()) for entry in ENTRIES]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def test_lock_read_whole_then_names_no_index_and_no_path() -> None:
    offenders = [
        line
        for line in LOCK_TEXT.splitlines()
        if "://" in line or re.match(r"\s*(--(?!hash=)|-[a-z]\b)", line) or " @ " in line
    ]
    assert offenders == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.partition("=")[0])
def test_lock_entry_when_read_then_is_pinned_and_hashed(entry: str) -> None:
    requirement = Requirement(entry.partition("\\")[0].strip())
    assert [specifier.operator for specifier in requirement.specifier] == ["=="]
    assert "*" not in str(requirement.specifier)
    assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry)


def _declared() -> list[str]:
    project = PROJECT["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return sorted({*project["dependencies"], *extras, *PROJECT["dependency-groups"]["dev"]})


@pytest.mark.parametrize("declared", _declared())
def test_declared_requirement_when_looked_up_then_locked_version_satisfies_it(
    declared: str,
) -> None:
    requirement = Requirement(declared)
    locked = _locked().get(canonicalize_name(requirement.name))
    assert locked is not None, "run `python3 dev.py lock`"
    (pin,) = locked.specifier
    assert requirement.specifier.contains(pin.version), "run `python3 dev.py lock`"
