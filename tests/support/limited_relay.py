"""Starts a relay with limits that no flag offers, so that a test need not wait for them.

The one argument is a JSON object: data_dir, port, rooms, and `limits`, some fields of
`server.settings.Limits`. With `strangers`, only 127.0.0.1 is this machine: other loopback
addresses stand for peers elsewhere.
"""

import sys
from pathlib import Path

import msgspec

from server.gateway import admission
from server.serving import run
from server.settings import Limits, Settings


def main() -> int:
    wishes = msgspec.json.decode(sys.argv[1])
    if wishes["strangers"]:
        admission.is_loopback = lambda address: address == "127.0.0.1"
    settings = Settings(
        data_dir=Path(wishes["data_dir"]),
        port=wishes["port"],
        rooms=tuple(wishes["rooms"]),
        limits=Limits(**wishes["limits"]),
    )
    return run(settings, print_ready=True)


if __name__ == "__main__":
    sys.exit(main())
