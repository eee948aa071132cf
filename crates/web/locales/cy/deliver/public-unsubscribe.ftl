# Yr hyn y mae pwy bynnag sy’n dad-danysgrifio drwy’r ddolen mewn neges yn ei ddarllen.

unsubscribe-title = Dad-danysgrifio
unsubscribe-words = Os byddwch yn dad-danysgrifio, ni fyddwn yn anfon rhagor o negeseuon e-bost atoch am: { $topic }.
unsubscribe-button = Dad-danysgrifio
unsubscribe-done = Rydych wedi dad-danysgrifio
unsubscribe-done-words = Ni fyddwn yn anfon rhagor o negeseuon e-bost atoch am: { $topic }. Nid oes angen i chi wneud dim byd arall.
unsubscribe-gone = Nid yw’r ddolen hon yn gweithio
unsubscribe-gone-words = Efallai ei bod wedi’i thorri. Agorwch hi o’r neges e-bost eto, neu atebwch y neges a dywedwch wrthym.
unsubscribe-flood = Ni allwn dderbyn rhagor o’ch rhwydwaith ar hyn o bryd
unsubscribe-flood-words = Anfonwyd llawer oddi yno mewn amser byr. Rhowch gynnig arall arni ymhen 10 munud; ni newidiwyd dim.
