import pytest

from guildhall.organisations.domain.logo import NotALogo, check_png
from guildhall.organisations.testing import png


def test_a_small_png_is_a_logo() -> None:
    check_png(png())


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (b"", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b"\xff\xd8\xff\xe0 a photograph", "kind"),
        (png()[:-4], "kind"),
        (png().replace(b"IDAT", b"IDAX"), "kind"),
        (png(padding=200_001), "bytes"),
        (png(2_001, 1), "pixels"),
        (png(0, 8), "pixels"),
    ],
)
def test_anything_else_is_refused_with_the_reason(picture: bytes, why: str) -> None:
    with pytest.raises(NotALogo) as refusal:
        check_png(picture)
    assert refusal.value.why == why
