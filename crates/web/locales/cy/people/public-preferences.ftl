# What people see and change themselves of what is kept of them, in Welsh.

own-title = Eich dewisiadau
own-start = Ai eich un chi yw hwn?
own-start-for = Anfonodd { $body } y ddolen hon ar gyfer { $handle }.
own-start-what = Os mai eich un chi ydyw, gallwch weld beth rydym yn ei gadw amdanoch, a newid yr hyn a anfonwn atoch a sut. Does dim angen cyfrif arnoch.
own-start-mine = Ie, fy un i yw hwn
own-start-visit =
    { $count ->
       *[other] Bydd y dudalen wedyn ar agor am { $count } munud.
    }
own-start-not-title = Os nad eich un chi ydyw
own-start-not-what = Felly daeth atoch drwy gamgymeriad. Dywedwch wrthym, ac ni fyddwn yn anfon dim byd arall yma ar gyfer y person yr oeddem yn ei olygu. Ni welwch unrhyw beth amdano.
own-start-not = Na, nid fy un i yw hwn
own-over = Mae eich ymweliad ar ben, oherwydd bod peth amser wedi mynd heibio. Dechreuwch eto yma.
own-gone = Nid yw’r ddolen hon yn gweithio
own-gone-words = Efallai ei bod wedi dod i ben, neu ein bod wedi anfon un newydd. Gofynnwch i ni am ddolen arall.
own-flood = Ni allwn dderbyn rhagor o’ch rhwydwaith ar hyn o bryd
own-flood-words = Anfonwyd llawer oddi yno mewn amser byr. Rhowch gynnig arall arni ymhen 10 munud; ni newidiwyd dim byd.
own-disowned = Diolch am roi gwybod i ni
own-disowned-words = Ni fyddwn yn anfon dim byd arall yno ar gyfer y person hwn, ac nid yw’r ddolen yn gweithio mwyach.
own-left = Rydych wedi gadael eich dewisiadau
own-left-words = I ddod yn ôl, dilynwch y ddolen eto.
own-came-by = Daethoch drwy { $handle }. Gall unrhyw un sydd â’ch dolen weld y tudalennau hyn, felly peidiwch â’i rhannu.
own-back = Yn ôl i’ch dewisiadau
own-save = Cadw
own-done = Wedi’i wneud
own-done-topics = Mae’r hyn y byddwn yn rhoi gwybod i chi amdano wedi’i gadw. Mae’n dod i rym heddiw, { $day }.
own-done-writing = Mae sut y byddwn yn ysgrifennu atoch wedi’i gadw. Mae’n dod i rym heddiw, { $day }.
own-done-nothing = Ni newidiwyd dim byd: fel hyn yr oedd eisoes.
own-done-stopped = Rydych wedi tynnu’n ôl bopeth y cytunoch iddo, ac ni fyddwn yn anfon dim byd arall atoch, o heddiw ymlaen, { $day }.
own-done-asked = Mae eich cais, dyddiedig { $day }, wedi ein cyrraedd. Byddwn yn edrych arno ac yn ysgrifennu atoch.

own-topics = Yr hyn y byddwn yn rhoi gwybod i chi amdano
own-topics-what = Rydych yn cytuno i ni roi gwybod i chi am yr hyn rydych yn ei dicio, yn y ffordd rydych yn ei thicio. Gallwch dynnu hyn yn ôl yma unrhyw bryd.
own-topics-none = Does dim byd i ddewis ohono ar hyn o bryd.
own-topics-change = Newid yr hyn y byddwn yn rhoi gwybod i chi amdano
own-agreed-none = Nid ydych wedi cytuno i gael gwybod am unrhyw beth.

own-writing = Sut y byddwn yn ysgrifennu atoch
own-writing-change = Newid sut y byddwn yn ysgrifennu atoch
own-wished-none = Nid ydych wedi dweud dim byd wrthym am hyn eto.
own-language = Iaith
own-language-en = Saesneg
own-language-cy = Cymraeg
own-needs = Fformatau a chymorth
own-channel = Y ffordd orau o gysylltu â chi
own-channel-any = Dim dewis
own-channel-now = Y ffordd orau o gysylltu: { $channel }
own-quiet = Oriau tawel
own-quiet-what = Yn ystod yr oriau hyn ni fyddwn yn tarfu arnoch, oni bai bod diogelwch rhywun yn galw am hynny. Gadewch y ddau’n wag os nad oes eu hangen.
own-quiet-from = O
own-quiet-to = Tan
own-quiet-now = Dim tarfu rhwng { $from } a { $to }
own-pause = Saib
own-pause-hint = Yn ystod saib ni chewch wybod am ddim byd y cytunoch iddo. Byddwn yn dal i anfon yr hyn y mae’r gyfraith yn ei fynnu, a’r hyn sy’n ymwneud â’ch achos eich hun.
own-pause-no = Dim saib
own-pause-open = Nes i chi ddweud fel arall
own-pause-until = Tan ddiwedd diwrnod
own-pause-day = Diwrnod olaf y saib
own-paused = Saib nes i chi ddweud fel arall
own-paused-until = Saib tan ddiwedd { $day }

