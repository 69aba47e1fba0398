"""What officers read in the audit trail beside what was done: kinds of acts to choose from, and details in words."""

from guildhall.design.languages import Text

# (code, words, the first words of the actions that belong to it); every action belongs to one.
AUDIT_KINDS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    ("team", Text("The team and invitations", "Y tîm a gwahoddiadau"), ("officer", "invitation")),
    ("council", Text("The council and its settings", "Y cyngor a’i osodiadau"), ("council",)),
    ("services", Text("Services and forms", "Gwasanaethau a ffurflenni"), ("service", "form")),
    ("keys", Text("Keys", "Allweddi"), ("key",)),
    ("cases", Text("Cases", "Achosion"), ("case",)),
    ("templates", Text("Templates and folders", "Templedi a ffolderi"), ("template", "templates", "folder")),
    ("sending", Text("Messages, letters and lists", "Negeseuon, llythyrau a rhestrau"), ("message", "letters", "list")),
    (
        "message-settings",
        Text("Settings of messages", "Gosodiadau negeseuon"),
        ("notify_service", "callback", "number", "provider", "accounts", "files", "unsubscribed"),
    ),
    (
        "money",
        Text("Caps, allowances and cost centres", "Capiau, lwfansau a chanolfannau cost"),
        ("cap", "allowance", "cost_centre"),
    ),
    ("operators", Text("Operators looking", "Gweithredwyr yn edrych"), ("operator",)),
)

AUDIT_DETAILS: dict[str, Text] = {
    "action": Text("Action", "Gweithred"),
    "added": Text("New", "Newydd"),
    "after": Text("After", "Wedyn"),
    "before": Text("Before", "Cynt"),
    "changed": Text("Changed", "Newidiwyd"),
    "channel": Text("Sent as", "Anfonwyd fel"),
    "code": Text("Cost centre", "Canolfan gost"),
    "custom": Text("Agreed", "Cytunwyd"),
    "folders": Text("Folders", "Ffolderi"),
    "fragments": Text("Free text messages", "Negeseuon testun am ddim"),
    "from_state": Text("From", "O"),
    "invitation": Text("Invitation", "Gwahoddiad"),
    "kind": Text("Kind", "Math"),
    "letters": Text("Letters", "Llythyrau"),
    "news": Text("Told of", "Hysbysir am"),
    "number": Text("Number", "Rhif"),
    "pence": Text("At most", "Dim mwy na"),
    "period": Text("In each", "Ym mhob"),
    "platform": Text("Opens", "Yn agor"),
    "position": Text("Entry of the case", "Cofnod yr achos"),
    "renewed": Text("Renewed", "Adnewyddwyd"),
    "restored": Text("Words of version", "Geiriau fersiwn"),
    "roles": Text("Roles", "Rolau"),
    "rows": Text("Recipients", "Derbynwyr"),
    "sends_files": Text("Sends files", "Yn anfon ffeiliau"),
    "templates": Text("Templates", "Templedi"),
    "to": Text("To", "I"),
    "to_state": Text("To", "I"),
    "type": Text("Charged as", "Codir tâl fel"),
    "units": Text("Fragments at most", "Darnau, dim mwy na"),
    "version": Text("Version", "Fersiwn"),
    "year": Text("Financial year from", "Blwyddyn ariannol o"),
}

_ROLES = {
    "owner": Text("Owner", "Perchennog"),
    "service_manager": Text("Service manager", "Rheolwr gwasanaeth"),
    "caseworker": Text("Caseworker", "Gweithiwr achos"),
    "finance_viewer": Text("Finance viewer", "Gwyliwr cyllid"),
    "auditor": Text("Auditor", "Archwiliwr"),
}
_YES_OR_NO = {
    "yes": Text("yes", "ydy"),
    "no": Text("no", "nac ydy"),
    "true": Text("yes", "ydy"),
    "false": Text("no", "nac ydy"),
}

# Values that are codes. One detail may hold several, with commas between them.
AUDIT_VALUES: dict[str, dict[str, Text]] = {
    **dict.fromkeys(("roles", "before", "after"), _ROLES),
    **dict.fromkeys(("custom", "sends_files"), _YES_OR_NO),
    "changed": {
        "name": Text("name in English", "enw yn Saesneg"),
        "name_cy": Text("name in Welsh", "enw yn Gymraeg"),
        "homepage_url": Text("website", "gwefan"),
        "colour": Text("colour", "lliw"),
        "logo": Text("logo", "logo"),
    },
    "channel": {
        "email": Text("email", "e-bost"),
        "sms": Text("text message", "neges destun"),
        "letter": Text("letter", "llythyr"),
    },
    "kind": {
        "live": Text("live", "byw"),
        "team": Text("team only", "y tîm yn unig"),
        "test": Text("test", "prawf"),
    },
    "platform": {
        "notify": Text("messages", "negeseuon"),
        "pay": Text("payments", "taliadau"),
        "registers": Text("registers", "cofrestrau"),
    },
    "news": {
        "delivery_status": Text("what became of a message", "beth a ddigwyddodd i neges"),
        "inbound_sms": Text("a text message that came in", "neges destun a ddaeth i mewn"),
        "complaint": Text("an email called unwanted", "neges e-bost y galwyd yn ddiangen"),
        "returned_letter": Text("a letter that came back", "llythyr a ddaeth yn ôl"),
    },
    "period": {"month": Text("month", "mis"), "year": Text("year", "blwyddyn")},
    "type": {
        "central": Text("central government", "llywodraeth ganolog"),
        "local": Text("local government", "llywodraeth leol"),
        "nhs_central": Text("NHS, central", "GIG, canolog"),
        "nhs_local": Text("NHS, local", "GIG, lleol"),
        "nhs_gp": Text("GP practice", "meddygfa"),
        "emergency_service": Text("emergency service", "gwasanaeth brys"),
        "school_or_college": Text("school or college", "ysgol neu goleg"),
        "nhs_notify": Text("NHS Notify", "NHS Notify"),
        "other": Text("other", "arall"),
    },
}
