//! Names and places of people who do not exist, by frequency: the first ones are the most frequent.

pub(super) const WOMEN: &[&str] = &[
    "Margaret", "Susan", "Sarah", "Emma", "Olivia", "Mary", "Patricia", "Jessica", "Chloe", "Elizabeth", "Karen", "Laura", "Amelia",
    "Julie", "Rebecca", "Sophie", "Charlotte", "Claire", "Linda", "Hannah", "Emily", "Lucy", "Megan", "Christine", "Nicola", "Katherine",
    "Joanne", "Amy", "Grace", "Ann", "Helen", "Rachel", "Gemma", "Sian", "Carol", "Angela", "Jennifer", "Barbara", "Alice", "Isabella",
    "Holly", "Victoria", "Samantha", "Lauren", "Zoe", "Ruth", "Eleanor", "Gwen", "Bethan", "Fatima", "Aisha", "Priya", "Agnieszka", "Maria",
    "Lucia", "Carmen", "Wei", "Mei", "Zainab", "Khadija", "Cerys", "Ffion", "Nia", "Rhiannon", "Beatrice", "Harriet", "Imogen", "Matilda",
    "Freya", "Isla", "Poppy", "Ivy", "Rosie", "Ellie", "Evelyn", "Florence", "Daisy", "Maisie", "Phoebe", "Erin", "Niamh", "Siobhan", "Aoife",
    "Morag", "Kirsty", "Fiona", "Heather", "Lorna", "Valerie", "Sandra", "Deborah", "Tracey", "Paula", "Denise", "Maureen", "Jean", "Joan",
    "Dorothy", "Irene", "Doris", "Edith", "Ada", "Ngozi", "Adaeze", "Yetunde", "Ewa", "Magda", "Ioana", "Elena", "Ingrid", "Astrid", "Yuki",
];

pub(super) const MEN: &[&str] = &[
    "David", "John", "Paul", "James", "Jack", "Mark", "Michael", "Thomas", "Oliver", "Andrew", "Daniel", "Stephen", "Peter", "Robert", "Joshua",
    "William", "Matthew", "Christopher", "George", "Samuel", "Richard", "Harry", "Alexander", "Joseph", "Charlie", "Benjamin", "Ian", "Luke",
    "Mohammed", "Adam", "Ryan", "Jacob", "Anthony", "Simon", "Kevin", "Gary", "Alan", "Martin", "Philip", "Brian", "Edward", "Henry", "Dafydd",
    "Gareth", "Rhys", "Ieuan", "Owen", "Huw", "Callum", "Jamie", "Liam", "Connor", "Nathan", "Aaron", "Lewis", "Ethan", "Noah", "Leo", "Oscar",
    "Archie", "Freddie", "Theo", "Arthur", "Albert", "Stanley", "Walter", "Ernest", "Harold", "Cyril", "Reginald", "Norman", "Derek", "Keith",
    "Trevor", "Nigel", "Graham", "Barry", "Roger", "Colin", "Stuart", "Neil", "Wayne", "Darren", "Craig", "Scott", "Fraser", "Hamish", "Angus",
    "Ali", "Hassan", "Omar", "Imran", "Raj", "Arjun", "Sanjay", "Piotr", "Tomasz", "Jan", "Andrei", "Mihai", "Jose", "Carlos", "Pablo", "Chidi",
    "Emeka", "Kwame", "Kofi", "Wei", "Jun", "Hiroshi", "Lars", "Sven", "Dmitri", "Finn",
];

pub(super) const SURNAMES: &[&str] = &[
    "Smith", "Jones", "Williams", "Taylor", "Davies", "Brown", "Evans", "Wilson", "Thomas", "Johnson", "Roberts", "Robinson", "Thompson", "Wright",
    "Walker", "White", "Edwards", "Hughes", "Green", "Hall", "Lewis", "Harris", "Clarke", "Patel", "Jackson", "Wood", "Turner", "Martin", "Cooper",
    "Hill", "Ward", "Morris", "Moore", "Clark", "Lee", "King", "Baker", "Harrison", "Morgan", "Allen", "James", "Scott", "Phillips", "Watson", "Davis",
    "Parker", "Price", "Bennett", "Young", "Griffiths", "Mitchell", "Kelly", "Cook", "Carter", "Richardson", "Bailey", "Collins", "Bell", "Shaw", "Murphy",
    "Miller", "Cox", "Richards", "Khan", "Marshall", "Anderson", "Simpson", "Ellis", "Adams", "Singh", "Begum", "Wilkinson", "Foster", "Chapman", "Powell",
    "Webb", "Rogers", "Gray", "Mason", "Ali", "Hunt", "Hussain", "Campbell", "Matthews", "Owen", "Palmer", "Holmes", "Mills", "Barnes", "Knight", "Lloyd",
    "Butler", "Russell", "Barker", "Fisher", "Stevens", "Jenkins", "Murray", "Dixon", "Harvey", "Ahmed", "Pearson", "Graham", "Fletcher", "Walsh", "Kaur",
    "Gibson", "Howard", "Andrews", "Stewart", "Elliott", "Reynolds", "Saunders", "Payne", "Fox", "Ford", "Pearce", "Day", "Brooks", "West", "Lawrence",
    "Cole", "Atkinson", "Bradley", "Spencer", "Gill", "Dawson", "Watts", "Burton", "O'Brien", "Wright-Jones", "Nowak", "Kowalski", "García", "Okafor", "Mensah",
];

