"""Words that mail clients write around a quotation, by language. Evidence only: shapes decide first. Pure.

All words are in lower case and composed (NFC). A language is added by adding its words to the tables.
"""

import re
from enum import StrEnum


class Field(StrEnum):
    """What a line of a quoted header block says."""

    FROM = "from"
    DATE = "date"
    TO = "to"
    COPY = "copy"
    SUBJECT = "subject"
    OTHER = "other"


_LABELS: dict[Field, str] = {
    Field.FROM: """
        from, de, von, van, da, od, fra, från, lähettäjä, от, від, от кого, nadawca, remitente, enviado por, expéditeur,
        mittente, remetente, feladó, kimden, gönderen, από, von:, expeditor, de la, no, nuo, saatja, từ, dari,
        发件人, 寄件者, 寄件人, 差出人, 送信者, 보낸 사람, 보낸사람, من, מאת, จาก, از, frá, pošiljatelj, šalje, ud, odesílatel,
        odosielateľ, от:, подател, кому от, van wie, afzender, absender, avsender, avsändare, afsender, nork, dari:
    """,
    Field.DATE: """
        date, sent, sent on, sent at, date sent, datum, gesendet, gesendet am, data, data di invio, inviato, inviata,
        envoyé, envoyé le, date d'envoi, fecha, enviado, enviado el, enviada, enviada em, enviado em, enviado a,
        data de envio, verzonden, verzonden op, sendt, dato, skickat, skickat den, lähetetty, päivämäärä, päiväys, pvm,
        data wysłania, wysłano, wysłane, odesláno, odoslané, dátum, küldve, elküldve, küldés dátuma, trimis, dată,
        data trimiterii, gönderildi, gönderilme tarihi, tarih, отправлено, дата, дата отправки, надіслано, відправлено,
        poslano, poslato, изпратено, datum slanja, ημερομηνία, εστάλη, στάλθηκε, 发送时间, 日期, 时间, 寄件日期, 傳送時間,
        送信日時, 日時, 日付, 보낸 날짜, 날짜, 보낸날짜, تاريخ, التاريخ, تاريخ الإرسال, أرسلت, נשלח, תאריך, วันที่, ส่ง, ngày,
        đã gửi, tanggal, dikirim, terkirim, išsiųsta, saadetud, kuupäev, nosūtīts, datums, data i ora, enviat, enviat el,
        dagsetning, sent date, received, timestamp, data i godzina, bidalia
    """,
    Field.TO: """
        to, an, à, a, para, aan, til, till, vastaanottaja, do, komu, pro, címzett, către, catre, kime, alıcı, кому, до, получатель,
        za, προς, 收件人, 收件者, 宛先, 받는 사람, 받는사람, إلى, אל, ถึง, đến, tới, kepada, kam, kellele, saaja, per a, pour, per,
        prima, destinatário, destinatario, destinatari, destinataire, empfänger, odbiorca, mottagare, modtager, mottaker,
        nori, ontvanger, viðtakandi, към, příjemce, primatelj, prejemnik, adresat, recipient, recipients, delivered-to
    """,
    Field.COPY: """
        cc, bcc, cci, cco, kopie, kopi, kopia, kopio, copy, copie, cópia, copia, másolatot kap, másolat, dw, udw, копия,
        копія, bilgi, kopija, κοιν, κοινοποίηση, 抄送, 副本, 참조, نسخة, עותק, สำเนา, đồng gửi, tembusan, kk, c.c., kópia,
        skrytá kopie, közvetlen másolat, đồng kính gửi, ccn, cópia oculta, nnkopia, blindkopie
    """,
    Field.SUBJECT: """
        subject, betreff, betr, objet, asunto, assunto, oggetto, onderwerp, emne, ämne, aihe, temat, předmět, predmet, tárgy,
        subiect, konu, тема, предмет, naslov, zadeva, θέμα, 主题, 主旨, 件名, 제목, الموضوع, נושא, หัวข้อ, เรื่อง, tiêu đề, chủ đề,
        subjek, perihal, tema, teema, temats, assumpte, efni, относно, sujet, re, titel, gaia, titre
    """,
    Field.OTHER: """
        reply-to, reply to, antwort an, répondre à, responder a, importance, priority, priorität, importancia, importância, wichtigkeit,
        attachments, anlagen, pièces jointes, adjuntos, datos adjuntos, anexos, message-id, organization, resent-from,
        x-mailer, prioriteit, sensitivity, organisation, sender, urgency, newsgroups, allegati, bijlagen, categories,
        response-to, rispondi a, ответить, odpovědět komu, responder para, antworten an, allegato, anexo, adjunto
    """,
}

