//! Rules for grave things told in plain or roundabout words: who saves tablets, who says that others would do better without
//! them, a child outside at night, an officer whose car somebody knows. In the form that `pattern.rs` reads.

/// One rule a line.
pub(super) const RULES: &str = "
@young = child children kid kids baby babies toddler toddlers son daughter boy girl boys girls lad lads grandson granddaughter infant newborn pupil teenager nephew niece plentyn plant niño niña niños hijo hija
@old = mum mums dad dads mother mothers father fathers nan nans gran grans grandad grandma aunt auntie uncle uncles resident residents elderly
@partner = husband partner boyfriend girlfriend ex wife stepdad stepfather
@worker = staff nurse nurses doctor driver drivers receptionist manager officer officers warden wardens paramedic paramedics councillor caseworker caretaker inspector bailiff bailiffs conductor boss clerk carer carers teacher guard guards worker workers librarian
@health = frail baby babies newborn premature toddler pregnant asthma asthmatic elderly oxygen dialysis disabled copd cancer pensioner chest wheeze wheezes wheezing cough coughs inhaler breathing 74 75 76 77 78 79 80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96 97 98 99

# Not wanting to live, in roundabout words
risk_to_life ^ if|wish|think|thinking|talking|talks|talked|about|rather|prefer 3 not|wasn|weren|without|no 2 here|around|alive|existing 2 more|anymore|longer
risk_to_life ^ happier|better|easier|richer 1 off 1 without|if 0 me|i 1 not|wasn|gone|dead|weren|died -manage|cope
risk_to_life ^ better|happier|easier 1 off 0 without 0 me -knowing|having
risk_to_life ^ walk|walking|wade|wading|throw|throwing|drive|driving|step|stepping|run|running|crash 3 into|off|under 1 river|sea|canal|lake|traffic|wall|tree|reservoir|weir|lorry|lorries|bridge|train|bus *think|thinking|thought|thoughts|want|wanted|should|might|tempted|feel|keep|felt|urge|gonna|could|try|tried -centre|station|stop|number <kids|dogs|children
risk_to_life ^ walked|jumped|threw|waded|stepped 2 into|in|off|under 1 river|sea|canal|weir|bridge|train|bus|traffic|lorry +pulled|rescued|police|assessment|sectioned|die|died|life|suicidal|depressed|decision -path|driver|stop|station
risk_to_life ^ stood|standing|stand|sat|sitting|been 3 bridge|roof|ledge|cliff|edge|tracks|railway|platform +jump|jumping|stepping|end|ending|die|dying|thoughts|suicidal <train|bus
risk_to_life ^ went|drove|walked 1 to 1 bridge|cliffs|cliff|tracks|railway 8 only|nearly|almost|came|come|talked 4 home|back|because|jumped|down
risk_to_life ^ written|wrote|writing|left 3 letter|letters|note|notes 2 for|to 1 @young|family|wife|husband|mum|everyone +dog|cat|funeral|gone|sorted|goodbye|after|die -school|council
risk_to_life ^ giving|gives|gave 2 things|possessions|belongings|everything 0 away
risk_to_life ^ given 2 keys|things|belongings|cat|dog 3 neighbour|friend|sister|mum 6 after|gone|when
risk_to_life ^ not|won|wont|never 1 see 1 christmas|morning|tomorrow|spring|another *i|he|she|dad|mum|husband|wife -doctor|dentist|bus
risk_to_life ^ not|won|wont|never 1 see 1 new 0 year
risk_to_life ^ nothing 0 left 1 for 0 me|him|her -breakfast|lunch|eat
risk_to_life ^ enough 0 of 1 life|living|being 1 here|alive|all
risk_to_life ^ enough 0 of 0 life
risk_to_life ^ point|reason|use|sense 1 in|of 1 going|carrying|living|existing|being 1 on|here|alive|anymore
risk_to_life ^ burden 1 to|on 2 everyone|everybody|family|them|you|all|@young|wife|husband|mum|people *i|m|im|am|being|feel|he|she|just -tax|taxpayer|state|nhs
risk_to_life ^ want|wanted|wants|hope|hoping|hoped|wish|pray|praying|rather|prefer 4 not|don|dont|never|t|didn 2 wake|waking -kids|children|him|her|neighbours|baby
risk_to_life ^ didn|doesn|don|not|dont|didnt 1 want 1 to 0 wake 0 up -kids|children|him|her|neighbours|baby|my
risk_to_life ^ reason 1 to -complain|visit|change|use|go|think|doubt|believe|thank +eating|anymore|bed|alive|myself <good|every|another
risk_to_life ^ voices|voice 2 tell|telling|tells|told|say|saying|said 4 jump|kill|hurt|die|harm|cut|burn|stab -automated|recorded|message|option|machine
risk_to_life ^ take|taking|took|taken|takes 1 own 0 life|lives
risk_to_life ^ cut|cutting|slashed|slash|scratched|burned|burnt 1 arms|arm|wrists|wrist|thighs|legs *i|been|she|he|am|m +again|because|cope|harm|cry|help|school|blade|razor -hedge|cable|accident|glass|tree|fence|nurse|fell
risk_to_life ^ said|saying|says|say|made|making 1 her|his|my|their|last 0 goodbyes|goodbye
risk_to_life ^ find|found 2 me|him|her 0 hanging|dead|hanged -basket|phone|line
risk_to_life ^ found 0 dead *me|am|be|was|i +care|nobody|alone|here|flat|wish
risk_to_life ^ do|take|face|bear|stand 1 it|this|life 1 any 0 more|longer *can|cannot|cant +life|die|goodbye|goodbyes|alone|pills|hopeless|living|kill|gone
risk_to_life ^ finish|finishing|finished 0 myself|himself|herself
risk_to_life ^ end|finish 0 it -by|on|with|early|contract|call|there|quickly|properly *how|want|plan|planning|wants|wanted|nights|night|thinking|ready
risk_to_life ^ want|wants|wanted|wish 1 it|everything 2 to 1 be|just 0 over|end -quickly|soon|early|on|at|by
risk_to_life ^ want|wants|wanted 1 it 1 all 1 to 0 end|stop
risk_to_life ^ do 0 it 0 properly 2 time
risk_to_life ^ drank|drink|drinking|swallowed|swallowing 3 bleach|antifreeze|weedkiller|poison|petrol
risk_to_life ^ rope|noose|ligature|razor|blade|blades 4 ready|neck|tied|round|banister|beam|drawer|wrists -swing|skipping|climbing|tug|shaving
risk_to_life ^ engine 1 running 6 garage|hose|exhaust -idling|taxi|fumes
risk_to_life ^ nobody|noone|one|wouldn|not|world|wont|won 3 miss|care|notice 2 when|if|me|i 3 gone|dead|died|alive|here|die|neither -call|bus
risk_to_life ^ world 4 miss 0 me
risk_to_life ^ saved|saving|putting|put|hoarding|hoarded|stashed|stash|keeping|storing|stored|stockpiled|collecting|collected|counting|counted|got 4 tablets|pills|painkillers|meds|medication|paracetamol|morphine|sleepers +enough|gone|end|die|overdose|everyone|nobody|plan|properly -prescription|pharmacy|repeat|fridge|money
risk_to_life ^ rather|wants|want 2 be 1 with 1 dad|mum|him|her|husband|wife|god|jesus 1 now|again +dead|died|pills|stopped|heaven|tablets|alone
risk_to_life ^ think|doubt|sure 3 be 1 here 2 by|much|tomorrow|christmas *don|dont|not|t|doubt
risk_to_life ^ see|can 3 no|any|a 0 way 0 out +obvious|end|life|done|pills|die|myself -car|park|maze|building
risk_to_life ^ stopped|refusing|refuses|won|not 1 eating|eat|drinking +point|reason|life|die|living|anymore|wants -canteen|lunch

