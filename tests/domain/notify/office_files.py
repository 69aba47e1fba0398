"""Documents as office programs write them, as small as they can be, and with what makes a trap of one."""

import io
import zipfile
from collections.abc import Mapping

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
ODT = "application/vnd.oasis.opendocument.text"


def contents(part: str, kind: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
    )


def archive(members: Mapping[str, str | bytes], *, packed: bool = True) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as file:
        for name, content in members.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else None
            file.writestr(name, content, compress_type=method)
    return written.getvalue()


def docx(*, part: str = "word/document.xml", **more: bytes) -> bytes:
    return archive({"[Content_Types].xml": contents(part, WORD), "_rels/.rels": "<r/>", part: "<document/>", **more})


def xlsx() -> bytes:
    return archive({"[Content_Types].xml": contents("xl/workbook.xml", SHEET), "xl/workbook.xml": "<workbook/>"})


def odt() -> bytes:
    return archive({"mimetype": ODT, "content.xml": "<content/>"})
