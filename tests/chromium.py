"""The system's Chromium, started so that it looks nothing up by itself."""

from __future__ import annotations

import shutil
from typing import Optional

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MISSING = f"No browser: install one of {', '.join(BROWSERS)} (Debian: chromium)."
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> Optional[str]:
    """Where the first browser found lies; None without one."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)
