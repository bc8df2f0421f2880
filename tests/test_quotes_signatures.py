"""Signatures, disclaimers and the footers of phones and programs: folded, never cut, above a quotation too."""

import pytest

from gateway.threading.quotes import SpanKind, read_reply

QUOTATION = "On Mon, Mar 3, 2025 at 10:11 AM Help desk <help@company.example> wrote:\n> Which printer?\n"

FOOTERS = """
Sent from my iPhone
Sent from my Galaxy
Get Outlook for Android<https://aka.ms/x>
Get Outlook for iOS
Sent from Yahoo Mail on Android
Sent from Proton Mail for iOS
Sent with Proton Mail secure email.
Enviado desde mi iPhone
Enviado desde mi iPad
Enviado desde mi Samsung Mobile de Movistar
Enviado desde mi dispositivo Samsung
Enviado desde mi smartphone Samsung Galaxy.
Enviado desde mi teléfono Huawei
Enviado desde mi Xiaomi
Enviado desde Outlook para Android<https://aka.ms/x>
Enviado desde Yahoo Mail para iPhone
Enviado con correo electrónico seguro de Proton Mail.
Enviado desde Correo para Windows
Enviado desde mi BlackBerry de Movistar
Obtener Outlook para iOS<https://aka.ms/x>
Enviado do meu iPhone
Enviado do meu iPad
Enviado do meu smartphone Samsung Galaxy.
Enviado do meu telemóvel
Enviada do meu iPhone
Enviado do Email para Windows
Enviado a partir do meu smartphone Samsung Galaxy.
Enviado do Yahoo Mail no Android
Enviado do Outlook para Android<https://aka.ms/x>
Obter o Outlook para iOS<https://aka.ms/x>
Obter Outlook para Android
Enviado com o e-mail seguro Proton Mail.
Enviat des del meu iPhone
Enviat des de l'Outlook per a Android
Von meinem iPhone gesendet
Von meinem Samsung Galaxy Smartphone gesendet.
Gesendet von Outlook für Android
Gesendet mit der GMX Mail App
Diese Nachricht wurde von meinem Android-Mobiltelefon mit GMX Mail gesendet.
Holen Sie sich Outlook für iOS
Envoyé de mon iPhone
Envoyé depuis mon mobile Orange
Envoyé à partir de Outlook pour Android
Obtenez Outlook pour iOS
Inviato da iPhone
Inviato dal mio dispositivo Samsung
Ottieni Outlook per Android
Verstuurd vanaf mijn iPhone
Verzonden vanaf Outlook voor Android
Download Outlook voor iOS
Sendt fra min iPhone
Skickat från min iPhone
Lähetetty iPhonesta
Wysłane z iPhone'a
Pobierz aplikację Outlook dla systemu Android
Odesláno z iPhonu
Odoslané z iPhonu
Küldve az iPhone-omról
Trimis de pe iPhone-ul meu
iPhone'umdan gönderildi
Отправлено с iPhone
Отправлено из Mail.ru для Android
Надіслано з iPhone
Poslano z mojega iPhona
Poslano s mog iPhonea
Изпратено от моя iPhone
Στάλθηκε από το iPhone μου
发自我的iPhone
從我的 iPhone 傳送
iPhoneから送信
나의 iPhone에서 보냄
أُرسلت من الـ iPhone
נשלח מה-iPhone שלי
ส่งจาก iPhone ของฉัน
Đã gửi từ iPhone của tôi
Dikirim dari iPhone saya
Nire iPhone-tik bidalia
Enviado dende o meu iPhone
""".strip().splitlines()

DISCLAIMERS = """
CONFIDENTIALITY NOTICE: This e-mail and any attachments are confidential and intended only for the addressee. If you
have received it in error, please notify the sender and delete it.
~~~
This message is intended solely for the individual or entity to which it is addressed and may contain privileged
information. Any unauthorized use is strictly prohibited.
~~~
AVISO LEGAL: Este mensaje y sus archivos adjuntos van dirigidos exclusivamente a su destinatario y pueden contener
información confidencial sometida a secreto profesional. Si lo ha recibido por error, elimínelo.
~~~
Este correo electrónico es confidencial y para uso exclusivo de la persona a quien va dirigido. Si usted no es el
destinatario, le está prohibida su divulgación.
~~~
AVISO DE CONFIDENCIALIDADE: Esta mensagem destina-se exclusivamente ao seu destinatário e pode conter informação
confidencial. Se a recebeu por engano, por favor apague-a.
~~~
Esta mensagem pode conter informações confidenciais e/ou privilegiadas. Se você não for o destinatário, não deve usar
ou divulgar as informações nela contidas, e deve eliminá-la.
~~~
AVÍS LEGAL: Aquest missatge és confidencial i s'adreça exclusivament al seu destinatari. Si l'heu rebut per error,
esborreu-lo.
~~~
Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind oder diese E-Mail
irrtümlich erhalten haben, vernichten Sie sie bitte.
~~~
Ce message et ses pièces jointes sont confidentiels et établis à l'intention exclusive de leurs destinataires. Toute
utilisation non autorisée est interdite.
~~~
Le informazioni contenute in questo messaggio sono riservate e destinate esclusivamente al destinatario. Ne è vietata
la diffusione; se ricevuto per errore, cancellatelo.
~~~
Persone diverse dal destinatario non possono copiare o consegnare il messaggio a terzi, né trattarne i dati.
~~~
Sollten Sie diese E-Mail irrtümlich erhalten haben, so ist Ihnen die Weitergabe ihres vertraulichen Inhalts untersagt.
~~~
Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Indien u het ten onrechte hebt ontvangen,
verwijdert u het dan.
~~~
Please consider the environment before printing this e-mail.
~~~
Antes de imprimir este correo, piense en el medio ambiente.
~~~
Antes de imprimir este e-mail pense no meio ambiente.
~~~
Libre de virus. www.avast.com
~~~
Livre de vírus. www.avg.com
""".strip().split("\n~~~\n")


