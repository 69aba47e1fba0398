"""Every address says who may call it; the gate enforces what it says."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from guildhall.kernel.audiences import find_audience


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, address)
        else:
            yield address, entry


def test_every_view_declares_its_audience():
    silent = [address for address, entry in patterns(get_resolver()) if find_audience(entry.callback) is None]
    assert silent == []


def test_addresses_for_officers_name_their_council():
    lost = [
        address
        for address, entry in patterns(get_resolver())
        if (audience := find_audience(entry.callback))
        and audience.kind == "officers"
        and "<slug:council>" not in address
    ]
    assert lost == []


def test_staff_and_operator_addresses_are_not_open_to_the_public():
    open_doors = [
        address
        for address, entry in patterns(get_resolver())
        if address.startswith(("staff/", "operator"))
        and (audience := find_audience(entry.callback))
        and audience.kind not in {"officers", "operators", "signed_in"}
    ]
    assert open_doors == []
