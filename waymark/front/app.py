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
from waymark.domain.errors import StorageUnavailable
from waymark.domain.messages import Reply, ReplyKind
from waymark.front.desk import FrontDesk
from waymark.front.events import EventHub
from waymark.front.hand_over import RasaClient
from waymark.front.origins import OriginGuard
from waymark.front.pages import WidgetPages
from waymark.front.queues import PersonQueues
from waymark.front.sessions import SessionTokens
from waymark.front.standings import Standings
from waymark.front.web_api import WebChannel

logger = logging.getLogger(__name__)

RECOVER_EVERY = 5.0


class FrontDoor:
    """Everything the front runs, made once a process."""

    def __init__(self, core: Core) -> None:
        settings = core.settings
        self.core = core
        rasa_url = f"http://127.0.0.1:{settings.rasa_port}"
        self.rasa = RasaClient(rasa_url, f"http://127.0.0.1:{settings.actions_port}", core.secret(SECRET_PURPOSE))
        emergency = core.resources.for_country(settings.country or None).emergency_text
        fault = Reply(f"Something went wrong on my side. What you wrote is kept. If you're in danger, call {emergency}.", ReplyKind.NOTICE)
        self.queues = PersonQueues(core.turns, core.privacy, self.rasa, [fault])
        self.standings = Standings(core.turns)
        self.hub = EventHub(core.turns, self.queues.on_answered)
        self.desk = FrontDesk(
            core.safety_screen, core.safety_desk, core.turns, self.queues, self.standings, core.journal, core.clock
        )
        tokens = SessionTokens(core.secret("web-session"))
        self.web = WebChannel(self.desk, core.turns, tokens, self.hub, self.standings, core.clock)
        self.pages = WidgetPages(core.resources, settings.country)

    def app(self) -> Starlette:
        routes = [
            *self.web.routes(),
            *self.pages.routes(),
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
            asyncio.create_task(self._recover()),
        ]
        try:
            yield
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            await self.queues.close()
            await self.rasa.close()

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(self, request: Request) -> Response:
        """Ready when database, Rasa and actions are; the parts are named."""
        parts = {"database": await asyncio.to_thread(self.core.database_up), **await self.rasa.ready()}
        parts["model"] = parts["rasa"]
        everything = all(parts.values())
        return JSONResponse({"ready": everything, "parts": parts}, status_code=200 if everything else 503)

    async def _recover(self) -> None:
        """Queue what an earlier front left unanswered; waits for the database if need be."""
        while True:
            try:
                left = await self.desk.recover()
            except StorageUnavailable as error:
                logger.warning("waiting for the database: %s", type(error).__name__)
                await asyncio.sleep(RECOVER_EVERY)
                continue
            if left:
                logger.info("%s messages waited for an answer", left)
            return


def main() -> None:
    """Run the front door on its port; access lines are off, since addresses of people are nobody's business."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
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
