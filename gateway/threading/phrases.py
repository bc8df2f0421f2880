"""Phrases that mail programs put around what they quote, forward or sign, by language. Evidence only. Pure.

A phrase is a regular expression, divided from the next by "|". A language is added by adding its phrases.
"""

import re


def _any_of(table: str) -> re.Pattern[str]:
    return re.compile("".join(line.strip() for line in table.splitlines()), re.IGNORECASE)


ORIGINAL_MESSAGE = _any_of(r"""
    original (?:message|email|e-mail|appointment|mail)|(?:mensaje|correo|mensagem) original|message d'origine|
    message original|messaggio originale|(?:original|ursprüngliche) ?(?:nachricht|mail|e-mail|message|-mail)|
    originalnachricht|originalmeldung|(?:oorspronkelijk|origineel) bericht|
    oprindelig (?:meddelelse|besked|mail)|original ?(?:melding|meddelelse)|opprinnelig (?:melding|e-post)|
    originalmeddelande|ursprungligt? meddelande|ursprungligt? (?:mail|e-post)|alkuperäinen viesti|
    wiadomość oryginalna|(?:oryginalna|pierwotna) wiadomość|původní (?:zpráva|e-mail|mail)|pôvodná správa|
    eredeti üzenet|mesaj original|mesajul original|orijinal (?:mesaj|ileti|e-posta)|özgün ileti|
    исходное (?:сообщение|письмо)|оригинальное сообщение|пересылаемое письмо от|первоначальное сообщение|
    оригінальне повідомлення|початкове повідомлення|izvorna (?:poruka|poštová správa)|originalna poruka|
    izvirno sporočilo|оригинално съобщение|αρχικό μήνυμα|原始邮件|原始郵件|原始信件|邮件原件|元のメッセージ|
    original_message|원본 (?:메시지|메일)|الرسالة الأصلية|הודעה מקורית|ข้อความต้นฉบับ|thư gốc|tin nhắn gốc|
    pesan asli|missatge original|jatorrizko mezua|algne kiri|sākotnējais ziņojums|pradinis laiškas|
    upprunaleg skilaboð|reply message|antwort nachricht|replied message|respuesta original|mensagem respondida|
    回复的原邮件
""")
"""What stands between dashes above a quoted mail."""

FORWARDED_MESSAGE = _any_of(r"""
    forwarded (?:message|by|email|mail|e-mail)|begin forwarded|mensaje reenviado|
    (?:inicio del|comienzo del) mensaje reenviado|reenviado por|mensagem (?:encaminhada|reencaminhada)|
    início da mensagem (?:encaminhada|reencaminhada)|e-mail encaminhado|message transféré|message transmis|
    début du message (?:transféré|réexpédié)|courriel transféré|
    weitergeleitete (?:nachricht|mail|e-mail|message)|anfang der weitergeleiteten|messaggio inoltrato|
    inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd|
    videresendt (?:besked|meddelelse|melding)|videresend(?:t|te)|start på videresendt|
    vidarebefordrat (?:meddelande|mail|mejl)|vidarebefordrat|välitetty viesti|välitetyn viestin|
    przekazana wiadomość|(?:początek przekazanej|wiadomość przekazana|przesłana dalej)|přeposlaná zpráva|
    preposlaná správa|továbbított (?:üzenet|levél)|mesaj (?:redirecționat|redirectionat|transmis)|
    iletilen (?:mesaj|ileti|e-posta)|yönlendirilen|пересылаемое сообщение|переслан\w+ сообщение|
    начало переадресованного|перенаправлен\w+|пересилаєме|переслане повідомлення|proslijeđena poruka|
    prosleđena poruka|posredovano sporočilo|препратено съобщение|προωθημένο μήνυμα|转发的?邮件|轉寄的?郵件|
    轉寄郵件|转发邮件信息|転送(?:された)?メッセージ|転送メール|전달된 (?:메시지|메일)|رسالة معاد توجيهها|
    רסالة محولة|הודעה שהועברה|ข้อความที่ส่งต่อ|thư được chuyển tiếp|tin nhắn được chuyển tiếp|
    pesan (?:terusan|yang diteruskan)|missatge reenviat|birbidalitako mezua|edastatud kiri|persiųst\w+ laišk\w+|
    pārsūtīt\w+ ziņojum\w+
""")
"""What stands between dashes, or before a colon, above a forwarded mail."""

