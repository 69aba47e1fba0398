"""What is left of a stranger's PDF when a letter is printed from it: its pages as they are seen, and nothing else.

What a page shows on paper (stamps and filled-in fields among it) becomes part of the page. Everything that acts, hides,
is fetched from elsewhere or looks different on paper goes: scripts and other actions, attached files, forms, layers,
pictures for printers only. Of a page's own entries only those stay that are named here.
"""

from collections.abc import Iterator, Set
from contextlib import closing
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, PdfObject, RectangleObject, StreamObject
from pypdfium2 import PdfDocument
from pypdfium2.raw import FLAT_PRINT, FPDFPage_Flatten

_OF_A_PAGE = frozenset({"/Type", "/Parent", "/MediaBox", "/Rotate", "/Contents", "/Resources", "/Group"})
_NOT_IN_A_STREAM = frozenset({"/F", "/FFilter", "/FDecodeParms"})  # what it holds stands in another file
_NOT_IN_A_PICTURE = frozenset(
    ("/A", "/AA", "/AF", "/Alternates", "/Metadata", "/OC", "/OPI", "/PieceInfo", "/PS", "/Ref", "/Subtype2")
)
_FOR_PRINTERS_ONLY = frozenset({"/BG", "/BG2", "/HT", "/HTO", "/TR", "/TR2", "/UCR", "/UCR2"})
_DRAWN = frozenset({"/Image", "/Form"})


def clean(document: PdfDocument) -> bytes:
    """Return the document's pages as a document of their own, each upright and as large as it is seen."""
    reader = PdfReader(BytesIO(_flat(document)))
    writer = PdfWriter()
    for page in reader.pages:
        _keep_what_is_seen(page)
        upright = writer.add_page(page)
        if upright.rotation:
            upright.transfer_rotation_to_content()
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    """Return the document that a writer holds."""
    content = BytesIO()
    writer.write(content)
    return content.getvalue()


def _flat(document: PdfDocument) -> bytes:
    """Return the pages with what is printed over them set into them, and without the document's own entries."""
    for number in range(len(document)):
        with closing(document[number]) as page:
            FPDFPage_Flatten(page, FLAT_PRINT)
    with closing(PdfDocument.new()) as pages:
        pages.import_pages(document)
        saved = BytesIO()
        pages.save(saved)
    return saved.getvalue()


def _keep_what_is_seen(page: PageObject) -> None:
    seen = page.cropbox
    page[NameObject("/MediaBox")] = RectangleObject((seen.left, seen.bottom, seen.right, seen.top))
    for entry in [entry for entry in page if entry not in _OF_A_PAGE]:
        del page[entry]
    for each in _within(page):
        _take_out(each)


def _within(page: PageObject) -> Iterator[DictionaryObject]:
    """Yield every dictionary that a page reaches, each once, in any depth."""
    yield page
    waiting: list[PdfObject] = [value for entry, value in page.items() if entry != "/Parent"]
    met: set[int] = set()
    while waiting:
        found = _resolved(waiting.pop())
        if not isinstance(found, DictionaryObject | ArrayObject) or id(found) in met:
            continue
        met.add(id(found))
        if isinstance(found, DictionaryObject):
            yield found
        waiting.extend(found.values() if isinstance(found, DictionaryObject) else found)


def _resolved(found: object) -> object:
    return found.get_object() if isinstance(found, PdfObject) else None


def _take_out(found: DictionaryObject) -> None:
    """Take out of a dictionary what does not belong into it, and out of what it draws with."""
    if isinstance(found, StreamObject):
        _without(found, _NOT_IN_A_STREAM | (_NOT_IN_A_PICTURE if found.get("/Subtype") in _DRAWN else frozenset()))
    drawn_with = _resolved(found.get("/Resources"))
    if isinstance(drawn_with, DictionaryObject):
        _without(drawn_with, {"/Properties"})  # the layers that its parts belong to
        for state in _named(drawn_with, "/ExtGState").values():
            _without(_resolved(state), _FOR_PRINTERS_ONLY)
        drawn = _named(drawn_with, "/XObject")
        _without(drawn, {name for name, each in drawn.items() if not _is_drawn(each)})


def _without(found: object, entries: Set[str]) -> None:
    if isinstance(found, DictionaryObject):
        for entry in entries & found.keys():
            del found[entry]


def _named(drawn_with: DictionaryObject, kind: str) -> DictionaryObject:
    found = _resolved(drawn_with.get(kind))
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _is_drawn(each: object) -> bool:
    found = _resolved(each)
    return isinstance(found, StreamObject) and found.get("/Subtype") in _DRAWN
