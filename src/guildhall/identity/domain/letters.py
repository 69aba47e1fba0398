"""The emails that go to persons about their accounts, in both languages. The installation itself sends them.

Placeholders ending in ``_cy`` are the Welsh half, so that one set of values fills both languages when both are sent.
"""

from dataclasses import dataclass

from guildhall.design.languages import Text


@dataclass(frozen=True)
class Letter:
    """An email template: a key that never changes, the name an operator sees, and its words in both languages."""

    key: str
    name: str
    subject: Text
    body: Text


CREATION_CODE = Letter(
    "account-creation-code",
    "Account: code for creating one",
    Text("Your security code", "Eich cod diogelwch"),
    Text(
        """Your security code is:

# ((code))

Enter it on the page where you are creating your account. It works for 1 hour.

If you did not ask for this code, you can ignore this email. Nobody can create the account without it.
""",
        """Eich cod diogelwch yw:

# ((code))

Rhowch ef ar y dudalen lle rydych yn creu eich cyfrif. Mae’n gweithio am 1 awr.

Os na wnaethoch ofyn am y cod hwn, gallwch anwybyddu’r e-bost hwn. Ni all neb greu’r cyfrif hebddo.
""",
    ),
)

ALREADY_REGISTERED = Letter(
    "account-already-registered",
    "Account: there is one already",
    Text("You already have an account", "Mae gennych gyfrif yn barod"),
    Text(
        """Somebody, probably you, asked to create an account with this email address. It already has one.

You can sign in:

((sign_in_link))

If you have forgotten your password, you can choose a new one:

((reset_link))

If it was not you, you do not need to do anything. Nothing about your account has changed.
""",
        """Gofynnodd rhywun, chi yn ôl pob tebyg, am greu cyfrif gyda’r cyfeiriad e-bost hwn. Mae un yn barod.

Gallwch fewngofnodi:

((sign_in_link))

Os ydych wedi anghofio eich cyfrinair, gallwch ddewis un newydd:

((reset_link))

Os nad chi oedd, nid oes angen i chi wneud dim. Nid oes dim am eich cyfrif wedi newid.
""",
    ),
)

SECURITY_CODE = Letter(
    "account-security-code",
    "Account: security code",
    Text("Your security code", "Eich cod diogelwch"),
    Text(
        """Your security code is:

# ((code))

It works for 15 minutes. Do not share it with anyone: we will never ask you for it by phone or email.

If you did not ask for this code, somebody else may know your password. Choose a new one:

((reset_link))
""",
        """Eich cod diogelwch yw:

# ((code))

Mae’n gweithio am 15 munud. Peidiwch â’i rannu â neb: ni fyddwn byth yn gofyn i chi amdano dros y ffôn na thrwy e-bost.

Os na wnaethoch ofyn am y cod hwn, efallai fod rhywun arall yn gwybod eich cyfrinair. Dewiswch un newydd:

((reset_link))
""",
    ),
)

RESET_LINK = Letter(
    "account-new-password-link",
    "Account: link for a new password",
    Text("Choose a new password", "Dewis cyfrinair newydd"),
    Text(
        """To choose a new password, follow this link within 1 hour:

((link))

The link works once.

If you did not ask for it, you can ignore this email. Your password has not changed.
""",
        """I ddewis cyfrinair newydd, dilynwch y ddolen hon o fewn 1 awr:

((link))

Mae’r ddolen yn gweithio unwaith.

Os na wnaethoch ofyn amdani, gallwch anwybyddu’r e-bost hwn. Nid yw eich cyfrinair wedi newid.
""",
    ),
)

NO_ACCOUNT = Letter(
    "account-unknown",
    "Account: there is none",
    Text("You do not have an account", "Nid oes gennych gyfrif"),
    Text(
        """Somebody, probably you, asked for a new password for this email address. It has no account.

You may have used another email address. If you want an account, you can create one:

((link))

If it was not you, you do not need to do anything.
""",
        """Gofynnodd rhywun, chi yn ôl pob tebyg, am gyfrinair newydd i’r cyfeiriad e-bost hwn. Nid oes ganddo gyfrif.

Efallai i chi ddefnyddio cyfeiriad e-bost arall. Os ydych eisiau cyfrif, gallwch greu un:

((link))

Os nad chi oedd, nid oes angen i chi wneud dim.
""",
    ),
)

PASSWORD_CHANGED = Letter(
    "account-password-changed",
    "Account: the password was changed",
    Text("Your password was changed", "Newidiwyd eich cyfrinair"),
    Text(
        """The password of your account was changed. You were signed out on all other devices.

If you did not change it, choose a new one now:

((reset_link))
""",
        """Newidiwyd cyfrinair eich cyfrif. Cawsoch eich allgofnodi ar bob dyfais arall.

Os nad chi a’i newidiodd, dewiswch un newydd nawr:

((reset_link))
""",
    ),
)

APP_SET_UP = Letter(
    "account-app-set-up",
    "Account: an authenticator app was set up",
    Text("An authenticator app was set up", "Gosodwyd ap dilysu"),
    Text(
        """An authenticator app was set up for your account. From now on you need a code from it to sign in.

If you did not do this, choose a new password now, and tell your council:

((reset_link))
""",
        """Gosodwyd ap dilysu ar gyfer eich cyfrif. O hyn ymlaen bydd angen cod ohono arnoch i fewngofnodi.

Os nad chi wnaeth hyn, dewiswch gyfrinair newydd nawr, a dywedwch wrth eich cyngor:

((reset_link))
""",
    ),
)

INVITATION = Letter(
    "officer-invitation",
    "Officers: invitation to a team",
    Text("((council)): you are invited to the team", "((council_cy)): gwahoddiad i’r tîm"),
    Text(
        """((inviter)) has invited you to work for ((council)) on Guildhall.

Follow this link by ((expires_on)):

((link))

You will create an account or sign in, and set up security codes, because officers see residents’ details.

If you did not expect this invitation, you can ignore this email.
""",
        """Mae ((inviter)) wedi eich gwahodd i ymuno â thîm ((council_cy)) ar Guildhall.

Dilynwch y ddolen hon erbyn ((expires_on_cy)):

((link))

Byddwch yn creu cyfrif neu’n mewngofnodi, ac yn gosod codau diogelwch, gan fod swyddogion yn gweld manylion trigolion.

Os nad oeddech yn disgwyl y gwahoddiad hwn, gallwch anwybyddu’r e-bost hwn.
""",
    ),
)

LETTERS = (
    CREATION_CODE,
    ALREADY_REGISTERED,
    SECURITY_CODE,
    RESET_LINK,
    NO_ACCOUNT,
    PASSWORD_CHANGED,
    APP_SET_UP,
    INVITATION,
)
