"""Public mail providers: domains where anybody gets an address, and which so never say who somebody works for. Pure.

A domain that is missing here does little harm: organisations have only the domains that an operator claims for them.
"""


def public(domain: str) -> bool:
    """Whether anybody gets an address under this very domain; an A-label or Unicode, in any case."""
    name = domain.strip().rstrip(".").lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return False
    first, _, rest = name.partition(".")
    return name in _DOMAINS or (first in _FAMILIES and _top_level(rest))


def _top_level(rest: str) -> bool:
    """com, a country's two letters, or both, as in com.ar and co.uk."""
    above, _, country = rest.rpartition(".")
    if not above:
        return country in ("com", "net") or len(country) == 2
    return len(country) == 2 and above in ("com", "co", "net", "org", "or", "ne")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_FAMILIES = _set("yahoo ymail rocketmail hotmail outlook live windowslive msn gmail googlemail gmx terra aol mailfence")
"""Providers with a domain in every country: yahoo.com.mx, hotmail.es, live.com.ar, terra.com.br."""

_DOMAINS = _set(
    # The large ones of the world.
    " gmail.com googlemail.com outlook.com hotmail.com live.com msn.com windowslive.com yahoo.com"
    " yahoomail.com ymail.com rocketmail.com myyahoo.com aol.com aim.com love.com verizon.net"
    " netscape.net netscape.com compuserve.com icloud.com me.com mac.com proton.me protonmail.com"
    " protonmail.ch pm.me tutanota.com tutanota.de tutamail.com tuta.com tuta.io keemail.me zoho.com zohomail.com"
    " zohomail.eu zohomail.in fastmail.com fastmail.fm fastmail.es fastmail.net fastmail.org fastmail.us fastmail.to"
    " fastmail.in fastmail.co.uk fastmail.com.au fastmail.cn fastmail.jp fastmail.de fastmail.fr messagingengine.com"
    " sent.com ml1.net mailfence.com hushmail.com hush.com hushmail.me hey.com duck.com mozmail.com relay.firefox.com"
    " privaterelay.appleid.com simplelogin.com simplelogin.co anonaddy.com anonaddy.me addy.io runbox.com runbox.no"
    " posteo.de posteo.net posteo.org posteo.eu posteo.us posteo.mx mailbox.org disroot.org riseup.net autistici.org"
    " inventati.org startmail.com countermail.com ctemplar.com skiff.com onmail.com lavabit.com kolabnow.com"
    " soverin.net migadu.com mailo.com mailo.eu net-c.com netcourrier.com mail.com email.com usa.com myself.com"
    " consultant.com post.com europe.com asia.com iname.com writeme.com dr.com engineer.com cheerful.com"
    " accountant.com techie.com linuxmail.org execs.com workmail.com mail2world.com inbox.com"
    " lycos.com excite.com care2.com bigfoot.com usa.net rediffmail.com rediff.com sify.com indiatimes.com in.com"
    " juno.com netzero.net netzero.com opayq.com safe-mail.net gawab.com maktoob.com"
    # America, North.
    " att.net sbcglobal.net bellsouth.net pacbell.net ameritech.net swbell.net prodigy.net snet.net flash.net"
    " currently.com comcast.net xfinity.com cox.net charter.net spectrum.net roadrunner.com rr.com twc.com optimum.net"
    " optonline.net earthlink.net mindspring.com windstream.net frontier.com frontiernet.net centurylink.net"
    " centurytel.net embarqmail.com q.com suddenlink.net mediacombb.net wowway.com rcn.com ptd.net cableone.net tds.net"
    " hughes.net peoplepc.com bell.net sympatico.ca rogers.com shaw.ca telus.net videotron.ca cogeco.ca eastlink.ca"
    " mts.net sasktel.net nb.sympatico.ca"
    # Mexico, Central America, and the Caribbean.
    " prodigy.net.mx infinitum.com.mx telmex.net.mx yahoo.com.mx mexico.com megared.net.mx axtel.net"
    " cablevision.net.mx ice.co.cr racsa.co.cr costarricense.cr intelnet.net.gt itelgua.com turbonett.com.ni"
    " ibw.com.ni cablecolor.hn cwpanama.net navega.com.sv claro.net.do codetel.net.do tricom.net verizon.net.do"
    " coqui.net nauta.cu enet.cu "
    # Colombia, Venezuela, Ecuador, Peru, and Bolivia.
    " une.net.co etb.net.co telecom.com.co emcali.net.co epm.net.co latinmail.com cantv.net movistar.net.ve"
    " telcel.net.ve inter.net.ve supercable.net.ve andinanet.net interactive.net.ec punto.net.ec satnet.net"
    " ecuabox.com uio.satnet.net gye.satnet.net speedy.com.pe terra.com.pe millicom.com.pe"
    " infonegocio.net.pe entelnet.bo cotas.com.bo supernet.com.bo"
    # Argentina, Chile, Paraguay, and Uruguay.
    " fibertel.com.ar speedy.com.ar arnet.com.ar arnetbiz.com.ar ciudad.com.ar ciudad.com uolsinectis.com.ar"
    " sinectis.com.ar infovia.com.ar telecentro.com.ar argentina.com fullzero.com.ar"
    " datafull.com topmail.com.ar advance.com.ar tutopia.com ubbi.com fibertelzone.com.ar cablevisionfibertel.com.ar"
    " vtr.net entelchile.net manquehue.net 123mail.cl 123.cl mi.cl chile.com surnet.cl ctcinternet.cl telsur.cl"
    " adinet.com.uy vera.com.uy montevideo.com.uy dedicado.net.uy internet.com.uy tigo.com.py rieder.net.py"
    " telesurf.com.py pla.net.py cmm.com.py"
    # Brazil.
    " uol.com.br bol.com.br uai.com.br terra.com.br ig.com.br ibest.com.br globo.com globomail.com oi.com.br"
    " oi.net.br r7.com zipmail.com.br superig.com.br pop.com.br click21.com.br brturbo.com.br brturbo.com"
    " veloxmail.com.br onda.com.br folha.com.br itelefonica.com.br vivointernetdiscada.com.br "
    " vetorial.net sercomtel.com.br via-rs.net terra.com.vc yahoo.com.br ymail.com.br"
    " ajato.com.br virtua.com.br netvirtua.com.br gvt.net.br embratel.net.br hotmail.com.br outlook.com.br"
    " live.com.br msn.com.br email.com.br "
    " "
    # Spain.
    " telefonica.net movistar.es orange.es wanadoo.es ya.com jazzfree.com jazztel.es ono.com eresmas.com"
    " eresmas.net telecable.es euskaltel.net euskalnet.net mundo-r.com mundo-r.net retena.com retecal.es teleline.es"
    " inicia.es iespana.es arrakis.es auna.com tiscali.es lycos.es mixmail.com"
    " correo.net wanadoo.com menta.net tinet.cat tinet.org navegalia.com yacom.com hispavista.com inbox.es"
    " gmx.es telepolis.com terra.es"
    # Portugal.
    " sapo.pt netcabo.pt clix.pt iol.pt portugalmail.pt portugalmail.com mail.telepac.pt telepac.pt meo.pt "
    " zonmail.pt zon.pt kanguru.pt oninet.pt oniduo.pt tvtel.pt cabovisao.pt net.sapo.pt sapo.ao aeiou.pt megamail.pt"
    " netvisao.pt novis.pt vizzavi.pt esoterica.pt mail.pt"
    # The other countries of Europe.
    " orange.fr wanadoo.fr free.fr sfr.fr neuf.fr laposte.net bbox.fr numericable.fr club-internet.fr aliceadsl.fr"
    " voila.fr cegetel.net noos.fr gmx.fr libertysurf.fr 9online.fr dbmail.com caramail.com gmx.de gmx.net gmx.at"
    " gmx.ch gmx.com web.de t-online.de freenet.de arcor.de 1und1.de online.de onlinehome.de vodafone.de kabelmail.de"
    " unitybox.de ewe.net ewetel.net email.de mail.de magenta.de alice-dsl.net o2online.de aon.at"
    " chello.at a1.net bluewin.ch sunrise.ch hispeed.ch swissonline.ch libero.it virgilio.it alice.it tin.it"
    " tiscali.it tim.it fastwebnet.it iol.it inwind.it blu.it email.it wind.it teletu.it"
    " pec.it btinternet.com btopenworld.com talktalk.net ntlworld.com virginmedia.com virgin.net"
    " blueyonder.co.uk tiscali.co.uk o2.co.uk orange.net plus.net plusnet.com freeserve.co.uk supanet.com eircom.net"
    " iol.ie ziggo.nl kpnmail.nl kpnplanet.nl planet.nl hetnet.nl home.nl upcmail.nl xs4all.nl chello.nl tele2.nl"
    " casema.nl quicknet.nl zonnet.nl telenet.be skynet.be scarlet.be voo.be telia.com bredband.net"
    " comhem.se spray.se home.se tele2.se online.no frisurf.no getmail.no mail.dk tdcadsl.dk jubii.dk stofanet.dk"
    " kolumbus.fi elisanet.fi luukku.com suomi24.fi saunalahti.fi seznam.cz email.cz centrum.cz post.cz atlas.cz"
    " volny.cz azet.sk zoznam.sk centrum.sk wp.pl o2.pl onet.pl op.pl onet.eu poczta.onet.pl interia.pl interia.eu"
    " poczta.fm vp.pl tlen.pl gazeta.pl go2.pl freemail.hu citromail.hu t-online.hu indamail.hu abv.bg mail.bg dir.bg"
    " yahoo.ro rdslink.ro k.ro email.ro otenet.gr forthnet.gr net.hr inet.hr siol.net t-2.net amis.net eunet.rs"
    " sbb.rs mail.ru bk.ru inbox.ru list.ru internet.ru yandex.ru yandex.com ya.ru rambler.ru lenta.ru ukr.net i.ua"
    " meta.ua bigmir.net inbox.lv mail.ee hot.ee delfi.lt"
    # Asia, Africa, and Oceania.
    " qq.com foxmail.com 163.com 126.com yeah.net vip.163.com sina.com sina.cn sohu.com tom.com 139.com 189.cn"
    " 21cn.com aliyun.com naver.com hanmail.net daum.net nate.com kakao.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp"
    " i.softbank.jp biglobe.ne.jp nifty.com ocn.ne.jp so-net.ne.jp hinet.net pchome.com.tw seed.net.tw singnet.com.sg"
    " starhub.net.sg walla.co.il walla.com netvision.net.il 012.net.il bezeqint.net mynet.com superonline.com"
    " webmail.co.za mweb.co.za telkomsa.net vodamail.co.za absamail.co.za bigpond.com bigpond.net.au"
    " optusnet.com.au iinet.net.au tpg.com.au internode.on.net ozemail.com.au dodo.com.au westnet.com.au aapt.net.au"
    " xtra.co.nz slingshot.co.nz orcon.net.nz"
    # Addresses for a moment.
    " mailinator.com guerrillamail.com guerrillamail.net sharklasers.com 10minutemail.com temp-mail.org tempmail.com"
    " yopmail.com yopmail.fr yopmail.net trashmail.com trashmail.net getnada.com dispostable.com maildrop.cc mohmal.com"
    " throwawaymail.com mailnesia.com moakt.com emailondeck.com fakeinbox.com mintemail.com tempail.com spamgourmet.com"
)