# Welsh and Spanish for the same
risk_to_life ^ eisiau|isio|isie|moyn 1 byw|marw
risk_to_life ^ pwynt|bwynt|diben 1 byw|cario
risk_to_life ^ well|gwell 2 hebdda|hebof|hebddo|hebddi
risk_to_life ^ alla|gallaf|allaf|fedra 3 mynd|cario 1 ymlaen +fel|hyn|byw|bywyd|rhagor -dudalen|ffurflen
risk_to_life ^ niweidio 2 hun|hunan
risk_to_life ^ acabar|terminar 0 con 1 todo|vida
risk_to_life ^ ganas 1 de 1 morir|morirme|vivir *sin|no|tengo|ninguna
risk_to_life ^ no 0 quiero 1 seguir|vivir 1 viviendo|así|aquí|más
risk_to_life ^ mejor|felices 1 sin 0 mí
risk_to_life sin|llevamos|no 4 calefacción|luz|oxígeno +bebé|años|recién|anciano|anciana|embarazada|frío
risk_to_life ^ dim|heb|sdim|does 3 gwres|trydan|dwr|dŵr +babi|oed|plentyn|mam|nain|taid|henoed|oer

# Homes that kill
risk_to_life week|weeks|wk|month|months|day|days 0 old +heating|boiler|cold|freezing|radiators|radiator|ice|electric|electricity|gas|coats +@young|boiler|heating -newspaper|news|bread|food|request|ticket
risk_to_life no|without|not|lost|off|any 4 radiators|radiator|warm|heater|heaters|heating|electric|electricity|power +@health -library|office|pool|waiting <course|class
risk_to_life power|electric|electricity|electrics 6 off|cut|tripping|trips|tripped|out|failed|failing|gone +oxygen|dialysis|ventilator|breathing|cpap|nebuliser|stairlift|hoist|insulin|feeding
risk_to_life oxygen|dialysis|ventilator|breathing|cpap|nebuliser|stairlift|hoist 4 off|stopped|failed|cut|tripping|died +power|electric|electricity|cut|outage
risk_to_life no|without|any 1 water +dialysis|newborn|baby|formula|catheter|stoma|feeding -bottle|fountain|pool|machine
risk_to_life water|leak|leaking|rain|dripping|wet|flooding 6 light|lights|socket|sockets|fuse|electrics|fusebox|fitting|consumer|plug 6 fizz|fizzes|fizzing|sparks|buzz|buzzes|buzzing|tripping|flicker|flickering|hiss
risk_to_life through|into|in|down|from 1 light|socket|sockets|lights|fuse|electrics|fusebox|plug 1 fitting|fittings|board|switch 6 fizz|fizzes|sparks|buzz|water|buzzing
risk_to_life buzzing|scorch|scorched|burning|burnt|fizz|fizzing|crackling|charred|smoking 5 fuse|fusebox|socket|sockets|plug|switch|wires|meter|consumer -calories
risk_to_life fuse|fusebox|socket|sockets|plug|switch|meter|consumer 6 scorch|scorched|burnt|fizz|fizzes|crackling|charred|hot|smoke -water|tap|meal
risk_to_life gassy
risk_to_life balcony|railing|rail|railings|banister|bannister|banisters 5 away|loose|broken|missing|off|gap|rotten|rusted +@young|fall|fell|through|climb -train|station|bus|strike
risk_to_life ran|run|running 1 out 4 tablets|medication|meds|epilepsy|inhalers|epipen|insulin +fits|fit|seizure|seizures|collapsed|attack|breathe|epilepsy
risk_to_life one|only|no 2 way|exit|door 1 out 8 locked|padlocked|blocked|chained|shut|bolted -car|park
risk_to_life padlocked|chained 6 night|exit|escape|fire|door -bike|bikes|gate|park
risk_to_life ceiling|lintel|chimney|roof 2 came|fell|fallen|falling|coming 1 down|in|on +bed|head|nearly|@young|injured|minutes|hurt|sleeping -rain|water|damp
risk_to_life ice|frost|icicles 4 inside|indoors|windows|window +@health|baby|indoors|bedroom -cream|cube|rink|hockey|car
risk_to_life see 1 breath 3 indoors|inside|house|bedroom|home|flat|room

