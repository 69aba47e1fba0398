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

# In the order in which they are read.
AUDIT_DETAILS: dict[str, Text] = {
    "kind": Text("Kind", "Math"),
    "platform": Text("Opens", "Yn agor"),
    "roles": Text("Roles", "Rolau"),
    "before": Text("Before", "Cynt"),
    "after": Text("After", "Wedyn"),
    "step": Text("Step", "Cam"),
    "left_state": Text("From", "O"),
    "new_state": Text("To", "I"),
    "to": Text("To", "I"),
    "position": Text("Entry in the case’s history", "Cofnod yn hanes yr achos"),
    "changed": Text("Changed", "Newidiwyd"),
    "version": Text("Version", "Fersiwn"),
    "restored": Text("Words of version", "Geiriau fersiwn"),
    "templates": Text("Templates", "Templedi"),
    "folders": Text("Folders", "Ffolderi"),
    "added": Text("New", "Newydd"),
    "renewed": Text("Renewed", "Adnewyddwyd"),
    "channel": Text("Type of message", "Math o neges"),
    "rows": Text("Recipients", "Derbynwyr"),
    "letters": Text("Letters", "Llythyrau"),
    "news": Text("Told of", "Hysbysir am"),
    "number": Text("Number", "Rhif"),
    "sends_files": Text("Sends files", "Yn anfon ffeiliau"),
    "email_sender_name": Text("Emails come from", "Daw negeseuon e-bost gan"),
    "email_local_part": Text("Emails’ address before the @", "Cyfeiriad negeseuon e-bost cyn yr @"),
    "prefixes_texts": Text("Texts begin with the name", "Negeseuon testun yn dechrau â’r enw"),
    "shows_logo": Text("Shows the logo", "Yn dangos y logo"),
    "logo_alt": Text("What the logo says", "Beth mae’r logo yn ei ddweud"),
    "brand_colour": Text("Colour", "Lliw"),
    "brand_is_banner": Text("Logo in a band of the colour", "Logo mewn band o’r lliw"),
    "emails_kept_for": Text("Days emails are kept", "Diwrnodau y cedwir negeseuon e-bost"),
    "texts_kept_for": Text("Days text messages are kept", "Diwrnodau y cedwir negeseuon testun"),
    "letters_kept_for": Text("Days letters are kept", "Diwrnodau y cedwir llythyrau"),
    "heeds_schedules": Text("Heeds schedules", "Yn ufuddhau i amserlenni"),
    "is_live": Text("Live", "Yn fyw"),
    "requests_a_minute": Text("Requests a minute", "Ceisiadau y funud"),
    "may_send_emails": Text("May send emails", "Caiff anfon negeseuon e-bost"),
    "emails_a_day": Text("Emails a day", "Negeseuon e-bost y dydd"),
    "may_send_texts": Text("May send text messages", "Caiff anfon negeseuon testun"),
    "texts_a_day": Text("Text messages a day", "Negeseuon testun y dydd"),
    "may_text_abroad": Text("May text abroad", "Caiff anfon negeseuon testun dramor"),
    "texts_abroad_a_day": Text("Text messages abroad a day", "Negeseuon testun dramor y dydd"),
    "may_text_landlines": Text("May text landlines", "Caiff anfon negeseuon testun i linellau tir"),
    "may_send_letters": Text("May send letters", "Caiff anfon llythyrau"),
    "letters_a_day": Text("Letters a day", "Llythyrau y dydd"),
    "may_send_letters_abroad": Text("May send letters abroad", "Caiff anfon llythyrau dramor"),
    "code": Text("Cost centre", "Canolfan gost"),
    "type": Text("Charged as", "Codir tâl fel"),
    "year": Text("Financial year from", "Blwyddyn ariannol o"),
    "fragments": Text("Free text messages", "Negeseuon testun am ddim"),
    "custom": Text("Agreed with the council", "Cytunwyd â’r cyngor"),
    "pence": Text("At most", "Dim mwy na"),
    "units": Text("Fragments at most", "Darnau, dim mwy na"),
    "period": Text("In each", "Ym mhob"),
}

# Details that are read as 20,000.
AUDIT_COUNTS = frozenset(
    {
        *("fragments", "letters", "rows", "units", "requests_a_minute"),
        *("emails_a_day", "texts_a_day", "texts_abroad_a_day", "letters_a_day"),
    }
)

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
_AS_USUAL = {"none": Text("as usual", "fel arfer")}
_NONE = {"none": Text("none", "dim")}
_MAY = {"yes": Text("yes", "caiff"), "no": Text("no", "na chaiff")}

_ARE_YES_OR_NO = (
    *("custom", "sends_files", "prefixes_texts", "shows_logo", "brand_is_banner", "heeds_schedules", "is_live"),
)
_THEY_MAY = (
    *("may_send_emails", "may_send_texts", "may_text_abroad", "may_text_landlines"),
    *("may_send_letters", "may_send_letters_abroad"),
)

# Values that are codes. One detail may hold several, with commas between them.
AUDIT_VALUES: dict[str, dict[str, Text]] = {
    **dict.fromkeys(("roles", "before", "after"), _ROLES),
    **dict.fromkeys(_ARE_YES_OR_NO, _YES_OR_NO),
    **dict.fromkeys(_THEY_MAY, _MAY),
    **dict.fromkeys(("emails_a_day", "texts_a_day", "letters_a_day"), _AS_USUAL),
    **dict.fromkeys(("email_sender_name", "logo_alt", "brand_colour"), _NONE),
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
