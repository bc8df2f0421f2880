"""The language of a mail: its words, then lingua where the operator wants it, then what the mail says of itself."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from gateway import settings_check_people
from gateway.desk.language import of_mail
from gateway.desk.language_lingua import by_lingua, detector
from gateway.errors import SettingsError
from gateway.settings_load import load_settings

with_lingua = pytest.mark.skipif(find_spec("lingua") is None, reason="needs the extra `language`")
SPANISH = "Buenos días, la impresora no funciona desde ayer. ¿Pueden ayudarme? Gracias"
GALICIAN = "Moitas graciñas, unha cousa máis: a impresora non funciona moi ben"


@pytest.mark.parametrize(
    ("said", "text", "language"),
    [
        ("", SPANISH, "es"),
        ("en-US", SPANISH, "es"),
        ("pt-BR", "Ok", "pt"),
        ("es", "", "es"),
        ("ES_co", "", "es"),
        ("en-US, en-GB", "Ok", "en"),
        ("en-US, es-CO", "Ok", ""),
        ("fr-FR", "Ok", ""),
        ("fr-FR, es", "Ok", ""),
        ("x" * 10_000, "Ok", ""),
        ("", "Ok", ""),
    ],
)
def test_sure_words_go_before_what_the_mail_program_says(said: str, text: str, language: str) -> None:
    assert of_mail(said, text) == language


def test_lingua_is_asked_only_where_the_words_are_too_few() -> None:
    asked: list[str] = []

    def lingua(text: str) -> str | None:
        asked.append(text)
        return "pt"

    assert of_mail("en", "Segue o arquivo", lingua=lingua) == "pt"
    assert of_mail("en", SPANISH, lingua=lingua) == "es"
    assert of_mail("", GALICIAN, lingua=lingua) == ""
    assert of_mail("en", "Ok", lingua=lambda text: None) == "en"
    assert asked == ["Segue o arquivo"]


def test_without_the_setting_lingua_is_not_used() -> None:
    assert detector("words") is None
    assert detector("lingua") is by_lingua


@with_lingua
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("No me deja ingresar al sistema", "es"),
        ("Adjunto factura marzo", "es"),
        ("Não imprime", "pt"),
        ("cannot open the monthly report", "en"),
        ("Bonjour tout le monde", None),
        ("Bon dia, la impressora no funciona", None),
        ("La stampante non funziona", None),
        ("Impresora", None),
        ("Ok", None),
        ("见附件，谢谢。", None),
        ("12345 67890", None),
        ("", None),
        ("\ud800" * 20, None),
    ],
)
def test_lingua_tells_a_few_words_and_says_when_it_is_none_of_ours(text: str, language: str | None) -> None:
    assert by_lingua(text) == language


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        (
            'language_by = "lingua"',
            "language_by: lingua is not installed: "
            "`pip install 'ticket-gateway[language]'`, or language_by = \"words\"",
        ),
        ('subjects = ["Alta de cliente", "***"]', "subjects, number 2: has no words"),
    ],
)
def test_a_setting_that_cannot_be_followed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, told: str
) -> None:
    monkeypatch.setattr(settings_check_people, "find_spec", lambda name: None)
    (tmp_path / "settings.toml").write_text(f"[registration]\n{setting}\n", "utf-8")
    with pytest.raises(SettingsError) as error:
        load_settings(tmp_path / "settings.toml", {})

    assert str(error.value) == f"{tmp_path}/settings.toml:2: [registration] {told}"