# Children
abuse begging|scavenging|rummaging 1 for|in|through 2 food|bins|scraps|bread +@young
abuse @young 10 no|any 1 tea|food|dinner|breakfast|shoes|coat|supper +outside|rain|always|alone|hungry|nightie|street|cold|night|begging -left|bank|served|menu|option|parking
abuse @young 8 outside|street|step|landing|doorstep|pavement 6 night|rain|nightie|nappy|dark|barefoot|pyjamas|midnight|pub -play|playing
abuse leave|leaves|leaving|left 1 @young 5 landing|pram|car|bath|step|hall|doorstep|house|flat +pub|drinking|bingo|alone|hours|night|nights -play|school|nursery|fun|swim|swimming
abuse finger|belt|bite|strap|cigarette|hand 0 mark|marks|prints|print +@young|@old|arm|arms|legs|neck|back|contact
abuse burns|burn|scald|scalds|bruises|bruise|marks|cuts|welts 2 her|his|their 1 arm|arms|legs|leg|back|neck|face|bottom +says|said|class|school|contact|explained|again|fell -sun|treated|hospital|oven|nurse|gentle
abuse uncle|stepdad|stepfather|dad|father|brother|grandad|carer|lodger|cousin|man 2 comes|came|gets|got|climbs|touches 2 room|bed|bedroom -make|clean|morning|hospital|ward|check <nurse|doctor +daughter|niece|girl|granddaughter|stepdaughter|sister|son|nephew|grandson
abuse older|grown|adult|strange 1 man|men|boys|lads|boyfriend 8 buying|buys|bought|gives|giving|picks|picking|collects|meets|messages|messaging|follows +@young|fourteen|thirteen|fifteen|twelve|eleven|11|12|13|14|15|school -toy|charity|birthday|bread
abuse sent|sends|sending|asked|asking|asks|wants 3 pictures|photos|pics|nudes|images|videos 6 man|men|boyfriend|stranger|online|game|naked|nude|bra|knickers +@young|11|12|13|14|15|school
abuse makes|made|making|forces 1 him|her|them|@young 2 sleep|stand|live|stay 3 shed|floor|outside|bath|cellar|garage|corner|cupboard|kennel -camp|tent
abuse locks|locked|hides|withholds|padlocks 1 food|fridge|cupboards|kitchen +mum|mother|dad|he|she|boy|girl|carer|hungry|stepmum -away|cafe
abuse locks|hides 1 food 0 away
abuse @young 8 not|never|nobody|haven|hasn 2 seen 3 weeks|days|months -results|doctor|dentist|gp|nurse|specialist|consultant +curtains|neighbour|number|house|door|police|mother|shut
abuse drag|dragged|drags|dragging|yank|yanked|yanks|haul|hauled 6 hair|arm|ear|neck +@young|her|woman|him|wife
abuse @young 6 on 1 own +mother|parents|nights|night|pub|hours|works -swim|swimming|play|read|bus|walk|learn|travel|cycle|great|scary
abuse dirty|soiled|filthy|same|wet 0 nappy|clothes|uniform +toddler|baby|always|step|days|neighbour|neighbours -change|changing|bin|bag|wash
abuse scream|screams|screamed|screaming|yells|shouts|swears 1 at 2 baby|toddler|babies|infant
abuse shouts|screams|yells|swears 4 shut 0 up +@young|bang|crying
abuse circumcised|circumcise|circumcision +@young|cousin|sister|abroad
abuse cut 1 cousin|sister|niece|girls|daughter +abroad|circumcision|fgm|secondary|tradition|village|aunties|holiday -hair|nails