FIELD_OF: dict[str, Field] = {
    label.strip(): field for field, labels in _LABELS.items() for label in labels.replace("\n", " ").split(",")
}

_WROTE = """
    wrote|writes|wiadomość napisana przez|schrieb|geschrieben|schrieben|schreibt|a écrit|écrivait|écrit|a ecrit|escribió|escribio|ha escrito|escribiu|
    escreveu|ha scritto|scrisse|scriveva|schreef|geschreven|skrev|har skrevet|skreiv|kirjoitti|kirjutas|napisał|napisała|
    napisał\\(a\\)|napisal|pisze|napsal|napsala|napsal\\(a\\)|napísal|napísala|napísal\\(a\\)|írta|ezt írta|írt|a scris|je napisao|napisao|
    napisao je|napisao/la|napisala|je napisal|je napisala|је написао|је написао/ла|написао|написала|написал|написал\\(а\\)|
    пишет|писал|писала|пише|написав|написав\\(ла\\)|написа|yazdı|şunları yazdı|şunu yazdı|έγραψε|έγραψαν|va escriure|ha escrit|idatzi du|rašė|parašė|
    rakstīja|đã viết|viết|menulis|skrifaði|het geskryf|geskryf|schriw|scríobh|ysgrifennodd|shkroi|
    写道|寫道|写到|写了|書きました|のメール|さんは書|님이 작성|작성|씀|썼습니다|เขียน|เขียนว่า|כתב|כתבה|כתב/ה|כתב\\(ה\\)|כתבו|كتب|كتبت|نوشت|ने लिखा|লিখেছেন
"""
_CJK_WROTE = ("写", "寫", "書", "の", "さ", "님", "작", "씀", "썼", "เ", "ने", "লি")
_VERBS = [verb.strip() for verb in _WROTE.replace("\n", "").split("|")]
WROTE = re.compile(
    r"(?<!\w)(?:"
    + "|".join(v for v in _VERBS if not v.startswith(_CJK_WROTE))
    + r")(?!\w)|"
    + "|".join(v for v in _VERBS if v.startswith(_CJK_WROTE))
    + r"|(?<=>)wrote:",
    re.IGNORECASE,
)

LEAD = re.compile(
    r"(?:on|am|le|el|il|op|den|em|no dia|w dniu|dnia|dne|dňa|pe|la data|på|vào|pada|στις|în data|în|il giorno|"
    r"el día|el dia|a|u|dana|em data|le jour|leads|kl)\s",
    re.IGNORECASE,
)
_PRONOUNS = """
    me us mir mich uns mi ci nos te he she they you i we it who someone nobody er sie ihr du ich wir man il elle
    ils elles vous tu je nous on él el ella ellos usted ustedes tú yo nosotros alguien ele ela eles você vocês
    eu nós alguém lui lei loro voi io noi hij zij ze jij u wij ik han hun hon de jeg jag vi hän minä
"""
PRONOUNS = frozenset(_PRONOUNS.split())

_PARTICLES = """
    at um à a às as alle ore om kl klo klockan uhr o ob v в о u på de del da do dos di von van der den det via
    from for and et und y e i the la le las los em el en het h r г р ч pm am gmt utc est edt cet cest pst pdt du
    ter zu mailto wg aan til till per op na dr mr ms by cdt mdt mst cst pro bei to in c d l s m year año giorno
    dia día юзера користувач użytkownik пользователь
"""
PARTICLES = frozenset(_PARTICLES.split())

