//! The rules of the alerts, in the form that `pattern.rs` reads: British usage, and the basics in
//! Welsh and Spanish. Add a line, and a text to `tests/data/alerts.jsonl` that shows why.

/// One rule a line.
pub(super) const RULES: &str = "
@self = myself himself herself themselves themself ourselves
@child = child children childs kid kids baby babies toddler toddlers son daughter boy girl boys girls grandson granddaughter stepson stepdaughter infant newborn pupil pupils teenager plentyn plant blant niño niña niños niñas hijo hija hijos bebé nephew niece grandchildren
@adult = mum mam mother dad father nan nana gran grandad grandma wife husband partner girlfriend boyfriend resident residents patient patients elderly sister brother gwraig mujer esposa uncle auntie aunt client clients tenant pensioner lady woman missus mrs
@staff = staff nurse nurses doctor doctors driver drivers receptionist receptionists reception manager managers officer officers worker workers warden wardens crew crews paramedic paramedics councillor councillors caseworker clerk librarian caretaker contractor engineer operative carer carers teacher guard guards conductor steward surgeon councilor mp inspector handler adviser advisor team employee employees
@weapon = knife gun bat machete hammer acid petrol weapon crowbar brick shotgun blade axe
@kin = he she husband partner ex boyfriend girlfriend dad father stepdad mum mother stepfather neighbour neighbor carer uncle brother who son man bloke
@frail = baby newborn babies toddler pregnant asthma asthmatic elderly oxygen disabled infant copd cancer pensioner child children kids dialysis wheelchair months 80 82 84 85 86 87 88 89 90 91 92 93 94

# Suicide and self-harm
risk_to_life ^ want|wants|wanted|wanting|wanna|wish|wishes|wished|rather|ready 3 die|dead|dying -for|of
risk_to_life ^ wish|wished 3 asleep|wake|born <hadn
risk_to_life ^ kill|killing|killed|hang|hanging|hanged|hung|harm|harming|harmed|harms|drown|drowning|starve|starving|stab|stabbing|poison|poisoned|overdose|shoot|shot|suffocate 1 @self -laughing|back|out|over|about
risk_to_life ^ cut|cutting|cuts|burning|scratching 1 @self -shaving|off|on|a|cooking|some
risk_to_life ^ want|wants|wanted|going|gonna|might|thought|thinking|thoughts|urge|urges|tried|trying 4 hurt|hurting|cut|cutting|harm|top|off|do 0 @self
risk_to_life ^ suicide|suicidal -squad|bomber|bombers|bombing|rate|rates|prevention|mission|pact|statistics|attack <assisted|political
risk_to_life ^ self 0 harm|harms|harming|harmed|injury|injuring|injures|harmer
risk_to_life ^ selfharm|selfharming|selfharms|overdose|overdosed|overdosing|overdoses|unalive
risk_to_life ^ end|ending|ended|take|taking|took|taken|takes 1 my|his|her|their|own|your 1 life|lives -savings|back|for|in|into|seriously|forward|story|work|away
risk_to_life ^ end|ending 0 it 1 all|tonight|now|soon
risk_to_life ^ can|cannot|cant 1 go|cope|carry 1 on 1 anymore|any|like|longer|living|much
risk_to_life ^ can|cannot|cant 1 do|take|cope|face 3 anymore|longer|life +life|die|alone|pills|hopeless|living
risk_to_life ^ want 1 live|alive|exist|wake -here|in|with|near|next|there|at|on|under|by|like|longer|close|somewhere|locally *don|dont|not|no|doesn|doesnt|didn
risk_to_life ^ want 0 to 1 be|live 1 here|alive|around|like 2 anymore|any|longer *don|dont|not|no|doesn|doesnt|didn
risk_to_life ^ no|any|see 1 reason|point|purpose 2 live|living|alive|life|existing|on
risk_to_life ^ nothing 1 to 1 live 1 for
risk_to_life ^ better 0 off 1 dead|without 1 me|dead|her|him
risk_to_life ^ better 0 off 0 dead
risk_to_life ^ worth 1 living|live -in|here|there|near *not|isn|isnt|no|t|hardly|without|never|longer
risk_to_life ^ life|lifes 2 not|isn|isnt|t 2 worth
risk_to_life ^ jump|jumping|jumped|throw|throwing 5 bridge|roof|cliff|train|window|balcony|tracks|platform -for +myself|himself|herself|will|going|gonna|want|threatened|she|he|i
risk_to_life ^ slit|slash|slashed|slitting 2 wrists|wrist|throat
risk_to_life ^ top|topped|topping|off|offed|offing 0 @self
risk_to_life ^ do|did|done 0 myself|himself|herself 0 in
risk_to_life ^ thoughts|thought|thinking|plan|plans 2 ending|death|dying|killing|suicide
risk_to_life ^ dark|darkest 0 thoughts|place -of +life|anymore|cope|scared|help|coping|alone
risk_to_life ^ took|taken|taking|swallowed|saving|stockpiling|hoarding 4 pills|tablets|paracetamol -for|with|as|at|before|after|daily|every|away +packet|whole|lot|box|die|overdose|end|whiskey|vodka
risk_to_life ^ won|wont|not 1 be 0 here|alive 1 tomorrow|much|christmas|anymore|long|morning
risk_to_life ^ goodbye 4 world|everyone|cruel +life|end|sorry
risk_to_life ^ give|giving|given 0 up 1 on 0 life|living
risk_to_life ^ hate|tired 1 life|living|alive|being 0 -in|here|there|with|next|at|on +anymore|die|me|everything|want|help|point
risk_to_life ^ hunanladdiad
risk_to_life ^ lladd 2 hun|hunan
risk_to_life ^ eisiau|moyn|isio 1 marw
risk_to_life ^ diwedd|ddiwedd 2 mywyd|fywyd|bywyd
risk_to_life ^ suicidio|suicidarme|suicidarse|matarme|autolesiones
risk_to_life ^ quiero|quería 0 morir|morirme
risk_to_life ^ quitarme|quitarse 1 vida