# Control, violence and theft at home
abuse won|wont|doesn|not|never|isn|nt|t 2 let|lets|allow|allows|allowed|have 4 phone|money|bank|friends|family|keys|job|doctor +@partner|controls|cameras -appointment|call|line|queue|app|booking|reception|number
abuse checks|monitors|tracks|reads|controls 1 phone|messages|bank|texts|location|account|money +@partner|every|he
abuse not|isn|never 1 allowed 4 shop|shops|out|outside|leave|see|speak|phone|alone|friends +cameras|@partner|locked|he -dogs|car|park|visiting|covid|children|ward|staff
abuse cameras|camera|tracker 3 every|bedroom|rooms|car +husband|partner|alone|allowed|ex|he -speed|number|council|street
abuse wet|soiled|dirty|filthy 0 bed|pad|pads|sheets|nightdress|nightie +@old|carers|hours|sores|noon|home -changed
abuse own 0 mess|filth|faeces|urine|waste|poo|vomit
abuse bedsore|bedsores|sores +care|home|carers|left|@old|neglect|wet -mouth|cold
abuse pushed|pushes|shoved|threw|kicked|dragged|throws|chucked 1 me|her|him|mum|us|nan|wife 1 down|into|against|through|across|by 2 stairs|wall|floor|door|window|hair|table|room -queue|crowd|bus
abuse hand|hands|arm|cord|belt|scarf 2 round|around|over 2 throat|neck|mouth
abuse savings|pension|money|account|cash|inheritance 4 gone|emptied|drained|vanished|spent|disappeared +attorney|carer|brother|nephew|niece|grandson|lodger *@old|s|attorney|carer|her|his -machine|order|council
abuse helps|helping|helped|help 0 herself|himself|themselves 1 to 5 cash|money|purse|wallet|jewellery|savings|pension|card
abuse tie|tying|ties|tied|strap|strapped 4 bed|chair|rails|radiator|wheelchair +@old|wrists|ankles|@young -seat|belt|safely
abuse find|found|finds|finding|track|hunt 1 me|us 3 wherever|anywhere|refuge|address|moved|house|down +@partner|violent|dad|he|refuge -job|flat|place
abuse flinch|flinches|flinched|cowers|cower|cowering +he|him|@partner|carer|child|son|in
abuse scared|afraid|terrified|frightened|petrified 9 @partner|son|dad|grandson|brother +drinking|drunk|drink|hits|temper|violent|threatens|knife|kill|when -test|flying|needle
abuse keep|keeps|kept|took|takes|hold|holds|holding 2 passport|passports +boss|work|pay|unpaid|without|they|employer -office|application|appointment|photo
abuse work|works|working 6 without|no|unpaid 0 pay|paid|wages|money +passport|passports|boss|sleep|allowed|owe|debt
abuse take|takes|keeps|took 2 wages +rent|room|sleep|passport|ten -tax|deduction
abuse sent|taken|took|flown|going|go|taking 1 to|back|abroad|her|me|him 3 marry|married|wedding|marriage +force|forced|abroad|pakistan|india|bangladesh|cousin|never|want
abuse marry|married|marrying 4 never 1 met|seen|knew
abuse said|says|saying|swore|told|tells|promised|threatens 5 kill|stab|burn|drown|shoot 0 me|us|her|them|my|mum +he|@partner|dad|son|fled -laughing|boss
abuse hits|beats|punches|slaps|chokes|strangles|bites|pinches 0 me|her|him|mum|us|nan|dad +son|@partner|dad|daughter|brother|carer|carers|he|grandson -hard|home|badly
abuse ex|stepdad|stepfather|husband|boyfriend|partner|father 1 hits|beats|smacks|slaps|punches|belts|hurts 2 @young|them
abuse tablets|pills|medication|drugs|drugged|sedated|sedate|sedates|sedating 4 quiet|docile|asleep +home|carers|care|staff|@old
abuse taken|took|taking|moved 1 over|in|into 3 flat|home|house +deal|dealing|deals|drugs|dealers|frightened|scared|lads|gang|vulnerable -tenancy|keys|council
abuse sign|signed|signing 4 house|flat|savings|pension|will|home 1 over *had|got|made|make|making|friend|him|her|forced
abuse not 1 speaks|speak|speaking|talks 4 while|when 1 he +flinches|scared|there|in
abuse nharo|nhagu|mwrw|tharo|churo
abuse cael|gael|chael 2 guro|daro|bwrw|fwrw|gam|cham +@young|mam|nos|drws|wraig
abuse no 1 deja 1 salir +marido|esposo|novio|pareja|pega|casa
abuse cuidador|cuidadora|marido|esposo|novio|pareja|padre 1 pega|golpea|insulta|maltrata|grita
abuse mi|su|el 1 padre|marido|hijo|novio|pareja 1 pega|golpea

