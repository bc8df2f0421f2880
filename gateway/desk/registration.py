"""Whether a first mail asks for an account and for nothing else, by its subject. Pure.

Such a mail becomes a ticket that needs no answer of the desk, so a mistake here costs somebody their answer. In doubt
it is a question: what is found are the words of asking (“solicitud de”), of what is asked for (“usuario”), and of where
(“tiquetes de soporte”), close together. A few words may stand around them, such as a greeting or a name, but none that
speaks of another matter.
"""

import re
from collections.abc import Iterable, Sequence

from gateway.desk.folding import words_of


def asks_for_account(subject: str, *, own: Iterable[str] = ()) -> bool:
    """Whether the subject asks for an account at this desk, in Spanish, English, or Portuguese.

    own: further subjects as the operator writes them, such as “Alta de cliente”; whole words, compared like the rest.
    Reads the first 300 characters.
    """
    line = _MARKS.sub("", subject[:_READ])
    if "?" in line or "¿" in line or "？" in line:
        return False
    words = words_of(line)
    alone = " ".join(word for word in words if word not in _POLITE)
    if any(pattern.fullmatch(alone) for pattern in _ALONE):
        return True
    mine = [words_of(phrase) for phrase in own]
    spans = [*_spans(" ".join(words)), *(span for phrase in mine if phrase for span in _places(words, phrase))]
    return any(_few(words[:start]) and _few(words[end:]) for start, end in spans)


def _spans(text: str) -> Iterable[tuple[int, int]]:
    """Where a request stands, as numbers of its first word and of the word behind it."""
    for pattern in _WITH_PLACE:
        if found := pattern.search(text):
            yield text.count(" ", 0, found.start()), text.count(" ", 0, found.end()) + 1


def _places(words: Sequence[str], phrase: Sequence[str]) -> Iterable[tuple[int, int]]:
    size = len(phrase)
    for start in range(len(words) - size + 1):
        if words[start : start + size] == phrase:
            yield start, start + size


def _few(around: Sequence[str]) -> bool:
    return len(around) <= _MOST_AROUND and _OTHER_MATTERS.isdisjoint(around)


def _any(words: str) -> str:
    """A group of alternatives; "_" stands for the space inside one."""
    return "(?:" + "|".join(sorted(words.replace("\n", " ").split(), key=len, reverse=True)).replace("_", " ") + ")"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _pattern(ask: str, between: str, what: str, where: str) -> re.Pattern[str]:
    """Asking, then what, then where: “solicitud de usuario de tiquetes de soporte”."""
    ask, what, where = _any(ask), _any(what), _any(where)
    some = rf"(?: {_any(between)}){{0,4}}"
    return re.compile(rf"\b{ask}{some} {what}(?:{some} {what})?{some} {where}(?:{some} {where}){{0,3}}\b")


_READ = 300
_MOST_AROUND = 5
_MARKS = re.compile(r"^(?:\s*(?:(?:re|rv|fw|fwd|res|enc|tr|aw)\s*(?:\[\d+\])?\s*:|\[[^\]]{0,40}\]))++", re.IGNORECASE)

_SPANISH_AND_PORTUGUESE_WHERE = (
    "tiquetes tiquete tiquets tiquet tickets ticket chamados soporte suporte helpdesk help_desk service_desk"
    " servicedesk mesa_de_ayuda mesa_de_ajuda mesa_de_servicio mesa_de_servicios mesa_de_soporte centro_de_ayuda"
    " centro_de_soporte central_de_ajuda central_de_servicos central_de_suporte central_de_chamados"
    " central_de_atendimento portal_de_clientes portal_del_cliente portal_do_cliente portal_de_ayuda"
    " portal_de_soporte portal_de_suporte portal_de_tickets portal_de_tiquetes portal_de_chamados"
    " portal_de_atendimento sistema_de_tickets sistema_de_tiquetes sistema_de_soporte sistema_de_chamados"
    " sistema_de_suporte plataforma_de_tickets plataforma_de_tiquetes plataforma_de_soporte plataforma_de_suporte"
)

_ENGLISH_WHERE = (
    r"(?:support|help ?desk|service ?desk|ticket(?:s|ing)?(?: system)?|(?:customer|client|support) portal)"
    r"(?: (?:desk|tickets?|ticketing|portal|system)){0,2}"
)

