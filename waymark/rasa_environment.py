"""What Rasa is started with, for training and for serving: no telemetry, no accelerator, quiet libraries."""

from __future__ import annotations

import os

from waymark.config import Settings


def rasa_environment(settings: Settings) -> dict[str, str]:
    """The environment of this process, and the port that endpoints.yml names."""
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "WAYMARK_ACTIONS_PORT": str(settings.actions_port),
        "SQL_POOL_SIZE": "5",  # Rasa takes one turn at a time; its own default would take up a PostgreSQL server
        "SQL_MAX_OVERFLOW": "5",
    }
