"""What the values of a ticket's fields are called where people read and write them. Pure."""

from gateway.desk.ticket import Nature, Origin
from gateway.desk.words import Labels

PRIORITIES: dict[int, Labels] = {
    1: {"es": "alta", "en": "high", "pt": "alta"},
    2: {"es": "normal", "en": "normal", "pt": "normal"},
    3: {"es": "baja", "en": "low", "pt": "baixa"},
}
ORIGINS: dict[Origin, Labels] = {
    Origin.MAIL: {"es": "correo", "en": "mail", "pt": "e-mail"},
    Origin.WEB: {"es": "página web", "en": "web page", "pt": "página web"},
    Origin.PHONE: {"es": "teléfono", "en": "telephone", "pt": "telefone"},
    Origin.WHATSAPP: {"es": "WhatsApp", "en": "WhatsApp", "pt": "WhatsApp"},
    Origin.INTERNAL: {"es": "interna", "en": "internal", "pt": "interno"},
}
NATURES: dict[Nature, Labels] = {
    Nature.INCIDENT: {"es": "incidente", "en": "incident", "pt": "incidente"},
    Nature.REQUEST: {"es": "requerimiento", "en": "request", "pt": "requisição"},
    Nature.QUESTION: {"es": "consulta", "en": "question", "pt": "dúvida"},
}
NOTHING: Labels = {"es": "ninguna", "en": "none", "pt": "nenhuma"}
"""That a field is to be empty."""
