"""Attributions and header blocks as mail programs write them in many languages, quote marks or not."""

import pytest

from gateway.threading.quotes import reply_text

DESK = "Help Desk <help@company.example>"
MARKED = "\u200f\u202aHelp Desk\u202c\u200f <\u202ahelp@company.example\u202c\u200f>"
"""As Gmail writes it between words that go from right to left."""

GMAIL = """
en     On Mon, Mar 3, 2025 at 10:11 AM {desk} wrote:
en-GB  On Mon, 3 Mar 2025 at 10:11, {desk} wrote:
es     El lun, 3 mar 2025 a las 10:11, Help Desk (<help@company.example>) escribió:
es-419 El lun, 3 mar 2025 a la(s) 10:11 a.m., Help Desk (help@company.example) escribió:
pt-BR  Em seg., 3 de mar. de 2025 às 10:11, {desk} escreveu:
pt-PT  {desk} escreveu (segunda, 3/03/2025 à(s) 10:11):
ca     Missatge de {desk} del dia dl., 3 de març 2025 a les 10:11:
eu     Help Desk (<help@company.example>) igorleak hau idatzi zuen (2025 mar. 3, al. (10:11)):
gl     O luns, 3 mar 2025 ás 10:11, Help Desk (<help@company.example>) escribiu:
fr     Le lun. 3 mars 2025 à 10:11, {desk} a écrit :
fr-CA  Le lun. 3 mars 2025, à 10 h 11, {desk} a écrit :
de     Am Mo., 3. März 2025 um 10:11 Uhr schrieb {desk}:
it     Il giorno lun 3 mar 2025 alle ore 10:11 {desk} ha scritto:
nl     Op ma 3 mrt 2025 om 10:11 schreef {desk}:
af     Op Ma 03 Mrt. 2025 om 10:11 het {desk} geskryf:
da     Den man. 3. mar. 2025 kl. 10.11 skrev {desk}:
sv     Den mån 3 mars 2025 kl 10:11 skrev {desk}:
nb     man. 3. mars 2025 kl. 10:11 skrev {desk}:
is     mán., 3. mar. 2025 kl. 10:11 skrifaði {desk}:
fi     ma 3. maalisk. 2025 klo 10.11 Help Desk (help@company.example) kirjoitti:
pl     pon., 3 mar 2025 o 10:11 {desk} napisał(a):
cs     po 3. 3. 2025 v 10:11 odesílatel {desk} napsal:
sk     po 3. 3. 2025 o 10:11 {desk} napísal(a):
hu     {desk} ezt írta (időpont: 2025. márc. 3., H, 10:11):
ro     În lun., 3 mar. 2025 la 10:11, {desk} a scris:
bg     На пн, 3.03.2025 г. в 10:11 {desk} написа:
ru     пн, 3 мар. 2025 г. в 10:11, {desk}:
uk     пн, 3 бер. 2025 р. о 10:11 {desk} пише:
sr     пон, 3. мар 2025. у 10:11 {desk} је написао/ла:
hr     pon, 3. ožu 2025. u 10:11 {desk} napisao je:
sl     V V pon., 3. mar. 2025 ob 10:11 je oseba {desk} napisala:
el     Στις Δευ 3 Μαρ 2025 στις 10:11 π.μ., ο/η {desk} έγραψε:
tr     {desk}, 3 Mar 2025 Pzt, 10:11 tarihinde şunu yazdı:
lt     2025-03-03, pr, 10:11 {desk} rašė:
lv     pirmd., 2025. g. 3. marts, plkst. 10:11 — lietotājs Help Desk (<help@company.example>) rakstīja:
et     Kuupäev E, 3. märts 2025 kell 10:11 kirjutas kasutaja {desk}:
ja     2025年3月3日(月) 10:11 {desk}:
zh-CN  {desk} 于2025年3月3日周一 10:11写道：
zh-TW  {desk} 於 2025年3月3日 週一 上午10:11寫道：
ko     2025년 3월 3일 (월) 오전 10:11, {desk}님이 작성:
ar     في الاثنين، 3 مارس 2025 في 10:11 ص تمت كتابة ما يلي بواسطة {marked}:
he     \u202bבתאריך יום ב׳, 3 במרץ 2025 ב-10:11 מאת {marked}:\u202c
fa     در تاریخ دوشنبه ۳ مارس ۲۰۲۵، ساعت ۱۰:۱۱ {desk} نوشت:
hi     सोम, 3 मार्च 2025 को 10:11 am बजे को {desk} ने लिखा:
th     ในวันที่ จ. 3 มี.ค. 2025 เวลา 10:11 {desk} เขียนว่า:
vi     Vào Th 2, 3 thg 3, 2025 vào lúc 10:11 {desk} đã viết:
id     Pada tanggal Sen, 3 Mar 2025 pukul 10.11 {desk} menulis:
ms     Pada Isn, 3 Mac 2025 pada 10:11 PG {desk} menulis:
fil    Noong Lun, Mar 3, 2025 nang 10:11 AM, isinulat ni {desk} ang:
"""

