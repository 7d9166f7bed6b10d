"""The one place that builds things and hands each edge its services."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Optional

from sqlalchemy.engine import Engine

from waymark.adapters.clock import build_clock
from waymark.adapters.content_yaml import intake as intake_content
from waymark.adapters.content_yaml.channel_texts import load_channel_texts
from waymark.adapters.content_yaml.export_words import load_export_words
from waymark.adapters.content_yaml.lexicon import load_substance_lexicon
from waymark.adapters.content_yaml.resources import load_resources
from waymark.adapters.content_yaml.safety_rules import load_safety_rules
from waymark.adapters.content_yaml.safety_texts import load_safety_texts
from waymark.adapters.credentials import ConsoleCredentials
from waymark.adapters.crypto import FieldCipher, derived_secret
from waymark.adapters.db.engine import answers, build_engine
from waymark.adapters.db.mapping import start_mappers
from waymark.adapters.db.person_locks import person_locks
from waymark.adapters.db.tracker_rows import RasaTrackerRows
from waymark.adapters.db.types import use_cipher
from waymark.adapters.db.unit_of_work import SqlUnitOfWorkFactory
from waymark.adapters.ids import RandomIds
from waymark.adapters.journal import FileAlertJournal
from waymark.config import Settings, ensure_keys, load_settings
from waymark.domain.channel_texts import ChannelTexts
from waymark.domain.consent import ConsentText
from waymark.domain.drafting import DraftContent
from waymark.domain.export_words import ExportWords
from waymark.domain.intake import Questionnaire
from waymark.domain.messages import Say, utter
from waymark.domain.resources import Resources
from waymark.domain.safety_reply import SafetyTexts
from waymark.services.alerts import Alerts
from waymark.services.audit import Audit, AuditTrail
from waymark.services.care_team import CareTeam
from waymark.services.channel_talk import ChannelTalk, Guard
from waymark.services.deliveries import Deliveries
from waymark.services.dialogue import Dialogue
from waymark.services.export import Exports
from waymark.services.intake import Intake
from waymark.services.links import Links
from waymark.services.moments import SituationHandlers
from waymark.services.needs import Needs
from waymark.services.outbox import Outbox
from waymark.services.plan_words import PlanWords
from waymark.services.planning import Planning
from waymark.services.ports import Clock, PersonLocks
from waymark.services.privacy import Privacy
from waymark.services.record import Records
from waymark.services.safety import SafetyDesk
from waymark.services.staff_access import StaffAccess
from waymark.services.turns import Turns
from waymark.understanding.facts import FactReader
from waymark.understanding.safety_screen import SafetyScreen


@dataclass
class Core:
    """Everything the edges may ask for, built once and only when first used."""

    settings: Settings

    @cached_property
    def engine(self) -> Engine:
        self.prepare_encryption()
        start_mappers()
        return build_engine(self.settings.db_url)

    @cached_property
    def cipher(self) -> FieldCipher:
        return FieldCipher(self.settings.data_key)

    @cached_property
    def uow(self) -> SqlUnitOfWorkFactory:
        return SqlUnitOfWorkFactory(self.engine)

    @cached_property
    def clock(self) -> Clock:
        return build_clock(self.settings)

    @cached_property
    def ids(self) -> RandomIds:
        return RandomIds()

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.clock, self.ids)

    @cached_property
    def audit_trail(self) -> AuditTrail:
        return AuditTrail(self.uow)

    @cached_property
    def alerts(self) -> Alerts:
        return Alerts(self.uow, self.clock, self.ids, self.audit)

    @cached_property
    def care_team(self) -> CareTeam:
        return CareTeam(self.uow, self.clock, self.ids, self.audit)

    @cached_property
    def planning(self) -> Planning:
        return Planning(self.uow, self.clock, self.ids, self.audit, self.care_team, self.draft_content)

    @cached_property
    def records(self) -> Records:
        return Records(self.uow, self.audit, self.planning)

    @cached_property
    def exports(self) -> Exports:
        return Exports(self.uow, self.clock, self.ids, self.audit, self.records)

    @cached_property
    def staff_access(self) -> StaffAccess:
        return StaffAccess(self.uow, self.clock, self.ids, self.audit, ConsoleCredentials())

    # --- content ------------------------------------------------------------------------------------------

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return intake_content.load_questionnaire(self.settings.content / "intake")

    @cached_property
    def consent_text(self) -> ConsentText:
        return intake_content.load_consent(self.settings.content / "consent" / "record.yml")

    @cached_property
    def export_words(self) -> ExportWords:
        return load_export_words(self.settings.content / "privacy" / "export.yml")

    @cached_property
    def draft_content(self) -> DraftContent:
        return intake_content.load_draft_content(self.settings.content / "plan" / "first_plan.yml")

    @cached_property
    def resources(self) -> Resources:
        return load_resources(self.settings.content / "resources")

    @cached_property
    def safety_texts(self) -> SafetyTexts:
        return load_safety_texts(self.settings.content / "safety" / "replies.yml")

    @cached_property
    def channel_texts(self) -> ChannelTexts:
        return load_channel_texts(self.settings.content / "telegram" / "replies.yml")

    # --- understanding ------------------------------------------------------------------------------------

    @cached_property
    def fact_reader(self) -> FactReader:
        return FactReader(load_substance_lexicon(self.settings.content / "lexicon" / "substances.yml"))

    @cached_property
    def safety_screen(self) -> SafetyScreen:
        return SafetyScreen(load_safety_rules(self.settings.content / "safety"))

    # --- use cases of the conversation ----------------------------------------------------------------------

    @cached_property
    def turns(self) -> Turns:
        return Turns(self.uow, self.clock, self.ids)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.uow)

    @cached_property
    def links(self) -> Links:
        return Links(self.uow, self.clock, self.ids, self.audit)

    @cached_property
    def dialogue(self) -> Dialogue:
        return Dialogue(self.uow, self.clock, self.settings.clinic_name)

    @cached_property
    def journal(self) -> FileAlertJournal:
        return FileAlertJournal(self.settings.var / "alert-journal", self.cipher)

    @cached_property
    def person_locks(self) -> PersonLocks:
        return person_locks(self.settings.db_url)

    @cached_property
    def privacy(self) -> Privacy:
        return Privacy(self.uow, self.clock, self.ids, self.audit, RasaTrackerRows(self.settings), self.journal)

    @cached_property
    def safety_desk(self) -> SafetyDesk:
        country = self.settings.country or None
        return SafetyDesk(self.uow, self.clock, self.ids, self.alerts, self.safety_texts, self.resources, country)

    @cached_property
    def needs(self) -> Needs:
        return Needs(
            self.planning,
            self.plan_words,
            self.alerts,
            self.exports,
            self.ids,
            clinic_name=self.settings.clinic_name,
            clinic_hours=self.settings.clinic_hours,
            front_url=self.settings.front_url,
        )

    @cached_property
    def plan_words(self) -> PlanWords:
        return PlanWords(self.planning, self.channel_texts.discreet)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.uow, self.clock)

    def channel_talk(self, guard: Guard) -> ChannelTalk:
        """What Telegram answers by itself; ``guard`` slows down whoever tries codes."""
        return ChannelTalk(
            uow=self.uow,
            clock=self.clock,
            ids=self.ids,
            audit=self.audit,
            links=self.links,
            texts=self.channel_texts,
            guard=guard,
            web_url=self.settings.front_url,
            emergency=self.emergency_words,
        )

    def emergency_words(self, country: Optional[str]) -> str:
        """The emergency number of a country, else of the site's, as it stands in a sentence."""
        return self.resources.for_country(country or self.settings.country or None).emergency_text

    @cached_property
    def intake(self) -> Intake:
        moments = SituationHandlers(
            questionnaire=self.questionnaire,
            consent=self.consent_text,
            planning=self.planning,
            alerts=self.alerts,
            safety_texts=self.safety_desk,
            erasing=self.privacy,
            audit=self.audit,
            ids=self.ids,
            draft_content=self.draft_content,
            clinic_name=self.settings.clinic_name,
            plan_words=self.plan_words,
            links=self.links,
            web_url=self.settings.front_url,
        )
        path = self.settings.content / "reflections" / "opening.yml"
        engine = Intake(
            questionnaire=self.questionnaire,
            reader=self.fact_reader,
            reflections=intake_content.load_reflections(path),
            moments=moments,
            ids=self.ids,
            settings_country=self.settings.country or None,
            zone=self.settings.zone,
            consent_text=self.consent_text.shown(self.settings.clinic_name),
        )
        moments.use_rewriter(engine.replace)
        return engine

    def safe_reply(self, fault: str) -> tuple[Say, ...]:
        """What is said when a turn failed: the emergency number and a number to name the fault by."""
        return (utter("fault", emergency=self.emergency_words(None), fault=fault),)

    def database_up(self) -> bool:
        """Whether the database answers now."""
        return answers(self.engine)

    def prepare_encryption(self) -> None:
        """Let this process read and write sealed columns."""
        use_cipher(self.cipher)

    def secret(self, purpose: str) -> str:
        """A secret of this installation for one purpose."""
        return derived_secret(self.settings.secret_key, purpose)


def build_core(settings: Settings | None = None) -> Core:
    """Core with keys present. Time zones and telemetry are settled before anything else is imported."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    return Core(ensure_keys(settings or load_settings()))