ORIGINAL_MESSAGE = re.compile(
    r"original (?:message|email|e-mail|appointment|mail)|(?:mensaje|correo|mensagem) original|message d'origine|message original|"
    r"messaggio originale|(?:original|ursprüngliche) ?(?:nachricht|mail|e-mail|message|-mail)|originalnachricht|"
    r"originalmeldung|(?:oorspronkelijk|origineel) bericht|oprindelig (?:meddelelse|besked|mail)|original ?(?:melding|meddelelse)|"
    r"opprinnelig (?:melding|e-post)|originalmeddelande|ursprungligt? meddelande|ursprungligt? (?:mail|e-post)|alkuperäinen viesti|"
    r"wiadomość oryginalna|(?:oryginalna|pierwotna) wiadomość|původní (?:zpráva|e-mail|mail)|pôvodná správa|eredeti üzenet|mesaj original|mesajul original|"
    r"orijinal (?:mesaj|ileti|e-posta)|özgün ileti|исходное (?:сообщение|письмо)|оригинальное сообщение|пересылаемое письмо от|первоначальное сообщение|"
    r"оригінальне повідомлення|початкове повідомлення|izvorna (?:poruka|poštová správa)|originalna poruka|izvirno sporočilo|оригинално съобщение|"
    r"αρχικό μήνυμα|αρχικό μήνυμα|原始邮件|原始郵件|原始信件|邮件原件|元のメッセージ|original_message|원본 (?:메시지|메일)|الرسالة الأصلية|"
    r"הודעה מקורית|ข้อความต้นฉบับ|thư gốc|tin nhắn gốc|pesan asli|missatge original|jatorrizko mezua|algne kiri|sākotnējais ziņojums|pradinis laiškas|"
    r"upprunaleg skilaboð|reply message|antwort nachricht|replied message|respuesta original|mensagem respondida|回复的原邮件",
    re.IGNORECASE,
)

FORWARDED_MESSAGE = re.compile(
    r"forwarded (?:message|by|email|mail|e-mail)|begin forwarded|mensaje reenviado|(?:inicio del|comienzo del) mensaje reenviado|reenviado por|"
    r"mensagem (?:encaminhada|reencaminhada)|início da mensagem (?:encaminhada|reencaminhada)|e-mail encaminhado|message transféré|message transmis|"
    r"début du message (?:transféré|réexpédié)|courriel transféré|weitergeleitete (?:nachricht|mail|e-mail|message)|anfang der weitergeleiteten|"
    r"messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd|videresendt (?:besked|meddelelse|melding)|"
    r"videresend(?:t|te)|start på videresendt|vidarebefordrat (?:meddelande|mail|mejl)|vidarebefordrat|välitetty viesti|välitetyn viestin|"
    r"przekazana wiadomość|(?:początek przekazanej|wiadomość przekazana|przesłana dalej)|přeposlaná zpráva|preposlaná správa|"
    r"továbbított (?:üzenet|levél)|mesaj (?:redirecționat|redirectionat|transmis)|iletilen (?:mesaj|ileti|e-posta)|yönlendirilen|"
    r"пересылаемое сообщение|переслан\w+ сообщение|начало переадресованного|перенаправлен\w+|пересилаєме|переслане повідомлення|"
    r"proslijeđena poruka|prosleđena poruka|posredovano sporočilo|препратено съобщение|προωθημένο μήνυμα|转发的?邮件|轉寄的?郵件|轉寄郵件|转发邮件信息|"
    r"転送(?:された)?メッセージ|転送メール|전달된 (?:메시지|메일)|رسالة معاد توجيهها|רסالة محولة|הודעה שהועברה|ข้อความที่ส่งต่อ|thư được chuyển tiếp|"
    r"tin nhắn được chuyển tiếp|pesan (?:terusan|yang diteruskan)|missatge reenviat|birbidalitako mezua|edastatud kiri|persiųst\w+ laišk\w+|pārsūtīt\w+ ziņojum\w+",
    re.IGNORECASE,
)

