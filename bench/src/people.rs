//! Record linkage: how good on people whose truth is known, and how fast on a million records.

use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result};
use commonweal_linkage::evaluate::{Quality, exact_rules, pairs_from, pairs_of_clusters, whole_clusters};
use commonweal_linkage::made::{Case, Made, Population, cases, febrl, febrl_like};
use commonweal_linkage::{Linking, Model, Record, Table, Training, link};

use crate::results::{People, PeopleCase, PeopleQuality, PeopleRun, Results};
use crate::steps::Bench;

/// Weights of the curve.
const CURVE: [f64; 9] = [-6.0, -3.0, 0.0, 3.0, 6.0, 9.0, 12.0, 15.0, 20.0];
/// Records of the made-up population on which quality is measured.
const RECORDS: usize = 100_000;
/// Files of FEBRL that are in the repository, for which no chance decides what is in them.
const FEBRL: [&str; 2] = ["febrl1.csv", "febrl2.csv"];

/// Takes the measurements.
pub(crate) fn measure(bench: &Bench, results: &mut Results) -> Result<()> {
    let mut people = People { records: bench.import_rows, ..People::default() };
    for file in FEBRL {
        people.quality.push(quality(file, &from_febrl(file)?));
    }
    for (name, originals, duplicates, seed) in
        [("like FEBRL, 1,000 + 1,000", 1_000, 1_000, 1), ("like FEBRL, 4,000 + 1,000", 4_000, 1_000, 2)]
    {
        people.quality.push(quality(name, &febrl_like(originals, duplicates, seed)));
    }
    let population = Population::new(bench.seed).take_records(RECORDS);
    people.quality.push(quality("population", &population));
    people.cases = hard_cases(&population, bench.seed);
    drop(population);
    people.runs = million(bench)?;
    results.people = Some(people);
    Ok(())
}

fn quality(name: &str, made: &Made) -> PeopleQuality {
    let table = Table::new(&made.records);
    let model = Model::train(&table, &Training::default());
    let linked = link(&table, &model, &Linking { least_weight: -10.0, ..Linking::default() });
    let groups = &linked.clusters.groups;
    let measured = PeopleQuality {
        name: name.to_owned(),
        records: made.records.len() as u64,
        compared: linked.compared,
        exact: three(pairs_of_clusters(&exact_rules(&table), &made.truth)),
        pairs: three(pairs_of_clusters(groups, &made.truth)),
        whole: three(whole_clusters(groups, &made.truth)),
        curve: CURVE.map(|w| (w, three(pairs_from(&linked.edges, w, &made.truth)))).to_vec(),
    };
    eprintln!(
        "    {name}: precision {:.4}, recall {:.4}, F1 {:.4}",
        measured.pairs[0], measured.pairs[1], measured.pairs[2]
    );
    measured
}

fn three(quality: Quality) -> [f64; 3] {
    [quality.precision(), quality.recall(), quality.f1()]
}

/// Twins, families, care homes, with guards and without, by a model that the population taught.
fn hard_cases(population: &Made, seed: u64) -> Vec<PeopleCase> {
    let model = Model::train(&Table::new(&population.records), &Training::default());
    let all = [
        ("twins", cases(Case::Twins, 1_000, seed)),
        ("families", cases(Case::Families, 500, seed)),
        ("care homes", cases(Case::CareHomes, 50, seed)),
    ];
    let measured = all.into_iter().map(|(name, made)| {
        let table = Table::new(&made.records);
        let of = |guards| {
            let linked = link(&table, &model, &Linking { guards, ..Linking::default() });
            three(pairs_of_clusters(&linked.clusters.groups, &made.truth))
        };
        let case = PeopleCase {
            name: name.to_owned(),
            records: made.records.len() as u64,
            guarded: of(true),
            unguarded: of(false),
            exact: three(pairs_of_clusters(&exact_rules(&table), &made.truth)),
        };
        eprintln!("    {name}: precision {:.4} with guards, {:.4} without", case.guarded[0], case.unguarded[0]);
        case
    });
    measured.collect()
}

/// The command on a file of as many records as imports are measured with.
fn million(bench: &Bench) -> Result<Vec<PeopleRun>> {
    let path = bench.work.join(format!("people-{}.csv", bench.import_rows));
    let truth = write(&path, bench.import_rows, bench.seed)?;
    let program = bench.program("people");
    let file = path.to_str().context("The folder's name is not UTF-8.")?;
    let mut runs = Vec::new();
    for _ in 0..bench.runs {
        let output = bench.work.join("people.json");
        let ran = program.run_into(&["people", "match", file, "--json"], &output)?;
        let answer: serde_json::Value =
            serde_json::from_reader(std::io::BufReader::new(std::fs::File::open(&output)?))?;
        let place = |id: &serde_json::Value| {
            id.as_str().and_then(|id| id.strip_prefix('r')?.parse::<u32>().ok()).map(|n| n - 1)
        };
        let mut groups = Vec::new();
        for cluster in answer["clusters"].as_array().context("There are no clusters.")? {
            let group: Option<Vec<u32>> =
                cluster.as_array().map_or(Some(Vec::new()), |ids| ids.iter().map(place).collect());
            groups.push(group.context("A cluster holds an id that is not in the file.")?);
        }
        let found = pairs_of_clusters(&groups, &truth);
        eprintln!(
            "    {:.1} s ({:.1} s of computing), peak {} MB, F1 {:.4}",
            ran.took.as_secs_f64(),
            ran.computed,
            ran.peak / 1_000_000,
            found.f1()
        );
        runs.push(PeopleRun {
            seconds: ran.took.as_secs_f64(),
            computed: ran.computed,
            peak: ran.peak,
            clusters: groups.len() as u64,
            pairs: three(found),
        });
    }
    Ok(runs)
}

fn write(path: &Path, records: u64, seed: u64) -> Result<Vec<u32>> {
    let mut out = csv::Writer::from_writer(BufWriter::new(std::fs::File::create(path)?));
    out.write_record([
        "id",
        "given_names",
        "surname",
        "date_of_birth",
        "address",
        "town",
        "postcode",
        "email",
        "phone",
    ])?;
    let mut truth = Vec::new();
    for (record, person) in Population::new(seed).take(usize::try_from(records)?) {
        let Record { id, given_names, surname, birth_date, address, town, postcode, emails, phones, .. } = record;
        out.write_record([
            id,
            given_names.unwrap_or_default(),
            surname.unwrap_or_default(),
            birth_date.map(|d| d.to_string()).unwrap_or_default(),
            address.join(", "),
            town.unwrap_or_default(),
            postcode.unwrap_or_default(),
            emails.join(";"),
            phones.join(";"),
        ])?;
        truth.push(person);
    }
    out.flush()?;
    Ok(truth)
}

/// A file that FEBRL's generator made, from the tests of the crate.
fn from_febrl(file: &str) -> Result<Made> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/linkage/tests/data").join(file);
    febrl(&std::fs::read_to_string(path)?).with_context(|| format!("{file} has other columns."))
}
