"""Errors of the domain: each names what went wrong in the terms of the work, never of a library."""

from __future__ import annotations


class DomainError(Exception):
    """A rule of the product was broken. ``code`` is stable and safe to log; the text holds no health data."""

    code = "domain_error"


class NotFound(DomainError):
    """The named person, plan, alert or question does not exist."""

    code = "not_found"


class NotAllowed(DomainError):
    """The actor's role or relation to the person does not permit this."""

    code = "not_allowed"


class QuestionClosed(DomainError):
    """The button belongs to a question that has been answered or withdrawn."""

    code = "question_closed"


class MessageConflict(DomainError):
    """A message id was used before with other content."""

    code = "message_conflict"


class VersionConflict(DomainError):
    """The plan changed since the editor opened it."""

    code = "version_conflict"


class InvalidChange(DomainError):
    """A change that would break a rule of the record, for example a plan line without an owner."""

    code = "invalid_change"


class LinkRefused(DomainError):
    """The code is unknown, was used or is too old: one answer for all three, so that nothing can be guessed."""

    code = "link_refused"


class OwnRecord(DomainError):
    """The address has a record of its own; two records are never put together without asking. The code stays good."""

    code = "own_record"


class AlreadyHere(DomainError):
    """The code belongs to the person at this very address. It is not used up."""

    code = "already_here"


class StorageUnavailable(Exception):
    """The database cannot be used now. Not a DomainError: no rule was broken, and trying again may work."""


class StorageConflict(StorageUnavailable):
    """Somebody stored the same thing at the same moment."""


class ContentError(DomainError):
    """A content file is missing, malformed or breaks a rule for content."""

    code = "content_error"
