"""What servers write in subjects and texts of mail that could not be delivered, by language. Pure.

Words are the last of the signs: see `bounce_signs`. Adding a language is adding a line.
"""

import re

SUBJECTS: dict[str, tuple[str, ...]] = {
    "en": (
        r"undeliver(?:able|ed)",
        r"non.?deliver(?:y|able)",
        r"(?:mail|message|e-?mail|delivery|returned?).{0,30}(?:fail|error|problem|status|warning|notification|delayed)",
        r"fail(?:ed|ure)?(?: notice| delivery| mail| message)",
        r"return(?:ed|ing) (?:mail|message|to sender|e-?mail)",
        r"mail returned",
        r"(?:not|never|unable to|could ?n.?t|cannot) (?:be |been )?(?:yet )?(?:deliver|sen[dt]\b)\w*",
        r"delivery (?:has )?(?:failed|report|delay)",
        r"processing error",
        r"error (?:sending|delivering)",
        r"(?:user|recipient|host|mailbox) (?:is )?(?:unknown|not found|full)",
        r"address not found",
    ),
    "es": (
        r"no (?:se )?(?:pudo|ha podido|puede|ha sido|fue) (?:ser )?(?:entrega\w*|enviad\w*|enviar\w*)",
        r"no entregad[oa]",
        r"error (?:de|en la|al) (?:entrega|env[ií]o|enviar)",
        r"correo devuelto|mensaje devuelto|devoluci[oó]n de correo",
        r"(?:fallo|aviso|estado) (?:de|en la) entrega",
    ),
    "pt": (
        r"n[aã]o (?:foi |p[oô]de ser |pode ser )?(?:entreg\w+|enviad\w+)",
        r"falha (?:na|de|ao) (?:entrega|envi\w+)",
        r"(?:mensagem|correio|e-?mail) devolvid[ao]",
    ),
    "fr": (
        r"non (?:remis|d[ée]livr|distribu)\w*",
        r"[ée]chec (?:de|d'|dans) ?(?:la )?(?:remise|livraison|envoi|distribution)",
        r"n'a pas (?:pu|[ée]t[ée]) (?:[êe]tre )?(?:remis|d[ée]livr|distribu|envoy)\w*",
        r"utilisateur (?:inconnu|non recens)",
        r"retour de (?:courrier|message)",
    ),
    "de": (
        r"unzustellbar",
        r"(?:nicht|un)\s?zugestellt|nicht zustellbar",
        r"zustell(?:ung|fehler)\w*|[uü]bermittlungs?fehler",
        r"mail.?zustellung",
    ),
    "it": (
        r"mancat[ao] (?:consegna|recapito)",
        r"(?:non|impossibile) (?:[eè] stato )?(?:recapit|consegn)\w*",
        r"(?:errore|notifica) (?:di|nella|sullo stato) (?:di )?(?:consegna|recapito|invio)",
    ),
    "nl": (r"niet (?:be|af)ge?leverd|onbestelbaar|niet bezorgd", r"(?:fout|mislukt)\w* (?:bij )?(?:bezorg|aflever)\w*"),
    "pl": (r"niedor[eę]cz\w+|nie dostarczon\w+|zwrot (?:poczty|wiadomo)",),
    "sv": (r"(?:ej|inte|icke) (?:levererba|levererad|levererat|leverera)\w*|olevererba\w+|ikke leveret|ikke levert",),
    "tr": (r"teslim edilemedi|iletilemedi",),
    "ru": (
        r"не (?:было |может быть |удалось )?(?:доставлен|доставить|доставля)\w*|недоставлен\w*|возврат"
        r" (?:почты|письма)",
    ),
    "ja": (
        r"配信(?:でき|不能|エラー|失敗|されませんで)|配送(?:でき|エラー|失敗)|送信(?:でき|エラー|失敗)|メールエラー|エラー通知|不達|未達",
    ),
    "zh": (
        r"退信|无法投递|無法投遞|无法送达|無法送達|邮件传输失败|投递失败|傳送失敗|发送失败|系统退信|未送达|邮件投递",
    ),
    "ko": (r"반송|전송 ?실패|배달 ?(?:실패|할 수 없)|배달되지",),
}

