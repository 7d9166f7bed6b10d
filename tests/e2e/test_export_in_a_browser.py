"""A person's own copy in a real browser: asked for, read, saved, printed, and usable without a mouse or sight.

A browser decides by itself what it sends with a form and what a policy forbids; only here does that show.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterator, Optional

import chromium
import pytest
from axe_playwright_python.sync_playwright import Axe
from fake_front import Served
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.applications import Starlette
from starlette.middleware import Middleware

from waymark.adapters.content_yaml.export_words import load_export_words
from waymark.adapters.content_yaml.intake import load_questionnaire
from waymark.front.export_pages import ExportPages
from waymark.front.export_view import CopyView
from waymark.front.origins import OriginGuard
from waymark.services.export import OwnCopy
