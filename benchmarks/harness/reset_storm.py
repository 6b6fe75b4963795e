"""Links that are reset at random: a house as in a soak, without misfits. For bench and test."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from benchmarks.harness.soak_run import Plan, Scene, soak

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness.soak_figures import Outcome

PAUSE_S: Final = (0.05, 0.4)
"""Between two resets: shorter than it takes to come back, so some meet a handshake."""
PERSON_PAUSE_S: Final = (0.3, 0.9)
PUBLISHER_SHARE: Final = 0.2


async def storm(
    data_dir: Path, resets: int, seed: int, *, near: int = 3, far: int = 10, people: int = 6
) -> Outcome:
    async def go_wrong(scene: Scene) -> None:
        faults = scene.faults
        for _ in range(resets):
            await asyncio.sleep(faults.chance.uniform(*PAUSE_S))
            is_publisher = faults.chance.random() < PUBLISHER_SHARE
            await (faults.up if is_publisher else faults.far).reset_one()
        await scene.wait_healed(f"{resets} resets")

    plan = Plan(0, seed, near=near, far=far, misfits_each=0, people=people, pause_s=PERSON_PAUSE_S)
    return await soak(data_dir, plan, go_wrong)
