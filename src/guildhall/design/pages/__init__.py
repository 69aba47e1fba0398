"""What a view needs to answer with a page: ``render``, and the pages for when something cannot be done."""

from guildhall.design.pages.facts import context as context
from guildhall.design.pages.rendering import render as render
