"""What comes back when an email cannot be delivered."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from guildhall.notify.domain.bounce import read_bounce
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.receipts import Receipt

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OURS = UUID("01a20015-f8fb-745f-815a-cf1678167212")

REPORT = """\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: bins@testford.example
Subject: Undelivered Mail Returned to Sender
Date: Sat, 21 Nov 2026 10:00:05 +0100
Message-ID: <20261121090005.1234@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="frontier"

This is a MIME-encapsulated message.

--frontier
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--frontier
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Sat, 21 Nov 2026 10:00:00 +0100

Final-Recipient: rfc822; jo@example.com
Original-Recipient: rfc822;jo@example.com
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; {diagnostic}

--frontier
Content-Type: {returned}

From: bins@testford.example
To: jo@example.com
Subject: Your sofa
Message-ID: {name}

--frontier--
"""


def report(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "550 5.1.1 <jo@example.com>: no\n such user",
    returned: str = "message/rfc822",
    name: str = f"<{OURS}@guildhall.example>",
) -> bytes:
    filled = REPORT.format(action=action, status=status, diagnostic=diagnostic, returned=returned, name=name)
    return filled.replace("\n", "\r\n").encode()


def status_of(mail: bytes) -> list[Status]:
    return [each.status for each in read_bounce(mail, now=NOW)]


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_of_a_failure_names_our_message(returned: str) -> None:
    [receipt] = read_bounce(report(returned=returned), now=NOW)
    said = "smtp; 550 5.1.1 <jo@example.com>: no such user"
    at = datetime(2026, 11, 21, 9, 0, 5, tzinfo=UTC)
    assert receipt == Receipt("smtp", str(OURS), Status.PERMANENT_FAILURE, said, at)


@pytest.mark.parametrize(
    ("status", "diagnostic", "means"),
    [
        ("5.1.1", "550 no such user", Status.PERMANENT_FAILURE),
        ("5.7.1", "554 not wanted", Status.PERMANENT_FAILURE),
        ("4.4.7", "delivery time expired", Status.TEMPORARY_FAILURE),
        ("5.2.2", "552 mailbox full", Status.TEMPORARY_FAILURE),
        ("", "452 4.2.2 over quota", Status.TEMPORARY_FAILURE),
        ("", "they do not say", Status.PERMANENT_FAILURE),
    ],
)
def test_what_may_pass_is_a_temporary_failure(status: str, diagnostic: str, means: Status) -> None:
    assert status_of(report(status=status, diagnostic=diagnostic)) == [means]


def test_a_delay_says_nothing_yet_and_a_delivery_says_it() -> None:
    assert status_of(report(action="delayed", status="4.4.1")) == []
    assert status_of(report(action="relayed", status="2.0.0")) == []
    assert status_of(report(action="delivered", status="2.0.0")) == [Status.DELIVERED]


def test_a_report_that_claims_to_come_from_the_future_is_of_now() -> None:
    earlier = NOW - timedelta(days=30)
    assert read_bounce(report(), now=earlier)[0].at == earlier


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: I am away\r\n\r\nBack on Monday.",
        report(name="<somebody@else.example>"),
        report(returned="text/plain"),
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n--x--",
    ],
)
def test_any_other_mail_means_nothing(mail: bytes) -> None:
    assert list(read_bounce(mail, now=NOW)) == []


COMPLAINT = """\
From: feedback@mail.example
To: complaints@testford.example
Subject: FW: Your sofa
Date: Sat, 21 Nov 2026 10:00:05 +0100
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="frontier"

--frontier
Content-Type: text/plain; charset=us-ascii

This is an email abuse report.

--frontier
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1

--frontier
Content-Type: {returned}

From: bins@testford.example
To: redacted
Subject: Your sofa
Message-ID: <{id}@guildhall.example>

--frontier--
"""


def complaint(*, kind: str = "abuse", returned: str = "message/rfc822", id: UUID = OURS) -> bytes:
    return COMPLAINT.format(kind=kind, returned=returned, id=id).replace("\n", "\r\n").encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_complaint_names_our_message_which_has_arrived(returned: str) -> None:
    at = datetime(2026, 11, 21, 9, 0, 5, tzinfo=UTC)
    [receipt] = read_bounce(complaint(returned=returned), now=NOW)
    assert receipt == Receipt("smtp", str(OURS), Status.DELIVERED, "complaint: abuse", at, is_complaint=True)


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "", "abuse\n X"])
def test_other_feedback_is_no_complaint(kind: str) -> None:
    assert read_bounce(complaint(kind=kind), now=NOW) == []


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359", "x" * 5_000])
def test_a_report_from_beyond_the_calendar_is_of_now(date: str) -> None:
    dated = report().replace(b"Date: Sat, 21 Nov 2026 10:00:05 +0100", b"Date: " + date.encode(), 1)
    assert [receipt.at <= NOW for receipt in read_bounce(dated, now=NOW)] == [True]