# Gas, carbon monoxide, electricity, fire, cold
risk_to_life smell|smells|smelt|smelling|stinks|reeks|whiff 3 gas -station|works
risk_to_life gas 2 smell|leak|leaks|leaking|leaked|escaping|escape|fumes -no
risk_to_life carbon 0 monoxide
risk_to_life co 0 alarm|detector|alarms|poisoning|leak
risk_to_life exposed|bare|live|hanging|dangling|loose 2 wires|wiring|cables|electrics|electric|electrical -tv|broadband|phone|internet
risk_to_life wires|wiring|cables|electrics 4 exposed|bare|hanging|dangling|dangerous|showing|sparking|smoking
risk_to_life sparks|sparking|sparked|arcing 6 socket|sockets|plug|fuse|wires|electric|consumer|cooker|board|switch|light|lights|meter
risk_to_life socket|sockets|plug|plugs|fuse|fusebox|cooker 5 sparking|sparks|smoking|burning|melted|melting|fire|buzzing|sparked
risk_to_life electric|electrical|electrics 1 shock|shocks
risk_to_life electrocuted|electrocute|electrocution
risk_to_life no|without|broken|lost|not 3 heating|heat|boiler|electric|electricity|power|hot +@frail
risk_to_life heating|boiler 5 broken|broke|off|down|packed|failed|gone|stopped|working +@frail
risk_to_life freezing|freeze|freezes|hypothermia|icy +baby|newborn|pensioner|elderly|toddler|babies|infant
risk_to_life hypothermia
risk_to_life fire 1 exit|exits|escape|escapes|door|doors 4 blocked|locked|chained|jammed|bolted|stuck
risk_to_life ceiling|balcony|roof|wall|stairs|chimney 4 collapse|collapsed|collapsing|caved|caving -lung
risk_to_life not|stopped|isn|wasn|barely|struggling|stops 2 breathing|breathe -easy|space|mask
risk_to_life someone|somebody|child|kid|pedestrian|people|person|cyclist|kids|children|he|she|they|mum|dad|mam 3 going|gonna|will|could|might|ll 3 killed|die|dead -for|laughing|out|of
risk_to_life someone|somebody|child|kid|pedestrian 2 get|gets 1 killed
risk_to_life get|getting|be|been 1 killed -in|by|off *someone|somebody|child|kid|one
risk_to_life could|would|might|nearly|almost 2 died|killed -laughing|of|to|boredom|for|when|me|it +hours|left|refused|negligence|ambulance|because|if|ignored|sepsis|wrong|child|baby|mum|dad|son|daughter
risk_to_life haven|havent|not|hasn|hasnt 2 eaten 3 days|day|week|since|yesterday|food
risk_to_life no|any 1 food 7 days|children|kids|baby|week|weekend|eat|left -bank|drink|was|or|waste|at|on
risk_to_life no 0 insulin
risk_to_life ran|run|running 1 out 2 insulin|oxygen|inhaler|inhalers
risk_to_life arogl|arogli|oglau|ogla 1 nwy|gas
risk_to_life olor|huele|fuga 2 gas
risk_to_life gwifrau 2 noeth

