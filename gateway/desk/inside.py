"""Why the desk alone reads a mail to a ticket, and what a new ticket goes on from, in the words of alerts. Pure."""

from gateway.desk.words import LANGUAGES, Labels, in_language

NO_PART: Labels = {
    "es": "quien escribe no participa en la solicitud",
    "en": "whoever writes takes no part in the request",
    "pt": "quem escreve não participa da solicitação",
}
NOT_PROVEN: Labels = {
    "es": "nada comprueba que el correo venga de esa dirección",
    "en": "nothing proves that the mail comes from that address",
    "pt": "nada comprova que o e-mail venha desse endereço",
}
FOR_ANOTHER: Labels = {
    "es": "responde a un correo que era para otra persona",
    "en": "it answers a mail that was meant for somebody else",
    "pt": "responde a um e-mail que era para outra pessoa",
}
ABOUT_COMMANDS: Labels = {
    "es": "responde a la carta que dice por qué no se hizo lo que pidió",
    "en": "it answers the letter that says why what you asked for was not done",
    "pt": "responde à carta que diz por que não foi feito o que você pediu",
}
ONLY_NAMED: Labels = {
    "es": "no responde a ninguno de nuestros correos: solo nombra la solicitud",
    "en": "it answers none of our mails: it only names the request",
    "pt": "não responde a nenhum dos nossos e-mails: só menciona a solicitação",
}
TOO_MANY: Labels = {
    "es": "de esta solicitud ya salieron demasiados correos en un día",
    "en": "too many mails about this request went out in a day",
    "pt": "já saíram e-mails demais sobre esta solicitação em um dia",
}
TWO_REQUESTS: Labels = {
    "es": "nombra dos solicitudes distintas",
    "en": "it names two different requests",
    "pt": "menciona duas solicitações diferentes",
}
ASKED_ASIDE: Labels = {
    "es": "responde a una consulta y es interna: quien hizo la solicitud no la recibe",
    "en": "it answers what was asked aside, and is internal: the requester does not get it",
    "pt": "responde a uma consulta e é interna: quem fez a solicitação não a recebe",
}


def together(*reasons: Labels) -> Labels:
    return {language: "; ".join(one[language] for one in reasons) for language in LANGUAGES}


def goes_on_from(number: int, language: str) -> str:
    """Of a ticket that follows one that is closed for good."""
    return in_language(_GOES_ON, language).format(number=number)


def part_of(number: int, language: str) -> str:
    """Of a ticket that was split off another."""
    return in_language(_PART_OF, language).format(number=number)


def possibly_about(number: int, language: str) -> str:
    """Of a ticket whose mail names another, and nothing shows that it belongs there."""
    return in_language(_POSSIBLY, language).format(number=number)


_GOES_ON: Labels = {"es": "continúa la #{number}", "en": "goes on from #{number}", "pt": "continua a #{number}"}
_PART_OF: Labels = {
    "es": "separada de la #{number}",
    "en": "split from #{number}",
    "pt": "separada da #{number}",
}
_POSSIBLY: Labels = {
    "es": "quizás sobre la #{number}",
    "en": "possibly about #{number}",
    "pt": "talvez sobre a #{number}",
}