_WITH_PLACE = (
    _pattern(
        "solicitud solicitudes solicito solicitamos solicitar peticion pedido requiero quiero quisiera necesito"
        " creacion crear alta registro registrar registrarme inscripcion habilitar habilitacion",
        "de del la las el los un una en al a para mi su nuevo nueva obtener tener crear creacion alta como",
        "usuario usuaria cuenta registro acceso alta",
        _SPANISH_AND_PORTUGUESE_WHERE,
    ),
    _pattern(
        "solicitacao solicitacoes solicito solicitamos solicitar pedido peco quero queria gostaria preciso criacao"
        " criar cadastro cadastrar cadastramento registro registo registrar registar abertura",
        "de do da dos das o a os as um uma no na nos nas em ao para meu minha novo nova ter obter criar criacao como",
        "usuario usuaria utilizador utilizadora conta cadastro registro registo acesso",
        _SPANISH_AND_PORTUGUESE_WHERE,
    ),
    _pattern(
        "request requesting apply applying application register registering registration create creation creating need"
        " want would_like sign_up signup open",
        "for a an the to of new my in on at your get have as",
        "account user user_account login access registration",
        "tickets ticket ticketing ticket_system ticketing_system support support_desk support_portal helpdesk help_desk"
        " service_desk servicedesk customer_portal client_portal portal",
    ),
    # English says where before what: “request for a help desk user account”, “support account request”.
    re.compile(
        r"\b(?:request|requesting|apply|application|register|registration|create|need|want|would like)"
        rf"(?: (?:for|a|an|the|to|of|new|my|your|get|have)){{0,4}} {_ENGLISH_WHERE}"
        r" (?:user account|user|account|login)\b"
    ),
    re.compile(
        rf"\b{_ENGLISH_WHERE} (?:user account|new user|user|account|access|login)"
        r" (?:request|application|registration|creation)\b"
    ),
)

_POLITE = _set(
    "por favor porfavor please gracias thanks thank you obrigado obrigada hola hello hi ola bom dia boa tarde buenos"
    " dias buenas tardes"
)
_ALONE = tuple(
    re.compile(asked)
    for asked in (
        r"(?:solicitud|solicito|solicitar|peticion)(?: (?:de|un|una|mi|la)){0,2}(?: (?:nuevo|nueva))?"
        r" (?:usuario|cuenta|registro|cuenta de usuario|registro de usuario)(?: (?:nuevo|nueva))?",
        r"(?:quiero |quisiera |deseo |necesito )?(?:registrarme|crear mi (?:cuenta|usuario))"
        r"|registro|registro de usuario",
        r"(?:solicitacao|solicito|solicitar)(?: (?:de|um|uma|minha|meu|a)){0,2}(?: (?:novo|nova))?"
        r" (?:usuario|utilizador|conta|cadastro|registro|registo|conta de usuario)(?: (?:novo|nova))?",
        r"(?:quero |gostaria de |preciso )?(?:me cadastrar|cadastrar me|me registrar|registar me|criar minha conta"
        r"|criar a minha conta)|cadastro|registo",
        r"(?:new |user )?(?:account|registration|user account) request|(?:request|requesting|request for|i want|i need"
        r"|i would like)(?: (?:a|an|my|new)){0,2} (?:account|user account|registration)",
        r"(?:create|register|open) (?:my|me an) account|sign ?up|(?:user |account )?registration|register me",
    )
)
"""Subjects without a place are taken only when they are nothing else, and are about the writer's own account."""

_OTHER_MATTERS = _set(
    # That something fails, or is not as it should be.
    " no not nao sin sem without pero but mas porque because error errores erro erros problema problemas problem"
    " problems falla fallo fallas falha falhas issue issues bug bloqueado bloqueada bloqueio locked blocked caido"
    " caida down urgente urgent rechazado rechazada rejected recusado vencido expired cancelar cancel cancelamento"
    " eliminar borrar delete remove remover excluir baja inactivo inactiva inativo cambio cambiar change mudar"
    " alterar modificar pendiente pending pendente demora delay atraso reclamo complaint reclamacao"
    # Another thing too.
    " y e and ademas also tambien tambem plus adicional"
    # Other things that one has accounts and access for, and that break.
    " contrasena clave password senha correo email mail vpn erp sap red rede network servidor server impresora"
    " impresoras impressora printer printers factura facturas fatura invoice pago pagos pagamento payment base datos"
    " database modulo module reporte report relatorio informe empleado empleados funcionario funcionarios employee"
    " employees windows office banco bank wifi internet telefono phone telefone tecnico"
)
"""Words that may not stand around a request: there is more in this mail than the wish for an account."""