# Violence, neglect, exploitation
abuse hit|hits|hitting|beat|beats|beating|slap|slapped|slaps|slapping|punch|punches|punching|punched|kick|kicks|kicked|kicking|smack|smacks|smacked|smacking|shaking|shook|shakes|belts|burns|thumps|battering|batters|strangling|choking|whips|biting 3 @child -football|chess|game|hard|badly|hardest|financially|party <car|van|bus|bike|cyclist|vehicle|lorry|ball|scooter|bus|branch|hands|cuts
abuse beats|beat|beaten|beating|hits|hitting|punches|punched|slaps|slapped|slapping|kicks|kicked|strangled|strangles|choked|chokes|pinned|dragged|dragging|grabbed|grabs|pushes|pushed|shoved|shoves|batters|battered|thumped|manhandled|manhandling 2 @adult -hard|queue|towards|door|down <car|bus|van|bill|price|rise|cuts|vehicle|lorry
abuse punched|slapped|slaps|kicked|kicks|strangled|strangles|choked|assaulted|raped|groped|battered|batters|molested|pinned|assaults 1 me|her|him|us|them -out|off <vehicle|fees
abuse beat|beats|beating|beaten|knocks|knocked|roughed 1 her|him|me|up 1 up|about|black
abuse @kin 2 hits|hit|beats|punches|kicks|hurts|hurting|hitting|beating|attacks 1 me|her|him|us|them|my -with|up <it
abuse abusive|violent|controlling|coercive 1 partner|husband|relationship|ex|father|mother|boyfriend|wife|son|home|marriage|dad|stepdad|girlfriend|household|man|parent|parents
abuse ex|partner|husband|boyfriend|father|dad|son|neighbour|stepdad|he|wife|carer 3 abusive|violent|abusing
abuse abused|abusing|abuses|abuser 4 @child|@adult|her|him|me|by|them -system|position|power|trust|privilege|landlords <system|bay|bays|scheme|privilege|rules|spaces
abuse child|elder|domestic|sexual|sexually|physical|physically|emotional|emotionally|financial|financially|parental|spousal 1 abuse|violence|abused|abusing|assault|assaulted|harassed|exploited|exploitation|advances|neglect|cruelty
abuse domestic -helper 1 situation|incident|incidents
abuse @child|@adult|man|nan|resident 2 neglected|abused|mistreated|starved -by|herself|himself|themselves|landlords
abuse @child|man|nan|mum|dad|woman 2 neglected 1 by
abuse pushed|shoved|slapped|grabbed|hit|manhandled|dragged|bullied|bullying 3 by 2 carer|carers|son|nurse|staff|husband|partner|teacher <door|about
abuse neglect|neglected|neglecting|neglects 4 @child|@adult|her|him|them -garden|area
abuse @child|@adult|mums|nans|he|she 3 neglected|neglect|malnourished|unwashed|starved|emaciated -herself|himself|themselves
abuse left|lying|sitting|laid|sat|lay|lie 6 urine|faeces|excrement|soiled|poo|wee|filth|pee|feces|shit|mess|vomit|pad 0 -dog|dogs|bin|fox|car +mum|dad|mother|father|nan|gran|he|she|her|him|resident|residents|patient|patients|wife|husband|bed|grandad|child|hours|me
abuse bruise|bruises|bruising|bruised|welts -blood|needle|cannula|injection|fell|fall|canula|fruit <fell|fall|slipped|blood|needle +@child|mum|dad|mother|nan|gran|resident|residents|wife|neighbour|face|neck|her|his|unexplained
abuse black 0 eye|eyes +@child|@adult|she|her|he|his|neighbour
abuse cigarette 0 burns
abuse burn 0 marks +@child|her|his
abuse touched|touches|touching|touch 5 inappropriately|private|sexually|bum|breast|breasts|inappropriate|privates|groin
abuse groped|groping|molested|molesting|raped|rape|rapes|rapist|paedophile|pedophile|paedophiles|paedo|nonce|indecently|incest
abuse groom|grooming|groomed -parlour|dog|dogs|hair|trees|cat|pet <dog|dogs|pet|cat|well +@child|online|sex|man|older
abuse hear|heard|hearing 6 @child|she|her|woman|wife 4 screaming|crying|begging|sobbing|scream -play|playground|school
abuse hear|heard|hearing 5 screaming|screams|crying|begging|thuds|thumping +@child|hit|hitting|slap|her|woman|stop|next|banging
abuse @child 5 hungry|starving|filthy|unsupervised|malnourished|unfed|undernourished -caterpillar|bus +left|always|alone|no|night|neighbour|never|mother|parents|begging|school|food|asking|door
abuse left|leaves|leaving 2 @child 3 alone|unattended|unsupervised|car|home -school|bus
abuse @child 5 home|left|house 1 alone|unattended|themselves -school
abuse @child 4 alone -never|let +left|night|hours|house|flat|home|mother|parents|days
abuse locked|locks|locking|lock|shut|shuts 2 @child|@adult|her|him|me|them 2 in|inside|room|cupboard|bedroom|house|shed|cellar|garage -out|car|bathroom|myself|lift|toilet
abuse tied|ties|strapped|restrained|chained 4 bed|chair|radiator +@child|@adult|her|him|he|she
abuse carer|carers|nephew|son|daughter|grandson|granddaughter|neighbour|friend|stepson|he|she|someone|niece|support 5 stealing|steals|stole|stolen|taking|takes|took|taken|emptied|withdrawing|spends|spending|helping 5 money|pension|card|cash|savings|account|benefits|pip|purse -back|order|council|rent|for|machine +mum|mums|dad|dads|mother|nan|nans|gran|grans|old|lady|man|her|his|elderly|dementia|neighbour|pensioner|resident|carer|vulnerable|aunt|uncle
abuse keeps|takes|taken|controls|control|controlling 4 money|phone|passport|wages|bank|card +he|husband|partner|she|wife|boss|ex|son -machine|order|rent
abuse won|wont|doesn|doesnt|not|never|isn 2 let|lets|letting|allow|allows|allowed 5 leave|out|outside 3 house|flat|home|room|alone|own +he|husband|partner|she|her|wife|son|mum|family|dad
abuse scared|afraid|terrified|frightened 0 of 1 him|her|husband|partner|ex|boyfriend|girlfriend|dad|father|stepdad|stepfather|neighbour|carer|uncle|brother|son|wife|them +i|she|my|her|mum|daughter
abuse scared|afraid|terrified|frightened 1 to|of 1 go|going 1 home|back -alone|late|dark|walk +he|him|husband|partner|dad|she|ex|mum|home
abuse forced|forces|forcing|making|made 3 sex|marry|marriage|prostitution|beg|sleep 0 -better|rough +me|her|him|girl|girls|daughter|niece|she
abuse forced 0 marriage|labour
abuse modern 0 slavery
abuse trafficked|trafficking|fgm|coercive|cuckooed|cuckooing|sextortion
abuse honour 0 based|violence|killing
abuse county 0 lines
abuse rough|roughly|roughing 2 with|handled|handling|treated +@adult|@child|her|him|me|staff|carer|carers|nurse|nurses|bruise -sleepers|edges|sleeping
abuse shout|shouts|shouted|shouting|scream|screams|screamed|swearing|swears|swore|yells|yelling|yelled|taunting|taunts|mocking|laughing 1 at 3 resident|residents|patient|patients|baby|toddler|children|child|mum|mother|nan|dad|dementia|son|daughter <about|kids|children|hear|patients|patient|joy -joke|wait|hear|back
abuse throws|threw|thrown|throwing 4 baby|toddler|child|son|daughter|kid|wife|her|him 3 floor|wall|stairs|downstairs|across|room
abuse threatened|threatens|threatening 2 kill|hurt|harm|hit|stab 2 me|her|him|us|my|them|@child|@adult
abuse cam|gam|chamdrin 0 drin|driniaeth|drindod
abuse camdrin|esgeulustod|esgeuluso
abuse curo|taro|bwrw|guro|daro 3 @child|gwraig|wraig|mam|fi
abuse maltrato|maltrata|maltratan|maltratada|abusa|abusan
abuse golpea|pega|golpeó|pegan|golpean|pegó 3 @child|mujer|esposa|me|madre
abuse me 0 pega|golpea|maltrata|viola

