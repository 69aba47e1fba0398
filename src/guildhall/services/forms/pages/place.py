"""Where somebody answers: at a service's address, or in a service manager's preview of a version."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from guildhall.design.languages import Text
from guildhall.design.pages.cookies import Cookie
from guildhall.kernel.secrets import digest
from guildhall.services.forms.domain.definition import Page
from guildhall.services.forms.domain.journey import Journey


@dataclass(frozen=True)
class Place:
    """The addresses of one walk through a form, live or previewed."""

    council: str
    service_slug: str
    title: Text
    version_id: UUID | None = None

    @property
    def is_preview(self) -> bool:
        return self.version_id is not None

    def address(self, name: str, **more: str) -> str:
        """Return the address of one of the pages of a walk: start, page, change, check, exit."""
        if self.is_preview:
            return reverse(
                f"forms:preview-{name}", kwargs={"council": self.council, "version": self.version_id, **more}
            )
        return reverse(f"forms:{name}", kwargs={"council": self.council, "service": self.service_slug, **more})

    @property
    def start(self) -> str:
        return self.address("start")

    @property
    def check(self) -> str:
        return self.address("check")

    def page(self, page: Page) -> str:
        return self.address("page", slug=page.slug)

    def change(self, page: Page) -> str:
        return self.address("change", slug=page.slug)

    def where(self, journey: Journey, *, changing: bool = False) -> str:
        """Return where somebody belongs who has come so far."""
        if journey.leaves_by:
            return self.address("exit")
        if journey.waiting is None:
            return self.check
        return self.change(journey.waiting) if changing else self.page(journey.waiting)

    def after(self, journey: Journey, page: Page, *, changing: bool) -> str:
        """Return where somebody goes who has just answered a page."""
        following = None if changing else journey.after(page)
        return self.page(following) if following else self.where(journey, changing=changing)

    def before(self, journey: Journey, page: Page, *, changing: bool) -> str:
        """Return where the back link of a page leads."""
        if changing:
            return self.check
        earlier = journey.before(page)
        return self.page(earlier) if earlier else self.start

    def remember(self, response: HttpResponseBase, token: str) -> None:
        """Let the browser, and nobody else, find the answers again until it is closed."""
        self._cookie.give(response, token)

    def token_of(self, request: HttpRequest) -> str:
        """Return the token the browser holds; empty when it holds none."""
        return self._cookie.read(request)

    @property
    def _cookie(self) -> Cookie:
        """A cookie of this place alone: a browser may be on its way through several forms at once."""
        return Cookie(f"guildhall_answers_{digest(self.start).hex()[:12]}", kept_for=None)
