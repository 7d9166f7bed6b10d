"""``python -m actions``: the action server, on loopback only."""

from __future__ import annotations

import logging

from rasa_sdk.endpoint import create_app

from actions.base import core


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)
    services = core()
    _ = services.intake  # built before the first turn, so that nobody waits for it
    app = create_app("actions", cors_origins=[])
    app.run(host="127.0.0.1", port=services.settings.actions_port, access_log=False, motd=False, workers=1)


if __name__ == "__main__":
    main()