# Hatred and discrimination
hate racist|racists|racism|racially|homophobic|homophobe|homophobia|transphobic|transphobia|islamophobic|islamophobia|antisemitic|antisemitism|xenophobic|xenophobia|disablist|ableist -culturally|minoritised|minoritized|diverse|appropriate|anti|training|awareness|policy|strategy <anti|tackle|tackling|against
hate anti 0 semitic|semitism|muslim
hate hate 0 crime|crimes|speech
hate go|goes|going|send|sent|sending|get|fuck|piss|clear 1 back 0 where 2 came
hate go|goes|going|send|sent|sending|get|fuck|piss|clear 2 back 3 country|countries|poland|pakistan|africa|romania|india|where|jungle|came|syria -from|work|house|day|home|bus +you|your|them|told|muslim|immigrant|foreigners|said|shouted|immigrants|all|lot
hate dirty|filthy|bloody|fucking|fuckin|effing|scum|stupid|fking|damn|smelly|thieving|black 1 foreigner|foreigners|immigrant|immigrants|muslim|muslims|jew|jews|gypsy|gypsies|poles|asians|blacks|arabs|arab|bastards|gays|lesbian|lesbians|asian|migrants|refugees|queers|queer|travellers|romanians|terrorist|lezzer -pub|restaurant|food|poor|community
hate because|cos|coz|cause|bc 4 am|was|m|im|is|being|are|were|re 1 black|brown|asian|muslim|gay|lesbian|trans|foreign|polish|jewish|disabled|irish|african|chinese|indian|pakistani|romanian|gypsy|traveller|bangladeshi|roma|hijabi|autistic|deaf|foreigner|bisexual|transgender|arab -parking|bay|badge|ink|toilet
hate because|due|based 3 colour|color|race|religion|skin|ethnicity|sexuality|accent|nationality|hijab|headscarf|disability -scheme|blue|parking|horse +treated|refused|me|my|her|his|their|our|discriminated
hate colour|color 2 skin -rash|condition|cream|changed +treated|because|different|due|my|our|his|her|their
hate discriminated|discriminate|discriminating|discrimination|discriminates|discriminatory -motorists|drivers +race|racial|colour|religion|disability|disabled|sexuality|gender|black|muslim|gay|asian|trans|ethnic|foreign|accent|jewish|religious|skin|autistic|deaf|wheelchair|age|polish
hate all|these|those|them|you|most|many 1 muslims|immigrants|jews|blacks|gays|foreigners|gypsies|asians|migrants|travellers|queers|arabs|refugees|romanians|poles 4 should|deport|deported|shot|out|scum|vermin|back|terrorists|thieves|rats|breed|ruining|taking|stealing|filth|animals|parasites|dirty|first|burn|die|gassed
hate muslims|immigrants|jews|blacks|gays|foreigners|gypsies|asians|migrants|travellers|refugees 3 scum|vermin|deported|shot|terrorists|thieves|rats|filth|animals|parasites|cockroaches|gassed|subhuman
hate hate|hates|hated|hating|despise 1 muslims|immigrants|jews|blacks|gays|foreigners|gypsies|asians|migrants|travellers|blacks|queers|refugees
hate swastika|swastikas|kkk
hate nazi|nazis +graffiti|salute|sign|saluted|drawn|sprayed|paint|painted|symbols|me|him|us
hate monkey|ape|gorilla 1 noises|noise|chants|sounds|gestures
hate called|calls|calling|call|said|shouted|shouting|shouts 5 terrorist|monkey|ape|foreigner|immigrant|cripple|spastic|queer|dyke|gollywog|freak|terrorists +me|us|him|her|my|black|muslim|hijab|asian
hate pulled|pull|ripped|tore|mocked|laughed|remove|spat|tugged|yanked|grabbed 5 hijab|headscarf|turban|burka|niqab|veil|kippah|skullcap
hate hijab|headscarf|turban|burka|niqab|kippah 6 pulled|ripped|mocked|laughed|spat|removed|terrorist|abuse|off
hate spat|spit|spits|spitting|abuse|abused|attacked|attack|refused|insulted|jeered|harassed +hijab|headscarf|muslim|black|gay|lesbian|trans|polish|asian|jewish|turban|foreign|immigrant|wheelchair -tax|bay 3 me|us|her|him|couple|family|man|woman|at|on|son|daughter|friend
hate accent 5 mocked|laughed|imitated|mimicked|mocking|copied|fun
hate mocked|mimicked|imitated|mocking|mimicking|laughed|laughing 5 accent|disability|stammer|stutter|english|wheelchair
hate hiliaeth|hiliol|homoffobig|homoffobia|trawsffobig|islamoffobia
hate racista|racistas|racismo|homófobo|homofobia|xenófobo|xenofobia
hate vuelve|vete|volveos 1 tu 0 país

