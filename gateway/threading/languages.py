"""Words by language around a quotation: labels of header blocks, "wrote", and what surrounds dates. Pure.

Evidence only: shapes decide first. All words are in lower case and composed (NFC). A language is added by adding its
words to the tables.
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
        from, de, von, van, da, od, fra, från, lähettäjä, от, від, от кого, nadawca, remitente, enviado por,
        expéditeur, mittente, remetente, feladó, kimden, gönderen, από, expeditor, de la, no, nuo, saatja, từ,
        dari, 发件人, 寄件者, 寄件人, 差出人, 送信者, 보낸 사람, 보낸사람, من, מאת, จาก, از, frá, pošiljatelj,
        šalje, ud, odesílatel, odosielateľ, подател, кому от, van wie, afzender, absender, avsender, avsändare,
        afsender, nork, daripada, oddi wrth
    """,
    Field.DATE: """
        date, sent, sent on, sent at, date sent, datum, gesendet, gesendet am, data, data di invio, inviato,
        inviata, envoyé, envoyé le, date d'envoi, fecha, enviado, enviado el, enviada, enviada em, enviado em,
        enviado a, data de envio, verzonden, verzonden op, sendt, dato, skickat, skickat den, lähetetty,
        päivämäärä, päiväys, pvm, data wysłania, wysłano, wysłane, odesláno, odoslané, dátum, küldve, elküldve,
        küldés dátuma, trimis, dată, data trimiterii, gönderildi, gönderilme tarihi, tarih, отправлено, дата,
        дата отправки, надіслано, відправлено, poslano, poslato, изпратено, datum slanja, ημερομηνία, εστάλη,
        στάλθηκε, 发送时间, 日期, 时间, 寄件日期, 傳送時間, 送信日時, 日時, 日付, 보낸 날짜, 날짜, 보낸날짜,
        تاريخ, التاريخ, تاريخ الإرسال, أرسلت, נשלח, תאריך, วันที่, ส่ง, ngày, đã gửi, tanggal, dikirim,
        terkirim, išsiųsta, saadetud, kuupäev, nosūtīts, datums, data i ora, enviat, enviat el, dagsetning,
        dihantar, anfonwyd, enviats, enviados, enviadas, sent date, received, timestamp, data i godzina, bidalia
    """,
    Field.TO: """
        to, an, à, a, para, aan, til, till, vastaanottaja, do, komu, pro, címzett, către, catre, kime, alıcı,
        кому, до, получатель, za, προς, 收件人, 收件者, 宛先, 받는 사람, 받는사람, إلى, אל, ถึง, đến, tới,
        kepada, kam, kellele, saaja, per a, pour, per, prima, destinatário, destinatario, destinatari,
        destinataire, empfänger, odbiorca, mottagare, modtager, mottaker, nori, ontvanger, viðtakandi, към,
        příjemce, primatelj, prejemnik, adresat, recipient, recipients, delivered-to
    """,
    Field.COPY: """
        cc, bcc, cci, cco, kopie, kopi, kopia, kopio, copy, copie, cópia, copia, másolatot kap, másolat, dw,
        udw, копия, копія, bilgi, kopija, κοιν, κοινοποίηση, 抄送, 副本, 참조, نسخة, עותק, สำเนา, đồng gửi,
        tembusan, kk, c.c., kópia, skrytá kopie, közvetlen másolat, đồng kính gửi, ccn, cópia oculta, nnkopia,
        blindkopie
    """,
    Field.SUBJECT: """
        subject, betreff, betr, objet, asunto, assunto, oggetto, onderwerp, emne, ämne, aihe, temat, předmět,
        predmet, tárgy, subiect, konu, тема, предмет, naslov, zadeva, θέμα, 主题, 主旨, 件名, 제목, الموضوع,
        נושא, หัวข้อ, เรื่อง, tiêu đề, chủ đề, subjek, perihal, tema, teema, temats, assumpte, efni, относно,
        sujet, re, titel, gaia, titre
    """,
    Field.OTHER: """
        reply-to, reply to, antwort an, répondre à, responder a, importance, priority, priorität, importancia,
        importância, wichtigkeit, attachments, anlagen, pièces jointes, adjuntos, datos adjuntos, anexos,
        message-id, organization, resent-from, x-mailer, prioriteit, sensitivity, organisation, sender,
        urgency, newsgroups, allegati, bijlagen, categories, response-to, rispondi a, ответить, odpovědět komu,
        responder para, antworten an, allegato, anexo, adjunto
    """,
}

