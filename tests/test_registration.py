"""A subject that asks for an account and for nothing else is told from a question; public providers are known."""

import timeit

import pytest

from gateway.desk.providers import public
from gateway.desk.registration import asks_for_account

ASKS = [
    "Solicitud Usuario de Tiquetes de Soporte",
    "SOLICITUD USUARIO DE TIQUETES DE SOPORTE",
    "Solicitud usuario de tiquétes de soporte.",
    "Re: RV: solicitud  usuario de tiquetes de soporte",
    "Fwd: Solicitud de usuario para tiquetes de soporte",
    "RES: Enc: solicitud usuario tickets soporte",
    "[EXTERNO] Solicitud usuario tickets de soporte",
    "Solicitud Usuario de Tiquetes de Soporte - Juan Pérez, ACME",
    "Buenos días, solicitud de usuario de la mesa de ayuda",
    "Solicito un usuario para el portal de clientes",
    "Necesito crear una cuenta en la mesa de servicios",
    "Solicitud de cuenta",
    "Hola, solicitud de usuario por favor",
    "Registro",
    "Quiero registrarme",
    "Solicitação Usuário de Tickets de Suporte",
    "Solicitação de usuário do portal de suporte",
    "Cadastro de usuário no sistema de chamados",
    "Solicitação de conta",
    "Criar minha conta",
    "Request for a support ticket account",
    "Support account request",
    "Help desk user request",
    "Request an account at the support portal",
    "I would like an account for the help desk",
    "Account request",
    "Re: [EXTERNAL] Account request",
    "Please create my account",
    "Sign up",
]

ASKS_FOR_SOMETHING_ELSE = [
    "",
    "Solicitud",
    "Solicitud de soporte",
    "Solicitud de soporte de acceso",
    "Ticket de soporte del usuario Ana",
    "Necesito soporte para mi cuenta",
    "Quiero soporte de usuario",
    "No puedo crear usuario de soporte",
    "Problema con solicitud usuario de tiquetes de soporte",
    "Solicitud usuario de tiquetes de soporte: no me llega la contraseña",
    "Solicitud Usuario de Tiquetes de Soporte y factura de mayo",
    "Solicitud Usuario de Tiquetes de Soporte para los catorce empleados de la nueva sede de Cali",
    "¿Cómo solicito un usuario de tiquetes de soporte?",
    "Solicitud Usuario de Tiquetes de Soporte?",
    "Solicitud Usuario de Tiquetes de Soporte de la nueva sede central de Cali Norte",
    "Solicitud de usuario bloqueado",
    "Solicitud de usuario de correo para nuevo empleado",
    "Solicitud de acceso a la VPN",
    "Crear usuario",
    "Alta de usuario en SAP",
    "Registro de facturas",
    "Cuenta bloqueada",
    "Abertura de chamado",
    "Abertura de chamado de suporte: acesso",
    "Pedido de suporte",
    "Cadastro de fornecedores",
    "Request for support",
    "Open a support ticket",
    "Need support with user account",
    "Need access to the printer portal",
    "Account locked",
    "Account request rejected",
    "Who handles account requests at the support desk",
]


@pytest.mark.parametrize("subject", ASKS)
def test_a_subject_that_asks_for_an_account_is_recognised(subject: str) -> None:
    assert asks_for_account(subject)


@pytest.mark.parametrize("subject", ASKS_FOR_SOMETHING_ELSE)
def test_any_other_subject_is_a_question_for_the_desk(subject: str) -> None:
    assert not asks_for_account(subject)


@pytest.mark.parametrize(
    ("subject", "asks"),
    [
        ("Alta de cliente", True),
        ("RE: ALTA DE CLIENTE – Ferretería Núñez", True),
        ("Alta de clientes", False),
        ("Alta de cliente rechazada: error 500", False),
        ("Problema con el alta de cliente", False),
        ("Alta del cliente", False),
    ],
)
def test_an_operator_has_subjects_of_their_own(subject: str, asks: bool) -> None:
    assert asks_for_account(subject, own=["…", "Alta de Cliente"]) is asks
    assert not asks_for_account(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "solicitud " * 30_000,
        "solicitud usuario " * 20_000,
        "solicitud de de de de usuario de de de de " * 10_000,
        "re: " * 100_000,
        "[" * 100_000,
        "support desk " * 20_000,
        "\U0001f4a9" * 100_000,
    ],
)
def test_a_hostile_subject_takes_no_time(subject: str) -> None:
    seconds = min(timeit.repeat(lambda: asks_for_account(subject), number=1, repeat=5))

    assert seconds < 0.02


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "GMail.Com.", "googlemail.com", "yahoo.com.pe", "yahoo.es", "hotmail.cl", "live.com.ar", "outlook.pt",
     "msn.com", "icloud.com", "proton.me", "uol.com.br", "bol.com.br", "terra.com.br", "terra.es", "sapo.pt",
     "telefonica.net", "prodigy.net.mx", "une.net.co", "fibertel.com.ar", "adinet.com.uy", "vtr.net", "gmx.net",
     "mailinator.com", "qq.com"],
)  # fmt: skip
def test_a_public_provider_is_known(domain: str) -> None:
    assert public(domain)


@pytest.mark.parametrize(
    "domain",
    ["", ".", "com", "firm.example", "gmail.com.firm.example", "mygmail.com", "outlook.firm.com", "live.example.com",
     "live.events", "terra.org", "mail.gmail.com", "ümlaut..de"],
)  # fmt: skip
def test_a_domain_of_somebody_is_no_public_provider(domain: str) -> None:
    assert not public(domain)