APPLE = """
en     On Mar 3, 2025, at 10:11 AM, {desk} wrote:
en-GB  On 3 Mar 2025, at 10:11, {desk} wrote:
es     El 3 mar 2025, a las 10:11, {desk} escribió:
es-419 El 3 mar 2025, a la(s) 10:11 a.m., {desk} escribió:
pt-BR  Em 3 de mar. de 2025, à(s) 10:11, {desk} escreveu:
pt-PT  No dia 03/03/2025, às 10:11, {desk} escreveu:
pt-iOS A 3/03/2025, às 10:11, {desk} escreveu:
ca     El dia 3 març 2025, a les 10:11, {desk} va escriure:
de     Am 03.03.2025 um 10:11 schrieb {desk}:
fr     Le 3 mars 2025 à 10:11, {desk} a écrit :
it     Il giorno 3 mar 2025, alle ore 10:11, {desk} ha scritto:
nl     Op 3 mrt 2025 om 10:11 heeft {desk} het volgende geschreven:
sv     3 mars 2025 kl. 10:11 skrev {desk}:
da     Den 3. mar. 2025 kl. 10.11 skrev {desk}:
nb     3. mars 2025 kl. 10:11 skrev {desk}:
fi     {desk} kirjoitti 3.3.2025 kello 10.11:
pl     Wiadomość napisana przez {desk} w dniu 3 mar 2025, o godz. 10:11:
cs     3. 3. 2025 v 10:11, {desk}:
sk     3. 3. 2025 o 10:11, {desk}:
hu     2025. márc. 3. dátummal, 10:11 időpontban {desk} írta:
ro     Pe 3 mar. 2025, la 10:11, {desk} a scris:
hr     Dana 3. ožu 2025., u 10:11, {desk} napisao je:
ru     3 марта 2025 г., в 10:11, {desk} написал(а):
uk     3 бер. 2025 р. о 10:11 {desk} пише:
el     Στις 3 Μαρ 2025, στις 10:11, ο/η {desk} έγραψε:
tr     {desk} şunları yazdı (3 Mar 2025 10:11):
ja     2025/03/03 10:11、{desk}のメール:
zh-CN  在 2025年3月3日，10:11，{desk} 写道：
zh-TW  {desk} 於 2025年3月3日 上午10:11 寫道：
ko     2025. 3. 3. 오전 10:11, {desk} 작성:
he     ב-3 במרץ 2025, בשעה 10:11, {desk} כתב/ה:
ar     في 3 مارس 2025، الساعة 10:11، كتب/كتبت {desk}:
vi     Vào 10:11, 3 thg 3, 2025, {desk} đã viết:
id     Pada 3 Mar 2025, pukul 10.11, {desk} menulis:
"""