own-held = Yr hyn rydym yn ei gadw amdanoch
own-held-see = Gweld beth rydym yn ei gadw, cael copi, gofyn am gywiro neu ddileu rhywbeth
own-held-what = Dyma’r manylion wrth ymyl y cyfeiriad neu’r rhif y daethoch drwyddo, fel y’u dywedwyd wrthym.
own-held-told = Gan { $source }, { $day }
own-held-others = Rydym yn cadw rhagor, a ddaeth gan: { $sources }. Dim ond profi mai chi biau’r cyfeiriad neu’r rhif hwn y mae’r ddolen. Felly byddwn yn dangos y gweddill ar ôl i ni wneud yn siŵr mai chi sydd yno: gofynnwch am gopi o bopeth isod.
own-fact-name = Enw
own-fact-born = Dyddiad geni
own-fact-address = Cyfeiriad
own-fact-email = Cyfeiriad e-bost
own-fact-phone = Rhif ffôn
own-fact-account = Cyfrif
own-fact-numbers = Rhifau
own-contacts =
    { $count ->
        [0] Nid oes cysylltiadau wedi’u cadw gyda’r manylion hyn
        [one] Mae 1 cysylltiad wedi’i gadw gyda’r manylion hyn
        [two] Mae 2 gysylltiad wedi’u cadw gyda’r manylion hyn
        [few] Mae { $count } chysylltiad wedi’u cadw gyda’r manylion hyn
        [many] Mae { $count } chysylltiad wedi’u cadw gyda’r manylion hyn
       *[other] Mae { $count } cysylltiad wedi’u cadw gyda’r manylion hyn
    }
own-contacts-newest =
    { $count ->
       *[other] Dangosir y { $count } mwyaf newydd.
    }
own-contact-in = oddi wrthych chi atom ni
own-contact-out = oddi wrthym ni atoch chi
own-requests = Yr hyn y gofynnoch amdano
own-copy = Copi
own-copy-do = Lawrlwytho’r hyn y mae’r dudalen hon yn ei ddangos, fel ffeil i raglenni (JSON)
own-download-what = Gallwch hefyd ofyn am bopeth rydym yn ei gadw. Byddwn yn gwneud yn siŵr mai chi sydd yno, ac yna’n ei anfon.
own-download-do = Gofyn am gopi o bopeth
own-correct = Mae rhywbeth o’i le
own-correct-what = Beth sydd o’i le, a beth sy’n gywir?
own-correct-do = Gofyn am gywiriad
own-erase = Dileu’r hyn rydych yn ei gadw amdanaf
own-erase-what = Byddwn yn edrych ar bob cais. Bydd yr hyn y mae’r gyfraith yn ein gorfodi i’w gadw yn aros; byddwn yn dweud wrthych beth yw hynny a pham.
own-erase-do = Gofyn am gael eich dileu

own-stop = Atal popeth
own-stop-what = Rydych yn tynnu’n ôl bopeth y cytunoch iddo, ac ni fyddwn yn anfon dim byd arall nes i chi ddweud fel arall. Byddwn yn dal i ysgrifennu pan fydd y gyfraith neu ddiogelwch rhywun yn galw am hynny, ac am yr hyn y gofynnoch amdano eich hun.
own-stop-do = Atal popeth ac eithrio’r hyn y mae’r gyfraith yn dweud bod rhaid i chi ei anfon
own-not-mine = Nid eich un chi mwyach?
own-not-mine-what = Os ydych yn rhoi’r gorau i’r cyfeiriad neu’r rhif y daethoch drwyddo, dywedwch wrthym. Ni fydd dim byd arall yn cael ei anfon yno, a bydd yr ymweliad hwn yn dod i ben.
own-not-mine-do = Nid fy un i yw hwn mwyach
own-leave = Gadael y tudalennau hyn

# What is wrong with what somebody filled in: by field and code of the rule (ADR 009).
error-quiet-from-not-a-time = Rhowch y ddau amser, er enghraifft 21:00, neu gadewch y ddau’n wag
error-quiet-to-not-a-time = Rhowch y ddau amser, er enghraifft 21:00, neu gadewch y ddau’n wag
error-quiet-from-whole-day = Mae’r oriau tawel yn dechrau ac yn gorffen ar yr un pryd. Dewiswch amser arall
error-pause-until-not-a-day = Dewiswch ddiwrnod olaf y saib
error-pause-until-over = Mae’r diwrnod hwn wedi mynd heibio eisoes. Dewiswch un diweddarach
error-channel-not-allowed = Dewiswch e-bost, neges destun, llythyr neu ffôn
error-language-not-a-language = Dewiswch un o’r ieithoedd a ddangosir
error-note-required = Dywedwch beth sydd o’i le

# Names of values.
name-channel-web = Y we
name-channel-mobile-app = Ap ffôn
name-channel-email = E-bost
name-channel-phone = Ffôn
name-channel-automated-phone = Ffôn awtomatig
name-channel-sms = Neges destun
name-channel-live-chat = Sgwrs fyw
name-channel-social = Cyfryngau cymdeithasol
name-channel-in-person = Wyneb yn wyneb
name-channel-kiosk = Ciosg
name-channel-letter = Llythyr
name-channel-paper = Papur
name-channel-event = Digwyddiad
name-channel-other = Arall
name-need-large-print = Print bras
name-need-easy-read = Hawdd ei Ddeall
name-need-braille = Braille
name-need-audio = Sain
name-need-bsl = Iaith Arwyddion Prydain
name-need-interpreter = Cyfieithydd ar y pryd
name-need-text-relay = Cyfnewid testun
name-request-kind-correct = Cywiro’r hyn sydd o’i le
name-request-kind-download = Copi o bopeth
name-request-kind-erase = Dileu
name-request-state-open = Yn aros
name-request-state-done = Wedi’i wneud
name-request-state-refused = Wedi’i wrthod
