"""The words of customers' own commands, and of participants who want to leave, in each language. Pure.

A phrase is a line of words without accents. `a|b` is one of them, `[a|b]` one of them or none, `a_b` two words that
stand together; a name in capitals is one of a list of `LISTS`.
"""

ADDRESS = "thisaddress"
"""Stands for a mail address, which is read before."""

POLITE = {
    "es": """
        hola|buenas|buenos_dias|buen_dia|buenas_tardes|buenas_noches|estimados|estimadas|senores|equipo
        por_favor|porfavor|porfa|gracias|muchas_gracias|mil_gracias|muchisimas_gracias|de_antemano
        saludos|un_saludo|cordial_saludo|un_cordial_saludo|saludos_cordiales|atentamente|feliz_dia
    """,
    "en": """
        hi|hello|dear|team|everyone|all|good_morning|good_afternoon|good_evening
        please|thanks|thank_you|thank_you_very_much|many_thanks|in_advance
        regards|best_regards|kind_regards|best|cheers|sincerely
    """,
    "pt": """
        ola|oi|bom_dia|boa_tarde|boa_noite|prezados|prezadas|equipe
        por_favor|por_gentileza|obrigado|obrigada|muito_obrigado|muito_obrigada|desde_ja
        abraco|abracos|um_abraco|cumprimentos|atenciosamente
    """,
}

LISTS = {
    "es": {
        "REQUEST": "solicitud|solicitudes|ticket|tickets|tiquete|tiquetes|caso|casos|peticion|peticiones",
        "NOTICES": "avisos|notificaciones|recordatorios",
        "OF": "de_mi|de_mis|de_la|de_las|de_esta|de_este|del|sobre_esta|sobre_este|sobre_mi|sobre_la",
        "END": "parar|paren|detener|suspender|cancelar|desactivar|dejar_de_recibir|dejen_de_enviarme",
        "MAILBOX": "direccion|direccion_de_correo|correo|correo_electronico|cuenta_de_correo|email|mail",
        "TALK": "solicitud|ticket|tiquete|caso|peticion|conversacion|hilo|lista|lista_de_correo",
        "MAILS": "correos|correos_electronicos|mensajes|emails|e_mails|mails",
    },
    "en": {
        "REQUEST": "request|requests|ticket|tickets|case|cases",
        "NOTICES": "notices|notifications|reminders|updates",
        "OF": "of|for|about|on",
        "END": "no_more|stop|mute|cancel|stop_sending|stop_sending_me",
        "MAILBOX": "address|email_address|e_mail_address|mail_address|email|e_mail|mail",
        "TALK": "request|ticket|case|conversation|thread|list|mailing_list|discussion",
        "MAILS": "mail|mails|email|emails|e_mail|e_mails|messages",
    },
    "pt": {
        "REQUEST": "chamado|chamados|ticket|tickets|caso|casos|solicitacao|solicitacoes",
        "NOTICES": "avisos|notificacoes|lembretes",
        "OF": "do|da|dos|das|deste|desta|do_meu|da_minha|dos_meus|das_minhas|sobre_este|sobre_esta",
        "END": "parar|pare|parem|parar_com|parem_com|suspender|cancelar|desativar|deixar_de_receber",
        "MAILBOX": "endereco|endereco_de_e_mail|e_mail|email|correio|correio_eletronico",
        "TALK": "solicitacao|chamado|ticket|caso|conversa|lista|lista_de_e_mails|lista_de_emails",
        "MAILS": "e_mails|emails|mensagens|correios",
    },
}

STATE = {
    "es": """
        [ver|consultar] [el] estado|estatus|status|situacion [actual]
        [ver|consultar] [el] estado|estatus|status|situacion [actual] OF REQUEST
        [ver|consultar|listar] [lista_de|la_lista_de] mis REQUEST [abiertas|abiertos]
    """,
    "en": """
        [show|check] [the] [current] status
        [show|check] [the] [current] status OF my|the|this REQUEST
        [my|the] REQUEST status
        [show|list|see] [me] [list_of|the_list_of] my [open] REQUEST
    """,
    "pt": """
        [ver|consultar] [o|a] estado|status|situacao|andamento [atual]
        [ver|consultar] [o|a] estado|status|situacao|andamento [atual] OF REQUEST
        [ver|consultar|listar] [lista_dos|lista_das] meu|minha|meus|minhas REQUEST [abertos|abertas]
    """,
}

