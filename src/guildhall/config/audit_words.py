"""What officers read in the audit trail for the actions of modules above organisations."""

from guildhall.design.languages import Text

AUDIT_WORDS = {
    "case.action": Text("A case was moved on", "Symudwyd achos ymlaen"),
    "case.assigned": Text("A case was given to an officer, or to nobody", "Rhoddwyd achos i swyddog, neu i neb"),
    "case.note": Text("A note was written on a case", "Ysgrifennwyd nodyn ar achos"),
    "case.message": Text("A resident was written to about a case", "Ysgrifennwyd at breswylydd ynglŷn ag achos"),
    "form.uploaded": Text("A form was uploaded", "Lanlwythwyd ffurflen"),
    "form.published": Text("A form was put online", "Rhoddwyd ffurflen ar-lein"),
    "form.archived": Text("A form was taken offline", "Tynnwyd ffurflen oddi ar-lein"),
}
