"""``doctor`` says when visitors look alike, when limits on strangers are reached, and when no email can go."""

from ipaddress import ip_network

from django.test import override_settings

from guildhall.config.examination import Finding, examine_doors, examine_mail
from guildhall.kernel import clock
from guildhall.kernel.limits import Against, Counted
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.tries import take_tries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import count_for_installation, count_for_recipient
from guildhall.notify.operations.provider_accounts import (
    WantedAccount,
    add_provider_account,
    switch_provider_account,
)
from guildhall.organisations import queries as organisations


def about(words: str) -> Finding:
    return next(finding for finding in examine_doors() if words in finding.seen)


def test_a_house_behind_tls_without_a_named_proxy_is_told_that_all_visitors_look_alike() -> None:
    assert about("proxies that may say").is_well
    with override_settings(OVER_TLS=True):
        assert "GUILDHALL_TRUSTED_PROXIES" in about("counted as one network").remedy
        with override_settings(TRUSTED_PROXIES=[ip_network("10.0.0.5")]):
            assert about("proxies that may say who a visitor is: 1").is_well


@override_settings(UNASKED_EMAILS_PER_HOUR=3)
def test_emails_that_anybody_can_ask_for_are_counted_and_too_many_need_the_operator() -> None:
    for number in range(3):
        assert about(f"{number} of 3 emails that anybody can ask the installation for").is_well
        take_tries(count_for_installation(), now=clock.now())
    assert "GUILDHALL_UNASKED_EMAILS_PER_HOUR" in about("3 of 3 emails").remedy


def test_who_is_locked_out_is_counted_and_not_named() -> None:
    assert about("locked out at the moment: nobody").is_well
    counted = Counted("registrations", Against.NETWORK, "203.0.113.9", count_for_recipient("jo@example.com").limit)
    for _ in range(counted.limit.tries):
        take_tries(counted, now=clock.now())
    assert about("locked out at the moment: 1 × registrations").is_well


def test_a_house_whose_emails_nobody_carries_is_told_that_nobody_can_register() -> None:
    def found(**here: object) -> Finding:
        with override_settings(**{"SANDBOX": False, "SMTP_URL": ""} | here):
            return next(examine_mail())

    assert "GUILDHALL_SMTP_URL" in found().remedy
    assert found(SMTP_URL="smtp://mail.example") == Finding(
        "codes and links are emailed by the mail server of GUILDHALL_SMTP_URL"
    )
    assert found(SANDBOX=True).is_well
    with acting_for(organisations.get_platform().id):
        wanted = WantedAccount(Channel.EMAIL, "smtp", "Our relay", {"host": "mail.example"})
        opened = add_provider_account(wanted, actor=None, now=clock.now())
        assert found() == Finding("codes and links are emailed by Our relay")
        switch_provider_account(opened.id, is_active=False, actor=None, now=clock.now())
    assert "GUILDHALL_SMTP_URL" in found().remedy
