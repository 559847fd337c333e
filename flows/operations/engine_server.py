"""The child that `flows.operations.private_server` starts: Prefect's server, which ends when its parent closes the pipe or dies."""

import os
import signal
import sys
import threading
import time

import uvicorn

GRACE_SECONDS = 8


def serve(port: int) -> None:
    """Serve on loopback until standard input ends, even when the parent was killed outright."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host="127.0.0.1",
        port=port,
        log_level="error",
        lifespan="on",
    )


def _end_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(0)  # a busy server may wait for connections that nobody will close; nothing of it is needed


if __name__ == "__main__":
    serve(int(sys.argv[1]))