SENT_FROM = re.compile(
    r"(?:sent|shared) (?:from|with|via|by|using) |get outlook for|sent securely|von (?:meine[mr]|mein|unterwegs|iphone|ipad|samsung)\b.{0,40}(?:gesendet|verschickt)|"
    r"(?:gesendet|verschickt|gesendet) (?:von|mit|über|aus) |diese nachricht wurde von mein|envoyé (?:de(?:puis)?|à partir|avec|par|via) |télécharge[rz] outlook|obtenir outlook|obtenez outlook|"
    r"provenance de |enviado (?:desde|con|por|a través|do|da|de|através|via|pelo|com|a partir) |enviada (?:do|desde) |obtener outlook|obter o? ?outlook|obtenha o outlook|"
    r"inviato (?:da|dal|con|tramite) |scarica outlook|ottieni outlook|verzonden (?:vanaf|met|vanuit|via|van) |verstuurd vanaf |outlook voor|download outlook|"
    r"sendt (?:fra|med) |skickat (?:från|med) |hanki outlook|lähetetty |wysłan[eo] (?:z|za|przy) |pobierz outlook|odesláno |odoslané |küldve |elküldve |"
    r"trimis (?:de|din|cu) |(?:iphone|ipad|android|samsung|telefon)\S{0,8} (?:gönderildi|cihazımdan)|отправлено (?:с|из|от) |надіслано (?:з|із) |poslano (?:s|z|sa) |"
    r"στάλθηκε από |dikirim dari |được gửi từ |gửi từ |enviat des|发自我的|从我的.{1,20}发送|來自我的|從我的|iphoneから送信|から送信|나의 .{1,20}에서 보냄|에서 보냄|أرسلت من|أُرسلت من|desde mi (?:teléfono|móvil|celular|iphone|ipad|android)|do meu (?:iphone|ipad|telemóvel|celular|android)|vom (?:iphone|ipad) gesendet|נשלח מה|ส่งจาก|"
    r"my mobile device|von meinem mobil",
    re.IGNORECASE,
)

REPLY_ABOVE = re.compile(
    r"(?:please )?(?:type|write|add|enter)?(?: ?your)? ?(?:reply|respond|response|answer|replies|write)s? (?:only )?(?:above|over|before) (?:this|the)? ?(?:line|message|email|text)|"
    r"(?:escrib\w+|respond\w+|contest\w+|responda|conteste)\b.{0,40} (?:encima|arriba|por encima) de est[ae] (?:línea|linea|mensaje|texto)|"
    r"(?:escrev\w+|respond\w+|digit\w+|insir\w+)\b.{0,40} acima dest[ae] (?:linha|mensagem|texto)|acima desta linha|por encima de esta l[ií]nea|"
    r"(?:répond\w+|écri\w+|réponse|saisissez)\b.{0,40} au-dessus de cette ligne|(?:antwort\w*|schreiben|geben)\b.{0,40} (?:über|oberhalb) dieser (?:zeile|linie)|"
    r"(?:rispond\w+|scriv\w+)\b.{0,40} sopra (?:questa|la) (?:riga|linea)|(?:antwoord\w*|reageer|typ)\b.{0,40} boven deze (?:regel|lijn)|"
    r"svar\w*\b.{0,40} (?:over|ovanför) (?:denne|denna|den här) (?:linj\w+|rad\w*)|respon\w*\b.{0,40} per sobre d'aquesta línia|odpow\w+\b.{0,40} powyżej tej linii",
    re.IGNORECASE,
)

REPLY_ABOVE_WORDS = (
    *(
        "above",
        "before this",
        "before the",
        "over this",
        "over the",
        "encima",
        "arriba",
        "acima",
        "au-dessus",
        "über diese",
    ),
    *("oberhalb", "sopra", "boven deze", "over denne", "ovanför", "per sobre", "powyżej"),
)
_FOOTER_OPENINGS = """
    sent shared get von gesendet verschickt diese envoyé télécharger téléchargez obtenir obtenez provenance
    enviado enviada obtener obter obtenha inviato scarica ottieni verzonden verstuurd outlook download sendt
    skickat hanki lähetetty wysłano wysłane pobierz odesláno odoslané küldve elküldve trimis отправлено
    надіслано poslano στάλθηκε dikirim được gửi enviat iphone ipad android samsung my telefon iphone'umdan
    ipad'imden iphoneから送信 나의 أرسلت נשלח desde do vom
"""
FOOTER_OPENINGS = frozenset(_FOOTER_OPENINGS.split())
