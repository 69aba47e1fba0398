"""What a view needs to answer with a page: ``render``, the pages for when something cannot be done (``errors``),
and ``let_the_form_lead_to`` where a form ends at another site."""

from guildhall.design.pages.facts import context as context
from guildhall.design.pages.policy import let_the_form_lead_to as let_the_form_lead_to
from guildhall.design.pages.rendering import render as render
