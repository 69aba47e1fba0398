"""What officers read in the audit trail for the actions of modules above organisations."""

from guildhall.design.languages import Text

AUDIT_WORDS = {
    "accounts.offered": Text("Residents may get emails in their account", "Caiff preswylwyr negeseuon yn eu cyfrif"),
    "accounts.not_offered": Text(
        "Residents get emails by email only", "Dim ond drwy e-bost y caiff preswylwyr negeseuon"
    ),
    "case.action": Text("A case was moved on", "Symudwyd achos ymlaen"),
    "case.assigned": Text("A case was given to an officer, or to nobody", "Rhoddwyd achos i swyddog, neu i neb"),
    "case.note": Text("A note was written on a case", "Ysgrifennwyd nodyn ar achos"),
    "case.message": Text("A resident was written to about a case", "Ysgrifennwyd at breswylydd ynglŷn ag achos"),
    "files.contact": Text(
        "Sending files by email was set up or ended", "Trefnwyd neu daethpwyd ag anfon ffeiliau drwy e-bost i ben"
    ),
    "form.uploaded": Text("A form was uploaded", "Lanlwythwyd ffurflen"),
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
    "provider.added": Text("An account with a provider was added", "Ychwanegwyd cyfrif gyda darparwr"),
    "provider.changed": Text("An account with a provider was changed", "Newidiwyd cyfrif gyda darparwr"),
    "provider.switched": Text(
        "An account with a provider was switched on or off", "Trowyd cyfrif gyda darparwr ymlaen neu i ffwrdd"
    ),
    "form.archived": Text("A form was taken offline", "Tynnwyd ffurflen oddi ar-lein"),
    "templates.taken_over": Text("Templates were taken over from GOV.UK Notify", "Cymerwyd templedi o GOV.UK Notify"),
    "unsubscribed.removed": Text(
        "An address was taken off the unsubscribed list", "Tynnwyd cyfeiriad oddi ar y rhestr ddad-danysgrifio"
    ),
    "letters.printed": Text("Letters were reported as printed", "Adroddwyd bod llythyrau wedi’u hargraffu"),
    "letters.returned": Text("Letters were reported as returned", "Adroddwyd bod llythyrau wedi’u dychwelyd"),
}