STOP = {
    "es": """
        stop
        no_mas|ya_no_mas|sin_mas|stop NOTICES
        no_mas|ya_no_mas|sin_mas|stop NOTICES OF REQUEST
        [ya] no_quiero|no_deseo [recibir] [mas] NOTICES
        [ya] no_quiero|no_deseo [recibir] [mas] NOTICES OF REQUEST
        no_recibir|no_enviar|no_enviarme|no_me_envien|no_me_manden [mas] NOTICES
        no_recibir|no_enviar|no_enviarme|no_me_envien|no_me_manden [mas] NOTICES OF REQUEST
        END [los|las] NOTICES
        END [los|las] NOTICES OF REQUEST
    """,
    "en": """
        stop|unsubscribe
        END [the|these|all] NOTICES
        END [the|these|all] NOTICES OF my|the|this REQUEST
        [i] do_not_want|don_t_want|do_not_send|don_t_send [me] [any] [more] NOTICES
    """,
    "pt": """
        stop
        sem_mais|chega_de|stop NOTICES
        sem_mais|chega_de|stop NOTICES OF REQUEST
        [ja] nao_quero|nao_desejo [mais] [receber] [mais] NOTICES
        [ja] nao_quero|nao_desejo [mais] [receber] [mais] NOTICES OF REQUEST
        nao_receber|nao_enviar|nao_enviem|nao_me_enviem [mais] NOTICES
        nao_receber|nao_enviar|nao_enviem|nao_me_enviem [mais] NOTICES OF REQUEST
        END [os|as] NOTICES
        END [os|as] NOTICES OF REQUEST
    """,
}

START = {
    "es": """
        start
        [si] quiero|deseo|reanudar|activar|reactivar|start [los|las] NOTICES [otra_vez|de_nuevo|nuevamente]
        [quiero|deseo] recibir|volver_a_recibir [los|las] NOTICES [otra_vez|de_nuevo|nuevamente]
    """,
    "en": """
        start
        start|resume|send|send_me|get|turn_on [the] NOTICES [again]
        [yes] i_want|want [the] NOTICES [again]
    """,
    "pt": """
        start
        [sim] quero|desejo|retomar|ativar|reativar|start [os|as] NOTICES [de_novo|novamente]
        [quero|desejo] receber|voltar_a_receber [os|as] NOTICES [de_novo|novamente]
    """,
}

JOIN = {
    "es": f"""
        agregar|anadir|sumar|vincular|asociar|unir mi|otra|otro|esta|este [otra|otro|segunda|segundo] MAILBOX {ADDRESS}
        agregar|anadir|sumar|vincular|asociar|unir {ADDRESS} a_mi_cuenta
    """,
    "en": f"""
        add|join|link my|another|this [other|second] MAILBOX {ADDRESS}
        add|join|link {ADDRESS} to_my_account
    """,
    "pt": f"""
        adicionar|incluir|vincular|associar|juntar [o] meu|outro|este [outro|segundo] MAILBOX {ADDRESS}
        adicionar|incluir|vincular|associar|juntar {ADDRESS} a_minha_conta|na_minha_conta
    """,
}

LEAVE = {
    "es": """
        [quiero|deseo|quisiera] salir|salirme
        [quiero|deseo|quisiera] salir|salirme OF TALK
        [me] [pueden|puede|podrian|podria] [por_favor] quitarme|retirarme|sacarme|darme_de_baja [OF] [TALK]
        quiteme|quitenme|quitame|retireme|retirenme|saqueme|saquenme|deme_de_baja|denme_de_baja [OF] [TALK]
        me [pueden|puede|podrian|podria] quitar|retirar|sacar|dar_de_baja [OF] [TALK]
        desuscribir|desuscribirme|cancelar_suscripcion|cancelar_la_suscripcion|cancelar_mi_suscripcion
        [ya] no_quiero|no_deseo recibir [mas] MAILS [OF] [TALK]
    """,
    "en": """
        leave
        i_want_to|i_would_like_to|i_d_like_to|i_wish_to leave [this|the] [TALK]
        [can_you|could_you] [please] remove_me|take_me_off|take_me_out [from|off|of] [this|the] [TALK]
        unsubscribe [me] [from] [this|the] [TALK]
        stop_sending_me MAILS
        i_do_not_want|i_don_t_want [to_receive|to_get] [any] more MAILS
    """,
    "pt": """
        [quero|desejo|gostaria_de] sair
        [quero|desejo|gostaria_de] sair OF TALK
        me remova|removam|retire|retirem|tire|tirem|exclua|excluam [OF] [TALK]
        remova|removam|retire|retirem|tire|tirem|exclua|excluam|remover me [OF] [TALK]
        [podem|pode|poderiam|poderia] me remover|retirar|tirar|excluir [OF] [TALK]
        cancelar_inscricao|cancelar_a_inscricao|cancelar_minha_inscricao
        [ja] nao_quero|nao_desejo [mais] receber [mais] MAILS [OF] [TALK]
    """,
}

SAYS_NOTHING = """
    consulta soporte ayuda mesa_de_ayuda sus_solicitudes
    support help help_desk question your_requests
    suporte ajuda central_de_atendimento seus_chamados
"""
"""Subjects that a mail may have beside its command; among them those of the letters that list requests."""