THUNDERBIRD = """
en     On 3/3/25 10:11, Help Desk wrote:
es     El 3/3/25 a las 10:11, Help Desk escribió:
es-old El 03/03/2025 a las 10:11, Help Desk escribió:
pt-BR  Em 03/03/2025 10:11, Help Desk escreveu:
pt-PT  Às 10:11 de 03/03/2025, Help Desk escreveu:
ca     El 3/3/25 a les 10:11, Help Desk ha escrit:
gl     O 3/3/25 ás 10:11, Help Desk escribiu:
de     Am 03.03.25 um 10:11 schrieb Help Desk:
fr     Le 03/03/2025 à 10:11, Help Desk a écrit :
it     Il 03/03/2025 10:11, Help Desk ha scritto:
nl     Op 03-03-2025 om 10:11 schreef Help Desk:
da     Den 03.03.2025 kl. 10.11 skrev Help Desk:
sv     Den 2025-03-03 kl. 10:11, skrev Help Desk:
nb     Den 03.03.2025 10:11, skrev Help Desk:
fi     Help Desk kirjoitti 3.3.2025 klo 10.11:
pl     W dniu 3.03.2025 o 10:11, Help Desk pisze:
cs     Dne 03. 03. 25 v 10:11 Help Desk napsal(a):
sk     Dňa 3. 3. 2025 o 10:11 Help Desk napísal(a):
hu     2025. 03. 03. 10:11 keltezéssel, Help Desk írta:
ro     La 03.03.2025 10:11, Help Desk a scris:
ru     03.03.2025 10:11, Help Desk пишет:
uk     03.03.25 10:11, Help Desk пише:
bg     На 3.03.25 г. в 10:11 ч., Help Desk написа:
hr     Dana 03. 03. 2025. u 10:11, Help Desk je napisao/la:
sl     Help Desk je 3. 3. 25 ob 10:11 napisal/a:
el     Στις 3/3/25 10:11, ο/η Help Desk έγραψε:
tr     3.03.2025 10:11 tarihinde Help Desk yazdı:
lt     2025-03-03 10:11, Help Desk rašė:
et     Help Desk kirjutas 3.03.2025 kell 10:11:
zh-CN  在 2025/3/3 10:11, Help Desk 写道:
zh-TW  於 2025/3/3 上午 10:11，Help Desk 寫道：
ko     2025-03-03 오전 10:11에 Help Desk 이(가) 쓴 글:
roundcube-es  El 2025-03-03 10:11, Help Desk escribió:
roundcube-pt  Em 2025-03-03 10:11, Help Desk escreveu:
"""

OTHERS = """
yahoo-en  On Monday, March 3, 2025 at 10:11:12 AM GMT+1, {desk} wrote:
yahoo-es  En lunes, 3 de marzo de 2025, 10:11:12 CET, {desk} escribió:
yahoo-es-phone  El lunes, marzo 3, 2025, 10:11, {desk} escribió:
yahoo-es-419  El lunes, 3 de marzo de 2025 10:11:12 a. m. GMT-6, {desk} escribió:
yahoo-pt  Em segunda-feira, 3 de março de 2025 10:11:12 BRT, {desk} escreveu:
yahoo-pt-PT  Em segunda-feira, 3 de março de 2025 às 10:11:12 WET, {desk} escreveu:
yahoo-de  Am Montag, 3. März 2025 um 10:11:12 MEZ hat {desk} Folgendes geschrieben:
yahoo-fr  Le lundi 3 mars 2025 à 10:11:12 UTC+1, {desk} a écrit :
yahoo-it  Il lunedì 3 marzo 2025 alle ore 10:11:12 CET, {desk} ha scritto:
proton-en  On Monday, March 3rd, 2025 at 10:11 AM, {desk} wrote:
proton-es  El lunes, 3 de marzo de 2025 a las 10:11, {desk} escribió:
proton-es-old  El lunes, 3 de marzo de 2025 10:11, {desk} escribió:
proton-pt  Em segunda-feira, 3 de março de 2025 às 10:11, {desk} escreveu:
proton-pt-PT  A segunda-feira, 3 de março de 2025, às 10:11, {desk} escreveu:
zoho-en  ---- On Mon, 03 Mar 2025 10:11:12 +0100 {desk} wrote ----
zoho-es  ---- El lun., 03 mar. 2025 10:11:12 +0100, {desk} escribió ----
zoho-pt  ---- Em seg., 03 mar. 2025 10:11:12 +0100 {desk} escreveu ----
spark-en  On 3 Mar 2025 at 10:11 +0100, {desk}, wrote:
spark-es  El 3 mar. 2025 10:11 +0100, {desk}, escribió:
spark-pt  Em 3 de mar. de 2025 10:11 +0000, {desk}, escreveu:
outlook-mac-es  El 3/3/25, 10:11, "Help Desk" <help@company.example> escribió:
outlook-mac-pt  Em 03/03/2025, 10:11, "Help Desk" <help@company.example> escreveu:
notes-es  -----Help Desk <help@company.example> escribió: -----
notes-pt  -----Help Desk <help@company.example> escreveu: -----
yandex  03.03.2025, 10:11, "Help Desk" <help@company.example>:
mailru  Понедельник, 3 марта 2025, 10:11 +03:00 от {desk}:
blackberry-es  El lun., 3 de mar. de 2025 10:11, {desk} escribió:
em-client  On 3/3/2025 10:11:12 AM, "Help Desk" <help@company.example> wrote:
"""

