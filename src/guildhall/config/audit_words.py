"""What officers read in the audit trail for the actions of modules above organisations."""

from guildhall.design.languages import Text

AUDIT_WORDS = {
    "accounts.offered": Text("Residents may get emails in their account", "Caiff preswylwyr negeseuon yn eu cyfrif"),
    "accounts.not_offered": Text(
        "Residents get emails by email only", "Dim ond drwy e-bost y caiff preswylwyr negeseuon"
    ),
    "case.action": Text("A case was moved on", "Symudwyd achos ymlaen"),
    "case.assigned": Text("A case was given to an officer", "Rhoddwyd achos i swyddog"),
    "case.given_back": Text("A case was given back, so that it is nobody’s", "Rhoddwyd achos yn ôl, heb swyddog"),
    "case.note": Text("A note was written on a case", "Ysgrifennwyd nodyn ar achos"),
    "case.message": Text("A resident was written to about a case", "Ysgrifennwyd at breswylydd ynglŷn ag achos"),
    "files.contact": Text(
        "Sending files by email was set up or ended", "Trefnwyd neu daethpwyd ag anfon ffeiliau drwy e-bost i ben"
    ),
    "form.uploaded": Text("A form was uploaded", "Uwchlwythwyd ffurflen"),
    "form.published": Text("A form was put online", "Rhoddwyd ffurflen ar-lein"),
    "allowance.set": Text(
        "An operator set a service’s free text messages", "Gosododd gweithredwr negeseuon testun am ddim gwasanaeth"
    ),
    "allowance.type": Text(
        "An operator set what kind of organisation the council is charged as",
        "Gosododd gweithredwr y math o sefydliad y codir tâl arno fel y cyngor",
    ),
    "cap.agreed": Text("A spending cap was agreed", "Cytunwyd ar gap gwario"),
    "cap.lifted": Text("A spending cap was lifted", "Codwyd cap gwario"),
    "cost_centre.set": Text("A service’s cost centre was set", "Gosodwyd canolfan gost gwasanaeth"),
    "callback.set": Text("A callback to a program was set", "Gosodwyd galwad yn ôl i raglen"),
    "callback.removed": Text("A callback to a program was removed", "Tynnwyd galwad yn ôl i raglen"),
    "callback.repeated": Text("A callback was sent again", "Anfonwyd galwad yn ôl eto"),
    "number.given": Text("A service may be texted at a number", "Gellir tecstio gwasanaeth ar rif"),
    "number.taken_away": Text(
        "A service may be texted at a number no more", "Ni ellir tecstio gwasanaeth ar rif mwyach"
    ),
    "provider.added": Text("An account with a provider was added", "Ychwanegwyd cyfrif gyda darparwr"),
    "provider.changed": Text("An account with a provider was changed", "Newidiwyd cyfrif gyda darparwr"),
    "provider.switched_on": Text("An account with a provider was switched on", "Trowyd cyfrif gyda darparwr ymlaen"),
    "provider.switched_off": Text(
        "An account with a provider was switched off", "Trowyd cyfrif gyda darparwr i ffwrdd"
    ),
    "provider.tried": Text(
        "A test message was sent through an account with a provider", "Anfonwyd neges brawf drwy gyfrif gyda darparwr"
    ),
    "form.archived": Text("A form was taken offline", "Tynnwyd ffurflen oddi ar-lein"),
    "templates.taken_over": Text("Templates were taken over from GOV.UK Notify", "Cymerwyd templedi o GOV.UK Notify"),
    "unsubscribed.removed": Text(
        "An address was taken off the unsubscribed list", "Tynnwyd cyfeiriad oddi ar y rhestr ddad-danysgrifio"
    ),
    "letters.printed": Text("Letters were reported as printed", "Adroddwyd bod llythyrau wedi’u hargraffu"),
    "letters.returned": Text("Letters were reported as returned", "Adroddwyd bod llythyrau wedi’u dychwelyd"),
    "template.added": Text("A template was written", "Ysgrifennwyd templed"),
    "template.changed": Text("A template was changed", "Newidiwyd templed"),
    "template.restored": Text(
        "A template was given the words of an older version", "Rhoddwyd geiriau fersiwn hŷn i dempled"
    ),
    "template.copied": Text("A template was copied", "Copïwyd templed"),
    "folder.added": Text("A folder was added", "Ychwanegwyd ffolder"),
    "folder.changed": Text("A folder was renamed or moved", "Ailenwyd neu symudwyd ffolder"),
    "folder.moved_into": Text("Templates and folders were moved", "Symudwyd templedi a ffolderi"),
    "folder.deleted": Text("A folder was deleted", "Dilëwyd ffolder"),
    "list.uploaded": Text("A list of recipients was uploaded", "Uwchlwythwyd rhestr o dderbynwyr"),
    "list.sent": Text("A list was sent", "Anfonwyd rhestr"),
    "list.scheduled": Text("A list was scheduled", "Trefnwyd rhestr i’w hanfon"),
    "list.cancelled": Text("A list was cancelled", "Canslwyd rhestr"),
    "message.sent": Text("One message was sent from the screen", "Anfonwyd un neges o’r sgrin"),
    "message.cancelled": Text("A letter was cancelled", "Canslwyd llythyr"),
    "template.archived": Text("A template was put away", "Rhoddwyd templed o’r neilltu"),
    "template.emergency_on": Text(
        "A template was made one for emergencies", "Gwnaed templed yn un ar gyfer argyfyngau"
    ),
    "template.emergency_off": Text(
        "A template is one for emergencies no more", "Nid yw templed ar gyfer argyfyngau mwyach"
    ),
    "notify_service.added": Text("A service began to send messages", "Dechreuodd gwasanaeth anfon negeseuon"),
    "notify_service.names": Text("A service’s sending names were changed", "Newidiwyd enwau anfon gwasanaeth"),
    "notify_service.brand": Text(
        "The looks of a service’s emails were changed", "Newidiwyd golwg negeseuon e-bost gwasanaeth"
    ),
    "notify_service.kept_for": Text(
        "How long a service’s messages are kept was changed", "Newidiwyd am faint y cedwir negeseuon gwasanaeth"
    ),
    "notify_service.schedules": Text(
        "Whether a service heeds its programs’ schedules was changed",
        "Newidiwyd a yw gwasanaeth yn ufuddhau i amserlenni ei raglenni",
    ),
    "notify_service.guests": Text("A service’s guest list was changed", "Newidiwyd rhestr westeion gwasanaeth"),
    "notify_service.asked_to_go_live": Text(
        "An officer asked for a service to go live", "Gofynnodd swyddog am i wasanaeth fynd yn fyw"
    ),
    "notify_service.live": Text("An operator put a service live", "Rhoddodd gweithredwr wasanaeth yn fyw"),
    "notify_service.trial": Text(
        "An operator put a service into trial mode", "Rhoddodd gweithredwr wasanaeth yn y modd prawf"
    ),
    "notify_service.allowed": Text(
        "An operator changed what a service may send", "Newidiodd gweithredwr beth y caiff gwasanaeth ei anfon"
    ),
    "notify_service.reply_to_asked": Text(
        "A link to confirm a reply-to address was sent", "Anfonwyd dolen i gadarnhau cyfeiriad ateb"
    ),
    "notify_service.sender_added": Text("A sender was added to a service", "Ychwanegwyd anfonwr at wasanaeth"),
    "notify_service.sender_default": Text("A service’s default sender was changed", "Newidiwyd anfonwr rhagosodedig"),
    "notify_service.sender_removed": Text("A sender was taken from a service", "Tynnwyd anfonwr oddi ar wasanaeth"),
    "notify_service.contact_block_saved": Text("A contact block was saved", "Cadwyd bloc cyswllt"),
    "notify_service.contact_block_removed": Text("A contact block was removed", "Tynnwyd bloc cyswllt"),
}
