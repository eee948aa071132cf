//! Files of feedback, with rows that are wrong and rows that come twice.

use crate::support::chance::Chance;

/// A file and what an undisturbed import makes of it.
pub(super) struct File {
    pub(super) csv: String,
    /// Words by which each feedback is found again.
    pub(super) tokens: Vec<String>,
    pub(super) rows: u64,
    pub(super) duplicates: u64,
    pub(super) rejected: u64,
}

impl File {
    /// A file of so many good rows; some of them come twice, and some others are wrong.
    pub(super) fn new(name: &str, good: u64, chance: &mut Chance) -> Self {
        let mut csv = String::from("id,at,service,touchpoint,channel,rating,comment,device,age band\n");
        let mut file = Self { csv: String::new(), tokens: Vec::new(), rows: 0, duplicates: 0, rejected: 0 };
        for n in 0..good {
            let token = format!("tok{name}x{n}");
            let line = |at: &str, rating: u64, chance: &mut Chance| {
                format!(
                    "{token},{at},{},Use,{},{rating},\"Waited, and waited {token}\",{},{}\n",
                    chance.of(&["Bins", "Libraries"]),
                    chance.of(&["web", "paper"]),
                    chance.of(&["", "phone", "tablet"]),
                    chance.of(&["16-24", "65+"]),
                )
            };
            let at = format!("2024-0{}-1{} 10:{:02}", 1 + chance.below(9), chance.below(10), n % 60);
            csv.push_str(&line(&at, 1 + chance.below(5), chance));
            file.rows += 1;
            if chance.below(40) == 0 {
                csv.push_str(&line(&at, 3, chance));
                file.rows += 1;
                file.duplicates += 1;
            }
            if chance.below(50) == 0 {
                let wrong = format!("bad{n},2024-02-31 10:00,Bins,Use,web,4,\"No such day\",,16-24\n");
                csv.push_str(&wrong);
                file.rows += 1;
                file.rejected += 1;
            }
            file.tokens.push(token);
        }
        Self { csv, ..file }
    }
}