OUTLOOK = """
en     From Sent To Subject
en-date From Date To Subject
es     De|Enviado el|Para|Asunto
es-web De Enviado Para Asunto
es-new De Fecha Para Asunto
es-zimbra De Para Enviados Asunto
pt-BR  De|Enviada em|Para|Assunto
pt-PT  De Enviado Para Assunto
pt-f   De Enviada Para Assunto
pt-new De Data Para Assunto
pt-zimbra De Para Enviadas Assunto
ca     De Enviat Per|a Tema
ca-2   De|Enviat|Per a|Tema
ca-3   De|Data d'enviament|Per a|Assumpte
gl     De|Enviado o|Para|Asunto
eu     Nork Bidalia Nori Gaia
de     Von Gesendet An Betreff
fr     De Envoyé À Objet
it     Da Inviato A Oggetto
nl     Van Verzonden Aan Onderwerp
da     Fra Sendt Til Emne
sv     Från Skickat Till Ämne
nb     Fra Sendt Til Emne
fi     Lähettäjä Lähetetty Vastaanottaja Aihe
pl     Od Wysłano Do Temat
cs     Od Odesláno Komu Předmět
sk     Od Odoslané Komu Predmet
hu     Feladó Elküldve Címzett Tárgy
ro     De|la Trimis Către Subiect
ro-2   De la|Trimis|Către|Subiect
bg     От Изпратено До Относно
ru     От Отправлено Кому Тема
uk     Від Надіслано Кому Тема
hr     Šalje Poslano Prima Predmet
sl     Od Poslano Za Zadeva
sr     Od Poslato Za Naslov
el     Από Στάλθηκε Προς Θέμα
tr     Kimden|Gönderilme Tarihi|Kime|Konu
tr-2   Gönderen Gönderildi Kime Konu
lt     Nuo Išsiųsta Kam Tema
lv     No Nosūtīts Kam Tēma
et     Saatja Saadetud Adressaat Teema
is     Frá Sent Til Efni
ja     差出人 送信日時 宛先 件名
zh-CN  发件人 发送时间 收件人 主题
zh-TW  寄件者 寄件日期 收件者 主旨
ko     보낸|사람 보낸|날짜 받는|사람 제목
ar     من تم|الإرسال إلى الموضوع
he     מאת נשלח אל נושא
th     จาก ส่ง ถึง เรื่อง
vi     Từ Đã|gửi Tới Chủ|đề
id     Dari Dikirim Kepada Subjek
ms     Daripada Dihantar Kepada Subjek
hi     प्रेषक भेजा|गया प्रति विषय
cy     Oddi|wrth Anfonwyd At Pwnc
"""


def rows(*tables: str) -> list:
    found = []
    for table in tables:
        for line in table.strip().splitlines():
            name, _, rest = line.partition(" ")
            found.append(pytest.param(rest.strip().replace("{desk}", DESK).replace("{marked}", MARKED), id=name))
    return found


def blocks() -> list:
    found = []
    for param in rows(OUTLOOK):
        (written,) = param.values
        labels = written.split("|") if written.count("|") == 3 else [one.replace("|", " ") for one in written.split()]
        found.append(pytest.param(labels, id=param.id))
    return found


