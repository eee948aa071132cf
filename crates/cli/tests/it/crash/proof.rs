//! The proof: what was acknowledged against what the store holds, and the store against the index.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::support::http::Client;
use crate::support::{World, until};

/// What somebody was told is kept, by the token in its words.
#[derive(Default)]
pub(crate) struct Kept {
    /// Token to the id that was acknowledged (none for rows of files, which get no receipts).
    pub(crate) acknowledged: HashMap<String, Option<Uuid>>,
    /// Tokens of which nobody knows whether they arrived.
    pub(crate) unknown: Vec<String>,
}

/// The word in the comment by which a feedback is found again.
pub(crate) fn token(text: &str) -> &str {
    text.split_whitespace().find(|word| word.starts_with("tok")).unwrap_or_else(|| panic!("no token in `{text}`"))
}

/// Dimensions that are compared, with the SQL that counts the same in the tables.
const DIMENSIONS: [(&str, &str); 4] = [
    (
        "service",
        "SELECT COALESCE(s.key, '(none)'), count(*) FROM feedback f JOIN contacts c ON c.id = f.contact_id \
         LEFT JOIN services s ON s.id = c.service_id GROUP BY 1",
    ),
    ("channel", "SELECT c.channel, count(*) FROM feedback f JOIN contacts c ON c.id = f.contact_id GROUP BY 1"),
    ("device", "SELECT COALESCE(device, '(none)'), count(*) FROM feedback GROUP BY 1"),
    ("area", "SELECT COALESCE(area, '(none)'), count(*) FROM feedback GROUP BY 1"),
];

/// Everything acknowledged is in the store once, with its id, and nothing is there twice.
pub(crate) fn store_holds(world: &World, kept: &Kept) {
    let mut sql = world.sql();
    let ids = sql.ids("SELECT f.id FROM comments c JOIN feedback f ON f.id = c.feedback_id ORDER BY f.id, c.position");
    let texts =
        sql.texts("SELECT c.text FROM comments c JOIN feedback f ON f.id = c.feedback_id ORDER BY f.id, c.position");
    assert_eq!(ids.len(), texts.len());
    assert_eq!(ids.len() as i64, sql.number("SELECT count(*) FROM feedback"), "each has exactly one comment");
    assert_eq!(
        ids.len() as i64,
        sql.number("SELECT count(*) FROM contacts"),
        "each has its contact, and no contact is left alone"
    );
    let mut found: HashMap<&str, Uuid> = HashMap::with_capacity(ids.len());
    for (id, text) in ids.iter().zip(&texts) {
        if let Some(other) = found.insert(token(text), *id) {
            panic!("`{text}` is there twice: {other} and {id}");
        }
    }
    for (token, id) in &kept.acknowledged {
        match (found.get(token.as_str()), id) {
            (None, _) => panic!("{token} was acknowledged and is lost"),
            (Some(there), Some(told)) if there != told => {
                panic!("{token} was acknowledged as {told} and is kept as {there}")
            }
            _ => {}
        }
    }
    let known = |token: &str| kept.acknowledged.contains_key(token) || kept.unknown.iter().any(|u| u == token);
    for token in found.keys() {
        assert!(known(token), "{token} is there and nobody sent it");
    }
}

/// Waits until the index has followed the store, then compares ids and counts.
pub(crate) fn index_agrees(world: &World, client: &Client) {
    let mut sql = world.sql();
    let stored = sql.number("SELECT count(*) FROM feedback").unsigned_abs();
    // More is as wrong as less, and would not be mended by waiting.
    until("the index to have followed the store", || {
        let count = count(client);
        assert!(count <= stored, "the index counts {count}, the store holds {stored}");
        (count == stored).then_some(())
    });
    let exported = client.get("/api/v1/export.ndjson").expect("an answer");
    assert_eq!(exported.status, 200, "{}", exported.body);
    let mut listed: Vec<Uuid> = exported
        .body
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("no JSON ({e}): {line}"));
            row["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no id in {line}"))
        })
        .collect();
    listed.sort_unstable();
    let mut ids = sql.ids("SELECT id FROM feedback");
    ids.sort_unstable();
    assert!(
        listed == ids,
        "the index lists {} feedback, the store {}, and they are not the same",
        listed.len(),
        ids.len()
    );
    for (dimension, statement) in DIMENSIONS {
        // Groups of people that are small are hidden, and one more with them: those have no count to compare.
        let (index, mut store) = (facet(client, dimension), sql.counts(statement));
        assert_eq!(index.len(), store.len(), "values of {dimension}");
        store.retain(|value, _| index.get(value).is_none_or(Option::is_some));
        let shown: BTreeMap<String, u64> = index.into_iter().filter_map(|(value, n)| Some((value, n?))).collect();
        assert_eq!(shown, store, "counts by {dimension}");
    }
}

fn count(client: &Client) -> u64 {
    let answer = client.get("/api/v1/query").expect("an answer").json();
    answer["total"]["count"].as_u64().unwrap_or_else(|| panic!("no count in {answer}"))
}

fn facet(client: &Client, dimension: &str) -> BTreeMap<String, Option<u64>> {
    let answer = client.get(&format!("/api/v1/facets?dimension={dimension}&limit=1000")).expect("an answer").json();
    let options = answer["facets"][0]["options"].as_array().unwrap_or_else(|| panic!("no options in {answer}"));
    options
        .iter()
        .filter(|option| option["count"] != 0)
        .map(|option| {
            let value = option["value"].as_str().expect("a value").to_owned();
            (value, option["count"].as_u64())
        })
        .collect()
}

/// Starts the server once more and proves everything.
pub(crate) fn all(world: &World, key: &str, kept: &Kept) {
    store_holds(world, kept);
    let server = world.serve();
    index_agrees(world, &server.client(key));
    server.stop();
    store_holds(world, kept);
}
