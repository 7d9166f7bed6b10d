"""The plan's life: drafted, read back, reviewed, edited, signed, agreed, in force (plan.md §1, §3)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Iterable, Mapping, Optional, Sequence

from waymark.domain import plan as plans
from waymark.domain.actors import ASSISTANT, PERSON, Actor
from waymark.domain.conversation import OutboxMessage
from waymark.domain.drafting import DraftContent, draft
from waymark.domain.errors import InvalidChange, NotAllowed, NotFound, VersionConflict
from waymark.domain.intake import current
from waymark.domain.messages import ReplyKind
from waymark.domain.people import Person, Task
from waymark.domain.plan import Approval, PlanStatus, PlanVersion
from waymark.domain.staff import Right, StaffMember
from waymark.services.audit import Audit
from waymark.services.care_team import CareTeam
from waymark.services.outgoing import latest_channel, news_address, put_out
from waymark.services.ports import Clock, Ids, UnitOfWork, UnitOfWorkFactory


@dataclass(frozen=True)
class PlanView:
    """A person's plan with everything a screen or a reply needs."""

    newest: Optional[PlanVersion]
    in_force: Optional[PlanVersion]
    versions: Sequence[PlanVersion]
    approvals: Sequence[Approval]

    @property
    def shown(self) -> Optional[PlanVersion]:
        """The version in force, else the newest."""
        return self.in_force or self.newest

    @property
    def proposed(self) -> Optional[PlanVersion]:
        """A newer version beside the one in force, or None."""
        if self.in_force is None or self.newest is None or self.newest.version == self.in_force.version:
            return None
        return self.newest


