//! Owns the words that name no theme, in English, Welsh and Spanish.

use crate::vectors::FnvMap;
use std::sync::OnceLock;

/// Bit of each language in what [`mask`] gives.
pub(super) const ENGLISH: u8 = 1;
pub(super) const WELSH: u8 = 2;
pub(super) const SPANISH: u8 = 4;
/// An English word that names no theme alone but may begin or end a phrase: "more staff".
pub(super) const LIGHT: u8 = 8;

const EN: &str = "a about above after again against ain all also although always am among an and another any anybody \
anyone anything anyway are aren't around as ask asked asking at away back be became because become been before being \
below between both but by came can can't cannot cant come comes coming could couldn't couldnt did didn't didnt do does \
doesn't doesnt doing don't dont done down during each either else especially etc even ever every everybody everyone \
everything extremely far felt few find first for found from further gave get gets getting give given giving go goes \
going gone got had hadn't happen happened has hasn't have haven't having he he's her here hers herself him himself his \
how however i i'd i'll i'm i've id if ill im in instead into is isn't isnt it it's its itself ive just keep kept knew \
know last least let like little lot lots made make makes making many may maybe me might mine much must my myself need \
needed needs never next nor now of off often ok okay on once one ones only onto or other others our ours ourselves out \
over own per perhaps please put quite rather really said same saw say saying says see seem seemed seems seen several \
shall she she's should shouldn't since so some somebody someone something sometimes soon still such sure take taken \
takes taking tell than thank thanks that that's thats the their theirs them themselves then there there's these they \
they'd they'll they're they've thing things think this those though thought through till to told took toward towards \
tried try trying two under unless until up upon us use used using usually very via want wanted wants was wasn't wasnt \
way we we'd we'll we're we've well went were weren't what what's whatever when where whether which while who who's \
whole whom whose why will wish with within without won't wont would wouldn't wouldnt yes yet you you'd you'll you're \
you've your yours yourself xxx xxxx xx nbsp amp http https www com s t d ll re ve m u one's able actually absolutely \
particularly already almost enough anywhere somewhere lots bit";

const LIGHT_EN: &str = "more less better no not too long longer lack poor good great excellent bad best worse nice \
easy difficult hard quick quicker new old right wrong late early high low big small different clear";

const CY: &str = "a ac achos am ambell an ar arall at atom ati atyn aeth bob bod bydd byddai byth cael cafodd cyn dan \
daeth dda dim does doedd dod drwy dweud dwi dydy dyma dyna dylai dw e ef efo ei eich eisiau eithaf eto ei'n eu eu'n \
fe fel felly fi fod fy gan ganddo ganddi gael gallu galli gallai ges gwneud gwnaeth gyda gydag gyd hefyd heb hi hon \
honno hwn hwnnw hyd hyn hynny i'r i'w iawn ie iddi iddo iddyn ei'r lle llawer maen mae mai mewn mi mor mwy na nad nag \
nawr neb neu newydd nhw ni nid nes o'r oed oedd oeddem oeddwn oeddech oeddent oes ond os pan pam pawb peth pob pwy \
rhai roedd roeddwn roeddem roeddent rydw rydym rwy rwyf rwy'n rydych sut sy sydd tan ti trwy unrhyw wedi wedyn weithiau \
wnaeth wrth wrthyf y ychydig ydw ydy ydych yw ydyn ym yma yn yna ynddo yno yr yw'r y'n oherwydd diolch";

const ES: &str = "a al algo alguien alguna algunas alguno algunos ante antes aquel aquella así aun aunque bastante bien \
cada casi como con contra cual cuales cuando cuanto cómo da dar de del desde después dicen dice donde dos durante e el \
él ella ellas ellos en entonces entre era eran eres es esa esas ese eso esos esta está estaba estaban estado están \
estar estas este esto estos estoy estuvo fue fueron fui ha había habían hace hacen hacer hacia haber han hasta hay he \
hemos hizo hoy la las le les lo los luego mas más me mejor menos mi mis mientras mismo mucha muchas mucho muchos muy \
nada nadie ni ninguna ninguno no nos nosotros nuestra nuestro nunca o os otra otras otro otros para pero poca poco pocos \
por porque pues puede pueden pude que qué quien quién quiere quiero se sea según ser si sí sido siempre sin sino sobre \
solo sólo son soy su sus también tan tanto te tener tenemos tengo tenía ti tiene tienen toda todas todavía todo todos \
tras tu tuve tuvo tú un una unas uno unos usted ustedes va vamos van vez voy y ya yo gracias favor";

/// Which lists hold a word (small letters, as written), as bits.
pub(super) fn mask(word: &str) -> u8 {
    static LISTS: OnceLock<FnvMap<&str, u8>> = OnceLock::new();
    let lists = LISTS.get_or_init(|| {
        let mut map = FnvMap::default();
        for (bit, list) in [(ENGLISH, EN), (WELSH, CY), (SPANISH, ES), (LIGHT, LIGHT_EN)] {
            for word in list.split_ascii_whitespace() {
                *map.entry(word).or_insert(0) |= bit;
            }
        }
        map
    });
    lists.get(word).copied().unwrap_or(0)
}
