"""What can be done with accounts, one unit of work each. Pages call these and nothing deeper."""

from guildhall.identity.operations.accounts import (
    KnownPerson,
    change_language,
    choose_where_to_read,
    ensure_person,
    shut_account,
    sign_out_elsewhere,
)
from guildhall.identity.operations.codes import WrongCode
from guildhall.identity.operations.forgetting import forget_what_is_over
from guildhall.identity.operations.invitations import send_invitation
from guildhall.identity.operations.known_browsers import find_known, make_known
from guildhall.identity.operations.letters import ensure_letters
from guildhall.identity.operations.passwords import BadPassword, GoodPassword, read_password
from guildhall.identity.operations.recovery import change_password, finish_reset, request_reset
from guildhall.identity.operations.registration import (
    AlreadyRegistered,
    NewAccount,
    RegistrationLapsed,
    begin_registration,
    finish_registration,
    send_creation_code_again,
)
from guildhall.identity.operations.second_factor import (
    begin_app,
    begin_emailed_codes,
    finish_app,
    finish_emailed_codes,
)
from guildhall.identity.operations.sign_in import (
    NotTheirPassword,
    RightPassword,
    SecondStep,
    WrongPassword,
    begin_second_step,
    confirm_password,
    give_second_proof,
    send_code_again,
    sign_in,
)
from guildhall.identity.operations.tries import LockedOut

__all__ = [
    "AlreadyRegistered",
    "BadPassword",
    "GoodPassword",
    "KnownPerson",
    "LockedOut",
    "NewAccount",
    "NotTheirPassword",
    "RegistrationLapsed",
    "RightPassword",
    "SecondStep",
    "WrongCode",
    "WrongPassword",
    "begin_app",
    "begin_emailed_codes",
    "begin_registration",
    "begin_second_step",
    "change_language",
    "change_password",
    "choose_where_to_read",
    "confirm_password",
    "ensure_letters",
    "ensure_person",
    "find_known",
    "finish_app",
    "finish_emailed_codes",
    "finish_registration",
    "finish_reset",
    "forget_what_is_over",
    "give_second_proof",
    "make_known",
    "read_password",
    "request_reset",
    "send_code_again",
    "send_creation_code_again",
    "send_invitation",
    "shut_account",
    "sign_in",
    "sign_out_elsewhere",
]
