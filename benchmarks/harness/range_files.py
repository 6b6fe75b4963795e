"""A file by HTTP with Range, in a process of its own; says its port and ends with its input."""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

PIECE_BYTES: Final = 128 * 1024


def main() -> int:
    path = Path(sys.argv[1])

    class Handler(BaseHTTPRequestHandler):
        """A connection for each request, as the relay does."""

        def do_GET(self) -> None:
            total = path.stat().st_size
            words = self.headers.get("Range", "").removeprefix("bytes=")
            first, _, last = words.partition("-")
            start, end = int(first), min(int(last) + 1, total)
            self.send_response(206)
            self.send_header("Content-Length", str(end - start))
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{total}")
            self.end_headers()
            with path.open("rb") as file:
                file.seek(start)
                while start < end and (piece := file.read(min(PIECE_BYTES, end - start))):
                    self.wfile.write(piece)
                    start += len(piece)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