ATTRIBUTIONS = rows(GMAIL, APPLE, THUNDERBIRD, OTHERS)


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_above_a_quotation_is_folded(attribution: str):
    body = f"It is the one on floor 4.\n\n{attribution}\n\n> Which printer is it?\n> The help desk\n"

    assert reply_text(body, "plain") == "It is the one on floor 4."


@pytest.mark.parametrize("attribution", rows(GMAIL, APPLE, OTHERS))
def test_an_attribution_is_folded_with_all_that_follows_it_without_marks(attribution: str):
    body = f"It is the one on floor 4.\n\n{attribution}\n\nWhich printer is it?\nThe help desk\n"

    assert reply_text(body, "plain") == "It is the one on floor 4."


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_directly_above_its_quotation_leaves_the_answer_below(attribution: str):
    body = f"{attribution}\n> Which printer is it?\n> The help desk\n\nIt is the one on floor 4.\n"

    assert reply_text(body, "plain") == "It is the one on floor 4."


@pytest.mark.parametrize("attribution", [row for row in ATTRIBUTIONS if " " in row.values[0]])
def test_an_attribution_that_was_wrapped_is_folded(attribution: str):
    before, _, behind = attribution[::-1].partition(" ")
    wrapped = f"{behind[::-1]}\n{before[::-1]}"
    body = f"It is the one on floor 4.\n\n{wrapped}\n\n> Which printer is it?\n> The help desk\n"

    assert reply_text(body, "plain") == "It is the one on floor 4."


ODD = r"""
De: Soporte <h@x.example> Enviado el: lunes, 3 de marzo de 2025 10:11 Para: Ana Asunto: Re: Impresora
From: Help <h@x.example> Sent: Monday, March 3, 2025 10:11 AM To: Ana Subject: Re: Printer
---- Help Desk escribió ----
***** Original message *****
-----Mensaje original-----
Citando a Help Desk <h@x.example>:\n\n> quoted
2025-03-03 10:11 GMT+01:00 Help Desk <h@x.example>:
Em seg., 3 de mar. de 2025 às 10:11, Help via Suporte <\nhelp@company.example> escreveu:
Le lun. 3 mars 2025 à 10:11, Help <h@x.example> a\nécrit :
From:\nHelp Desk <h@x.example>\nSent:\nMonday, March 3, 2025 10:11 AM\nTo:\nAna\nSubject:\nRe: Printer
##- Please type your reply above this line -##
--- Responda por encima de esta línea ---
--- Responda acima desta linha ---
"""


@pytest.mark.parametrize("written", ODD.strip().splitlines())
def test_rarer_forms_are_known_too(written: str):
    written = written.replace("\\n", "\n")
    body = f"It is the one on floor 4.\n\n{written}\n\n{'' if '>' in written[-9:] else 'Which printer is it?'}\n"

    assert reply_text(body, "plain") == "It is the one on floor 4."


@pytest.mark.parametrize("marker", ODD.strip().splitlines()[-3:])
def test_an_answer_below_our_marker_and_its_quotation_is_kept(marker: str):
    body = f"{marker}\n\n> Which printer is it?\n> The help desk\n\nIt is the one on floor 4.\n"

    assert reply_text(body, "plain").endswith("It is the one on floor 4.")


@pytest.mark.parametrize("labels", blocks())
@pytest.mark.parametrize("rule", ["", "________________________________\n", "-----Original Message-----\n"])
def test_a_header_block_is_folded_with_all_that_follows_it(labels: list[str], rule: str):
    date_at = 2 if labels[2].startswith(("Enviados", "Enviadas")) else 1
    values = [DESK, "Ana Gil <ana@client.example>", "Re: Printer"]
    values.insert(date_at, "3. 3. 2025 10:11")
    lines = "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))
    body = f"It is the one on floor 4.\n\n{rule}{lines}\n\nWhich printer is it?\nThe help desk\n"

    assert reply_text(body, "plain") == "It is the one on floor 4."
