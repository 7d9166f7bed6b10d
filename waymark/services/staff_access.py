"""Staff logins: enrolment by one-time link, password (argon2) and TOTP, sessions that end when idle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Optional, Protocol

from waymark.domain.actors import Actor
from waymark.domain.errors import InvalidChange, NotAllowed, NotFound
from waymark.domain.staff import Role, StaffMember, StaffSession
from waymark.services.audit import Audit
from waymark.services.ports import Clock, Ids, UnitOfWorkFactory

ENROL_VALID = timedelta(hours=24)
IDLE_LOGOFF = timedelta(minutes=15)
MAX_SESSION = timedelta(hours=12)
LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
MIN_PASSWORD = 12


class Credentials(Protocol):
    """Hashing of passwords and tokens, and time-based codes."""

    def hash_password(self, password: str) -> str: ...

    def password_fits(self, password: str, stored: Optional[str]) -> bool: ...

    def token_hash(self, token: str) -> str: ...

    def new_totp_secret(self) -> str: ...

    def totp_step(self, secret: str, code: str, at: datetime) -> Optional[int]: ...


@dataclass(frozen=True)
class SignedIn:
    """A live session: who, the cookie's token (only when just made) and the anti-forgery value."""

    member: StaffMember
    csrf: str
    token: str = ""


@dataclass(frozen=True)
class Enrolment:
    """What the enrolment screen shows: whose link it is and the secret for the authenticator."""

    name: str
    totp_secret: str


@dataclass(frozen=True)
class StaffEntry:
    """A staff member as colleagues see them, without any secret."""

    id: str
    name: str
    role: str
    enrolled: bool
    on_duty_until: Optional[datetime]


