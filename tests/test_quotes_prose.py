"""Customers' own prose, logs and code that look like quotations: every word of them stays."""

import pytest

from gateway.threading.quotes import read_reply

ATTRIBUTION_LIKE = """
On Monday he wrote:

the printer is fine, and then it was not.
~~~
On Monday 3 March your colleague wrote:

    please restart it

and I did so twice.
~~~
On 3 March 2025 at 10:11 I wrote to you: no answer so far.
~~~
Hello,

On 3 March I called and your agent said:
"we will send somebody"

Nobody came.
~~~
As Ana wrote on 12/03/2025: the toner is empty. Could you send one?
~~~
My colleague wrote to me at 10:30: it works again.
And at 11:00: it does not.
~~~
El lunes Juan escribió:

"la impresora no arranca"

y desde entonces nada.
~~~
El lunes 3 de marzo su compañero escribió:
que vendrían por la tarde. No vino nadie.
~~~
Buenas tardes,

el 3 de marzo de 2025 a las 10:11 llamé y me dijeron:
- que esperase
- que llamarían

Nadie llamó.
~~~
Como escribió Ana el 12/03/2025: falta tóner. ¿Pueden enviarlo?
~~~
El técnico me escribió lo siguiente:

reinicie el equipo

Lo hice y sigue igual.
~~~
El 12 de marzo de 2025 escribí a ventas@tienda.example y no contestaron:
necesito la factura.
~~~
Na segunda-feira ele escreveu:

a impressora está boa

mas não está.
~~~
Em 3 de março de 2025 às 10:11 liguei e disseram-me:
que viriam à tarde. Ninguém veio.
~~~
No dia 12/03 escrevi para vendas@loja.example e ninguém respondeu:
preciso da fatura.
~~~
O técnico escreveu isto ontem às 15:30:
reinicie o computador.
Já reiniciei e continua igual.
~~~
Am Montag schrieb Ihr Kollege:
es kommt jemand. Niemand kam.
~~~
Le 3 mars, votre collègue a écrit que tout marche :
ce n'est pas vrai.
~~~
These people wrote to us last week:
Ana Gil <ana@client.example>
Luis Paz <luis@client.example>

Please give both of them access.
~~~
Estas personas necesitan acceso desde el 03/03/2025:
Ana Gil <ana@client.example>
Luis Paz <luis@client.example>
~~~
Reunião em 03/03/2025 às 10:00, organizada por Ana <ana@client.example>:
podem preparar a sala?
"""

HEADER_LIKE = """
The log of our server says:

From: root@web1.client.example
To: ops@client.example
Subject: cron failed

Why does it send that?
~~~
Dates:
From: 3 March
To: 12 March
Subject to change.
~~~
I need a licence.
From: 01/04/2025
To: 30/04/2025
Users: 12

Thank you
~~~
Hola,
De: Madrid
A: Lisboa
Fecha: 12/03/2025
Pasajeros: 2

¿Hay plazas?
~~~
Boa tarde,
De: Lisboa
Para: Madrid
Data: 12/03/2025
Passageiros: 2

Há lugares?
~~~
Datos del pedido:
Pedido: 1234
Fecha: 12/03/2025
Correo: ana@client.example
Asunto: no llegó

Un saludo
~~~
Dados do pedido:
Pedido: 1234
Data: 12/03/2025
E-mail: ana@client.example
Assunto: não chegou

Obrigada
~~~
Name: Ana Gil
Email: ana@client.example
Phone: 600 100 200
Date: 12/03/2025
Message: the printer is broken
~~~
Nombre: Ana Gil
Correo electrónico: ana@client.example
Teléfono: 600 100 200
Mensaje: la impresora no va
~~~
Estado: abierto
Prioridad: alta
Responsable: ana@client.example
Fecha límite: 12/03/2025 10:00

¿Lo pueden mirar?
~~~
Feb 12 10:11:03 mx1 postfix/smtp[123]: to=<ana@client.example>, status=deferred
Feb 12 10:11:04 mx1 postfix/smtp[123]: from=<bot@client.example>, size=1200

Mails wait since then.
~~~
2025-03-03 10:11:12 ERROR From: worker To: queue Subject: job 12 failed
2025-03-03 10:11:13 ERROR retrying

What is that?
~~~
The delivery says
Sent: 12 boxes
To: the warehouse
Got: 10 boxes
~~~
Fecha: martes
Hora: 10:30
Para: la sala grande
Asistentes: 12
~~~
Subject: is what the form calls it. From: is what it calls the sender. Both are empty.
~~~
Error: cannot connect
Host: db1.client.example
Date: 2025-03-03 10:11:12
User: ana@client.example
"""

