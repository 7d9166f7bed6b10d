"""The front door as a Starlette app: web channel, widget, health."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from waymark.bootstrap import Core, build_core
from waymark.dialogue_contract import SECRET_PURPOSE
from waymark.domain.messages import Reply, ReplyKind
from waymark.front.desk import FrontDesk
from waymark.front.events import EventHub
from waymark.front.export_pages import ExportPages
from waymark.front.export_view import CopyView
from waymark.front.hand_over import RasaClient, RasaServers
from waymark.front.link_guard import LinkGuard
from waymark.front.origins import OriginGuard
from waymark.front.pages import WidgetPages
from waymark.front.queues import PersonQueues
from waymark.front.safety_line import SafetyLine
from waymark.front.sessions import SessionTokens
from waymark.front.standings import Standings
from waymark.front.telegram import Telegram
from waymark.front.turn_locks import TurnLocks
from waymark.front.web_api import WebChannel
from waymark.front.web_link import WebLinks

logger = logging.getLogger(__name__)

class FrontDoor:
    """Everything the front runs, made once a process."""

    def __init__(self, core: Core) -> None:
        settings = core.settings
        self.core = core
        secret = core.secret(SECRET_PURPOSE)
        self.rasa = RasaServers([RasaClient(rasa, actions, secret) for rasa, actions in settings.dialogue_servers])
        emergency = core.emergency_words(None)
        fault = Reply(f"Something went wrong on my side. What you wrote is kept. If you're in danger, call {emergency}.", ReplyKind.NOTICE)
        self.queues = PersonQueues(core.turns, core.privacy, self.rasa, TurnLocks(core.person_locks), [fault])
        self.standings = Standings(core.turns)
        self.hub = EventHub(core.outbox, self.queues.on_answered)
        self.safety = SafetyLine(
            core.safety_screen, core.safety_desk, core.turns, self.standings, core.journal, core.clock
        )
        self.desk = FrontDesk(self.safety, core.safety_desk, core.turns, self.queues, self.standings, core.clock)
        tokens = SessionTokens(core.secret("web-session"))
        guard = LinkGuard()
        self.telegram = self._telegram(guard) if settings.telegram_token else None
        bot_name = self.telegram.username if self.telegram else lambda: None
        links = WebLinks(core.links, core.turns, self.desk, guard, bot_name)
        self.web = WebChannel(self.desk, core.turns, tokens, self.hub, self.standings, core.clock, links)
        self.pages = WidgetPages(core.resources, settings.country, telegram=self.telegram is not None)
        copy_view = CopyView(core.export_words, core.questionnaire, core.draft_content.substance_names, settings.zone)
        self.export_pages = ExportPages(core.exports, copy_view, core.export_words)

    def _telegram(self, guard: LinkGuard) -> Telegram:
        core = self.core
        secret = core.settings.telegram_secret or core.secret("telegram-webhook")
        talk = core.channel_talk(guard)
        return Telegram(
            core.settings, self.desk, talk, self.standings, core.deliveries, core.person_locks, core.channel_texts, secret
        )

    def app(self) -> Starlette:
        routes = [
            *self.web.routes(),
            *self.pages.routes(),
            *self.export_pages.routes(),
            *(self.telegram.routes() if self.telegram else ()),
            Route("/health", self.health, methods=["GET"]),
            Route("/ready", self.ready, methods=["GET"]),
        ]
        guard = Middleware(OriginGuard, allowed=self.core.settings.origins, public_url=self.core.settings.front_url)
        return Starlette(routes=routes, middleware=[guard], lifespan=self.lifespan)

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(32))
        background = [
            asyncio.create_task(self.hub.run()),
            asyncio.create_task(self.standings.watch_duty()),
            asyncio.create_task(self.desk.watch_waiting()),
            asyncio.create_task(self.safety.keep_trying()),
            asyncio.create_task(self.safety.replay_journal()),
        ]
        if self.telegram:
            background.append(asyncio.create_task(self.telegram.run()))
        try:
            yield
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            await self.queues.close()
            if self.telegram:
                await self.telegram.close()
            await self.rasa.close()

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(self, request: Request) -> Response:
        """Ready when database, Rasa and actions are; the parts are named."""
        parts = {"database": await asyncio.to_thread(self.core.database_up), **await self.rasa.ready()}
        parts["model"] = parts["rasa"]
        everything = all(parts.values())
        return JSONResponse({"ready": everything, "parts": parts}, status_code=200 if everything else 503)


def main() -> None:
    """Run the front door on its port; access lines are off, since addresses of people are nobody's business."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for name in ("httpx", "httpcore", "telegram"):  # their lines name addresses, and with them the bot's token
        logging.getLogger(name).setLevel(logging.WARNING)
    core = build_core()
    uvicorn.run(
        FrontDoor(core).app(),
        host=core.settings.host,
        port=core.settings.port,
        access_log=False,
        ws="none",
        log_config=None,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