# Damp and mould
damp_and_mould mould|mouldy|mold|moldy|moulds|mildew|mildewed|moulding 0 -bread|cheese|fruit|food|sandwich|sandwiches|veg|vegetables|grapes|strawberries|made|plaster|fillings|injection|remediation <break|breaks|breaking|broke|broken|fit|fits|ear|jelly|clay|fitted|plastic|mouth|teeth|dental|concrete|grip
damp_and_mould damp|dampness|dampe -day|days|weather|squib|cloth|cloths|towel|autumn|walk|evening|morning|spirits|november|winter|grass|summer|leaves|proofed|climate|soil <cold|wet|bit|squib|rainy|a|grey +wall|walls|house|flat|home|ceiling|bedroom|room|bathroom|kitchen|property|proofing|patches|plaster|carpet|carpets|condensation|problem|problems|issue|issues|rising|penetrating|smell|smells|smelling|wallpaper|ceilings|bedrooms|rooms|landlord|mould|housing|lounge|clothes|asthma|wardrobe|hallway|cupboard|tenant|tenancy|chest|repair|repairs|surveyor|survey|inspected|bungalow|furniture|mattress|black|windows|skirting|living
damp_and_mould damp|wet|cold 3 house|flat|home|bedroom|room|property|walls|wall|ceiling|bungalow|basement|maisonette|living <waiting|rainy -cloth|towel|paint|floor|weather|floors|waiting|shower +damp|walls|wall|ceiling|mould|soaking|plaster
damp_and_mould rising|penetrating|severe|awful|terrible|chronic 0 damp -weather|day
damp_and_mould damp 1 proof|proofing|course|survey|patch|patches|problem|problems|issue|issues|surveyor
damp_and_mould condensation +wall|walls|running|dripping|everywhere|flat|house|bedroom|windows|window|bad|room|mould|wet|ceiling|sills|puddles|streaming|pours
damp_and_mould water|rain|rainwater 5 coming|comes|pouring|pours|dripping|drips|leaking|leaks|running|seeping|streaming|penetrating|getting 5 ceiling|wall|walls|plaster|bedroom|light|lights|plug -car|bus|station|shelter|down
damp_and_mould walls|wall|ceiling|ceilings|windowsills|skirting 4 wet|soaking|dripping|sodden|black|green|furry|sweating|saturated|soggy|streaming -paint|painted|and|cab +bedroom|house|flat|room|water|damp|home|bathroom|kitchen|mould|touch|kids|black|wet
damp_and_mould black|green 2 stuff|spots|fungus|growth|patches|marks|fur|spores 6 wall|walls|ceiling|ceilings|bedroom|bathroom|window|windows|cot|clothes|curtains|wardrobe
damp_and_mould fungus|mushrooms|fungi|spores|toadstools +wall|walls|ceiling|bathroom|bedroom|carpet|skirting|flat|kitchen|house -soup|toenail|nail|breakfast|risotto|infection|cooked
damp_and_mould mushrooms|fungus|toadstools 2 growing
damp_and_mould wallpaper|plaster|paint 4 peeling|crumbling|falling|bubbling|blown +damp|wet|water|mould|leak|bedroom|wall|walls|soaked|leaking|moist
damp_and_mould llwydni|lleithder|llaith|tamp|damprwydd|llwydo
damp_and_mould moho|humedades|mohosa
damp_and_mould humedad +pared|paredes|casa|piso|habitación|techo|dormitorio|cuarto|baño|hay

