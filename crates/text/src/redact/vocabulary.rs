//! The words that the rules go by, in English, Welsh, Spanish and a little French and Polish.
//! A word may be in several lists. All in lower case; a new word needs no other change.

use super::lexicon::{
    CALENDAR, CALLED, CARD, DIGIT_WORD, DOES, DWELL, EMAIL, FLAT, GREETING, HALLOWED, IP, KIN, NAME, NEUTRAL, NHS, NI,
    NOT_NAME, NUMBERED, PARTICLE, PHONE, PLACE, PLATE, POSSESSIVE, POSTCODE, RANK, REF, ROLE, SIGN_OFF, SOMEBODY, SSN,
    STATE, STOP, STREET, STREET_FIRST, TITLE, TOWARDS,
};

/// Flags and the words that have them.
pub(super) const VOCABULARY: &[(u64, &str)] = &[
    // Articles, pronouns, prepositions, conjunctions, auxiliaries, common verbs and adverbs.
    (
        STOP,
        "a an the this that these those i me my mine myself we us our ours ourselves you your yours yourself he \
        him his she her hers it its itself they them their theirs themselves who whom whose which what when where why \
        how and or but nor so yet if then than because as since until while although though unless whether of at by \
        for with about against between into through during before after above below to from up down in out on off \
        over under again further once here there all any both each few more most other some such no not only own same \
        too very just also even still ever never always often sometimes usually maybe perhaps really quite rather \
        almost already soon now today tomorrow yesterday tonight later ago away back is am are was were be been being \
        do does did done doing have has had having can could shall should will would may might must ought need needs \
        needed dare used get gets got getting gotten go goes went gone going come comes came coming take takes took \
        taken taking make makes made making give gives gave given giving see sees saw seen seeing know knows knew \
        known think thinks thought say says said saying tell tells told telling ask asks asked asking let lets put \
        keep kept left leave leaves leaving want wants wanted feel feels felt feeling seem seems seemed try tries \
        tried trying call calls called calling use uses using find found help helps helped helping wait waits waited \
        waiting per via due without within along across near past around toward towards beside behind beyond except \
        amid among plus minus don doesn didn won wouldn couldn shouldn isn aren wasn weren hasn haven hadn ll ve re im \
        ive dont didnt cant wont isnt wasnt couldnt wouldnt havent hasnt thats theres theyre youre etc ie eg well yes \
        yeah okay ok oh please sorry thankyou cannot like likes liked look looks looked looking work works worked \
        working live lives lived stop stops stopped turn turned turns show shows showed shown move moves moved arrive \
        arrived arrives send sends sent speak speaks spoke speaking talk talks talked meet meets met start starts \
        started finish finished open opens opened close closes closed run runs ran pay pays paid buy bought bring \
        brought become became happen happens happened remain stay stayed add added reply replied another every \
        everything anything nothing something everyone anyone someone nobody somebody anybody everybody else half \
        whole many much less least enough several instead however therefore otherwise despite upon onto lot lots bit",
    ),
    // Units, times and what is counted.
    (
        STOP | NOT_NAME,
        "second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks wk wks \
        month months year years yr yrs decade decades century times time pm noon midnight o'clock mile miles km metre \
        metres meter meters cm mm feet foot ft inch inches yard yards acre acres litre litres ml pint pints kg kilo \
        kilos gram grams stone lb lbs oz tonne tonnes ton percent pence penny pennies pound pounds quid euro euros \
        dollar dollars people persons men women children kids patients residents tenants families households staff \
        cars vehicles buses trains lorries vans bikes cyclists drivers doctors nurses beds rooms bedrooms bedroom \
        floors steps stairs pages page items attempts visits calls emails letters appointments occasions calls \
        degrees stops seats spaces bins bags trees houses homes flats properties schools lights cameras potholes dogs \
        cats points votes signatures st nd rd th hundred hundreds thousand thousands million millions billion billions \
        one two three four five six seven eight nine ten eleven twelve first third fourth fifth last next previous",
    ),
    // Adjectives and participles that stand between a number and "road" or "street" without naming it.
    (
        STOP,
        "main busy narrow wide new old big small large little different separate local other long short nearby \
        adjacent parked broken dirty quiet wrong right such residential major minor single double dual lane lanes \
        one-way traffic speed sided side sides ended way pot extra full empty bad good poor nice great lovely best \
        worst better worse excellent brilliant amazing fantastic terrible awful rude helpful friendly polite kind",
    ),
    // Often with a capital, never somebody's name.
    (
        NOT_NAME,
        "nhs ambulance ambulances team teams council councils councillors government parliament minister \
        ministers department departments office offices service services trust trusts hospital hospitals clinic \
        clinics surgery surgeries ward wards centre center centres care carers nursing outpatient outpatients \
        reception appointment appointments referral department unit board committee association housing homes group \
        groups company ltd limited plc inc corp university college school academy nursery library museum church \
        cathedral mosque temple station airport bus train tram metro railway police fire rescue army navy british \
        english scottish welsh irish european american french german spanish italian polish indian chinese japanese \
        african asian pakistani romanian portuguese turkish australian canadian dutch russian greek muslim christian \
        jewish hindu sikh catholic england scotland wales ireland britain uk usa eu europe london newcastle sunderland \
        durham gateshead middlesbrough manchester birmingham leeds liverpool bristol sheffield cardiff edinburgh \
        glasgow belfast nottingham leicester york bradford swansea wrexham teesside tyneside northumberland cleveland \
        darlington hartlepool whitley consett blyth ashington cramlington hexham sir madam all everyone everybody \
        folks guys there team friend friends colleague colleagues customer customers resident residents tenant \
        applicant owner occupier gp gps mp mps ceo hr it pc id pip esa dwp hmrc dvla gov covid coronavirus brexit \
        internet google facebook twitter instagram youtube amazon tesco asda sainsburys waitrose aldi lidl morrisons \
        whatsapp zoom windows android apple microsoft xmas christmas easter ramadan eid diwali halloween god jesus \
        christ allah lord bbc itv sky netflix uber blue green red black white brown yellow orange pink badge badges \
        card cards park parking permit permits tax benefit benefits credit universal pension allowance application \
        form forms number email letter website online app phone telephone mobile helpline line desk advice advisor \
        citizens age concern shelter crisis samaritans macmillan mind rspca nspcc barnardos oxfam unicef \
        community social public health mental physical general medical dental emergency accident royal infirmary \
        queen king prince princess north south east west northern southern eastern western upper lower greater \
        northeast northwest southeast southwest central city town village county borough district parish region \
        national international global world united kingdom republic states happy new great good very excellent \
        brilliant amazing fantastic wonderful lovely superb outstanding thanks thank cheers regards sincerely \
        faithfully kind best warm many hello hi hey dear welcome congratulations morning afternoon evening night \
        practitioner specialist consultant manager managers led lead leader adviser assistant technician operator \
        dispatcher handler controller crew crews paramedics paramedic driver drivers nurse nurses doctor doctors \
        midwives physio therapist therapy scan xray ultrasound blood test tests results nothing none na nil unknown \
        anonymous anon various self same whilst whilst also wee lol omg wtf tbh imo ps fyi asap diolch os gwelwch \
        senior junior chief head deputy acting associate director directors secretary chairman president prime \
        petition bill act law bike cycle lane cycling road roads traffic zone low emission neighbourhood street \
        streets pavement drain drains pothole litter waste recycling bin collection garden gardens play area flood \
        labour conservative conservatives tory tories democrat democrats liberal party plaid cymru reform snp ukip \
        article section chapter part level stage phase step grade class type model version update edit issues needs lord miss harsh op ok okay",
    ),
    (
        NOT_NAME | CALENDAR,
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thur thurs \
        fri sat sun january february march september october november december jan feb mar apr jun jul aug sept sep oct \
        nov dec spring llun mawrth mercher iau gwener sadwrn sul lunes martes miércoles jueves viernes sábado domingo",
    ),
    (CALENDAR, "april may june july august autumn summer winter"),
    (
        PLACE,
        "hospital infirmary ward wing suite clinic surgery centre center house hall lodge manor college university \
        school academy primary nursery church chapel cathedral abbey priory library museum gallery theatre stadium \
        station bridge park common forest wood woods beach bay island river lake canal garden gardens hotel inn arms \
        pub cafe restaurant bar bakery pharmacy supermarket store stores shop market mall arcade retail estate \
        industrial business trust foundation council association society institute hospice charity ltd limited plc \
        inc corp llc group company solicitors consulting partners building buildings tower towers block unit airport \
        terminal port dock railway line route ambulance airways united rovers athletic wanderers fc rfc castle palace \
        cross hall square fountain memorial award awards prize day report review act bill law inquiry disease syndrome \
        test scale score cup trophy championship festival version bible james valley county city town village falls \
        bank building clinic services care homes court mews cottages gin derby show",
    ),
    (
        STREET,
        "street st str road rd avenue ave av lane ln drive dr drv close cl court ct crescent cres cresent cresc \
        gardens gdns garden terrace terr tce ter place pl square sq grove gr grv hill park row walk mews rise view \
        green mount parade pde villas villa wharf croft meadow meadows field fields heights bank broadway boulevard \
        blvd highway hwy parkway pkwy circle cir trail trl loop plaza point ridge way wynd vale quay gate side end \
        chare pastures orchard orchards cottages buildings dene garth brow fold spinney chase passage yard turnpike \
        expressway freeway alley bypass junction pass path estate cove crossing dale glen hollow knoll shore springs \
        strasse straße gasse weg platz allee straat laan plein gata gatan vägen vegen veien vej gade tie katu utca út \
        útja tér ulica ulice cesta trg",
    ),
    (
        STREET_FIRST,
        "heol avda av. ffordd stryd lôn lon maes rhodfa rue calle avenida via viale rua ulica carrera paseo plaza \
        piazza camino chemin impasse allée boulevard travessa ul aleja",
    ),
    (FLAT, "flat flats apartment apt appt unit suite ste studio maisonette fflat piso maison bedsit"),
    (DWELL | NEUTRAL, "at"),
    (
        DWELL,
        "live lives living lived address residing resident property home house moved from to outside opposite \
        visit attend deliver delivered delivery number no no. on my our byw cyfeiriad vivo dirección domicilio come \
        return meet taxi of is",
    ),
    (POSTCODE, "postcode zip postal code côd"),
    (
        STATE,
        "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh \
        ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr gu vi mp aa ae ap",
    ),
    (TITLE, "mr mrs ms mx messrs cllr prof rev revd mr. dr mme mlle sr sra srta señor señora señorita herr frau"),
    (
        RANK,
        "miss nurse sister doctor matron councillor councilor constable sergeant sgt inspector midwife judge \
        father aunt auntie uncle professor reverend sir dame lady officer supt superintendent captain lieutenant pc \
        pcso dci meddyg nyrs nain taid modryb ewythr",
    ),
    (
        ROLE | SOMEBODY,
        "nurse sister doctor driver paramedic midwife manager receptionist officer worker carer \
        consultant surgeon therapist physio physiotherapist physiotherapists counsellor pharmacist dentist technician \
        operative engineer plumber electrician contractor caretaker cleaner warden advisor adviser assistant \
        supervisor handler operator agent clerk librarian teacher headteacher head social housing caseworker \
        radiographer sonographer anaesthetist porter volunteer colleague landlord landlady neighbour neighbor tenant \
        councillor crew conductor postman attendant guard instructor lifeguard registrar student gp hca staff member \
        director secretary chef builder joiner roofer inspector conductor specialist gyrrwr nyrs meddyg conductor \
        enfermera enfermero médico doctora planner coordinator navigator practitioner staff",
    ),
    (
        SOMEBODY,
        "man woman lady gentleman girl boy guy bloke chap lad lass person someone somebody child baby kid fella \
        resident patient customer colleague teenager male female employee individual dyn menyw dynes hombre mujer \
        señor señora one ones people",
    ),
    (
        KIN | SOMEBODY,
        "son sons daughter daughters husband wife partner mum mam mom mother dad father brother sister \
        grandson granddaughter grandmother grandfather nan nana nanna gran grandad granddad grandma grandpa auntie \
        aunt uncle niece nephew cousin fiancé fiancée fiance fiancee boyfriend girlfriend friend neighbour neighbor \
        kid child baby toddler stepson stepdaughter mother-in-law boss colleague landlord carer mab merch gŵr gwraig \
        tad chwaer brawd hijo hija marido esposa madre padre hermano hermana amigo amiga abuela abuelo syn córka \
        guardian foster twin teenage roommate housemate flatmate girl boy",
    ),
    (POSSESSIVE, "my our your his her their fy ein ei mi su mis nuestro nuestra mon ma notre moja mój"),
    (CALLED, "called named call'd enw llamado llamada chamado known"),
    (NAME, "name names surname nombre enw nom imię nazwisko"),
    (
        SIGN_OFF,
        "regards sincerely faithfully signed wishes truly respectfully thanks cheers xx cofion gywir saludos \
        atentamente cordialement pozdrawiam thankyou love yours diolch gracias",
    ),
    (GREETING, "dear hi hello hey hiya annwyl helo hola estimado estimada querido querida bonjour cher chère"),
    (TOWARDS, "to with by from thank thanks thankyou for met saw asked told and ask see at"),
    (
        DOES,
        "was is said told came went helped explained listened made looked gave took kept treated took answered \
        phoned rang called did has had spoke who",
    ),
    (
        HALLOWED,
        "st saint saints santa san queen king prince princess pope lord emperor storm hurricane sir lake mount \
        fort port cape mt the saint's",
    ),
    (PARTICLE, "van von der den de da do dos das du la le di del della al el bin bint ibn ap ab ferch mac ter ten y e"),
    (
        PHONE,
        "phone phones phoned phoning telephone tel tele telephoned call calls called calling caller ring rings rang \
        ringing mobile mob cell cellphone text texts texted whatsapp fax landline dial dialled dialed contact reach \
        answering contactable voicemail ffôn ffon ffonio ffoniwch rhif teléfono telefono llamar llame llama llamarme \
        móvil movil téléphone téléphoner portable telefon numer telefonu helpline hotline switchboard extension ext \
        sms callback signal",
    ),
    (
        REF,
        "ref refs reference references refno order orders case invoice booking ticket claim application account acct \
        acc policy receipt barcode serial model item job complaint incident log tracking parcel meter tenancy licence \
        license planning crime pin batch docket enquiry request transaction consignment quote uprn mpan mprn product \
        sku isbn ean imei asset certificate warrant permit cyfeirnod referencia pedido factura docket version budget",
    ),
    (REF | NEUTRAL, "id code"),
    (
        NEUTRAL,
        "number no num nr nos nbr numbers is was are the my his her their our on it's its details below as of here \
        now this that",
    ),
    (NHS, "nhs chi hcn gig patient"),
    (NI, "national ni nino insurance nin yswiriant gwladol"),
    (SSN, "social ssn ss"),
    (CARD, "card cards credit debit visa mastercard amex cerdyn tarjeta maestro"),
    (
        PLATE,
        "reg regs registration registered plate plates numberplate car van taxi lorry vehicle truck motorbike \
        motorcycle vrm vrn ford vauxhall audi bmw volkswagen vw toyota nissan renault mercedes cerbyd matrícula coche \
        minibus moped cab",
    ),
    (IP, "ip ipv4 ipv6 address addresses server host"),
    (EMAIL, "email e-mail emailed mail write contact ebost correo"),
    (DIGIT_WORD, "zero oh o nought naught one two three four five six seven eight nine double triple treble"),
    (NUMBERED, "version v ver firmware section para paragraph clause chapter release build item standard appendix"),
];