SENT_FROM = _any_of(r"""
    (?:sent|shared) (?:from|with|via|by|using) |get outlook for|sent securely|
    von (?:meine[mr]|mein|unterwegs|iphone|ipad|samsung)\b.{0,40}(?:gesendet|verschickt)|
    (?:gesendet|verschickt|gesendet) (?:von|mit|über|aus) |diese nachricht wurde von mein|
    envoyé (?:de(?:puis)?|à partir|avec|par|via) |télécharge[rz] outlook|obtenir outlook|obtenez outlook|
    provenance de |enviado (?:desde|con|por|a través|do|da|de|através|via|pelo|com|a partir) |
    enviada (?:do|desde) |obtener outlook|obter o? ?outlook|obtenha o outlook|inviato (?:da|dal|con|tramite) |
    scarica outlook|ottieni outlook|verzonden (?:vanaf|met|vanuit|via|van) |verstuurd vanaf |outlook voor|
    download outlook|sendt (?:fra|med) |skickat (?:från|med) |hanki outlook|lähetetty |
    wysłan[eo] (?:z|za|przy) |pobierz outlook|odesláno |odoslané |küldve |elküldve |trimis (?:de|din|cu) |
    (?:iphone|ipad|android|samsung|telefon)\S{0,8} (?:gönderildi|cihazımdan)|отправлено (?:с|из|от) |
    надіслано (?:з|із) |poslano (?:s|z|sa) |στάλθηκε από |dikirim dari |được gửi từ |gửi từ |enviat des|
    发自我的|从我的.{1,20}发送|來自我的|從我的|iphoneから送信|から送信|나의 .{1,20}에서 보냄|에서 보냄|أرسلت من|
    أُرسلت من|desde mi (?:teléfono|móvil|celular|iphone|ipad|android)|
    do meu (?:iphone|ipad|telemóvel|celular|android)|vom (?:iphone|ipad) gesendet|נשלח מה|ส่งจาก|
    my mobile device|von meinem mobil|hol(?:en sie sich| dir) outlook|pobierz aplikację outlook|изпратено от |
    đã gửi từ |enviado dende |nire .{1,20}tik bidalia|(?:descargar?|baixe|baixar|descarregar|consiga) (?:o )?outlook |
    skaffa outlook |hent outlook |få outlook |stáhnout outlook |stiahnuť outlook |töltse le az outlook|
    получить outlook |скачать outlook |загрузите outlook |завантажити outlook |获取 ?outlook |取得 ?outlook |
    下載 ?outlook |下载 ?outlook |outlook for (?:ios|android) ?を入手|(?:ios|android) ?版 ?outlook|
    (?:ios|android) için outlook|tải outlook |dapatkan outlook |λήψη του outlook |outlook [^\n]{3,24}<https://aka\.ms/
""")
"""How the footer of a phone or a mail program begins."""

REPLY_ABOVE = _any_of(r"""
    (?:reply|respond|response|answer|replies|write)s? (?:only )?(?:above|over|before)
    \s(?:this|the) (?:line|message|email|text)|
    (?:reply|respond|response|answer) above (?:line|message)|
    (?:escrib\w+|respond\w+|contest\w+|respuesta)\b.{0,40} (?:encima|arriba) de est[ae] (?:l[ií]nea|mensaje|texto)|
    (?:escrev\w+|respond\w+|digit\w+|insir\w+)\b.{0,40} acima dest[ae] (?:linha|mensagem|texto)|
    acima desta linha|por encima de esta l[ií]nea|
    (?:répond\w+|écri\w+|réponse|saisissez)\b.{0,40} au-dessus de cette ligne|
    (?:antwort\w*|schreiben|geben)\b.{0,40} (?:über|oberhalb) dieser (?:zeile|linie)|
    (?:rispond\w+|scriv\w+)\b.{0,40} sopra (?:questa|la) (?:riga|linea)|
    (?:antwoord\w*|reageer|typ)\b.{0,40} boven deze (?:regel|lijn)|
    svar\w*\b.{0,40} (?:over|ovanför) (?:denne|denna|den här) (?:linj\w+|rad\w*)|
    respon\w*\b.{0,40} per sobre d'aquesta línia|odpow\w+\b.{0,40} powyżej tej linii
""")
"""The request of a help desk to write the reply above a line."""

REPLY_ABOVE_WORDS = (
    "above", "before this", "before the", "over this", "over the", "encima", "arriba", "acima", "au-dessus",
    "über diese", "oberhalb", "sopra", "boven deze", "over denne", "ovanför", "per sobre", "powyżej",
)  # fmt: skip
"""Without any of these in lower case a mail has no such request."""

_FOOTER_OPENINGS = """
    android baixar baixe bidalia consiga dapatkan descarga descargar descarregar desde diese dikirim do download
    elküldve enviada enviado enviat envoyé få gesendet get gửi hanki hent hol holen inviato ios ipad ipad'imden
    iphone iphone'umdan iphoneから送信 küldve lähetetty my nire obtener obtenez obtenha obtenir obter odesláno
    odoslané ottieni outlook pobierz poslano provenance samsung scarica sendt sent shared skaffa skickat
    stiahnuť stáhnout telefon trimis télécharger téléchargez töltse tải verschickt verstuurd verzonden vom von
    wysłane wysłano đã được στάλθηκε надіслано отправлено נשלח أرسلت 나의
"""
FOOTER_OPENINGS = frozenset(_FOOTER_OPENINGS.split())
"""First words of footers, in lower case: a quick look before the phrases."""