# Threats to staff, attacks on them
threat_to_staff kill|stab|shoot|punch|smash|batter|bomb|slap|deck|strangle|headbutt|lamp|thump|twat|hit|chin|throttle|murder|hurt|knife|burn|clout|lynch|hang 3 you|u|@staff|head|face|teeth|lot|someone|somebody|next|yous|council|bastards|planners -email|text|message|line|time|two *i|ill|im|we|ll|m|gonna|will|id|d|someone|somebody|he|would <myself|don|wouldn|never|not|it
threat_to_staff kill|stab|shoot|punch|batter|murder|throttle|strangle|headbutt 1 him|her|them|one <myself|don|wouldn|never|not|they|he|she|game|can|could *ill|gonna|ll
threat_to_staff threatened|threatens|threatening|threaten|threat|threats 5 @staff -eviction|court|fine|bailiffs|bill|debt|prosecution|legal|shortage|shortages|redundancy|jobs|strike|by
threat_to_staff @staff 4 threatened|assaulted|punched|stabbed|headbutted|spat 2 by|with|at|again|knife|on|while|yesterday|today
threat_to_staff threatened|threatening|threatens 2 me|us|colleague|colleagues -eviction|court|fine|fines|bailiffs|bill|debt|prosecution|legal|bailiff|letters|action|cut|disconnect|letter|sanctions|losing|enforcement +knife|work|desk|kill|counter|shift|reception|hit|stab|punch|violence|customer|passenger|patient|colleague|office|counter|staff
threat_to_staff watch|watching 0 your|yer|ur|their|his|her 1 back|backs|selves
threat_to_staff know|knows|find|finding|found|finds 2 where 2 you|they|he|she|u|staff|yous|your|his|her|manager|officer|driver 2 live|lives|works|work|park|parks|family|kids|house -best|help|support
threat_to_staff you|they|youll|theyll|he|she|council|your|ull|yous 2 pay 0 for 0 this|it|that|what -yourself|with|out|monthly|by|online|us|parking *gonna|will|make|ll|going|i|ill <who
threat_to_staff you|they|youll|she|he|ull|yous 2 regret 1 this|it|that|day|messing|crossing
threat_to_staff burn|burning|torch|torching|petrol|firebomb|blow|bomb 4 office|offices|building|place|council|hospital|surgery|centre|depot|library|hall|station -calories|out|fossil|rubbish|wood|fuels|cold|leaves|holiday|fuel|waste *i|ill|im|gonna|ll|m|going|will|should|someone|want|we|somebody
threat_to_staff come|coming|comes|bring|bringing|turn|turning|came|brought|walk|turned|waiting|wait 7 @weapon -gas|station|shopping|dentist|lawnmower <i|we|my|cricket|neighbour
threat_to_staff bring|bringing|coming|come|be|back|down|round 6 knife|gun|machete|hammer|shotgun|bat|acid|petrol|axe|crowbar -cricket|ball|baseball|station|prices *ill|ll|gonna|im|m|next|will|going
threat_to_staff @weapon 7 @staff|counter|desk|office|throat -station|shop|bit|prices|surgeon <cricket|keyboard +pulled|threatened|had|waved|waving|drew|held|carrying|with|pointed|brandished|swung
threat_to_staff break|breaking|smash|smashing|kick|kicking|cave|stamp|knock|knocking|rip|cut|bash|bust 1 your|his|her|their|ur|yer|somebodys|someones|them 3 legs|face|teeth|skull|jaw|neck|head|heads|throat|block|nose|windows|knees|kneecaps|fingers|arms|car|tyres|lights -bathroom|in|his *i|ill|im|ll|m|gonna|going|will|next|want|someone|to|id|d|somebody|threatened
threat_to_staff swing 0 for 2 you|him|her|someone|somebody|them|one|@staff
threat_to_staff what|whats|wots 1 coming 0 to|for 1 you|them|him|her|yous|council
threat_to_staff coming 0 for 0 you|u|ya|yous|them -soon|collection|a
threat_to_staff you|youre|ur|yous|theyre 1 dead -right|wrong|good|on|end|ends|ball|kind|nice|helpful|inside|easy|quick|body|friendly|battery +next|time|see|watch|out|meat|gonna|going|warned <if|when|before|until|left|could|thought|that
threat_to_staff dead 0 meat|man|men -cuts|eater
threat_to_staff deserve|deserves|want|wants|needs|need|ought 2 shot|shooting|stabbed|stabbing|hanging|hung|hanged|slap|punching|lynched|slapped|kicking|battering|hiding|lamping|dead <jab|flu|covid +@staff|you|they|them|council|whoever|he|she
threat_to_staff should 2 shot|stabbed|hanged|hung|lynched|strung|slapped|punched|hung <jab|flu|covid|vaccine|dog|up +@staff|you|they|them|council|whoever|he|she|planners|managers -of
threat_to_staff attacked|attack|assaulted|assaulting|assault|punched|punching|kicked|slapped|pushed|headbutted|bit|lunged|swung|hit|hitting|grabbed|stabbed|scratched|throttled|abusing|shoved 3 @staff -by|station|room|button|alarm|training|member|was|were|is|and|who|very|on <heart|asthma|panic|staff|nurse|driver|carer|carers|i|anxiety|ball|they
threat_to_staff spat|spit|spitting|spits 3 @staff
threat_to_staff spat|spit|spitting 1 at|on|in 1 me|her|him|face|us +desk|counter|bus|driver|work|shift|reception|patient|passenger|customer|staff|colleague|nurse
threat_to_staff bomb 0 threat|threats
threat_to_staff shoot|shooting 1 up 3 office|place|council|hospital|school|surgery|building|lot
threat_to_staff follow|followed|following|waiting|wait 3 @staff|you|her|him 3 home|outside|car|carpark -care|up|advice|instructions|bus|mobile +dark|threat|threatened|after|shift|sort|knows|ll|ill|will|work|get|see
threat_to_staff sort|sorting|do|get|getting|have 0 you|yous|them 0 out|in|lot *ill|ll|gonna|myself
threat_to_staff bygwth|bygythiodd|bygythio|fygwth 4 staff|nyrs|gyrrwr|fi|ni|swyddog|meddyg|derbynnydd
threat_to_staff lladd 1 chi|di|ti|nhw|staff
threat_to_staff voy|vamos 1 matar|matarte|mataros|quemar|pegar
threat_to_staff te|os|los 1 voy 1 matar|pegar|quemar|rajar
threat_to_staff amenazó|amenaza|amenazaron|amenazar 4 enfermera|personal|médico|conductor|recepcionista|trabajador|empleado
";
