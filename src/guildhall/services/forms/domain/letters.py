"""The email that leads somebody back to their answers, in both languages, as it begins; a council may change it."""

from dataclasses import dataclass

from guildhall.design.languages import Text


@dataclass(frozen=True)
class Letter:
    """An email template: a key that never changes, the name a council sees, and its words in both languages."""

    key: str
    name: str
    subject: Text
    body: Text


COME_BACK = Letter(
    "form-come-back",
    "Form: come back later",
    Text("((title)): carry on where you left off", "((title_cy)): parhau o’r lle y gwnaethoch adael"),
    Text(
        """You asked us to keep your answers.

Use this link to carry on:

((link))

It works until ((until)). Anybody who has it can see your answers, so do not pass it on.

((council))
""",
        """Gofynnoch i ni gadw eich atebion.

Defnyddiwch y ddolen hon i barhau:

((link))

Mae’n gweithio tan ((until_cy)). Gall unrhyw un sydd â hi weld eich atebion, felly peidiwch â’i rhannu.

((council_cy))
""",
    ),
)
