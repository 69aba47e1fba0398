import pytest
from django.template import engines
from django.utils import translation


def said(source: str, **facts: object) -> str:
    return engines["jinja2"].from_string(source).render(facts)


@pytest.mark.parametrize(
    "source",
    [
        '{{ _("Provided by %(council)s on Guildhall, open-source software for councils.", council=council) }}',
        '{{ _("Provided by %(council)s on Guildhall, open-source software for councils.")|format(council=council) }}',
        "{% trans %}Provided by {{ council }} on Guildhall, open-source software for councils.{% endtrans %}",
    ],
)
def test_places_in_a_text_are_filled_and_what_fills_them_is_escaped(source: str) -> None:
    with translation.override("cy"):
        assert said(source, council="<b>") == "Gwasanaeth &lt;b&gt; ar Guildhall, meddalwedd cod agored i gynghorau."


@pytest.mark.parametrize(("minutes", "words"), [(1, "ymhen 1 munud"), (2, "ymhen 2 funud"), (5, "ymhen 5 munud")])
def test_a_number_takes_its_own_form_of_welsh(minutes: int, words: str) -> None:
    source = (
        "{% trans count=minutes %}You can try again in {{ count }} minute."
        "{% pluralize %}You can try again in {{ count }} minutes.{% endtrans %}"
    )
    with translation.override("cy"):
        assert words in said(source, minutes=minutes)


def test_a_count_of_thousands_reads_as_people_write_it() -> None:
    source = "{% trans count=found %}{{ count }} council{% pluralize %}{{ count }} councils{% endtrans %}"
    assert said(source, found=10_000) == "10,000 councils"
    with translation.override("cy"):
        assert said(source, found=10_000) == "10,000 cyngor"


def test_a_per_cent_sign_is_only_a_per_cent_sign() -> None:
    assert said('{{ _("100% free") }}{% trans %}, 50% off{% endtrans %}') == "100% free, 50% off"


def test_the_same_word_may_mean_two_things() -> None:
    with translation.override("cy"):
        assert said('{{ pgettext("password", "Show") }}') == "Dangos"