CODE_LIKE = """
It fails so:

>>> import printer
>>> printer.start()
Traceback (most recent call last):
  File "<stdin>", line 1, in <module>
OSError: no paper
~~~
```
> show status
> exit
```
That is all it says.
~~~
SELECT *
FROM orders
WHERE date > '2025-03-03'
  AND total > 100
ORDER BY id;

It returns nothing. Why?
~~~
UPDATE users SET mail = 'ana@client.example' WHERE id = 3;
-- the row above was changed on 3 March 2025 at 10:11
COMMIT;

I ran that.
~~~
$ ssh ana@web1.client.example
Last login: Mon Mar  3 10:11:12 2025 from 10.0.0.1
$ df -h
/dev/sda1  20G  20G  0 100% /

The disk is full.
~~~
C:\\> ping server
Reply from 10.0.0.1: bytes=32 time<1ms
C:\\> exit
~~~
def main():
    if a > b:
        return "On 3 March 2025 x wrote:"

What is wrong with it?
~~~
<?php
$from = "ana@client.example";
mail($to, $subject, $body);
?>
It sends nothing.
~~~
+--------+-------+
| id     | total |
+--------+-------+
| 1      | 12    |
+--------+-------+
The total is wrong.
~~~
----------------------------
Total            12,00 EUR
----------------------------
The sum is wrong, it should be 14.
~~~
mysql> select 1;
+---+
| 1 |
+---+
mysql> exit
Bye

It ends there.
~~~
{"from": "ana@client.example", "to": "help@desk.example", "date": "2025-03-03T10:11:12Z", "subject": "x"}

That is the request; the answer is 500.
~~~
diff --git a/x b/x
--- a/x
+++ b/x
@@ -1 +1 @@
-old
+new

Please apply it.
~~~
>From Monday on it prints nothing at all.
The rest is fine.
"""

PHONE_AND_SIGNATURE_LIKE = """
Sent from the warehouse, the parcel arrived broken.
Can you send another?
~~~
Sent from my iPhone is what the mail said at its end, and I use no iPhone.
Who did that?
~~~
I have the parcel no more.

Sent via DHL on Monday
~~~
Ya no tengo el paquete.

Enviado por mensajería el lunes
~~~
Enviado desde el almacén el 12 de marzo, el paquete llegó roto.
¿Pueden enviar otro?
~~~
Enviado pelo armazém a 12 de março, o pacote chegou partido.
Podem enviar outro?
~~~
Get Outlook for Android from the store, you said. I did, and it does not start.
Now what?
~~~
Yesterday I sent you a confidential message by mistake, and I ask you to delete that e-mail from your system.
It was meant for another recipient.
~~~
Este correo lo mandé por error ayer y era confidencial, para otro destinatario: bórrenlo de mi expediente, por favor.
~~~
The line "reply above this line" is in all your mails. Why?
~~~
Please do not reply above this line of thought; it leads nowhere.
I need a refund.
~~~
Escriba por encima de esta línea, dice el formulario, y no deja escribir.
¿Qué hago?
~~~
La confidencialidad de este mensaje me preocupa: ¿quién lo lee?
~~~
This message is confidential, so I ask you: who can read it?
And who keeps it?
~~~
Two options
--
the first is cheap
the second is good

Which one do you advise?
--
I would take the second.

Or is there a third?
And can I change later? I would like to know that before I order, because it
matters for our budget of this year and of the next.
Please answer soon.
Also say what it costs to go back.
And whether the licences move with it.
I need that for the board.
On Friday.
~~~
Regards to the whole team, but the printer is still broken.
I tried all that you said.
"""

FORWARD_LIKE = """
I forwarded message 12 to you yesterday:
have you seen it?
~~~
Begin forwarded traffic at 10:00, says the router, and then it stops.
~~~
El mensaje reenviado que les mandé ayer no llegó.
Lo mando otra vez mañana.
~~~
A mensagem encaminhada ontem não chegou.
Envio outra vez amanhã.
~~~
The original message was deleted, I have no copy.
~~~
Mensaje original de error: "no hay papel". Pero sí hay.
~~~
---- Printer 12 ----
no paper
---- Printer 13 ----
no toner
~~~
===== IMPORTANTE =====
Mañana cierra la oficina a las 15:00.
===== FIN =====
~~~
Temperature > 40 since Monday.
Humidity > 80 too.
~~~
> 40 degrees in the server room since Monday.
Please come.
~~~
Open Settings > Mail > Accounts
and it crashes.
"""

CASES = [
    case.strip("\n")
    for table in (ATTRIBUTION_LIKE, HEADER_LIKE, CODE_LIKE, PHONE_AND_SIGNATURE_LIKE, FORWARD_LIKE)
    for case in table.split("~~~\n")
]


def named(case: str) -> str:
    return " ".join(case.split())[:40]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_what_a_customer_wrote_is_not_taken_for_a_quotation(case: str):
    reply = read_reply(case, "plain")

    assert reply.new_text == case
    assert not reply.folded


@pytest.mark.parametrize("case", CASES, ids=named)
def test_nor_below_a_greeting_and_above_a_goodbye(case: str):
    body = f"Good morning,\n\n{case}\n\nRegards,\nAna Gil\n"

    assert read_reply(body, "plain").new_text == body.strip()


@pytest.mark.parametrize("case", CASES, ids=named)
def test_nor_above_a_real_quotation(case: str):
    quotation = "On Mon, Mar 3, 2025 at 10:11 AM Help desk <help@company.example> wrote:\n> Which printer?\n"

    assert read_reply(f"{case}\n\n{quotation}", "plain").new_text == case


@pytest.mark.parametrize("case", CASES, ids=named)
def test_nor_above_a_real_quotation_without_marks(case: str):
    quotation = "On Mon, Mar 3, 2025 at 10:11 AM Help desk <help@company.example> wrote:\n\nWhich printer?\n"

    assert read_reply(f"{case}\n\n{quotation}", "plain").new_text == case


def test_there_are_many_of_them():
    assert len(CASES) >= 60