def signatures(body: str) -> list[str]:
    reply = read_reply(body, "plain")
    return [reply.text[one.start : one.end].strip() for one in reply.spans if one.kind is SpanKind.SIGNATURE]


@pytest.mark.parametrize("footer", FOOTERS)
def test_the_footer_of_a_phone_is_folded(footer: str):
    body = f"It works again, thank you.\n\n{footer}\n"

    assert read_reply(body, "plain").new_text == "It works again, thank you."
    assert signatures(body) == [footer]


@pytest.mark.parametrize("footer", FOOTERS)
def test_the_footer_of_a_phone_is_folded_above_a_quotation(footer: str):
    reply = read_reply(f"It works again.\n\n{footer}\n\n{QUOTATION}", "plain")

    assert reply.new_text == "It works again."
    assert footer in reply.elided


@pytest.mark.parametrize("disclaimer", DISCLAIMERS)
def test_a_disclaimer_is_folded(disclaimer: str):
    body = f"It works again, thank you.\n\nAna Gil\n\n{disclaimer}\n"

    assert read_reply(body, "plain").new_text == "It works again, thank you.\n\nAna Gil"
    assert signatures(body) == [disclaimer]


@pytest.mark.parametrize("disclaimer", DISCLAIMERS)
def test_a_disclaimer_is_folded_above_a_quotation(disclaimer: str):
    reply = read_reply(f"It works again.\n\n{disclaimer}\n\n{QUOTATION}", "plain")

    assert reply.new_text == "It works again."
    assert disclaimer in reply.elided


@pytest.mark.parametrize("disclaimer", DISCLAIMERS)
def test_a_disclaimer_that_follows_the_name_without_a_blank_line_takes_nothing_else_with_it(disclaimer: str):
    body = f"It works again.\nAna Gil\n{disclaimer}\n"

    assert read_reply(body, "plain").new_text == "It works again.\nAna Gil"


@pytest.mark.parametrize("disclaimer", DISCLAIMERS)
def test_a_disclaimer_that_is_all_there_is_stays(disclaimer: str):
    assert read_reply(disclaimer, "plain").new_text == disclaimer


def test_the_second_paragraph_of_a_disclaimer_is_folded_with_the_first():
    second = "Si ha recibido este mensaje sin ser a quien se dirige, le rogamos que nos lo diga y lo elimine ya."

    body = f"It works again.\n\n{DISCLAIMERS[2]}\n\n{second}\n"

    assert read_reply(body, "plain").new_text == "It works again."
    assert second in read_reply(f"It works again.\n\n{second}\n", "plain").new_text


@pytest.mark.parametrize("disclaimer", DISCLAIMERS[:8])
def test_a_disclaimer_above_the_first_word_is_kept_in_doubt(disclaimer: str):
    body = f"{disclaimer}\n\nThe printer is broken.\n"

    assert read_reply(body, "plain").new_text == body.strip()


def test_a_banner_above_the_reply_is_folded():
    banner = "CAUTION: This email originated from outside of the organization. Do not click links."

    reply = read_reply(f"{banner}\n\nIt works again.\n\n{QUOTATION}", "plain")

    assert reply.new_text == "It works again."
    assert banner in reply.elided


def test_a_signature_above_a_quotation_is_folded_and_the_quotation_too():
    reply = read_reply(f"It works again.\n\n-- \nAna Gil\nClient Ltd\nTel. 600 100 200\n\n{QUOTATION}", "plain")

    assert reply.new_text == "It works again."
    kinds = [one.kind for one in reply.spans]
    assert kinds == [SpanKind.NEW, SpanKind.SIGNATURE, SpanKind.ATTRIBUTION, SpanKind.QUOTED]
