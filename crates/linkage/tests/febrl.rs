//! The files that the Freely Extensible Biomedical Record Linkage project's generator made (see `data/README.md`).

use std::path::Path;

use commonweal_linkage::evaluate::{pairs_from, pairs_of_clusters, whole_clusters};
use commonweal_linkage::made::{Made, febrl};
use commonweal_linkage::{Linking, Model, Table, Training, link};

fn linked(file: &str) -> f64 {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
    let text = std::fs::read_to_string(path).expect("the file");
    let Made { records, truth } = febrl(&text).expect("FEBRL's columns");
    let table = Table::new(&records);
    let training = Training { random_pairs: 600_000, pairs_per_pass: 200_000, ..Training::default() };
    let model = Model::train(&table, &training);
    let linking = Linking { least_weight: -10.0, ..Linking::default() };
    let linked = link(&table, &model, &linking);
    let quality = pairs_of_clusters(&linked.clusters.groups, &truth);
    println!("{file}: prior {:.1}, compared {}, {:?}", model.prior_weight(), linked.compared, linked.left_out);
    for weight in [-6.0, -3.0, 0.0, 3.0, 6.0, 9.0, 12.0, 15.0, 20.0] {
        let curve = pairs_from(&linked.edges, weight, &truth);
        println!(
            "  from {weight:5.1}: precision {:.4} recall {:.4} F1 {:.4}",
            curve.precision(),
            curve.recall(),
            curve.f1()
        );
    }
    let whole = whole_clusters(&linked.clusters.groups, &truth);
    println!(
        "  clusters: precision {:.4} recall {:.4} F1 {:.4}; whole {:.4} {:.4}; refused {}; guarded {:?}",
        quality.precision(),
        quality.recall(),
        quality.f1(),
        whole.precision(),
        whole.recall(),
        linked.clusters.refused.len(),
        linked.guarded
    );
    quality.f1()
}

#[test]
fn febrl1_is_linked() {
    let f1 = linked("febrl1.csv");
    assert!(f1 >= 0.99, "{f1}");
}

#[test]
fn febrl2_is_linked() {
    let f1 = linked("febrl2.csv");
    assert!(f1 >= 0.985, "{f1}");
}
