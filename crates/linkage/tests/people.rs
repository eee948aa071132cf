//! Made-up people linked without being told who is who: the measurements of `docs/benchmarks.md` in small.

use commonweal_linkage::evaluate::{Quality, pairs_from, pairs_of_clusters, whole_clusters};
use commonweal_linkage::made::{Case, Made, Population, cases, febrl_like};
use commonweal_linkage::{Linked, Linking, Model, Table, Thresholds, Training, blocking_keys, compare, link};

fn quick() -> Training {
    Training { random_pairs: 300_000, pairs_per_pass: 200_000, ..Training::default() }
}

fn linked(made: &Made, model: Option<&Model>) -> (Linked, Quality) {
    let table = Table::new(&made.records);
    let own = model.is_none().then(|| Model::train(&table, &quick()));
    let model = model.or(own.as_ref()).expect("a model");
    let linked = link(&table, model, &Linking { least_weight: -20.0, ..Linking::default() });
    let quality = pairs_of_clusters(&linked.clusters.groups, &made.truth);
    (linked, quality)
}

fn told(name: &str, made: &Made, linked: &Linked, quality: Quality) {
    println!(
        "{name}: {} records, compared {}, precision {:.4} recall {:.4} F1 {:.4}, refused {}, guarded {:?}, whole {:?}",
        made.records.len(),
        linked.compared,
        quality.precision(),
        quality.recall(),
        quality.f1(),
        linked.clusters.refused.len(),
        linked.guarded,
        whole_clusters(&linked.clusters.groups, &made.truth)
    );
    for weight in [-6.0, -3.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 14.0, 20.0] {
        let curve = pairs_from(&linked.edges, weight, &made.truth);
        println!(
            "  from {weight:5.1}: precision {:.4} recall {:.4} F1 {:.4}",
            curve.precision(),
            curve.recall(),
            curve.f1()
        );
    }
}

#[test]
fn a_population_is_linked() {
    let made = Population::new(7).take_records(20_000);
    let (found, quality) = linked(&made, None);
    told("population", &made, &found, quality);
    assert!(quality.precision() >= 0.97, "{}", quality.precision());
    assert!(quality.recall() >= 0.85, "{}", quality.recall());
}

#[test]
fn records_with_errors_of_febrl_are_linked() {
    for (originals, duplicates, seed) in [(1_000, 1_000, 1), (4_000, 1_000, 2)] {
        let made = febrl_like(originals, duplicates, seed);
        let (found, quality) = linked(&made, None);
        told("febrl-like", &made, &found, quality);
        assert!(quality.f1() >= 0.95, "{}", quality.f1());
    }
}

#[test]
fn guards_keep_twins_families_and_residents_apart() {
    let population = Population::new(11).take_records(10_000);
    let model = Model::train(&Table::new(&population.records), &quick());
    for (case, groups, least) in [(Case::Twins, 200, 0.85), (Case::Families, 150, 0.95), (Case::CareHomes, 15, 0.9)] {
        let made = cases(case, groups, 5);
        let (found, quality) = linked(&made, Some(&model));
        told(&format!("{case:?}"), &made, &found, quality);
        assert!(quality.precision() >= least, "{case:?} {}", quality.precision());
        let table = Table::new(&made.records);
        let unguarded = link(&table, &model, &Linking { guards: false, ..Linking::default() });
        let without = pairs_of_clusters(&unguarded.clusters.groups, &made.truth);
        println!("  without guards: precision {:.4} recall {:.4}", without.precision(), without.recall());
        assert!(quality.precision() > without.precision(), "{case:?} {}", without.precision());
    }
}

#[test]
fn every_run_comes_to_the_same() {
    let made = Population::new(5).take_records(2_000);
    let table = Table::new(&made.records);
    let models = [0, 1].map(|_| Model::train(&table, &quick()));
    assert_eq!(models[0], models[1]);
    let [one, other] = [1, 3].map(|threads| link(&table, &models[0], &Linking { threads, ..Linking::default() }));
    assert_eq!(one.edges, other.edges);
    assert_eq!(one.clusters, other.clusters);
}

#[test]
fn a_pair_by_itself_weighs_what_it_weighs_among_many() {
    let made = Population::new(6).take_records(3_000);
    let table = Table::new(&made.records);
    let model = Model::train(&table, &quick());
    let linked = link(&table, &model, &Linking { least_weight: -50.0, ..Linking::default() });
    let mut alike = 0;
    for edge in linked.edges.iter().take(2_000) {
        let (a, b) = (&made.records[edge.a as usize], &made.records[edge.b as usize]);
        let why = compare(&model, a, b);
        alike += usize::from((why.weight - f64::from(edge.weight)).abs() < 1e-3);
        // The parts add up, unless a guard has the last word.
        let sum = why.prior + why.household + why.parts.iter().map(|p| p.weight).sum::<f64>();
        assert!(why.guard.is_some() || (sum - why.weight).abs() < 1e-3, "{why:?}");
        // What is kept beside a record finds it again.
        let keys = blocking_keys(a);
        assert!(blocking_keys(b).iter().any(|key| keys.contains(key)));
    }
    // Who shares what is only known among many: families with one email, three and more at one address.
    assert!(alike * 10 >= linked.edges.len().min(2_000) * 6, "{alike}");
}

/// How long a million take: `cargo test --release -p commonweal-linkage --test people -- --ignored --nocapture`. The command
/// is measured by `make bench`.
#[test]
#[ignore = "takes a minute in a release build, and more in any other"]
fn a_million_records_are_linked() {
    let began = std::time::Instant::now();
    let told = |what: &str| println!("{:6.1} s {what}", began.elapsed().as_secs_f64());
    let (mut table, mut truth) = (Table::default(), Vec::new());
    for (record, person) in Population::new(2_026).take(1_000_000) {
        table.push(&record);
        truth.push(person);
    }
    table.find_shared();
    told("made and kept");
    let model = Model::train(&table, &Training::default());
    told("learnt");
    let linked = link(&table, &model, &Linking::default());
    told("linked");
    let quality = pairs_of_clusters(&linked.clusters.groups, &truth);
    println!(
        "compared {} {:?}, left out {:?}, guarded {:?}, refused {}, precision {:.4} recall {:.4} F1 {:.4}",
        linked.compared,
        linked.by_rule,
        linked.left_out,
        linked.guarded,
        linked.clusters.refused.len(),
        quality.precision(),
        quality.recall(),
        quality.f1()
    );
    for weight in [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 14.0, 20.0] {
        let curve = pairs_from(&linked.edges, weight, &truth);
        println!(
            "  from {weight:5.1}: precision {:.4} recall {:.4} F1 {:.4}",
            curve.precision(),
            curve.recall(),
            curve.f1()
        );
    }
}

#[test]
fn persons_of_before_stay_together_down_to_a_lower_weight() {
    let made = Population::new(9).take_records(2_000);
    let table = Table::new(&made.records);
    let model = Model::train(&table, &quick());
    let thresholds = Thresholds { join: 12.0, keep: 2.0 };
    let strict = link(&table, &model, &Linking { thresholds, ..Linking::default() });
    let kept = link(&table, &model, &Linking { thresholds, before: made.truth.clone(), ..Linking::default() });
    let (strict, kept) = [strict, kept].map(|l| pairs_of_clusters(&l.clusters.groups, &made.truth)).into();
    assert!(kept.right > strict.right, "{} {}", kept.right, strict.right);
    assert_eq!(kept.found - kept.right, strict.found - strict.right, "nothing else is joined");
}