class StaffAccess:
    """Makes logins and opens, checks and ends sessions."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock, ids: Ids, audit: Audit, credentials: Credentials) -> None:
        self._uow, self._clock, self._ids = uow, clock, ids
        self._audit, self._credentials = audit, credentials

    def add(self, actor: Actor, name: str, role: str) -> str:
        """Create a login and return the token of its one-time enrolment link, valid for 24 hours.

        A member who has not enrolled yet gets a new link. Raises InvalidChange for an unknown role, an empty
        name or the name of somebody who has enrolled.
        """
        if role not in [r.value for r in Role]:
            raise InvalidChange(f"the role must be one of {', '.join(r.value for r in Role)}")
        if not name.strip() or len(name) > 64:
            raise InvalidChange("a staff name has 1 to 64 characters")
        token, now = self._ids.token(), self._clock.now()
        with self._uow() as uow:
            member = uow.staff.by_name(name.strip())
            if member is not None and member.enrolled_at is not None:
                raise InvalidChange(f"{name} is enrolled already")
            if member is None:
                member = StaffMember(self._ids.new("stf"), name.strip(), role, now)
                uow.staff.add(member)
            member.role = role
            member.totp_secret = self._credentials.new_totp_secret()
            member.enrol_token_hash = self._credentials.token_hash(token)
            member.enrol_expires_at = now + ENROL_VALID
            self._audit.record(uow, actor, "staff.add", None, member.id)
            uow.commit()
        return token

    def enrolling(self, token: str) -> Enrolment:
        """What the owner of an enrolment link sets up. Raises NotFound for an unknown, used or expired link."""
        with self._uow() as uow:
            member = self._enrolling(uow.staff.by_enrol_hash(self._credentials.token_hash(token)))
            return Enrolment(member.name, member.totp_secret or "")

    def enrol(self, token: str, password: str, code: str) -> None:
        """Set the password once the TOTP code shows that the authenticator works; the link is used up."""
        if len(password) < MIN_PASSWORD:
            raise InvalidChange(f"the password needs at least {MIN_PASSWORD} characters")
        now = self._clock.now()
        with self._uow() as uow:
            member = self._enrolling(uow.staff.by_enrol_hash(self._credentials.token_hash(token)))
            step = self._credentials.totp_step(member.totp_secret or "", code, now)
            if step is None:
                raise InvalidChange("the six-digit code does not fit; check the clock of your phone and try again")
            member.password_hash = self._credentials.hash_password(password)
            member.enrolled_at, member.last_totp_step = now, step
            member.enrol_token_hash = member.enrol_expires_at = None
            self._audit.record(uow, Actor.staff(member), "staff.enrol", None, member.id)
            uow.commit()

    def sign_in(self, name: str, password: str, code: str) -> SignedIn:
        """Open a session. Raises NotAllowed, with the same words whatever was wrong, or when locked.

        A code works once; five failures lock the login for 15 minutes.
        """
        now = self._clock.now()
        with self._uow() as uow:
            member = uow.staff.by_name(name.strip())
            locked = member is not None and member.locked_until is not None and now < member.locked_until
            fits = self._credentials.password_fits(password, member.password_hash if member else None)
            step = self._credentials.totp_step(member.totp_secret or "", code, now) if member else None
            fresh = member is not None and step is not None and step > (member.last_totp_step or 0)
            if member is None or locked or not fits or not fresh:
                self._count_failure(member, now)
                self._audit.record(uow, Actor("system:console"), "staff.sign_in_refused", None, member.id if member else "")
                uow.commit()
                raise NotAllowed("name, password or code do not fit, or the login is locked for a while")
            member.failed_logins, member.locked_until, member.last_totp_step = 0, None, step
            token, csrf = self._ids.token(), self._ids.token()
            uow.staff.add_session(StaffSession(self._credentials.token_hash(token), member.id, csrf, now, now))
            self._audit.record(uow, Actor.staff(member), "staff.sign_in", None, member.id)
            uow.commit()
            return SignedIn(member, csrf, token)

    def session(self, token: str) -> Optional[SignedIn]:
        """The live session of a cookie, kept alive by its use; None once idle for 15 minutes or 12 hours old."""
        now = self._clock.now()
        with self._uow() as uow:
            found = uow.staff.session(self._credentials.token_hash(token))
            if found is None:
                return None
            member = uow.staff.get(found.staff_id)
            if member is None or now - found.seen_at > IDLE_LOGOFF or now - found.created_at > MAX_SESSION:
                uow.staff.end_session(found.token_hash)
                uow.commit()
                return None
            found.seen_at = now
            uow.commit()
            return SignedIn(member, found.csrf)

    def peek(self, token: str) -> Optional[SignedIn]:
        """The live session of a cookie without using it: a page that refreshes itself keeps nobody signed in."""
        now = self._clock.now()
        with self._uow() as uow:
            found = uow.staff.session(self._credentials.token_hash(token))
            member = uow.staff.get(found.staff_id) if found is not None else None
            if found is None or member is None:
                return None
            if now - found.seen_at > IDLE_LOGOFF or now - found.created_at > MAX_SESSION:
                return None
            uow.commit()
            return SignedIn(member, found.csrf)

    def sign_out(self, token: str) -> None:
        with self._uow() as uow:
            found = uow.staff.session(self._credentials.token_hash(token))
            member = uow.staff.get(found.staff_id) if found else None
            if member is not None:
                member.on_duty_until = None  # nobody who has left may be promised to a person
            uow.staff.end_session(self._credentials.token_hash(token))
            uow.commit()

    def directory(self) -> list[StaffEntry]:
        """Who is on the staff, by name."""
        with self._uow() as uow:
            return [
                StaffEntry(m.id, m.name, m.role, m.enrolled_at is not None, m.on_duty_until) for m in uow.staff.all()
            ]

    def set_duty(self, member_id: str, until: Optional[datetime]) -> None:
        """Go on duty until a time, or off duty with None. Only on duty may the assistant promise a person."""
        with self._uow() as uow:
            member = uow.staff.get(member_id)
            if member is None:
                raise NotFound("no such staff member")
            member.on_duty_until = until
            self._audit.record(uow, Actor.staff(member), "staff.duty", None, until.isoformat() if until else "off")
            uow.commit()

    def _enrolling(self, member: Optional[StaffMember]) -> StaffMember:
        now = self._clock.now()
        if member is None or member.enrol_expires_at is None or now > member.enrol_expires_at:
            raise NotFound("this enrolment link is not valid any more; ask for a new one")
        return member

    def _count_failure(self, member: Optional[StaffMember], now: datetime) -> None:
        if member is None:
            return
        member.failed_logins += 1
        if member.failed_logins >= LOCK_AFTER:
            member.failed_logins, member.locked_until = 0, now + LOCK_FOR
