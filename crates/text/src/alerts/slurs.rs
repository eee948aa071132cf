//! Slurs, kept apart from the other rules and as few as will do. They are here because a comment that
//! holds one, said by its writer or about somebody else, is one that a person should read; they are
//! matched as whole words and never shown by the product. Words with an everyday meaning in Britain
//! (a cigarette, a dish, an embankment) are left out, and the exclusions keep idioms from matching.

/// In the form that `pattern.rs` reads.
pub(super) const RULES: &str = "
hate ^ paki|pakis|nigger|niggers|wog|wogs|gook|gooks|kike|kikes|spic|spics|golliwog|raghead|ragheads|towelhead|towelheads
hate ^ muzzie|muzzies|gyppo|gyppos|pikey|pikeys|faggot|faggots|poofs|poofter|poofters|tranny|trannies|shemale
hate ^ chink|chinks -armour|armor|light <armour|of
hate ^ coon|coons -cat|cats <maine
hate ^ spaz|spazz|spacker|mong|mongs|retard|retards
";
