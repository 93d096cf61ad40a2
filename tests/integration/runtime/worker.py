"""A worker process of the tests: one partition of the counter job under the plain host.

    python -m tests.integration.runtime.worker SERVERS TAG STATE

Owns: nothing; it exists to be killed.
"""

import os
import sys
import threading
from pathlib import Path

from tests.integration.runtime.rig import PlainHost, Topics


def main():
    servers, tag, state = sys.argv[1:]
    host = PlainHost(Topics(servers, tag), Path(state), environ=os.environ).start()
    # The parent closes our standard input to stop us.
    threading.Thread(target=lambda: (sys.stdin.read(), host.stopping.set()), daemon=True).start()
    while not host.stopping.wait(0.05):
        if host.error is not None:
            raise host.error
    host.stop()


if __name__ == "__main__":
    main()