/// Pieces of which rare surnames are made.
pub(super) const BEGINNINGS: &[&str] = &[
    "Ab", "Al", "Ash", "Bar", "Beck", "Ber", "Black", "Bos", "Brad", "Bram", "Bud", "Cad", "Cal", "Carl", "Chad", "Chil", "Cor", "Cran", "Dal", "Dar", "Den",
    "Dra", "Ed", "El", "Fal", "Farn", "Gar", "Gold", "Gran", "Had", "Hal", "Ham", "Hart", "Has", "Hol", "Ing", "Kel", "Ken", "Kir", "Lan", "Lev", "Lin", "Lock",
    "Mal", "Mar", "Mel", "Mor", "Nor", "Old", "Pem", "Pen", "Pick", "Quin", "Rad", "Ran", "Red", "Ros", "Sal", "Sed", "Shel", "Stan", "Sut", "Tal", "Thorn",
    "Tre", "Ul", "Van", "Wad", "Wal", "Wick", "Win", "Wool", "Yar", "Zel",
];
pub(super) const MIDDLES: &[&str] =
    &["", "", "", "a", "e", "i", "o", "en", "er", "in", "is", "ing", "el", "an", "or", "le", "ne", "ri", "sa", "ta", "ber", "man", "der", "kin"];
pub(super) const ENDINGS: &[&str] = &[
    "ton", "ham", "ley", "ford", "worth", "field", "well", "man", "son", "by", "den", "don", "er", "low", "more", "ney", "ridge", "sby", "shaw", "stead", "stone",
    "thorpe", "wick", "wood", "wright", "court", "bury", "combe", "gate", "grove", "hurst", "land", "mere", "sey", "ski", "ić", "ová", "escu", "ez", "wala",
];

pub(super) const STREETS: &[&str] = &[
    "High", "Station", "Main", "Park", "Church", "London", "Victoria", "Green", "Manor", "Queen", "New", "Grange", "Kings", "Mill", "School", "North", "South",
    "West", "York", "Albert", "Springfield", "Windsor", "Highfield", "Alexandra", "Chapel", "Cambridge", "Oxford", "Orchard", "Woodland", "Meadow", "Richmond",
    "Stanley", "George", "Broad", "Market", "Bridge", "Castle", "Elm", "Oak", "Ash", "Beech", "Cedar", "Cherry Tree", "Chestnut", "Hawthorn", "Hazel", "Holly",
    "Juniper", "Larch", "Laurel", "Lime", "Maple", "Poplar", "Rowan", "Sycamore", "Willow", "Primrose", "Rose", "Ivy", "Heather", "Bluebell", "Clover", "Daisy",
    "Kingfisher", "Lark", "Nightingale", "Partridge", "Robin", "Skylark", "Swallow", "Swan", "Canal", "River", "Brook", "Lake", "Spring", "Well", "Fountain",
    "Priory", "Abbey", "Minster", "Cathedral", "Nelson", "Wellington", "Trafalgar", "Waterloo", "Balmoral", "Sandringham", "Osborne", "Buckingham", "Lancaster",
    "Gloucester", "Norfolk", "Suffolk", "Devonshire", "Cornwall", "Warwick", "Leicester", "Derby", "Stafford", "Chester", "Durham", "Carlisle", "Kendal",
];
pub(super) const KINDS: &[(&str, &str)] = &[
    ("Road", "Rd"), ("Street", "St"), ("Avenue", "Ave"), ("Close", "Cl"), ("Lane", "Ln"), ("Drive", "Dr"), ("Crescent", "Cres"), ("Gardens", "Gdns"),
    ("Court", "Ct"), ("Place", "Pl"), ("Terrace", "Terr"), ("Way", "Way"),
];

/// Towns that do not exist, each with a postcode area that does not either.
pub(super) const TOWNS: &[(&str, &str)] = &[
    ("Ashcombe", "QA"), ("Brackenford", "QB"), ("Calderby", "QC"), ("Dunmere", "QD"), ("Eastwick", "QE"), ("Fernleigh", "QF"), ("Glanrhyd", "QG"),
    ("Harrowgate Vale", "QH"), ("Inglestone", "QI"), ("Kingsmarsh", "QK"), ("Llanfoel", "QL"), ("Marlstoke", "QM"), ("Netherbourne", "QN"),
    ("Oakhampton Spa", "QO"), ("Pentrebach", "QP"), ("Quernmoor", "QQ"), ("Ravensthorpe", "QR"), ("Stonebridge", "QS"), ("Thornaby Cross", "QT"),
    ("Upperfield", "QU"), ("Vale Royal", "QV"), ("Westerham Park", "QW"), ("Yarrowdale", "QY"), ("Zeal Abbas", "QZ"),
];

/// Short forms that people go by.
pub(super) const SHORT_FORMS: &[(&str, &str)] = &[
    ("Margaret", "Maggie"), ("Susan", "Sue"), ("Patricia", "Pat"), ("Elizabeth", "Liz"), ("Rebecca", "Becky"), ("Katherine", "Kate"), ("Jennifer", "Jenny"),
    ("Christine", "Chris"), ("Victoria", "Vicky"), ("Samantha", "Sam"), ("Deborah", "Debbie"), ("Eleanor", "Ellie"), ("David", "Dave"), ("James", "Jim"),
    ("Michael", "Mike"), ("Thomas", "Tom"), ("Andrew", "Andy"), ("Daniel", "Dan"), ("Stephen", "Steve"), ("Robert", "Bob"), ("William", "Bill"),
    ("Matthew", "Matt"), ("Christopher", "Chris"), ("Samuel", "Sam"), ("Richard", "Dick"), ("Alexander", "Alex"), ("Joseph", "Joe"), ("Benjamin", "Ben"),
    ("Anthony", "Tony"), ("Edward", "Ted"), ("Henry", "Harry"), ("Dafydd", "Dai"), ("Jose", "Pepe"),
];
