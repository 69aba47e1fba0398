"""The parts of the officers' side, as the installation lists them: name, first page, and who may enter."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.urls import NoReverseMatch, reverse

from guildhall.design.languages import Text
from guildhall.kernel.audiences import Role

Listed = tuple[Text, str, frozenset[Role]]


@dataclass(frozen=True)
class Section:
    """A part of the officers' side, with its address in one council."""

    name: Text
    href: str
    is_current: bool = False


def open_sections(listed: Iterable[Listed], council: str, roles: Collection[Role] | None, path: str) -> list[Section]:
    """Return the sections that an officer with ``roles`` may enter, with their addresses in ``council``.

    A section whose page the installation does not have is left out. Where roles are unknown, none is left out for them.
    """
    found = [
        Section(name, href)
        for name, page, wanted in listed
        if (roles is None or not wanted or wanted & set(roles)) and (href := find_page(page, council=council))
    ]
    here = max((section.href for section in found if _is_within(path, section.href)), key=len, default=None)
    return [replace(section, is_current=section.href == here) for section in found]


def find_page(name: str, **kwargs: str) -> str:
    """Return a named page's address, or nothing where the installation has no such page."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def _is_within(path: str, href: str) -> bool:
    return path == href or path.startswith(href.rstrip("/") + "/")
