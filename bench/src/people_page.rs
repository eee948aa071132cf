//! What the page says of record linkage.

use crate::render::{mb, millions, thousands};
use crate::results::{PeopleRun, Results, median};

/// The section, if it was measured.
pub(crate) fn write(results: &Results, page: &mut String) {
    linkage(results, page);
    finding(results, page);
    sending(results, page);
}

/// Finding and showing people among very many.
fn finding(results: &Results, page: &mut String) {
    let Some(first) = results.finding.first() else { return };
    page.push_str(&format!(
        "## People: finding and showing them among {} persons\n\nThe population of `bench/src/population`: {} records, {} contacts, one \
         in 40 of which brought feedback. *Found*: `POST /api/v1/people` with one record of somebody who is known, as another source \
         would tell of them, half of them without email and telephone; from the request to the answer, in which it is kept, has found \
         its person and is on the disk. *Shown*: the page of a person, of the 40 busiest and of others as they come, for a signed-in \
         user, from the request to the last byte. Budgets: found 95 in 100 within 20 ms, shown within 100 ms.\n\n\
         | Engine | Found: p50, p95 | Of the right person | Shown: p50, p95 | Server's memory, peak |\n|---|---|---|---|---|\n",
        millions(first.persons),
        millions(first.records),
        millions(first.contacts),
    ));
    for f in &results.finding {
        page.push_str(&format!(
            "| {} | {:.1} ms, **{:.1} ms** | {} of {} | {:.1} ms, **{:.1} ms** | {} |\n",
            f.engine,
            f.found.p50,
            f.found.p95,
            f.right,
            f.arrived,
            f.shown.p50,
            f.shown.p95,
            mb(f.peak)
        ));
    }
    page.push('\n');
}

/// Sending to very many.
fn sending(results: &Results, page: &mut String) {
    let Some(first) = results.sending.first() else { return };
    page.push_str(&format!(
        "## Deliveries: sending to {} persons\n\nOne message in lane `service` to everybody of that population who has an email \
         address: HTML with a text part, signed (DKIM, Ed25519), each with its row in the ledger, over 30 connections to a mail server \
         on the same machine that takes all (`crates/mailer/src/sink`). *Beside it*: Postfix's `smtp-source` with 30 sessions and \
         messages of 3,000 bytes against the same server, before and after; it reads nothing, makes nothing and writes nothing down, \
         so the ratio says what is left of what can be had at all. *Planned*: from the start of the server. *Single*: {} messages by \
         `POST /api/v1/messages` during the send, from the request until the mail server has taken it. At the end the server is told \
         to stop, and what arrived has to be what the ledger says. Budgets: a million planned in 30 s, ratio at least 0.25, single \
         messages 99 in 100 within 2 s, memory that does not grow.\n\n\
         | Engine | Planned | Messages a second | `smtp-source` | Ratio | Single: p50, p99 | Memory, first and last | Stopped within |\n\
         |---|---|---|---|---|---|---|---|\n",
        millions(first.persons),
        first.single.n,
    ));
    for s in &results.sending {
        page.push_str(&format!(
            "| {} | {} in {:.1} s | {} | {} | **{:.2}** | {:.0} ms, **{:.0} ms** | {}, {} | {:.1} s |\n",
            s.engine,
            thousands(s.planned),
            s.planning,
            thousands(s.per_second as u64),
            thousands(s.compared as u64),
            s.per_second / s.compared,
            s.single.p50,
            s.single.p99,
            mb(s.resident.0),
            mb(s.resident.1),
            s.stopped,
        ));
    }
    page.push('\n');
}

fn linkage(results: &Results, page: &mut String) {
    let Some(people) = &results.people else { return };
    page.push_str(
        "## People: record linkage\n\nHow it works is told in [docs/linkage.md](linkage.md). A model is learnt from the records alone; \
         whose a record is serves for judging. *FEBRL*: synthetic people made by FEBRL's generator \
         (`crates/linkage/tests/data`). *Like FEBRL* and *population*: made by `commonweal_linkage::made`, whose documentation says \
         what goes wrong how often. *Exact rules*: the same email, or the same names and date of birth. Pairs are those of \
         records in one cluster. A person is *whole* when all their records and no other are in one cluster.\n\n\
         | Records | How many | Compared | Precision | Recall | F1 | Exact rules: precision, recall, F1 | Whole persons: precision, recall |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for q in &people.quality {
        page.push_str(&format!(
            "| {} | {} | {} | {:.4} | {:.4} | **{:.4}** | {:.4}, {:.4}, {:.4} | {:.4}, {:.4} |\n",
            q.name,
            thousands(q.records),
            thousands(q.compared),
            q.pairs[0],
            q.pairs[1],
            q.pairs[2],
            q.exact[0],
            q.exact[1],
            q.exact[2],
            q.whole[0],
            q.whole[1],
        ));
    }
    page.push_str(
        "\nBy threshold, single pairs before they become clusters (precision / recall / F1):\n\n| From weight |",
    );
    for q in &people.quality {
        page.push_str(&format!(" {} |", q.name));
    }
    page.push_str(&format!("\n|---|{}\n", "---|".repeat(people.quality.len())));
    let weights =
        people.quality.first().map(|q| q.curve.iter().map(|(w, _)| *w).collect::<Vec<_>>()).unwrap_or_default();
    for (n, weight) in weights.iter().enumerate() {
        page.push_str(&format!("| {weight} |"));
        for q in &people.quality {
            let [p, r, f] = q.curve.get(n).map_or([0.0; 3], |(_, three)| *three);
            page.push_str(&format!(" {p:.3} / {r:.3} / {f:.3} |"));
        }
        page.push('\n');
    }
    page.push_str(
        "\nWhat the guards save and cost: twins, families of four and homes of 40 residents who share surname or home, email and \
         telephone, each person with two records (`made::cases`), linked by the model of the population. *Without*: no guard, and \
         all that a household shares counted in full.\n\n\
         | People | Records | With guards: precision, recall | Without | Exact rules |\n|---|---|---|---|---|\n",
    );
    for c in &people.cases {
        page.push_str(&format!(
            "| {} | {} | {:.4}, {:.4} | {:.4}, {:.4} | {:.4}, {:.4} |\n",
            c.name,
            thousands(c.records),
            c.guarded[0],
            c.guarded[1],
            c.unguarded[0],
            c.unguarded[1],
            c.exact[0],
            c.exact[1]
        ));
    }
    page.push('\n');
    if people.runs.is_empty() {
        return;
    }
    let of = |get: fn(&PeopleRun) -> f64| median(&people.runs.iter().map(get).collect::<Vec<_>>());
    let peak = people.runs.iter().map(|r| r.peak).max().unwrap_or(0);
    let [p, r, f] = people.runs[0].pairs;
    page.push_str(&format!(
        "`commonweal people match FILE --json` on {} records of the population, from reading the file to the last byte of the \
         answer, learning included: **{:.1} s** ({:.1} s of computing), peak of resident memory **{}**; {} persons with two \
         records or more; precision {p:.4}, recall {r:.4}, F1 {f:.4}. Budget for a million: 180 s.\n\n",
        millions(people.records),
        of(|r| r.seconds),
        of(|r| r.computed),
        mb(peak),
        thousands(people.runs[0].clusters),
    ));
}
