# The feedback widget, in Welsh.

widget-cancel = Canslo
widget-again = Nid oeddem yn gallu dweud ai person ynteu rhaglen a anfonodd hwn. Pwyswch “Anfon adborth” unwaith eto; mae eich atebion yn dal i fod yma.
widget-flood = { $minutes ->
    [one] Ni allwn dderbyn rhagor o’ch rhwydwaith ar hyn o bryd. Pwyswch “Anfon adborth” eto ymhen 1 munud; mae eich atebion yn dal i fod yma.
   *[other] Ni allwn dderbyn rhagor o’ch rhwydwaith ar hyn o bryd. Pwyswch “Anfon adborth” eto ymhen { $minutes } munud; mae eich atebion yn dal i fod yma.
}
widget-full-minute = Mae llawer o bobl yn ateb, ac nid yw’r ffurflen hon yn derbyn rhagor ar hyn o bryd. Pwyswch “Anfon adborth” eto ymhen munud; mae eich atebion yn dal i fod yma.
widget-full-today = Mae’r ffurflen hon wedi derbyn cynifer o atebion heddiw ag y caiff. Pwyswch “Anfon adborth” eto yfory; mae eich atebion yn dal i fod yma.
widget-failed = Ni chafodd eich adborth ei gadw. Pwyswch “Anfon adborth” eto ymhen ychydig eiliadau; mae eich atebion yn dal i fod yma.
