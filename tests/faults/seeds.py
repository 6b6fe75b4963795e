"""One number from which a run's faults follow: printed, so that the same run can be had again."""

from __future__ import annotations

import os
import sys
from typing import Final

VARIABLE: Final = "LIVEHOUSE_FAULT_SEED"
DEFAULT: Final = 1


def fault_seed(default: int = DEFAULT) -> int:
    """The variable's, or the default. Says which on standard error."""
    seed = int(os.environ.get(VARIABLE, default))
    sys.stderr.write(f"fault seed {seed}; {VARIABLE}={seed} brings the same faults again\n")
    return seed