FIELD_OF: dict[str, Field] = {
    label.strip(): field for field, labels in _LABELS.items() for label in labels.replace("\n", " ").split(",")
}

_WROTE = r"""
    wrote|writes|wiadomość napisana przez|schrieb|geschrieben|schrieben|schreibt|a écrit|écrivait|écrit|a ecrit|
    escribió|escribio|ha escrito|escribiu|escreveu|ha scritto|scrisse|scriveva|schreef|geschreven|skrev|
    har skrevet|skreiv|kirjoitti|kirjutas|napisał|napisała|napisał\(a\)|napisal|pisze|napsal|napsala|
    napsal\(a\)|napísal|napísala|napísal\(a\)|írta|ezt írta|írt|a scris|je napisao|napisao|napisao je|
    napisao/la|napisala|je napisal|je napisala|је написао|је написао/ла|написао|написала|написал|написал\(а\)|
    пишет|писал|писала|пише|написав|написав\(ла\)|написа|yazdı|şunları yazdı|şunu yazdı|έγραψε|έγραψαν|
    va escriure|ha escrit|idatzi du|rašė|parašė|rakstīja|đã viết|viết|menulis|skrifaði|het geskryf|geskryf|
    igorleak hau idatzi zuen|isinulat ni|schriw|scríobh|ysgrifennodd|shkroi|כתב|כתבה|כתב/ה|כתב\(ה\)|כתבו|كتب|كتبت|نوشت
"""
_WROTE_WITHOUT_SPACES = """
    写道|寫道|写到|写了|書きました|のメール|さんは書|님이 작성|작성|씀|썼습니다|เขียน|เขียนว่า|ने लिखा|লিখেছেন
"""
WROTE = re.compile(
    rf"(?<!\w)(?:{''.join(_WROTE.split(chr(10))).replace('    ', '')})(?!\w)|"
    rf"{''.join(_WROTE_WITHOUT_SPACES.split(chr(10))).replace('    ', '')}|(?<=>)wrote:",
    re.IGNORECASE,
)
"""The verb of an attribution."""

LEAD = re.compile(
    r"(?:on|am|le|el|il|op|den|em|no dia|w dniu|dnia|dne|dňa|pe|la data|på|vào|pada|στις|în data|în|il giorno|"
    r"el día|el dia|a|u|dana|em data|le jour|kl)\s",
    re.IGNORECASE,
)
"""The word in front of the date at the beginning of an attribution."""

_PRONOUNS = """
    alguien alguém ci de du el ela ele eles ella elle elles ellos er eu han he hij hon hun hän i ich ihr ik il
    ils io it jag je jeg jij lei loro lui man me mi mich minä mir nobody noi nos nosotros nous nós on she sie
    someone te they tu tú u uns us usted ustedes vi você vocês voi vous we who wij wir yo you ze zij él
"""
PRONOUNS = frozenset(_PRONOUNS.split())
"""Words of an author's own sentence, never of an attribution."""

_PARTICLES = """
    a aan alle am and as at año bei by c cdt cest cet cst d da de del den der det di dia do dos dr du día e edt
    el em en est et for from giorno gmt h het i in kl klo klockan l la las le los m mailto mdt mr ms mst na o
    ob om op ore pdt per pm pro pst på r s ter the til till to u uhr um und utc użytkownik v van via von wg y
    year zu à às в г користувач о пользователь р ч юзера
"""
PARTICLES = frozenset(_PARTICLES.split())
"""Words in lower case that stand beside dates and in names."""
