"""Writing a claimed message out as a provider gets it. One that cannot be written harms nobody but itself."""

import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import DatabaseError

from guildhall.notify.domain.delivery import CPU_SECONDS_TO_WRITE, Channel
from guildhall.notify.operations.claims import Claimed
from guildhall.notify.operations.mailings import worded
from guildhall.notify.ports import Outcome, Outgoing, TryLater, Unwritable
from guildhall.notify.queries.messages import show_personalisation
from guildhall.notify.queries.remembered import sender_of, template_version

log = structlog.get_logger(__name__)

Written = TypeVar("Written")


def write_outgoing(channel: Channel, message: Claimed) -> Outgoing | Outcome:
    """Return a message as a provider gets it, or what becomes of it because it cannot be written."""
    return written(lambda: _outgoing(channel, message), name=str(message.id))


def written(write: Callable[[], Written], *, name: str) -> Written | Outcome:
    """Write something of a message, and return it if it can be had for a reasonable amount of work.

    What takes too long will take as long next time, and meanwhile nobody else's message is written.
    """
    started = time.thread_time()
    try:
        made = write()
    except DatabaseError as fault:
        log.warning("message_waits_for_the_database", message=name, fault=type(fault).__name__)
        return TryLater("it could not be read from the database")
    except Exception as fault:
        log.exception("message_cannot_be_written", message=name)
        return Unwritable(f"it cannot be written: {type(fault).__name__}")
    if (seconds := time.thread_time() - started) > CPU_SECONDS_TO_WRITE:
        log.error("message_takes_too_long_to_write", message=name, seconds=round(seconds))
        return Unwritable(f"it takes too long to write: {seconds:.0f} seconds")
    return made


def _outgoing(channel: Channel, message: Claimed) -> Outgoing:
    service = sender_of(message.organisation_id, message.notify_service_id)
    template = template_version(message.organisation_id, message.template_id, message.template_version)
    words, unsubscribe_url = worded(message, template, channel)
    return Outgoing(
        message_id=message.id,
        organisation_id=message.organisation_id,
        notify_service_id=message.notify_service_id,
        template_id=message.template_id,
        template_version=message.template_version,
        channel=channel,
        recipient=message.recipient,
        sender_name=service.from_name,
        sender=message.sender,
        words=words,
        language=message.language,
        given=show_personalisation(message.personalisation),
        prefix=service.prefix,
        unsubscribe_url=unsubscribe_url,
        postage=message.postage,
        accepted_at=message.accepted_at,
        tries=message.tries,
        may_be_repeated=message.may_be_repeated,
        local_part=service.from_local_part,
        look=service.look,
    )
