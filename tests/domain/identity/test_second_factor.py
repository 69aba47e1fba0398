from guildhall.identity.domain.second_factor import Factor, factor_to_ask


def test_a_resident_may_sign_in_with_a_password_alone() -> None:
    assert factor_to_ask(has_app=False, uses_emailed_codes=False, is_officer=False) is None


def test_a_resident_who_chose_emailed_codes_is_sent_one() -> None:
    assert factor_to_ask(has_app=False, uses_emailed_codes=True, is_officer=False) is Factor.EMAILED_CODE


def test_an_officer_always_gives_a_second_proof() -> None:
    assert factor_to_ask(has_app=False, uses_emailed_codes=False, is_officer=True) is Factor.EMAILED_CODE


def test_an_app_is_never_replaced_by_an_emailed_code() -> None:
    for is_officer in (True, False):
        for uses_emailed_codes in (True, False):
            asked = factor_to_ask(has_app=True, uses_emailed_codes=uses_emailed_codes, is_officer=is_officer)
            assert asked is Factor.APP
