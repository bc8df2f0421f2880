"""The demo's story as data: who writes what to the desk, what the desk does, and what has to come of it. Pure."""

from gateway.cli.demo_step import Comes, Copy, Somebody, Step, Waits, Writes

DESK = Somebody("Soporte", "soporte@desk.example")
ANA = Somebody("Ana Solís", "ana@example.org")
PEDRO = Somebody("Pedro Lima", "pedro@example.org")
CARLOS = Somebody("Carlos Rey", "carlos@example.net")
LUIS = Somebody("Luis Mora", "luis@example.com")
MARTA = Somebody("Marta Rojas", "marta@desk.example")
"""The agent of the desk."""

PEOPLE = {one.address: one for one in (ANA, PEDRO, CARLOS, LUIS, MARTA)}

STORY = (
    Step(
        {
            "en": "A new customer writes",
            "es": "Escribe una clienta nueva",
            "pt": "Uma cliente nova escreve",
        },
        {
            "en": "Nobody knows Ana yet. Her question is a ticket at once; one letter tells her the number and asks"
            " whether the address is hers. It holds no word of her mail: anybody could have written in her name.",
            "es": "Nadie conoce aún a Ana. Su pregunta es un tiquete de inmediato; una sola carta le dice el número y"
            " le pregunta si la dirección es suya. No repite nada de su correo: cualquiera pudo escribir en su nombre.",
            "pt": "Ninguém conhece Ana ainda. A pergunta dela vira chamado na hora; uma só carta diz o número e"
            " pergunta se o endereço é dela. Não repete nada do e-mail: qualquer um poderia escrever em nome dela.",
        },
        Writes(
            by=ANA,
            subject="Solicitud: la impresora de facturas no imprime",
            text="Buenos días:\n\nDesde ayer la impresora de facturas del mostrador no imprime:\n"
            "la pantalla dice «error 50». Ya la apagamos y la encendimos.\n¿Nos pueden ayudar?\n\nAna",
        ),
        Comes(
            verdict="ticket",
            ticket=1,
            state="new",
            account=(ANA, "pending"),
            letters=(("alert", MARTA), ("receipt_new", ANA)),
        ),
    ),
    Step(
        {
            "en": "She confirms by replying",
            "es": "Ella confirma respondiendo",
            "pt": "Ela confirma respondendo",
        },
        {
            "en": "Any answer will do: the address that it goes to was told to nobody else. Her account is active.",
            "es": "Sirve cualquier respuesta: la dirección a la que va no la conoce nadie más. Su cuenta queda activa.",
            "pt": "Qualquer resposta serve: o endereço para onde vai só ela conhece. A conta fica ativa.",
        },
        Writes(by=ANA, text="Sí, soy yo. Gracias.", answers="receipt_new"),
        Comes(
            verdict="reply",
            ticket=1,
            state="new",
            account=(ANA, "active"),
            reads="Sí, soy yo. Gracias.",
            letters=(("account_ready", ANA),),
        ),
    ),
    Step(
        {
            "en": "The desk answers by mail",
            "es": "La mesa responde por correo",
            "pt": "A central responde por e-mail",
        },
        {
            "en": "Marta replies to her alert in her mail program. Her words go on to Ana as the desk's.",
            "es": "Marta responde a su aviso desde su programa de correo. Sus palabras llegan a Ana como de la mesa.",
            "pt": "Marta responde ao aviso em seu programa de e-mail. Suas palavras chegam a Ana como da central.",
        },
        Writes(
            by=MARTA,
            text="Hola, Ana:\n\nEl error 50 es del fusor. Déjela apagada diez minutos,\n"
            "enciéndala sin papel y díganos si el error vuelve.",
            answers="alert",
        ),
        Comes(
            verdict="reply",
            ticket=1,
            state="open",
            reads="Hola, Ana:\n\nEl error 50 es del fusor. Déjela apagada diez minutos,\n"
            "enciéndala sin papel y díganos si el error vuelve.",
            letters=(("answer", ANA),),
        ),
    ),
    Step(
        {
            "en": "A reply with copies of copies",
            "es": "Una respuesta con copias de copias",
            "pt": "Uma resposta com cópias de cópias",
        },
        {
            "en": "Ana asked Pedro first, so three levels of quotations hang below her answer. The desk reads what is"
            " new; the rest is folded away, not deleted.",
            "es": "Ana consultó antes a Pedro, y debajo de su respuesta cuelgan tres niveles de citas. La mesa lee lo"
            " nuevo; lo demás queda plegado, no borrado.",
            "pt": "Ana consultou Pedro antes, e abaixo da resposta pendem três níveis de citações. A central lê o que"
            " é novo; o resto fica dobrado, não apagado.",
        },
        Writes(
            by=ANA,
            text="Ya imprime, gracias. Pero las facturas salen sin el logotipo de la tienda.",
            answers="answer",
            between=(
                Copy(ANA, "Pedro, ¿puedes hacer esto antes de abrir?"),
                Copy(PEDRO, "Hecho: sin error. Solo que el logotipo no sale."),
            ),
        ),
        Comes(
            verdict="reply",
            ticket=1,
            state="open",
            reads="Ya imprime, gracias. Pero las facturas salen sin el logotipo de la tienda.",
            letters=(("alert", MARTA),),
        ),
    ),
    Step(
        {
            "en": "An out-of-office note",
            "es": "Un aviso de ausencia",
            "pt": "Um aviso de ausência",
        },
        {
            "en": "A machine wrote this. It is in the log; it opens nothing, and nobody is answered.",
            "es": "Lo escribió una máquina. Queda en el registro; no abre nada, y a nadie se responde.",
            "pt": "Uma máquina escreveu isto. Fica no registro; não abre nada, e ninguém é respondido.",
        },
        Writes(
            by=CARLOS,
            subject="Respuesta automática: fuera de la oficina",
            text="Estoy de vacaciones hasta el lunes. Leeré su mensaje a mi regreso.",
            headers={"Auto-Submitted": "auto-replied"},
        ),
        Comes(verdict="automatic"),
    ),
    Step(
        {
            "en": "A second request",
            "es": "Una segunda solicitud",
            "pt": "Uma segunda solicitação",
        },
        {
            "en": "Ana is known by now, and gets the plain receipt.",
            "es": "A Ana ya la conocen, y recibe el acuse de recibo corriente.",
            "pt": "Ana já é conhecida, e recebe a confirmação comum.",
        },
        Writes(
            by=ANA,
            subject="Plan de teléfono para la tienda",
            text="¿Nos pueden conseguir un plan de celular para la tienda?\n\nAna",
        ),
        Comes(
            verdict="ticket",
            ticket=2,
            state="new",
            account=(ANA, "active"),
            letters=(("alert", MARTA), ("receipt", ANA)),
        ),
    ),
    Step(
        {
            "en": "The desk rejects it, with a reason",
            "es": "La mesa la rechaza, con un motivo",
            "pt": "A central a recusa, com um motivo",
        },
        {
            "en": "By mail, too: a command in the first line of Marta's answer names a reason from the list. Her words"
            " below it go to Ana, and Marta reads what was done.",
            "es": "También por correo: un comando en la primera línea de la respuesta de Marta nombra un motivo de la"
            " lista. Sus palabras llegan a Ana, y Marta lee lo que se hizo.",
            "pt": "Também por e-mail: um comando na primeira linha da resposta de Marta diz um motivo da lista. Suas"
            " palavras chegam a Ana, e Marta lê o que foi feito.",
        },
        Writes(
            by=MARTA,
            text="#rechazar No corresponde a esta mesa de ayuda\n\nAtendemos los equipos y programas de la tienda."
            " Los planes de teléfono\nlos contrata Compras: compras@example.org.",
            answers="alert",
        ),
        Comes(
            verdict="command",
            ticket=2,
            state="rejected",
            letters=(("rejected", ANA), ("commands_done", MARTA)),
        ),
    ),
    Step(
        {
            "en": "Somebody who does not confirm",
            "es": "Alguien que no confirma",
            "pt": "Alguém que não confirma",
        },
        {
            "en": "Luis gets the same first letter as Ana, and leaves it.",
            "es": "Luis recibe la misma primera carta que Ana, y la deja estar.",
            "pt": "Luis recebe a mesma primeira carta que Ana, e a deixa de lado.",
        },
        Writes(
            by=LUIS,
            subject="No puedo entrar al sistema de ventas",
            text="Hola, desde hoy el sistema de ventas no acepta mi contraseña.\n\nLuis",
        ),
        Comes(
            verdict="ticket",
            ticket=3,
            state="new",
            account=(LUIS, "pending"),
            letters=(("alert", MARTA), ("receipt_new", LUIS)),
        ),
    ),
    Step(
        {
            "en": "Two business days later",
            "es": "Dos días hábiles después",
            "pt": "Dois dias úteis depois",
        },
        {
            "en": "The clock is moved. Luis is reminded, once: another week brings nothing more.",
            "es": "Se adelanta el reloj. A Luis se le recuerda, una vez: otra semana no trae nada más.",
            "pt": "O relógio é adiantado. Luis é lembrado, uma vez: outra semana não traz mais nada.",
        },
        Waits(2),
        Comes(ticket=3, state="new", account=(LUIS, "pending"), letters=(("confirm_reminder", LUIS),)),
    ),
)