# Threats to those who work for the public
threat_to_staff know|knows 3 time|car|route|house|street|where|when 4 @worker|she|he 1 finishes|drives|parks|lives|clocks|walks|leaves|drinks *i|we|ive|he|they|somebody|someone
threat_to_staff find|finding|found 1 out 1 where 3 @worker|she|he|you|they 1 lives|live|parks|drinks *ll|will|gonna|going|am|m
threat_to_staff leave|leaving|carried|go|going 1 out|away|in 2 ambulance|box|coffin|hearse|stretcher|bodybag *ll|will|gonna|going <i|my|we|mum
threat_to_staff need|needs|want 1 undertaker|coffin|hearse|ambulances *ll|will|you|they|he|she <i|my|we|mum|dad|patient
threat_to_staff somebody|someone|people 3 get|gets|be 1 hurt +office|counter|reception|desk|benefit|refused|sanction|staff -children|kids|cyclist|road|junction|pavement|crossing|slip|steps
threat_to_staff waiting|wait 0 for 1 him|her|you|them|@worker 1 when|after|outside 4 locks|finish|finishes|leaves|leave|work|shift|come|comes *ll|will|be|gonna -bus|call|appointment|results|school|class
threat_to_staff look|looking|watch|watching 1 over 1 shoulder|shoulders
threat_to_staff jumped|leapt|climbed|came|reached|vaulted|lunged 1 over|across 1 counter|desk|barrier
threat_to_staff grabbed|pulled|dragged|seized|held 2 @worker 3 hair|throat|neck|collar|scruff
threat_to_staff smash|trash|wreck|torch|burn 2 place|office|counter|building|reception|windows 1 up|down|in *ll|gonna|will|going|swear -party
threat_to_staff @worker 2 was|were|been|got|being|get|gets 2 punched|kicked|bitten|slapped|assaulted|attacked|threatened|shoved|stabbed|headbutted|scratched|spat -car|bus
threat_to_staff spat|shoved|punched|kicked|threatened|slapped|bitten|headbutted 8 by 1 customer|patient|client|pupil|visitor|tenant
threat_to_staff batter|deck|lamp|thump|stab|shoot|flatten|leather|kneecap|hospitalise 2 @worker|next|bailiff *ll|will|gonna|swear|going
threat_to_staff put 1 him|her|you|them|@worker 1 in|through 1 ground|hospital|grave|wall|window|box -waiting|list|ward|touch *d|ll|will|would|gonna|going
threat_to_staff set|setting|let 2 dog|dogs 1 on|loose 1 him|her|you|them|@worker|next|anyone
threat_to_staff name|names 1 on 0 it -register|badge|parcel|form +bat|knife|bullet|brick|hammer|machete
threat_to_staff bat|knife|bullet|brick|hammer|machete 2 name|names +her|his|your|officer|boss|manager
threat_to_staff shoot|stab|bomb|burn 2 lot|all|every|everyone 2 us|you|them|staff|behind *said|ll|will|would|gonna|come
threat_to_staff swung|swing|threw|hurled|lobbed|aimed|brandished|waved 3 bottle|chair|brick|punch|fist|stick|stone|stones|knife|screwdriver 3 @worker|counter|desk
threat_to_staff brick|stone|petrol 3 through|into 3 window|windows|car|letterbox +@worker|social|your|boss
threat_to_staff better 3 walk|hide|run|careful|sleep 2 home|back|alone|eye 1 alone|tonight|open|night *@worker|your|boss|had|you -weather|path|lit
threat_to_staff le|les|te|os 1 voy 1 partir|romper|reventar|rajar|pegar|matar +cara|inspector|conductor|médico|funcionario|enfermera|oficina

