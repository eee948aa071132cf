//! What columns are called in English.

use commonweal_domain::personal;

use super::names::Hint::{
    self, Area, At, Attribute, Channel, Comment, Count, Counter, Device, Id, Judgement, Language, Nothing, OtherDate,
    Page, Person, Place, Private, Question, Rating, Reply, RespondentId, Service, Touchpoint,
};

/// Phrases, what they name, and how surely: of several columns for one thing the surest is taken.
/// Several phrases are separated by `|`.
pub(super) const PHRASES: &[(&str, Hint, u8)] = &[
    (
        "unique key|unique id|feedback id|comment id|response id|submission id|external id|survey response id|case id|ticket id|record id|complaint id|entry id|uuid|guid|feedback reference|comment reference",
        Id,
        95,
    ),
    (
        "id|reference|ref|reference number|case number|case reference|ticket number|ticket|complaint number|service request id|sr number|serial|serial number|key|response number|submission number|record number|request id|responseid",
        Id,
        85,
    ),
    ("code|number|no|num", Id, 20),
    (
        "respondent id|respondent|respondent number|resp id|respnum|participant id|session id|visitor id|survey id|participant|user session|collector id",
        RespondentId,
        60,
    ),
    (
        "index|row|row index|row number|row no|row id|line|line number|unnamed 0|unnamed|s no|sl no|sno|sr no|item no|rownum",
        Counter,
        90,
    ),
    (
        "created at|created date|created|created on|date created|creation date|submitted|submitted at|submitted on|submission date|date submitted|date of submission|timestamp|time stamp|response date|date of response|feedback date|date of feedback|comment date|date of comment|survey date|date of survey|recorded date|date recorded|completed at|completion date|date completed|completion time|completed|interview date|intdate|date of interview|submit date|submitted date|submission time|end date|end time|finished at|posted|posted at|posted on|post date|published at|opened date|date opened|date reported|reported date|reported at|reported|date received|received date|received at|received on|date logged|logged date|datetime|date time|date and time|entry date|contact date|call date|date of contact|review date|date of review|request date|date raised|raised on",
        At,
        95,
    ),
    ("date|at", At, 92),
    (
        "received|start date|start time|started at|logged|opened|visit date|date of visit|appointment date|contacted on|event date|occurred at|when|published|time|sent date|day",
        At,
        80,
    ),
    ("month|period|week|quarter|month year", At, 40),
    (
        "closed date|closed at|date closed|closed|due date|due|updated|updated at|updated on|last updated|modified|modified at|last modified|updated date|date updated|resolved|resolved at|resolution date|resolved date|resolution action updated date|expiry date|expires|gov response date|response sent date|first response at|deleted at|deadline|assigned date|target date|date of discharge|admission date",
        OtherDate,
        90,
    ),
    (
        "comment|comments|feedback|free text|freetext|free text comment|free text comments|verbatim|verbatims|feedback text|comment text|feedback comment|feedback comments|fft answer|fft comment|fft comments|fft free text|additional comments|other comments|further comments|any other comments|any comments|general comments|your comments|your feedback|open ended response|open text|consumer complaint narrative|complaint narrative|complaint text|complaint details|complaint description|review text|review body|customer comment|customer comments|customer feedback|patient comment|patient comments|resident comment|resident comments|tenant comment|tenant comments|user comment|user feedback|survey comment|what they said|what you said|what people said|tell us more|please tell us more|please tell us why|tell us why|say more|your words|in your own words|anything else|anything else to add|anything else to tell us|is there anything else|comment made|feedback given|suggestion|suggestions|improvement|improvements|suggested improvements|reason for rating|reason for score|reason for your score|reason for answer|comment body",
        Comment,
        95,
    ),
    (
        "text|full text|complaint|complaints|narrative|message|message text|message body|answer text|response text|review|reviews|remarks|remark|opinion|opinions|description|problem description|issue description|details|detail|body|content|story|statement|idea|concern|concerns|enquiry|query|compliment|praise|criticism|testimonial|reason|reasons|explanation|note|notes|answer|response|additional details|what happened|transcript|call notes|post|tweet|email body",
        Comment,
        75,
    ),
    ("descriptor|summary|subject|title|action|background|issue|problem|request|caption", Comment, 50),
    ("question|question text|fft question|survey question|question asked|prompt|question label", Question, 90),
    (
        "overall satisfaction|overall rating|overall experience|overall score|satisfaction|satisfaction rating|satisfaction score|csat|csat score|fft categorical answer|fft rating|fft score|fft response|fft category|fft|friends and family test|nps|nps score|star rating|overall",
        Rating,
        95,
    ),
    (
        "rating|score|scores|stars|star|ratings|rate|satisfaction level|experience rating|how satisfied|recommend|would recommend|likelihood to recommend|recommendation|grade|mark|marks|thumbs|was this helpful|helpful|was this page useful|useful|feedback rating|response score|net promoter score|customer effort score|ces",
        Rating,
        85,
    ),
    (
        "ease|ease of use|effort|quality|friendliness|cleanliness|helpfulness|timeliness|efficiency|effectiveness|transparency|humanity|trust|confidence|fairness|equity|courtesy|respect|politeness|accuracy|clarity|speed|waiting time|value for money|safety|happy|happiness|experience|performance",
        Rating,
        55,
    ),
    (
        "service|service name|service type|service type 1|services|service used|service area|which service|service line|service category",
        Service,
        95,
    ),
    (
        "department|dept|departments|department name|directorate|division|agency name|business unit|programme|program|specialty|speciality|clinic|team|team name|function|office|branch|unit",
        Service,
        70,
    ),
    ("agency|product|product name|transaction name", Service, 60),
    (
        "touchpoint|touch point|touchpoint name|service type 2|service subtype|sub service|subservice|journey stage|journey|stage|step|interaction|interaction type|moment|point of contact|point of service",
        Touchpoint,
        85,
    ),
    (
        "channel|channel type|feedback channel|contact channel|open data channel type|contact method|method of contact|how received|received via|submission channel|submission method|survey channel|response channel|response method|channel name|submitted via|survey method|collection method|collection mode|mode of contact|survey mode|intake channel|mode of collection",
        Channel,
        95,
    ),
    (
        "method|mode|medium|source|via|origin|source name|feedback source|media|platform used|entry method|response mode|data source",
        Channel,
        65,
    ),
    (
        "page|url|page url|page address|web page|webpage|page path|current url|web address|uri|path|landing page|page name|link|site page|from page|page visited",
        Page,
        85,
    ),
    ("referrer|referer|referring url", Page, 30),
    ("device|device type|device category|device class", Device, 90),
    ("user agent|useragent|platform|device model|operating system|os", Device, 50),
    (
        "language|lang|locale|survey language|user language|language code|response language|preferred language|first language|main language|language spoken|userlanguage|startlanguage|start language",
        Language,
        85,
    ),
    (
        "ward|electoral ward|borough|district|council district|neighbourhood|neighborhood|area|area name|locality|local area|ward name|borough name|district name|council area",
        Area,
        95,
    ),
    (
        "local authority|local authority name|lad|la name|council|parish|constituency|community|suburb|precinct|community board",
        Area,
        80,
    ),
    (
        "region|county|town|city|village|settlement|predominant region|region name|landlord predominant region|province",
        Area,
        70,
    ),
    (
        "zip|zip code|zipcode|incident zip|postal district|postcode district|postcode sector|postcode area|outward code|outcode",
        Area,
        60,
    ),
    ("country|nation|location|site|location name|site name|park borough", Area, 35),
    (
        "age|age band|age group|age range|ageband|agegroup|age category|age bracket|what is your age|how old are you",
        Attribute("age"),
        90,
    ),
    ("gender|gender identity|sex", Attribute("gender"), 90),
    (
        "ethnicity|ethnic group|ethnic origin|ethnic background|race|race ethnicity|ethnicity race",
        Attribute("ethnicity"),
        90,
    ),
    (
        "disability|disabled|disability status|long term condition|health condition|disabled person",
        Attribute("disability"),
        90,
    ),
    ("religion|faith|religion or belief|belief", Attribute("religion"), 90),
    ("sexual orientation|sexuality", Attribute("sexual_orientation"), 90),
    ("tenure|tenure type|housing tenure", Attribute("tenure"), 90),
    ("marital status|relationship status", Attribute("marital_status"), 90),
    ("employment|employment status|working status|work status", Attribute("employment"), 90),
    ("income|household income|income band", Attribute("income"), 90),
    ("education|education level|qualification|highest qualification", Attribute("education"), 90),
    ("carer|carer status|are you a carer", Attribute("carer"), 90),
    ("trust|trust name|trust code", Attribute("trust"), 70),
    (
        "organisation|organization|organisation name|organization name|provider|provider name",
        Attribute("organisation"),
        80,
    ),
    (
        "category|complaint type|topic|topics|theme|themes|subcategory|sub category|label|labels|tag|tags|feedback type|type|case type|request type|issue type|status|state of case|priority|outcome|product type|classification|group|segment|browser|user type|customer type|relationship",
        Attribute(""),
        70,
    ),
    (
        "tenant|tenants|customer|resident|patient|citizen|caller|client|member|visitor|owner|contact|agent|officer|operator|\
         advisor|adviser|householder|leaseholder|homeowner|parent|guardian|clinician|doctor|nurse|therapist|consultant|driver|\
         inspector|councillor|teacher|keyworker|key worker|support worker|staff|employee|colleague|manager|interviewer|\
         enumerator|person|who|witness|next of kin|partner|spouse|landlord contact|case manager|practitioner|engineer|operative",
        Person,
        80,
    ),
    (personal::PEOPLE, Private, 95),
    (personal::IN_WELSH, Private, 95),
    (personal::IN_SPANISH, Private, 95),
    (personal::EMAILS, Private, 97),
    (personal::PHONES, Private, 90),
    (personal::ADDRESSES, Private, 90),
    (personal::BIRTHS, Private, 97),
    (personal::NUMBERS, Private, 95),
    (
        "latitude|longitude|lat|lon|lng|long|location latitude|location longitude|easting|northing|eastings|northings|x coordinate|y coordinate|coordinates|geometry|geolocation|geo|x coordinate state plane|y coordinate state plane|recipient location|location coordinates|point",
        Place,
        90,
    ),
    (
        "incident address|street|street name|cross street|cross street 1|cross street 2|intersection street 1|intersection street 2|intersection street|landmark|bbl|block|lot|road|grid reference|house name",
        Place,
        85,
    ),
    (
        "sentiment|comment sentiment|sentiment score|sentiment label|polarity|emotion|criticality|severity score|tone|confidence score|sentiment confidence|toxicity|person identifiable info|safeguarding concerns|compound|subjectivity|auto category|predicted category|prediction",
        Judgement,
        90,
    ),
    (
        "resolution|resolution description|response summary|response details|reply|reply text|our response|our reply|gov response|gov response summary|gov response details|official response|staff response|provider response|management response|company response|company response to consumer|company public response|agency response|action taken|actions taken|response to comment|answer given|council response|landlord response|internal note|internal notes|staff notes|staff comment|moderator note",
        Reply,
        90,
    ),
    (
        "count|counts|total|reports|unique users|users|number of reports|number of responses|responses|respondents|population|pop|sample size|base|base size|signature count|signatures|votes|likes|views|visits|shares|retweets|word count|length|comment length|text length|char count|duration|duration in seconds|time taken|time spent|age of case|n|frequency|weight|weighting|weights|amount|cost|price|percentage|percent|proportion|rate per 1000|progress|percent complete",
        Count,
        80,
    ),
    (
        "finished|response type|network quality|distribution channel|q recaptchascore|recaptcha score|custom data 1|consent|gdpr consent|privacy notice|permission to publish|contact me|can we contact you|may we contact you|publish|attachment|attachments|file|photo|photos|image|captcha|status code|address type|facility type",
        Nothing,
        80,
    ),
];
