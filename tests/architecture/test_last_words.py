"""An address that catches all the rest under a word stands after whatever is served there, and before any slug."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Yield every route in the order in which they are tried."""
    for each in patterns if patterns is not None else get_resolver().url_patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, here)
        else:
            yield here


def catch_alls(tried: list[str]) -> list[str]:
    return [route for route in tried if route.endswith(":rest>") and route.count("<") == 1]


def hidden(tried: list[str]) -> set[str]:
    """Return the routes that a catch-all before them hides."""
    return {
        later
        for place, route in enumerate(tried)
        if route in catch_alls(tried)
        for later in tried[place + 1 :]
        if f"{later}/".startswith(route.partition("<")[0])
    }


def test_v1_and_v2_each_have_a_last_word() -> None:
    assert {"v1/<path:rest>", "v2/<path:rest>"} <= set(catch_alls(list(routes())))


def test_no_address_is_hidden_by_a_last_word() -> None:
    assert hidden(list(routes())) == set()


def test_a_module_that_is_added_after_the_last_word_is_noticed() -> None:
    tried = list(routes())
    assert hidden([*tried, "v1/locations"]) == {"v1/locations"}


def test_no_slug_is_tried_before_a_last_word() -> None:
    """A council's address would match, and answer a program with a page."""
    tried = list(routes())
    first_slug = next(place for place, route in enumerate(tried) if route.startswith("<"))
    assert [route for route in catch_alls(tried) if tried.index(route) > first_slug] == []