# Hatred
hate sprayed|painted|graffiti|daubed|scrawled|pushed|posted 5 home|swastika|slur|slurs|racist|paki|pakis|foreigners|muslims +door|wall|mosque|car|letterbox|headscarves|headscarf|house -visit
hate shout|shouts|shouted|call|calls|called|calling|screams 6 freak|scrounger|cripple|spastic|terrorist|paki|retard|mong|tranny +disabled|wheelchair|daughter|son|me|muslim|us|boy|girl
hate because|for|cos|as 4 gay|muslim|black|disabled|jewish|trans|traveller|gypsy|polish|romanian|hijab|headscarf|headscarves|turban|skin|accent|lesbian|asian|roma +refused|spat|eggs|threw|throw|throws|chased|followed|thrown|slur|sprayed|refuse|tipped|windows|beaten -parking|badge
hate slur|slurs 4 skin|colour|race|religion|wife|son|us|me -words
hate spat|spit|spits 5 speaking|speak|language|polish|arabic|urdu|punjabi|welsh|romanian +me|us|him|her
hate eggs|egg|bricks|stones|fireworks|dog 4 window|windows|letterbox|door +gay|muslim|black|polish|traveller|asian|jewish|disabled|lesbian|trans
hate pig|pigs|bacon 4 mosque|muslim|prayer
hate my|your|our|their|his 0 sort|kind|lot|type 3 gassed|shot|burned|hanged|deported|country|home -help|thing
hate refused 3 service|entry|served|a 4 traveller|gypsy|muslim|black|asian|roma|gay|disabled
hate tipped|pushed|kicked 4 wheelchair +cripple|laughed|lads|called|spastic|mocked

