"""The officers' menu: where each module's pages are, in the order officers see them, and for whom.

Each line is (words, name of the address, roles that may open it); the address takes ``council``.
"""

from guildhall.design.languages import Text
from guildhall.kernel.audiences import Role

_MONEY = frozenset({Role.OWNER, Role.SERVICE_MANAGER, Role.FINANCE_VIEWER})

STAFF_NAVIGATION: tuple[tuple[Text, str, frozenset[Role]], ...] = (
    (
        Text("Cases", "Achosion"),
        "cases:list",
        frozenset({Role.OWNER, Role.SERVICE_MANAGER, Role.CASEWORKER, Role.AUDITOR}),
    ),
    (Text("Forms", "Ffurflenni"), "forms:list", frozenset({Role.OWNER, Role.SERVICE_MANAGER})),
    (Text("Payments", "Taliadau"), "pay:payments", _MONEY),
    (Text("Usage", "Defnydd"), "metering:usage", _MONEY),
    (
        Text("Messages", "Negeseuon"),
        "notify:messages",
        frozenset(Role),
    ),
    (Text("Team", "Tîm"), "organisations:team", frozenset(Role)),
    (Text("Keys", "Allweddi"), "organisations:keys", frozenset({Role.OWNER, Role.SERVICE_MANAGER})),
    (Text("Settings", "Gosodiadau"), "organisations:settings", frozenset({Role.OWNER})),
    (Text("Audit trail", "Trywydd archwilio"), "organisations:audit", frozenset({Role.OWNER, Role.AUDITOR})),
)

# What operators find on a council's page: (words, name of the address, which takes ``council``).
OPERATOR_NAVIGATION: tuple[tuple[Text, str], ...] = (
    (Text("Free text messages", "Negeseuon testun am ddim"), "metering:allowances"),
)

# A sentence about each, for the page on which officers start.
STAFF_SUMMARIES: dict[str, Text] = {
    "cases:list": Text(
        "What residents have asked for, and how far you have got",
        "Beth mae trigolion wedi gofyn amdano, a pha mor bell rydych wedi cyrraedd",
    ),
    "forms:list": Text(
        "Put a service online, change it or take it off", "Rhoi gwasanaeth ar-lein, ei newid neu ei dynnu i lawr"
    ),
    "pay:payments": Text("What residents have paid", "Beth mae trigolion wedi’i dalu"),
    "metering:usage": Text(
        "What the council has used this year, and what it costs",
        "Beth mae’r cyngor wedi’i ddefnyddio eleni, a beth mae’n ei gostio",
    ),
    "notify:messages": Text(
        "Emails, texts and letters: their templates, what was sent, and whether it arrived",
        "Negeseuon e-bost, negeseuon testun a llythyrau: eu templedi, beth a anfonwyd, ac a gyrhaeddodd",
    ),
    "organisations:team": Text("Who works here, and what they may do", "Pwy sy’n gweithio yma, a beth y cânt ei wneud"),
    "organisations:keys": Text(
        "Let your programs send messages and take payments",
        "Gadael i’ch rhaglenni anfon negeseuon a chymryd taliadau",
    ),
    "organisations:settings": Text("The council’s name, website, colour and logo", "Enw, gwefan, lliw a logo’r cyngor"),
    "organisations:audit": Text(
        "Who did what, and proof that nobody changed the record",
        "Pwy wnaeth beth, a phrawf nad oes neb wedi newid y cofnod",
    ),
}
