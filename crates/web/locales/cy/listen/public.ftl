# Public forms, in Welsh.

public-skip = Neidio i’r prif gynnwys
public-languages = Newid iaith
public-privacy = Preifatrwydd
public-accessibility = Datganiad hygyrchedd

public-form-intro = Mae’n cymryd tua 2 funud. Does dim rhaid i chi ateb pob cwestiwn.
public-rating-five = Pa mor fodlon ydych chi â’r gwasanaeth hwn?
public-five-5 = Bodlon iawn
public-five-4 = Bodlon
public-five-3 = Ddim yn fodlon nac yn anfodlon
public-five-2 = Anfodlon
public-five-1 = Anfodlon iawn
public-rating-thumbs = A weithiodd y gwasanaeth hwn yn dda i chi?
public-thumbs-1 = Do
public-thumbs-0 = Naddo
public-rating-smileys = Sut oedd eich profiad?
public-smileys-5 = Da iawn
public-smileys-4 = Da
public-smileys-3 = Ddim yn dda nac yn wael
public-smileys-2 = Gwael
public-smileys-1 = Gwael iawn
public-good = Beth oedd yn dda?
public-better = Beth allem ni ei wneud yn well?
public-words-hint = Peidiwch â chynnwys gwybodaeth bersonol, fel eich enw neu’ch rhif ffôn.
public-page-offer = Oes rhywbeth o’i le ar dudalen ar ein gwefan?
public-page-wrong = Beth sydd o’i le ar y dudalen?
public-page-address = Cyfeiriad y dudalen
public-page-hint = Byddwn yn hepgor unrhyw beth ar ôl marc cwestiwn.
public-consent = Hoffech chi gael ymateb?
public-consent-words = Hoffwn, cewch ysgrifennu ataf drwy e-bost am yr adborth hwn
public-email = Cyfeiriad e-bost
public-email-hint = Byddwn yn ysgrifennu atoch am hyn yn unig.
public-use = Beth sy’n digwydd i’r hyn rydych chi’n ei ysgrifennu
public-use-words = Byddwn yn ei ddarllen er mwyn gwella ein gwasanaethau. Cyn i staff ei ddarllen, bydd enwau, rhifau ffôn a manylion eraill a allai ddatgelu pwy yw rhywun yn cael eu cuddio lle byddwn yn dod o hyd iddynt. Nid ydym yn cadw eich cyfeiriad rhyngrwyd.
public-use-page = Rydym hefyd yn nodi’r dudalen y daethoch ohoni:
public-send = Anfon adborth
public-trap = Gadewch hwn yn wag

public-problem = Mae problem wedi codi
public-error = Gwall
public-error-title = Gwall: { $title }

# What is wrong with an answer: by field and code of the rule (ADR 009).
error-no-answer = Atebwch o leiaf un cwestiwn
error-rating-not-offered = Dewiswch un o’r atebion a ddangosir
error-too-long = Mae { $length } o nodau yn eich ateb a chaniateir { $most }. Byrhewch ef
error-page-too-long = Mae cyfeiriad y dudalen yn rhy hir. Byrhewch ef
error-agree-not-agreed = Ticiwch y blwch os cawn ysgrifennu atoch, neu dilëwch y cyfeiriad e-bost
error-email-required = Rhowch y cyfeiriad e-bost y cawn ysgrifennu ato, neu dad-diciwch y blwch
error-email-bad-address = Rhowch gyfeiriad e-bost yn y fformat cywir, fel enw@example.com

public-again = Pwyswch “Anfon adborth” unwaith eto
public-again-words = Nid oeddem yn gallu dweud ai person ynteu rhaglen a anfonodd hwn. Mae eich atebion yn dal i fod isod; does dim wedi’i golli.
public-flood = Ni allwn dderbyn rhagor o’ch rhwydwaith ar hyn o bryd
public-flood-words = { $minutes ->
    [one] Cadwch y dudalen hon ar agor a phwyswch “Anfon adborth” eto ymhen 1 munud. Mae eich atebion yn dal i fod isod.
    [two] Cadwch y dudalen hon ar agor a phwyswch “Anfon adborth” eto ymhen 2 funud. Mae eich atebion yn dal i fod isod.
   *[other] Cadwch y dudalen hon ar agor a phwyswch “Anfon adborth” eto ymhen { $minutes } munud. Mae eich atebion yn dal i fod isod.
}
public-full = Nid yw’r ffurflen hon yn derbyn rhagor o atebion ar hyn o bryd
public-full-minute = Mae llawer o bobl yn ei hateb. Cadwch y dudalen hon ar agor a phwyswch “Anfon adborth” eto ymhen munud. Mae eich atebion yn dal i fod isod.
public-full-today = Mae wedi derbyn cynifer o atebion heddiw ag y caiff. Cadwch y dudalen hon ar agor a phwyswch “Anfon adborth” eto yfory. Mae eich atebion yn dal i fod isod.
public-failed = Ni chafodd eich adborth ei gadw
public-failed-words = Aeth rhywbeth o’i le ar ein hochr ni. Cadwch y dudalen hon ar agor a phwyswch “Anfon adborth” eto ymhen ychydig eiliadau. Mae eich atebion yn dal i fod isod.

public-thanks = Diolch am eich adborth
public-thanks-words = Rydym wedi’i dderbyn a byddwn yn ei ddarllen.
public-thanks-redacted = Rydym wedi rhoi nodyn yn lle’r hyn a allai ddweud pwy yw rhywun, megis enw neu rif ffôn, cyn i neb ei ddarllen.
public-thanks-reply = Os gwnaethoch ofyn am ymateb, byddwn yn ysgrifennu i’r cyfeiriad a roesoch.
public-thanks-again = Rhoi rhagor o adborth

public-closed = Mae’r ffurflen hon wedi cau
public-closed-words = Nid yw’n derbyn rhagor o atebion.
public-closed-kept = Ni chafodd yr hyn a ysgrifennoch ei anfon. Gallwch ei gopïo o’r fan hon:
public-unknown = Nid oes ffurflen o’r fath
public-unknown-words = Gwiriwch y cyfeiriad. Os gwnaethoch ei gopïo o boster neu lythyr, edrychwch ar bob llythyren eto.
error-form-not-found = Nid oes ffurflen o’r fath.
