"""What the letter with a whole ticket calls what it shows. Pure."""

from gateway.desk.words import Labels

# Who did it when no person did that the desk knows by name.
_DESK: Labels = {"es": "la mesa", "en": "the desk", "pt": "a central"}
_SOMEBODY: Labels = {"es": "alguien", "en": "somebody", "pt": "alguém"}
NOBODY: dict[str, Labels] = {
    "system": _DESK,
    "clock": {"es": "el reloj", "en": "the clock", "pt": "o relógio"},
    "operator": _DESK,
    "person": _SOMEBODY,
    "requester": _SOMEBODY,
}
LATE: Labels = {"es": "vencido desde el {at}", "en": "overdue since {at}", "pt": "vencido desde {at}"}
NAMES: dict[str, Labels] = {
    "requester": {"es": "Solicitante", "en": "Requester", "pt": "Solicitante"},
    "participants": {"es": "Participan", "en": "Participants", "pt": "Participam"},
    "consulted": {"es": "Se consultó aparte a", "en": "Asked aside", "pt": "Consulta à parte a"},
    "organisation": {"es": "Organización", "en": "Organisation", "pt": "Organização"},
    "state": {"es": "Estado", "en": "State", "pt": "Estado"},
    "owner": {"es": "A cargo de", "en": "Owner", "pt": "A cargo de"},
    "group": {"es": "Grupo", "en": "Group", "pt": "Grupo"},
    "area": {"es": "Área", "en": "Area", "pt": "Área"},
    "category": {"es": "Categoría", "en": "Category", "pt": "Categoria"},
    "nature": {"es": "Naturaleza", "en": "Nature", "pt": "Natureza"},
    "classification": {"es": "Clasificación", "en": "Classification", "pt": "Classificação"},
    "priority": {"es": "Prioridad", "en": "Priority", "pt": "Prioridade"},
    "difficulty": {"es": "Dificultad", "en": "Difficulty", "pt": "Dificuldade"},
    "queue": {"es": "Puesto en la fila", "en": "Place in the queue", "pt": "Lugar na fila"},
    "checklist": {"es": "Para cerrarla", "en": "To close it", "pt": "Para encerrar"},
    "tags": {"es": "Etiquetas", "en": "Tags", "pt": "Etiquetas"},
    "origin": {"es": "Origen", "en": "Origin", "pt": "Origem"},
    "received": {"es": "Recibida", "en": "Received", "pt": "Recebido"},
    "due": {"es": "Vence", "en": "Due", "pt": "Prazo"},
    "release": {"es": "Espera la versión", "en": "Waits for release", "pt": "Espera a versão"},
    "time": {"es": "Tiempo (horas:minutos)", "en": "Time (hours:minutes)", "pt": "Tempo (horas:minutos)"},
}
DONE: Labels = {"es": "hecho", "en": "done", "pt": "feito"}
OPEN: Labels = {"es": "falta", "en": "still to do", "pt": "falta"}

# By the kind of a link, and whether it leads from this ticket to the other one.
LINKS: dict[tuple[str, str], Labels] = {
    ("duplicate", "to"): {"es": "Unida a", "en": "Merged into", "pt": "Unido a"},
    ("duplicate", "from"): {"es": "Se le unió", "en": "Merged into it", "pt": "Unido a ele"},
    ("follow_up", "to"): {"es": "Continúa", "en": "Follows", "pt": "Continua"},
    ("follow_up", "from"): {"es": "Continúa en", "en": "Goes on in", "pt": "Continua em"},
    ("split", "to"): {"es": "Separada de", "en": "Split from", "pt": "Separado de"},
    ("split", "from"): {"es": "Se separó", "en": "Split into", "pt": "Foi separado"},
    ("related", "to"): {"es": "Enlazada con", "en": "Linked to", "pt": "Ligado a"},
    ("related", "from"): {"es": "Enlazada con", "en": "Linked to", "pt": "Ligado a"},
    ("same_mail", "to"): {"es": "Del mismo correo", "en": "From the same mail", "pt": "Do mesmo e-mail"},
    ("same_mail", "from"): {"es": "Del mismo correo", "en": "From the same mail", "pt": "Do mesmo e-mail"},
    ("suspect", "to"): {"es": "Quizá duplicada de", "en": "Perhaps a duplicate of", "pt": "Talvez duplicado de"},
    ("suspect", "from"): {"es": "Quizá la repite", "en": "Perhaps repeated by", "pt": "Talvez repetido em"},
    ("hint", "to"): {"es": "Quizá se refiere a", "en": "Perhaps about", "pt": "Talvez sobre"},
    ("hint", "from"): {"es": "Quizá se menciona en", "en": "Perhaps meant by", "pt": "Talvez mencionado em"},
}
