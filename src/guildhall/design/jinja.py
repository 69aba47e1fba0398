"""The environment that every page is rendered in: GOV.UK's macros, each module's templates, both languages.

``{% from "govuk_frontend_jinja/components/button/macro.html" import govukButton %}`` finds the macros, under the option
names that GOV.UK documents for Nunjucks; ``{% extends "design/page.html" %}`` finds a module's own templates.
"""

from collections.abc import Callable
from typing import Any

from django.template.utils import get_app_template_dirs
from django.urls import reverse
from django.utils import translation
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, nodes
from jinja2.ext import InternationalizationExtension
from markupsafe import Markup

from guildhall.design.assets.manifest import asset
from guildhall.design.pages import written


def environment(**options: Any) -> Environment:
    """Build the environment for Django's Jinja2 backend.

    Undefined names are empty, and so are their attributes: GOV.UK's macros read options that were never given.
    That hides typing errors in our own templates, so tests of pages look for the words they expect.
    """
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    ours = FileSystemLoader([str(folder) for folder in get_app_template_dirs("templates")])
    pages = Environment(
        loader=ChoiceLoader([macros, ours]),
        undefined=ChainableUndefined,
        autoescape=True,
        auto_reload=options.get("auto_reload", False),
        extensions=[_Translated, "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    pages.policies["ext.i18n.trimmed"] = True
    pages.install_gettext_callables(  # type: ignore[attr-defined]
        _filled(translation.gettext),
        _filled(translation.ngettext),
        newstyle=False,
        pgettext=_filled(translation.pgettext),
        npgettext=_filled(translation.npgettext),
    )
    pages.globals.update(url=url, asset=asset)
    pages.filters.update(written.FILTERS, grouped="{:,}".format)
    return pages


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a named page: ``url("account:council", council="anglesey")``."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


class _Translated(InternationalizationExtension):
    """``{% trans count=… %}`` in which the count reads as people write it: 10,000."""

    def _make_node(self, *words: Any, **more: Any) -> nodes.Output:
        singular, plural, context, places, *rest = words
        if plural is not None and "count" in places:
            places = places | {"count": nodes.Filter(places["count"], "grouped", [], [], None, None)}
        return super()._make_node(singular, plural, context, places, *rest, **more)


def _filled(translate: Callable[..., str]) -> Callable[..., Markup]:
    """Let templates fill places in either way: ``_("Dear %(name)s", name=x)`` or ``_("Dear %(name)s")|format(name=x)``.

    Our own words may carry HTML; what is filled in is escaped.
    """

    def say(*words: Any, **places: Any) -> Markup:
        said = Markup(translate(*words))  # noqa: S704
        return said % places if places else said

    return say
