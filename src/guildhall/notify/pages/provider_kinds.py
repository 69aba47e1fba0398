"""The kinds of provider as operators meet them: what each is called, what it carries, and what it wants to know."""

from collections.abc import Mapping
from dataclasses import dataclass

from guildhall.design.languages import Text
from guildhall.notify.domain.delivery import Channel


@dataclass(frozen=True)
class Setting:
    """Something that an account's provider wants to know. What is secret is never shown again."""

    name: str
    label: Text
    is_secret: bool = False
    is_needed: bool = False
    is_long: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of provider: its name for people, the channels it may carry, and its settings."""

    title: Text
    channels: tuple[Channel, ...]
    settings: tuple[Setting, ...]


_HOST = Setting("host", Text("Server", "Gweinydd"), is_needed=True)
_PORT = Setting("port", Text("Port", "Porth"))
_USER = Setting("user", Text("User name", "Enw defnyddiwr"))
_PASSWORD = Setting("password", Text("Password", "Cyfrinair"), is_secret=True)
_KEY = Setting("api_key", Text("API key", "Allwedd API"), is_secret=True, is_needed=True)
_TEXT_SENDERS = (
    Setting("sender", Text("Sender of services that have none", "Anfonwr gwasanaethau heb un eu hunain")),
    Setting(
        "numeric_sender",
        Text("Sender for countries that let no names through", "Anfonwr i wledydd nad ydynt yn caniatáu enwau"),
    ),
)
_GATEWAY = (
    _KEY,
    *_TEXT_SENDERS,
    Setting(
        "receipt_url",
        Text("Address to which receipts are sent", "Cyfeiriad yr anfonir derbynebau iddo"),
    ),
    Setting(
        "url",
        Text("Address of the provider, if not the usual one", "Cyfeiriad y darparwr, os nad yr un arferol"),
    ),
)

KINDS: Mapping[str, Kind] = {
    "smtp": Kind(
        Text("A mail server (SMTP)", "Gweinydd post (SMTP)"),
        (Channel.EMAIL,),
        (
            _HOST,
            _PORT,
            Setting(
                "security",
                Text(
                    "Encryption: tls, starttls, if-offered or none",
                    "Amgryptio: tls, starttls, if-offered neu none",
                ),
            ),
            _USER,
            _PASSWORD,
            Setting("domain", Text("What stands after the @ of senders", "Beth sydd ar ôl @ anfonwyr")),
            Setting("connections", Text("Connections at the same time", "Cysylltiadau ar yr un pryd")),
            Setting(
                "is_delivered_on_acceptance",
                Text(
                    "An email that the server took counts as delivered: yes or no",
                    "Mae e-bost a gymerwyd gan y gweinydd yn cyfrif fel wedi’i ddosbarthu: yes neu no",
                ),
            ),
        ),
    ),
    "firetext": Kind(Text("Firetext", "Firetext"), (Channel.SMS,), _GATEWAY),
    "mmg": Kind(Text("MMG", "MMG"), (Channel.SMS,), _GATEWAY),
    "smpp": Kind(
        Text("A text message centre (SMPP)", "Canolfan negeseuon testun (SMPP)"),
        (Channel.SMS,),
        (
            _HOST,
            _PORT,
            Setting("system_id", Text("System id", "Enw’r system"), is_needed=True),
            Setting("password", Text("Password", "Cyfrinair"), is_secret=True, is_needed=True),
            Setting("system_type", Text("System type", "Math o system")),
            Setting("is_tls", Text("Encryption: yes or no", "Amgryptio: yes neu no")),
            *_TEXT_SENDERS,
        ),
    ),
    "govuk-notify": Kind(
        Text("GOV.UK Notify", "GOV.UK Notify"),
        (Channel.EMAIL, Channel.SMS),
        (
            _KEY,
            Setting("template_id", Text("Template there", "Templed yno"), is_needed=True),
            Setting("sender_id", Text("Sender or reply-to address there", "Anfonwr neu gyfeiriad ateb yno")),
            Setting(
                "keeps_prefix",
                Text(
                    "Texts begin with our service’s name: yes or no",
                    "Mae testunau’n dechrau gydag enw ein gwasanaeth: yes neu no",
                ),
            ),
        ),
    ),
    "letter-folder": Kind(
        Text("A folder of the printer’s", "Ffolder yr argraffydd"),
        (Channel.LETTER,),
        (Setting("folder", Text("Folder on this machine", "Ffolder ar y peiriant hwn"), is_needed=True),),
    ),
    "letter-sftp": Kind(
        Text("The printer’s SFTP server", "Gweinydd SFTP yr argraffydd"),
        (Channel.LETTER,),
        (
            _HOST,
            _PORT,
            Setting("user", Text("User name", "Enw defnyddiwr"), is_needed=True),
            Setting("folder", Text("Folder there", "Ffolder yno")),
            Setting("host_key", Text("The server’s key", "Allwedd y gweinydd"), is_needed=True),
            Setting("private_key", Text("Our private key", "Ein hallwedd breifat"), True, True, True),
        ),
    ),
    "sandbox": Kind(Text("The sandbox’s inbox", "Mewnflwch y blwch tywod"), (Channel.EMAIL, Channel.SMS), ()),
}
