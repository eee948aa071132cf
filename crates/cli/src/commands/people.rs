//! `commonweal people match`: record linkage at the command line.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use commonweal_linkage::{
    Comparison, Edge, KEYS_VERSION, Linked, Linking, MODEL_VERSION, Model, Thresholds, Training, link, pairs_within,
    probability,
};

use crate::args::PeopleMatch;
use crate::commands::people_files::{PeopleRead, read};
use crate::table::Table;

/// Weights for which the summary tells how many pairs there are.
const CURVE: [f64; 9] = [0.0, 1.5, 3.0, 4.5, 6.0, 10.0, 14.0, 20.0, 30.0];

/// Reads the files, links them, prints what came of it.
pub(crate) fn run(args: &PeopleMatch) -> Result<()> {
    if !args.threshold.is_finite() {
        bail!("--threshold {}: write a weight in bits, for example 3.", args.threshold);
    }
    let known = args.model.as_deref().map(load).transpose()?;
    let began = Instant::now();
    let people = read(&args.files, args.id.as_deref())?;
    if people.renamed > 0 {
        eprintln!(
            "{} ids had occurred before; a number behind # tells such records apart, for example “{}”.",
            people.renamed,
            people.ids.iter().find(|id| id.contains('#')).map_or("", |id| &**id)
        );
    }
    let learnt = known.is_none();
    let model = known.unwrap_or_else(|| Model::train(&people.table, &Training::default()));
    if let Some(file) = &args.save_model {
        std::fs::write(file, model.to_json() + "\n")
            .with_context(|| format!("{} can't be written.", file.display()))?;
    }
    let linking = Linking {
        thresholds: Thresholds { join: args.threshold, keep: args.threshold },
        least_weight: args.threshold.min(0.0),
        ..Linking::default()
    };
    let linked = link(&people.table, &model, &linking);
    let mut pairs = pairs_within(&people.table, &model, &linked.clusters);
    pairs.retain(|pair| f64::from(pair.weight) >= args.threshold);
    pairs.sort_unstable_by(|x, y| y.weight.total_cmp(&x.weight).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let done = if args.json {
        print_json(&mut out, &people, &linked, &pairs)
    } else {
        let summary = Summary { args, people: &people, model: &model, learnt, linked: &linked, pairs: &pairs };
        summary.print(&mut out, began.elapsed().as_secs_f64())
    };
    match done.and_then(|()| out.flush()) {
        // Whoever reads our output has had enough.
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

fn load(file: &std::path::Path) -> Result<Model> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read.", file.display()))?;
    Model::from_json(&text).with_context(|| format!("{} can't be used.", file.display()))
}

/// The names are part of the command's interface. Written piece by piece: there may be a million of them.
fn print_json(out: &mut impl Write, people: &PeopleRead, linked: &Linked, pairs: &[Edge]) -> std::io::Result<()> {
    out.write_all(b"{\"clusters\":[")?;
    for (n, group) in linked.clusters.groups.iter().enumerate() {
        if n > 0 {
            out.write_all(b",")?;
        }
        let ids: Vec<&str> = group.iter().map(|record| &*people.ids[*record as usize]).collect();
        serde_json::to_writer(&mut *out, &ids)?;
    }
    out.write_all(b"],\"pairs\":[")?;
    for (n, pair) in pairs.iter().enumerate() {
        if n > 0 {
            out.write_all(b",")?;
        }
        let weight = f64::from(pair.weight);
        out.write_all(b"{\"a\":")?;
        serde_json::to_writer(&mut *out, &*people.ids[pair.a as usize])?;
        out.write_all(b",\"b\":")?;
        serde_json::to_writer(&mut *out, &*people.ids[pair.b as usize])?;
        write!(out, ",\"weight\":{weight:.2},\"probability\":{:.6}}}", probability(weight))?;
    }
    out.write_all(b"]}\n")
}

/// What is told to people.
struct Summary<'a> {
    args: &'a PeopleMatch,
    people: &'a PeopleRead,
    model: &'a Model,
    learnt: bool,
    linked: &'a Linked,
    pairs: &'a [Edge],
}

impl Summary<'_> {
    fn print(&self, out: &mut impl Write, seconds: f64) -> std::io::Result<()> {
        self.files(out)?;
        self.model(out)?;
        self.clusters(out)?;
        self.curve(out)?;
        self.left_out(out)?;
        writeln!(out, "\nIt took {seconds:.1} s. Print clusters and pairs with --json.")
    }

    fn files(&self, out: &mut impl Write) -> std::io::Result<()> {
        for file in &self.people.files {
            writeln!(out, "{}: {} records. {}.", file.name, count(file.records), file.format)?;
            for note in &file.notes {
                writeln!(out, "  {note}")?;
            }
            let mut table = Table::new(vec!["Column".into(), "Taken as".into()], 2);
            for (heading, taken) in &file.columns {
                table.row(vec![heading.clone(), taken.clone()]);
            }
            writeln!(out, "{table}")?;
            if file.month_first {
                writeln!(out, "  Dates of birth have the month first, as some of them show.")?;
            }
        }
        Ok(())
    }

    fn model(&self, out: &mut impl Write) -> std::io::Result<()> {
        let model = self.model;
        let from = if self.learnt { "learnt from these records" } else { "from the file" };
        writeln!(
            out,
            "Model {from} (version {MODEL_VERSION}, keys {KEYS_VERSION}; {} records). Two records taken at random are of one \
             person with a weight of {:.1}; that adds to:",
            count(usize::try_from(model.records()).unwrap_or(usize::MAX)),
            model.prior_weight()
        )?;
        let mut table = Table::new(vec!["Field".into(), "Agreement".into(), "Weight".into()], 2);
        for comparison in Comparison::ALL {
            for level in model.levels(comparison) {
                table.row(vec![comparison.label().into(), level.words.into(), format!("{:+.1}", level.weight)]);
            }
        }
        writeln!(out, "{table}")
    }

    fn clusters(&self, out: &mut impl Write) -> std::io::Result<()> {
        let groups = &self.linked.clusters.groups;
        let records = self.people.ids.len();
        let inside: usize = groups.iter().map(Vec::len).sum();
        writeln!(
            out,
            "{} pairs compared. From a weight of {} on, {} records are of {} persons: {} with two records or more.",
            count(usize::try_from(self.linked.compared).unwrap_or(usize::MAX)),
            self.args.threshold,
            count(records),
            count(records - inside + groups.len()),
            count(groups.len())
        )?;
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        *sizes.entry(1).or_default() += records - inside;
        for group in groups {
            *sizes.entry(group.len()).or_default() += 1;
        }
        let mut table = Table::new(vec!["Records".into(), "Persons".into()], 0);
        for (size, persons) in sizes {
            table.row(vec![count(size), count(persons)]);
        }
        writeln!(out, "{table}")
    }

    fn curve(&self, out: &mut impl Write) -> std::io::Result<()> {
        writeln!(
            out,
            "Pairs by weight, as the model sees them; {} pairs lie inside of clusters:",
            count(self.pairs.len())
        )?;
        let headings = ["From weight", "Probability", "Pairs", "Expected wrong"].map(str::to_owned);
        let mut table = Table::new(headings.to_vec(), 0);
        for weight in CURVE {
            let of: Vec<f64> = self.linked.edges.iter().map(|e| f64::from(e.weight)).filter(|w| *w >= weight).collect();
            let wrong: f64 = of.iter().map(|w| 1.0 - probability(*w)).sum();
            table.row(vec![
                format!("{weight}"),
                format!("{:.4}", probability(weight)),
                count(of.len()),
                format!("{wrong:.0}"),
            ]);
        }
        writeln!(out, "{table}")
    }

    fn left_out(&self, out: &mut impl Write) -> std::io::Result<()> {
        for file in &self.people.files {
            if file.silent > 0 {
                writeln!(out, "{}: {} rows say nothing of anybody, and stay alone.", file.name, count(file.silent))?;
            }
            if file.unread_dates > 0 {
                writeln!(
                    out,
                    "{}: {} dates of birth can't be read, and count as missing. Write them as 1980-03-12, 19800312 or \
                     12/03/1980.",
                    file.name,
                    count(file.unread_dates)
                )?;
            }
        }
        let (twins, households) = self.linked.guarded;
        writeln!(
            out,
            "Guards kept {} pairs apart that look like twins, and {} of people who may share a home but not a name.",
            count(usize::try_from(twins).unwrap_or(usize::MAX)),
            count(usize::try_from(households).unwrap_or(usize::MAX))
        )?;
        let refused = self.linked.clusters.refused.len();
        if refused > 0 {
            writeln!(
                out,
                "{} pairs weigh enough but were not joined, because other records of theirs contradict each other: a person \
                 should look at them.",
                count(refused)
            )?;
        }
        for left in &self.linked.left_out {
            writeln!(
                out,
                "Too many records share one {}: {} such groups ({} records, {} in the largest) were left to the other rules.",
                left.rule.label(),
                count(left.blocks),
                count(left.records),
                count(left.largest)
            )?;
        }
        Ok(())
    }
}

/// A number with commas between its thousands.
fn count(n: usize) -> String {
    commonweal_domain::sentence::grouped(i64::try_from(n).unwrap_or(i64::MAX))
}
