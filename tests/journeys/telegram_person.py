"""A person in a private chat with the bot, as their app shows it to them, and their record as a program reads it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Callable, Iterator, Optional

from botapi.state import Shown

from journeys.house import wait_for
from journeys.person import Recorded, is_phrase, item_of

if TYPE_CHECKING:
    from journeys.telegram_house import TelegramHouse

CHANNEL = "telegram"
ANSWERED_WITHIN = 60.0
OPENING = "things got out of hand, and my kids notice"


class Texter(Recorded):
    """One Telegram account. What it does comes back once the whole answer is there; ``user`` does it without waiting."""

    house: "TelegramHouse"

    def __init__(self, house: "TelegramHouse") -> None:
        self.house, self.user = house, house.fake.user()
        self.chat_id = self.user.chat_id
        self.found_by = {"telegram_chat": str(self.chat_id)}
        self.last: list[Shown] = []
        self.written: dict[str, int] = {}
        """The message ids of what was said."""

    # --- talking ----------------------------------------------------------------------------------------------

    def say(self, text: str) -> list[Shown]:
        with self.hearing():
            self.written[text] = self.user.say(text)
        return self.last

    def tap(self, title: str) -> list[Shown]:
        """Press the button with that title under the newest message that has one."""
        return self.do(self.user.tap, title)

    def tell(self, *texts: str) -> list[Shown]:
        """Say several things one after the other; gives the answer to the last."""
        for text in texts:
            self.say(text)
        return self.last

    def again(self, update_id: Optional[int] = None) -> list[Shown]:
        """Telegram delivers an update once more, the last one unless another is named; gives what came of it."""
        return self.do(self.house.fake.redeliver, update_id or self.user.last_update_id)

    def do(self, action: Callable[..., Any], *given: Any, within: float = ANSWERED_WITHIN, **named: Any) -> list[Shown]:
        """Do something and wait until the whole answer is there; gives what came."""
        with self.hearing(within):
            action(*given, **named)
        return self.last

    @contextmanager
    def hearing(self, within: float = ANSWERED_WITHIN) -> Iterator[None]:
        """Around something that happens; ``last`` is then what came of it, once nothing is under way for this chat."""
        before = {shown.message_id for shown in self.user.inbox}
        yield

        def complete() -> bool:
            settled = self._settled()
            self.last = [shown for shown in self.user.inbox if shown.message_id not in before]
            return settled or (self._unknown() and bool(self.last) and self._taken())

        try:
            wait_for("the answer to be complete", complete, within, every=0.1)
        except AssertionError as error:
            raise AssertionError(f"{error}; so far {self.texts}") from None

    def _taken(self) -> bool:
        """Telegram hears that the update was taken, and the app that the tap was."""
        return self.user.last_update_id not in self.house.fake.unconfirmed and not self.user.unanswered_taps

    def _settled(self) -> bool:
        """Everything that came is answered, and everything put out has arrived or was given up."""
        if not self._taken():
            return False
        with self.house.core.uow() as uow:
            identity = uow.people.identity(CHANNEL, str(self.chat_id))
            if identity is None or uow.messages.waiting(identity.person_id):
                return False
            return all(delivery.address != str(self.chat_id) for delivery in uow.deliveries.unsent(CHANNEL))

    def _unknown(self) -> bool:
        """Nobody is kept at this address, as after a deletion: what is said to them is stored nowhere."""
        with self.house.core.uow() as uow:
            return uow.people.identity(CHANNEL, str(self.chat_id)) is None

    # --- what is on the screen --------------------------------------------------------------------------------

    @property
    def texts(self) -> list[str]:
        return [shown.text for shown in self.last]

    def words(self) -> str:
        return "\n".join(self.texts)

    @property
    def question(self) -> str:
        """The last thing said, which is the question that is open."""
        return self.texts[-1] if self.last else ""

    @property
    def asked(self) -> Optional[str]:
        """The id of the item whose question is in the last answer; None when no question is."""
        return next((item for item in reversed([item_of(text) for text in self.texts]) if item), None)

    def was_told(self, phrase: str) -> bool:
        """Whether one of the last texts is a variant of that phrase of ``data/responses``."""
        return any(is_phrase(phrase, text) for text in self.texts)

    @property
    def buttons(self) -> list[str]:
        """The titles under the last answer."""
        return [title for shown in self.last for title, _ in shown.buttons]

    @property
    def everything(self) -> list[str]:
        """All that the bot has said in this chat, with what it said before an edit."""
        return [text for shown in self.user.inbox for text in (*shown.edits, shown.text)]

    # --- where they are in the talk -----------------------------------------------------------------------------

    def at_opening(self) -> "Texter":
        """Has agreed to the notice; is asked what brought them."""
        self.say("/start")
        self.tap("Continue here")
        assert self.asked == "opening.words", self.words()
        return self

    def at_consent(self, opening: str = OPENING) -> "Texter":
        self.at_opening().say(opening)
        assert self.asked == "consent.record", self.words()
        return self

    def agreed(self, opening: str = OPENING) -> "Texter":
        """Their words may be kept; is asked for a name."""
        self.at_consent(opening).tap("Yes, you may")
        assert self.asked == "person.alias", self.words()
        return self

    def in_mid_talk(self) -> "Texter":
        """Has said a name; is asked for the age."""
        self.agreed().say("sam")
        assert self.asked == "person.age", self.words()
        return self
