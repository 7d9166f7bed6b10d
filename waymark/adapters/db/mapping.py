"""Which plain class of the domain is kept in which table.

The classes know nothing of it; ``start_mappers`` is called once a process by ``bootstrap``.
"""

from __future__ import annotations

from sqlalchemy.orm import registry

from waymark.adapters.db import channel_tables, tables
from waymark.adapters.db.schema import metadata
from waymark.domain import alerts, conversation, delivery, intake, linking, people, plan, staff

mapper_registry = registry(metadata=metadata)

MAPPINGS = (
    (people.Person, tables.people_table),
    (people.Consent, tables.consents),
    (people.Event, tables.events),
    (people.Task, tables.tasks),
    (conversation.Conversation, tables.conversations),
    (conversation.InboxMessage, tables.inbox),
    (conversation.OutboxMessage, tables.outbox),
    (conversation.OfferedButton, tables.offered_buttons),
    (conversation.TurnOutcome, tables.turn_outcomes),
    (intake.Answer, tables.answers),
    (plan.PlanVersion, tables.plan_versions),
    (plan.Approval, tables.plan_approvals),
    (alerts.Alert, tables.alerts_table),
    (staff.StaffMember, tables.staff_table),
    (staff.StaffSession, tables.staff_sessions),
    (staff.AuditEntry, tables.audit),
    (delivery.Delivery, channel_tables.deliveries),
    (linking.LinkCode, channel_tables.link_codes),
    (linking.ExportTicket, channel_tables.export_tickets),
)


def start_mappers() -> None:
    """Map the domain's classes to their tables; calling it again changes nothing."""
    if mapper_registry.mappers:
        return
    for kind, table in MAPPINGS:
        mapper_registry.map_imperatively(kind, table)
    identities = channel_tables.channel_identities
    mapper_registry.map_imperatively(people.ChannelIdentity, identities, exclude_properties={"address_hash"})
