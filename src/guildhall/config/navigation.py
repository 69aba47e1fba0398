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
    (Text("Payments", "Taliadau"), "pay:payments", _MONEY),
    (Text("Usage", "Defnydd"), "metering:usage", _MONEY),
    (
        Text("Templates", "Templedi"),
        "notify:templates",
        frozenset({Role.OWNER, Role.SERVICE_MANAGER, Role.CASEWORKER}),
    ),
    (
        Text("Messages", "Negeseuon"),
        "notify:messages",
        frozenset({Role.OWNER, Role.SERVICE_MANAGER, Role.CASEWORKER}),
    ),
    (Text("Team", "Tîm"), "organisations:team", frozenset(Role)),
    (Text("Keys", "Allweddi"), "organisations:keys", frozenset({Role.OWNER, Role.SERVICE_MANAGER})),
    (Text("Settings", "Gosodiadau"), "organisations:settings", frozenset({Role.OWNER})),
    (Text("Audit trail", "Trywydd archwilio"), "organisations:audit", frozenset({Role.OWNER, Role.AUDITOR})),
    (Text("Forms", "Ffurflenni"), "forms:list", frozenset({Role.OWNER, Role.SERVICE_MANAGER})),
)