TEXTS: dict[str, tuple[str, ...]] = {
    "en": (
        r"(?:could|can|was|were|has|have|is|be|did|does|been) ?(?:not|n.t|never)\s+(?:be(?:en)?\s+|yet\s+been\s+)?"
        r"(?:deliver|sent\b|transmitted|reach|accepted|processed|completed|relayed)\w*",
        r"(?:unable|failed|fail(?:ure)?|error|trouble|problem|inability|attempting"
        r"|try(?:ing)?)\s+(?:to\s+|in\s+|of\s+|with\s+)?"
        r"(?:deliver|transmit|send|relay|reach)\w*",
        r"deliver\w* (?:of \w+ )?(?:\w+ ){0,3}(?:has |have )?(?:failed|failure|error|delay|problem|temporar)",
        r"undeliver(?:able|ed)|non-?deliver|not (?:be )?deliver",
        r"(?:fatal|permanent|delivery|transient non-fatal) errors?",
        r"(?:recipient|user|mailbox|address|account|host|domain)(?:'s)? (?:\S+ )?(?:is |was |has been |name )?"
        r"(?:unknown|not found|full|disabled|over ?quota|inactive|invalid|suspended|rejected|exceed\w*|unavailable)",
        r"(?:no such|unknown|invalid|bad) (?:user|recipient|address|mailbox|host|domain|local user|destination)",
        r"no valid recipients",
        r"(?:no mailbox here|mailbox unavailable|address not found|over quota|quota exceeded)",
        r"(?:is|are|was) (?:being )?return(?:ed|ing)|returned (?:below|mail|to sender|message)|copy of"
        r" (?:the|your) message",
        r"(?:has|have) been (?:delayed|rejected|refused|blocked|bounced)|reject(?:s|ed) (?:your|the|recipient|it)",
        r"this is a permanent (?:error|failure)|giving up|given up|address(?:es)? failed|failed (?:recipient|address)",
        r"did not reach|not reach the following|doesn.t have an? \S+ account|error (?:following|sending)",
        r"error message below|delivery report|mail system error|your mail sent on|recipients? failed|been postponed",
        r"(?:original|returned) (?:message|mail) (?:follows|below|headers)|invalid final delivery",
    ),
    "es": (
        r"no (?:se |ha )?(?:pudo|podido|puede|ha sido|fue|ha podido|sido)\s+(?:ser )?(?:entrega|enviad"
        r"|enviar|proces)\w*",
        r"(?:usuario|destinatario|buz[oó]n|direcci[oó]n|cuenta) (?:\S+ )?(?:desconocid|inexistente|no"
        r" existe|llen[oa]|inv[aá]lid)\w*",
        r"error permanente|devuelto al remitente",
    ),
    "pt": (
        r"n[aã]o (?:foi |p[oô]de ser |pode ser |foi poss[ií]vel )?(?:entreg\w+|enviad\w+|enviar)",
        r"(?:usu[aá]rio|destinat[aá]rio|caixa|endere[cç]o|conta) (?:\S+ )?(?:desconhecid|inexistente"
        r"|n[aã]o existe|chei[ao]|inv[aá]lid)\w*",
    ),
    "fr": (
        r"n'a (?:pas )?(?:pas )?(?:pu|[ée]t[ée]) (?:[êe]tre )?(?:pas )?(?:remis|d[ée]livr|distribu|envoy)\w*",
        r"(?:utilisateur|destinataire|adresse|bo[iî]te) (?:\S+ ){0,3}(?:inconnue?|introuvable|pleine"
        r"|inexistante?|non recens\w*)",
    ),
    "de": (
        r"nicht (?:zugestellt|ausgeliefert|[uü]bermittelt|gesendet|erreicht|zustellbar)",
        r"(?:empf[aä]nger|benutzer|adresse|postfach|konto) (?:\S+ ){0,3}(?:unbekannt|existiert nicht"
        r"|nicht gefunden|voll|ung[uü]ltig)",
        r"unzustellbar|zustell(?:fehler|ung (?:ist )?fehlgeschlagen)",
    ),
    "it": (
        r"(?:non|impossibile)\s+(?:[eèé'] ?(?:stato|possibile) )?(?:\S+ )?(?:recapit|consegn|inviare|inviat)\w*",
        r"(?:utente|destinatario|casella|indirizzo) (?:\S+ ){0,3}(?:sconosciut|inesistente|pien|non valid)\w*",
    ),
    "nl": (r"niet (?:worden )?(?:be|af)ge?leverd|niet worden bezorgd|onbekende (?:gebruiker|ontvanger)",),
    "pl": (r"nie (?:mo[zż]na|zosta[lł]a?|uda[lł]o si[eę]) (?:by[lł]o )?(?:dor[eę]cz|dostarcz)\w*",),
    "ru": (
        r"не (?:было |может быть |удалось |мож\w+ )?(?:доставлен|доставить|отправ)\w*|(?:пользовател"
        r"|ящик|адрес)\w* (?:\S+ )?не (?:найден|существ)\w*",
    ),
    "ja": (
        r"(?:配信|配送|送信|お届け|送達)(?:でき|不能|に失敗|されませんで|することができ)|宛先(?:不明|が)|存在しま(?:せん|せんで)|一杯のため|見つかりません",
    ),
    "zh": (r"无法(?:投递|送达|发送|到达)|無法(?:投遞|傳送|送達)|退回|未能(?:送达|发送)|不存在|投递失败|邮箱已满",),
    "ko": (r"(?:배달|전송|전달)(?:할 수 없|하지 못|되지 (?:않|못)|에 실패)|반송",),
}

DELAYS = re.compile(
    r"\bdelay(?:ed)?\b|\bwarning\b|not (?:yet )?been (?:yet )?delivered|will (?:be re|keep |continue )?tr(?:y|ied|ying)"
    r"|no action is required|retrasad|demorad|atrasad|retard[ée]|verz[oö]ger|ritard|遅延|задержан",
    re.IGNORECASE,
)


def subject_of_report(subject: str) -> bool:
    return bool(_ANY_SUBJECT.search(subject[:300]))


def says_not_delivered(words: str) -> bool:
    return bool(_ANY_TEXT.search(words))


def _any(phrases: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    return re.compile("|".join(phrase for some in phrases.values() for phrase in some), re.IGNORECASE)


_ANY_SUBJECT, _ANY_TEXT = _any(SUBJECTS), _any(TEXTS)
