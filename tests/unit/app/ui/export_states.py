"""What saves a recording, and Studio's own, for the walk through the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.live.exporting import Exported, ExportFailed
from app.state.studio_recording import LocalRecording
from app.ui.replays.export_dialog import ExportDialog
from tests.unit.app.live.replay_parts import PagedRelay, a_replay

if TYPE_CHECKING:
    from app.state.studio import StudioState
    from app.ui.desktop import Desktop

Say = Callable[[str], str]
Finish = Callable[[ExportDialog, Say], None]
PATH: Final = Path("/home/ann/Videos/Livehouse/Livehouse 2026-03-04 20.15.00.mp4")


def _idle(_dialog: ExportDialog, _say: Say) -> None:
    pass


def _running(dialog: ExportDialog, _say: Say) -> None:
    dialog.danmaku.setChecked(True)
    dialog._show_running(is_running=True)
    dialog.bar.setValue(420)


def _saved(dialog: ExportDialog, say: Say) -> None:
    dialog.kind.setCurrentIndex(1)
    dialog._on_exported(Exported(Path(say("An evening.xml")), 4096, 120))


def _failed(dialog: ExportDialog, say: Say) -> None:
    dialog.from_line.setText("1:00:00")
    words = say("cannot write /home/ann/An evening.mp4: Permission denied")
    dialog._on_failed(ExportFailed(words, "unreadable"))


def _dialog(finish: Finish) -> Callable[[Desktop, Say], ExportDialog]:
    def bring(desktop: Desktop, say: Say) -> ExportDialog:
        dialog = ExportDialog(
            desktop.window,
            a_replay(title=say("An evening"), duration_ms=5_400_000),
            Path("/nowhere.mp4"),
            control=PagedRelay(()),
            loop=desktop._loop,
            door=desktop._door,
            position_ms=lambda: 1_234_500,
        )
        finish(dialog, say)
        dialog.show()
        return dialog

    return bring


def _recording(
    make: Callable[[Say], StudioState], recording: Callable[[Say], LocalRecording]
) -> Callable[[Desktop, Say], None]:
    def bring(desktop: Desktop, say: Say) -> None:
        desktop.window.show_page("studio")
        desktop.studio._tabs.setCurrentIndex(0)
        desktop.studio._render(replace(make(say), recording=recording(say)))

    return bring


def export_places(
    on_air: Callable[[Say], StudioState], scene: Callable[[Say], StudioState]
) -> dict[str, Callable[[Desktop, Say], ExportDialog | None]]:
    def on(_say: Say) -> LocalRecording:
        return LocalRecording("on", str(PATH), 3_727, 1_234_000_000)

    def armed(_say: Say) -> LocalRecording:
        return LocalRecording("armed")

    def full(_say: Say) -> LocalRecording:
        return LocalRecording("off", str(PATH), 12, 4_000_000, "disk_full")

    def saved(say: Say) -> LocalRecording:
        return LocalRecording("off", say(PATH.name), 12, 4_000_000)

    def no_folder(say: Say) -> LocalRecording:
        return LocalRecording("off", fault="folder", detail=say("/mnt/films: Permission denied"))

    return {
        "export dialog": _dialog(_idle),
        "export dialog, running": _dialog(_running),
        "export dialog, saved": _dialog(_saved),
        "export dialog, failed": _dialog(_failed),
        "studio, records here": _recording(on_air, on),
        "studio, will record here": _recording(scene, armed),
        "studio, disk full": _recording(on_air, full),
        "studio, recorded": _recording(scene, saved),
        "studio, no folder": _recording(on_air, no_folder),
    }