class Planning:
    """Drafts, edits and approvals. Versions are immutable once they left the draft state."""

    def __init__(
        self, uow: UnitOfWorkFactory, clock: Clock, ids: Ids, audit: Audit, team: CareTeam, content: DraftContent
    ) -> None:
        self._uow, self._clock, self._ids = uow, clock, ids
        self._audit, self._team, self._content = audit, team, content

    def draft_in(self, uow: UnitOfWork, person: Person) -> PlanVersion:
        """Make or renew the draft from the answers in force, in the caller's transaction.

        While it is read back the draft keeps its number; a confirmed version is never touched, so a later
        draft gets the next number.
        """
        now = self._clock.now()
        body = draft(current(uow.answers.of(person.id)), self._content, now.date())
        last = plans.newest(uow.plans.versions(person.id))
        if last is not None and last.status == PlanStatus.DRAFT.value:
            last.changes = [*last.changes, *plans.diff(last.body, body)]
            last.body, last.at = body, now
            return last
        version = PlanVersion(
            id=self._ids.new("pln"),
            person_id=person.id,
            version=(last.version if last else 0) + 1,
            status=PlanStatus.DRAFT.value,
            author=ASSISTANT.label,
            at=now,
            reason=f"Drafted from the answers by {self._content.version}",
            body=body,
            changes=plans.diff(last.body, body) if last else [],
        )
        uow.plans.add(version)
        self._audit.record(uow, ASSISTANT, "plan.draft", person.id, f"version {version.version}")
        return version

    def confirm_in(self, uow: UnitOfWork, person: Person) -> PlanVersion:
        """The person says that the draft is right: it goes to the team for review."""
        last = plans.newest(uow.plans.versions(person.id))
        if last is None or last.status != PlanStatus.DRAFT.value:
            raise NotFound("there is no draft to confirm")
        last.status, last.at = PlanStatus.AWAITING_REVIEW.value, self._clock.now()
        self._audit.record(uow, PERSON, "plan.confirm", person.id, f"version {last.version}")
        return last

    def agree_in(self, uow: UnitOfWork, person: Person, version_number: int) -> PlanVersion:
        """The person's approval of a signed version; with both approvals it is active.

        Raises VersionConflict when that version is not the newest or not signed.
        """
        last = plans.newest(uow.plans.versions(person.id))
        if last is None or last.version != version_number or last.status != PlanStatus.SIGNED.value:
            raise VersionConflict("the plan has changed since it was shown")
        self._approve(uow, person.id, last, PERSON.label, plans.PERSON)
        return last

    def object_in(self, uow: UnitOfWork, person: Person, words: str) -> None:
        """Keep the person's objection in their words and give it to the team as a task."""
        task = Task(
            id=self._ids.new("tsk"),
            person_id=person.id,
            kind="plan_disagreement",
            rule="plan.objection",
            priority="routine",
            created_at=self._clock.now(),
            assigned_to=person.assigned_to,
            details=words,
        )
        uow.history.add_task(task)
        self._audit.record(uow, PERSON, "plan.object", person.id, task.id)

    def view_in(self, uow: UnitOfWork, person_id: str) -> PlanView:
        versions, approvals = uow.plans.versions(person_id), uow.plans.approvals(person_id)
        return PlanView(plans.newest(versions), plans.in_force(versions, approvals), versions, approvals)

    def view(self, member: StaffMember, person_id: str) -> PlanView:
        """The plan for a screen of the console; the read is audited."""
        with self._uow() as uow:
            person = self._team.seen(uow, member, person_id)
            self._audit.record(uow, Actor.staff(member), "plan.read", person.id)
            view = self.view_in(uow, person.id)
            uow.commit()
            return view

    def edit(
        self,
        member: StaffMember,
        person_id: str,
        *,
        base_version: int,
        reason: str,
        edits: Mapping[str, Mapping[str, str]],
        removed: Iterable[str] = (),
        added: Optional[Mapping[str, str]] = None,
        review_date: Optional[str] = None,
    ) -> PlanVersion:
        """Make a new version from changed fields; it starts without approvals.

        Raises VersionConflict if ``base_version`` is not the newest any more, InvalidChange for a change that
        is none or breaks a rule of the plan.
        """
        self._require(member, Right.EDIT_PLAN)
        if not reason.strip():
            raise InvalidChange("a change of the plan needs a reason")
        with self._uow() as uow:
            person = self._team.seen(uow, member, person_id)
            last = self._reviewable(uow, person.id, base_version)
            body = plans.apply_edit(last.body, edits, removed)
            if added:
                body = plans.add_intervention(body, **added)
            if review_date:
                body["review_date"] = review_date
            version = self._following(last, Actor.staff(member), reason.strip(), body)
            self._supersede(uow, person.id, last)
            uow.plans.add(version)
            self._audit.record(uow, Actor.staff(member), "plan.edit", person.id, f"version {version.version}")
            uow.commit()
            return version

    def _following(self, last: PlanVersion, author: Actor, reason: str, body: plans.Body) -> PlanVersion:
        """The version after ``last`` with ``body``; InvalidChange if nothing differs."""
        changes = plans.diff(last.body, body)
        if not changes:
            raise InvalidChange("nothing was changed")
        return PlanVersion(
            id=self._ids.new("pln"),
            person_id=last.person_id,
            version=last.version + 1,
            status=PlanStatus.AWAITING_REVIEW.value,
            author=author.label,
            at=self._clock.now(),
            reason=reason,
            body=body,
            changes=changes,
        )

    def sign(self, member: StaffMember, person_id: str, *, version: int) -> PlanVersion:
        """The clinician's approval of the newest version; the person is told that there is news."""
        self._require(member, Right.SIGN_PLAN)
        with self._uow() as uow:
            person = self._team.seen(uow, member, person_id)
            last = self._reviewable(uow, person.id, version)
            if last.status != PlanStatus.AWAITING_REVIEW.value:
                raise InvalidChange("this version is not waiting for a signature")
            self._approve(uow, person.id, last, Actor.staff(member).label, plans.CLINICIAN)
            self._tell_news(uow, person)
            uow.commit()
            return last

    def _tell_news(self, uow: UnitOfWork, person: Person) -> None:
        """Say that there is news, never what: nobody asked for it just now (privacy.md §11)."""
        uow.people.lock(person.id)
        channel = latest_channel(uow, person.id)
        message = OutboxMessage(
            id=self._ids.new("rep"),
            person_id=person.id,
            channel=channel,
            kind=ReplyKind.NOTICE.value,
            author=ASSISTANT.label,
            text=self._content.news,
            created_at=self._clock.now(),
        )
        put_out(uow, message, news_address(uow, person.id, channel))

    def _approve(self, uow: UnitOfWork, person_id: str, version: PlanVersion, by: str, role: str) -> None:
        approval = Approval(self._ids.new("apr"), version.id, person_id, version.version, by, role, self._clock.now())
        uow.plans.add_approval(approval)
        given = plans.approved_by(uow.plans.approvals(person_id), version.version)
        both = given >= {plans.PERSON, plans.CLINICIAN}
        version.status = PlanStatus.ACTIVE.value if both else PlanStatus.SIGNED.value
        if both:
            self._retire_older(uow, person_id, version)
        actor = PERSON if role == plans.PERSON else Actor(by)
        self._audit.record(uow, actor, "plan.approve", person_id, f"version {version.version} {body_digest(version.body)}")

    def _supersede(self, uow: UnitOfWork, person_id: str, last: PlanVersion) -> None:
        """An edited version that never came into force is withdrawn; one in force stays until its successor is."""
        force = plans.in_force(uow.plans.versions(person_id), uow.plans.approvals(person_id))
        if force is None or force.version != last.version:
            last.status = PlanStatus.REVOKED.value

    def _retire_older(self, uow: UnitOfWork, person_id: str, active: PlanVersion) -> None:
        for version in uow.plans.versions(person_id):
            if version.version < active.version and version.status == PlanStatus.ACTIVE.value:
                version.status = PlanStatus.COMPLETED.value

    def _reviewable(self, uow: UnitOfWork, person_id: str, base_version: int) -> PlanVersion:
        last = plans.newest(uow.plans.versions(person_id))
        if last is None:
            raise NotFound("this person has no plan yet")
        if last.version != base_version:
            raise VersionConflict("somebody changed the plan since you opened it; look at the newest version first")
        if last.status == PlanStatus.DRAFT.value:
            raise InvalidChange("the person has not confirmed this draft yet")
        return last

    def _require(self, member: StaffMember, right: Right) -> None:
        if not member.may(right):
            raise NotAllowed(f"a {member.role} may not do this")


def body_digest(body: Mapping[str, Any]) -> str:
    """A fingerprint of what was approved, for the audit trail."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