# Damp that harms
damp_and_mould walls|wall|ceiling|corner|corners|wardrobe|bedroom|cot|cupboard|cupboards 6 black|furry|green|fuzzy|slimy +@health|asthma|cough|coughs|chest|mildew|wheezes
damp_and_mould mildew|spores -cheese|bread|plants|garden|lawn|woods|rose|roses +wardrobe|wall|walls|ceiling|bedroom|cupboard|clothes|bathroom|cough|home|flat
damp_and_mould paper|wallpaper|plaster|paint 2 peels|peeling|peel|falls|falling|bubbles|bubbling|off +wet|damp|asthma|chest|black|cough|winter -form|envelope|note
damp_and_mould clothes|shoes|bedding|mattress|curtains 1 rot|rots|rotting|rotten|mouldy|green|damp +walls|wall|cupboards|wardrobe|flat|bedroom -machine|dry|line
damp_and_mould walls|windows|wall|window 2 run|runs|stream|streams|drip|drips|weep 1 with|water|wet|every
damp_and_mould wall|walls 1 went|gone|turned|is|are 0 black|green +inhaler|child|childs|asthma|chest|baby|cough|wheeze
damp_and_mould moho|humedad 6 habitación|pared|paredes|techo|niño|niña|cuarto|dormitorio|baño
";
