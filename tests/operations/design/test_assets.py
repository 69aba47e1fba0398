import re
import stat
from pathlib import Path

import pytest
from django.conf import settings
from whitenoise import WhiteNoise

from guildhall.design import build_assets as building
from guildhall.design.assets import manifest
from guildhall.design.build_assets import CannotBuild, build_assets

OF_GOVUKS_OWN = re.compile(rb"transport|crown|crest|@font-face|\.woff|favicon|govuk-icon|opengraph", re.IGNORECASE)


@pytest.fixture(autouse=True, scope="module")
def built() -> None:
    build_assets()


def test_nothing_is_built_again_when_nothing_changed() -> None:
    assert build_assets() is False


def test_every_asset_is_served_under_a_name_that_changes_with_its_contents() -> None:
    assert re.fullmatch(r"/assets/guildhall-[0-9a-f]{12}\.css", manifest.asset("guildhall.css"))
    served = WhiteNoise(None, root=settings.STATIC_ROOT, prefix="/assets/").files
    for name in ("guildhall.css", "guildhall.js", "govuk-frontend.js", "guildhall.svg"):
        assert manifest.asset(name) in served


def test_browsers_may_keep_an_asset_for_ever() -> None:
    assert re.search(settings.WHITENOISE_IMMUTABLE_FILE_TEST, manifest.asset("guildhall.css"))
    assert not re.search(settings.WHITENOISE_IMMUTABLE_FILE_TEST, "/assets/manifest.json")


def test_our_script_asks_for_the_library_under_its_own_changing_name() -> None:
    ours = (manifest.BUILT / manifest.hashed_names()["guildhall.js"]).read_text()
    assert f'from "./{manifest.hashed_names()["govuk-frontend.js"]}"' in ours


def test_nothing_of_govuks_own_typeface_crown_crest_or_icons_is_served() -> None:
    for file in manifest.BUILT.iterdir():
        assert not OF_GOVUKS_OWN.search(file.name.encode()), file
        if file.suffix in (".css", ".js", ".svg"):
            assert not OF_GOVUKS_OWN.search(file.read_bytes()), file


def test_the_styles_name_no_other_typeface_and_no_file() -> None:
    css = (manifest.BUILT / manifest.hashed_names()["guildhall.css"]).read_text()
    assert set(re.findall(r"font-family:([^;}]+)", css)) <= {"arial,sans-serif", "sans-serif", "inherit"}
    assert "url(" not in css


def test_without_node_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(building, "SOURCES", Path(__file__).parent)
    with pytest.raises(CannotBuild, match="node is not installed: on Debian, run apt-get install nodejs npm"):
        build_assets()


def test_an_old_node_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("node", "npm"):
        (tmp_path / program).write_text("#!/bin/sh\necho v16.20.2\n")
        (tmp_path / program).chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(building, "SOURCES", Path(__file__).parent)
    with pytest.raises(CannotBuild, match=r"Node\.js 18 or newer is needed .* this is v16"):
        build_assets()


def test_an_installation_from_a_wheel_needs_no_node_but_must_carry_the_styles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(building, "CHECKOUT", tmp_path)
    assert build_assets() is False
    monkeypatch.setattr(manifest, "BUILT", tmp_path)
    with pytest.raises(CannotBuild, match="carries no built page styles"):
        build_assets()


def test_the_lock_file_names_no_host_that_packages_come_from() -> None:
    lock = (building.CHECKOUT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
