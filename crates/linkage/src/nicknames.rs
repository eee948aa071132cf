//! Names that one person may go by.
//!
//! A small table of our own, of forms that are common knowledge: English, some Welsh and Spanish. One line is one
//! group; a name may stand in several (Alex). It only says that two names *may* be the same; how much that
//! weighs is for the model to find out.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Groups in which a name can be.
pub(crate) const MOST_GROUPS: usize = 4;

const GROUPS: &[&str] = &[
    "abigail abby abbie abi gail", "adam ad", "adrian ade", "agnes nessie nest", "albert al bert bertie alby", "alan allan allen al",
    "alexander alex al sandy alec xander sasha", "alexandra alex sandra lexi lexie sasha alexa", "alfred alf alfie fred freddie",
    "alice ali ally", "alison ali ally", "amanda mandy", "amelia amy millie milly", "andrew andy drew andreas andras", "angela angie ange",
    "ann anne anna annie nan nancy hannah", "anthony antony tony ant", "antonio toni tono", "arthur art artie", "barbara barb barbie babs",
    "beatrice bea trixie", "benjamin ben benny benji", "bernard bernie", "bethan beth", "bradley brad", "bridget bridie biddy",
    "caitlin cait kate", "cameron cam", "carol caroline carrie caz", "catherine katherine kathryn catharine kate katie kathy cathy kath kat cath kitty kit",
    "charles charlie chas chuck carlos siarl", "charlotte charlie lottie lotte char", "christina christine chris chrissie tina",
    "christopher chris kit topher kris", "clifford cliff", "constance connie", "cynthia cindy", "daniel dan danny", "danielle dani",
    "david dave davey dai dafydd dewi", "deborah debra deb debbie debs", "dennis den denny", "diana diane di", "dominic dom", "donald don donnie",
    "dorothy dot dottie dolly", "douglas doug dougie", "edward ed eddie ted teddy ned eduardo", "edwin ed eddie", "eleanor ellie nell nellie nora elinor elen",
    "elizabeth liz lizzie beth betty eliza libby lisa bess elisabeth elsie lilibet", "ellen nell nellie ellie", "emily em emma millie", "emma em emmie",
    "eric rick", "ernest ernie", "esther essie hester", "ethan eth", "eugene gene", "evan ieuan ifan iwan", "evelyn evie eve", "florence flo florrie flossie",
    "frances fran frankie fanny francesca", "francis frank frankie fran", "francisco paco pancho curro", "frederick fred freddie freddy",
    "gabriel gabe", "gabrielle gaby gabby", "gareth gaz gary", "gerald gerry jerry ged", "geoffrey geoff jeff jeffrey", "george georgie siors",
    "georgina georgia georgie gina", "gillian gill jill jilly", "gregory greg gregg", "guillermo memo william", "gwendolen gwen gwenllian", "harold harry hal",
    "harriet hattie harrie", "heather hev", "helen ellen nell elen lena", "henry harry hal hank enrique", "hugh huw hughie", "ian iain",
    "ignacio nacho", "isabel isabella isobel izzy bella isabelle belle", "isaac ike zac", "jacob jake jack jakob", "jacqueline jackie jacqui",
    "james jim jimmy jamie jem iago", "jane janie jayne sian janey", "janet jan jen sioned", "jason jase jay", "jean jeanie", "jennifer jen jenny jennie jenna",
    "jeremy jez jem jerry", "jessica jess jessie", "jesus chucho chuy", "joan joanie siwan", "joanne jo joanna josie", "john jack johnny jon ioan sion juan jonny",
    "jonathan jon jonny johnny nathan", "jose pepe joe josep", "joseph joe joey jo", "josephine jo josie", "joshua josh", "joyce joy", "judith judy jude",
    "julia julie jules", "julian jules", "juliet julie jules", "karen kaz", "kenneth ken kenny", "kevin kev", "kimberley kimberly kim", "laura laurie lora",
    "lawrence laurence larry laurie lorenzo", "leonard len lenny leo", "leslie lesley les", "lewis louis lou lew llewelyn", "lillian lily lil lilian",
    "linda lynda lyn lin lynn", "louise lou lulu", "lucy lucia luce", "luke luc", "madeleine madeline maddie maddy", "malcolm mal", "manuel manolo manny",
    "margaret maggie meg peggy marge margie madge greta mari marged rita daisy megan mags", "maria marie mary", "marjorie marge margie", "martha marty mattie",
    "martin marty martyn", "mary molly polly mamie mair mari may", "matthew matt matty mateo", "maureen mo", "maximilian max", "megan meg",
    "melanie mel", "melissa mel missy lissa", "michael mike mick mickey micky mikey miguel meical", "michelle shell chelle", "mohammed muhammad mohamed mohammad mo muhammed",
    "monica mon", "nancy nan", "natalie nat", "nathan nate nat nathaniel", "natasha tasha nat", "nicholas nick nicky nico nic nicolas", "nicola nicky nikki nic nicole",
    "oliver ollie olly noll", "olivia liv livvy ollie", "owen owain", "pamela pam", "patricia pat patsy trish tricia patti", "patrick pat paddy padraig", "paul pol pablo",
    "pauline paula", "penelope penny", "peter pete pedr pedro", "philip phillip phil pip", "philippa pippa pip", "phyllis phyl", "priscilla cilla", "rachel rach rachael",
    "ramon moncho", "raymond ray", "rebecca becky becca bex rebekah", "reginald reg reggie", "rhys rees reese", "richard rick ricky dick richie rich ricardo", "rita margarita",
    "robert bob bobby rob robbie bert roberto robin", "roberta bobbie", "roderick rod roddy", "rodney rod", "roger rog", "ronald ron ronnie", "rosemary rose rosie romy",
    "rosalind ros roz", "rose rosie rosa", "rupert rob", "russell russ", "ruth ruthie", "sally sal", "samantha sam sammy", "samuel sam sammy", "sandra sandy", "santiago diego",
    "sarah sara sally sadie", "sebastian seb bas", "sharon shaz", "sheila shelagh", "shirley shirl", "sidney sid sydney", "simon si", "sophie sophia soph", "stanley stan",
    "stephanie steph stevie", "stephen steven steve stevie ste esteban steffan", "stuart stewart stu", "susan sue susie suzie suzanne susanna", "sylvia syl", "teresa theresa terry tess tessa",
    "terence terrence terry tel", "thaddeus ted", "theodore theo ted teddy", "thomas tom tommy tomos tomas twm", "timothy tim timmy", "trevor trev", "valerie val", "vera vee",
    "veronica ronnie vron", "victor vic", "victoria vicky vicki tori vic vikki", "vincent vince vinny vin", "virginia ginny", "vivian viv vivien", "walter wally walt", "wendy wend",
    "wilfred wilf", "william bill billy will willy liam gwilym wil", "winifred win winnie gwenfrewi", "yvonne eve", "zachary zach zac zak zack zachariah", "zoe zo",
];

/// The groups of a name, 0 where there are no more.
pub(crate) fn groups(name: &str) -> [u16; MOST_GROUPS] {
    static TABLE: LazyLock<HashMap<&str, [u16; MOST_GROUPS]>> = LazyLock::new(|| {
        let mut table: HashMap<&str, [u16; MOST_GROUPS]> = HashMap::new();
        for (number, group) in (1..).zip(GROUPS) {
            for name in group.split(' ') {
                let held = table.entry(name).or_default();
                if let Some(free) = held.iter_mut().find(|n| **n == 0) {
                    *free = number;
                }
            }
        }
        table
    });
    TABLE.get(name).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::groups;

    fn may_be_one(a: &str, b: &str) -> bool {
        groups(a).iter().any(|g| *g != 0 && groups(b).contains(g))
    }

    #[test]
    fn forms_of_one_name_share_a_group() {
        for (a, b) in [("bob", "robert"), ("dai", "david"), ("alex", "alexandra"), ("alex", "alexander"), ("pepe", "jose")] {
            assert!(may_be_one(a, b), "{a} {b}");
        }
        assert!(!may_be_one("alexander", "alexandra"));
        assert!(!may_be_one("zaphod", "zaphod"));
    }
}
