//! Real files that are not part of the repository. Where they are not there, these tests say so and
//! do nothing. They are looked for in `COMMONWEAL_TEST_DATA`, else in `shared/data` beside the
//! checkout.

use std::path::{Path, PathBuf};

use commonweal_channels::files::Files;
use commonweal_domain::Channel;
use commonweal_domain::import::{Mapping, Preview, Target};
use commonweal_ports::{FileReader, Row};

use crate::help::{context, reason, rows_at, target, warned};

fn data(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("COMMONWEAL_TEST_DATA").map_or_else(beside, PathBuf::from);
    let path = folder.join(name);
    if path.is_file() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there; set COMMONWEAL_TEST_DATA to the folder with the test data.", path.display());
    None
}

fn looked_at(name: &str) -> Option<(Preview, PathBuf)> {
    let path = data(name)?;
    Some((Files.preview(&path, name, &Mapping::default(), context()).expect("it can be read"), path))
}

fn read(path: &Path, preview: &Preview) -> Vec<Row> {
    rows_at(path, &preview.mapping).expect("its rows can be read")
}

#[test]
fn the_nhs_file_of_2023_needs_nothing_to_be_said() {
    let Some((preview, path)) = looked_at("nhs_v6_NEAS_80.csv") else { return };
    for (heading, expected) in [
        ("Comment ID", Target::Id),
        ("Trust", Target::Attribute("trust".into())),
        ("Respondent ID", Target::Ignore),
        ("Date", Target::At),
        ("Service type 1", Target::Service),
        ("Service type 2", Target::Ignore),
        ("FFT categorical answer", Target::Rating("overall".into())),
        ("FFT question", Target::Question),
        ("FFT answer", Target::Comment),
        ("Person identifiable info?", Target::Ignore),
        ("Comment sentiment", Target::Ignore),
    ] {
        assert_eq!(target(&preview, heading), &expected, "{heading}");
    }
    assert_eq!(preview.columns.iter().filter(|c| c.target != Target::Ignore).count(), 7);
    warned(&preview, "mixes two ways of writing dates");
    warned(&preview, "codes of the Friends and Family Test");
    warned(&preview, "columns only tick something");
    let rows = read(&path, &preview);
    assert_eq!(rows.len(), 4_103);
    let taken: Vec<_> = rows.iter().filter_map(|r| r.outcome.as_ref().ok()).collect();
    assert!(taken.len() > 4_050, "{}", taken.len());
    assert!(taken.iter().all(|f| f.at.is_some() && f.service.is_some() && f.source_id.is_some()));
    // 2,865 answered 1, "Very good".
    assert_eq!(taken.iter().filter(|f| f.ratings.first().is_some_and(|r| r.score() == 1.0)).count(), 2_865);
    assert!(rows.iter().filter_map(|r| r.outcome.as_ref().err()).all(|p| p.message.contains("neither words nor")));
}

#[test]
fn the_nhs_file_of_phase_1_needs_nothing_to_be_said() {
    let Some((preview, path)) = looked_at("nhs_phase1_trustAB.csv") else { return };
    assert_eq!(target(&preview, "feedback"), &Target::Comment);
    assert_eq!(target(&preview, "question"), &Target::Question);
    assert_eq!(target(&preview, "organization"), &Target::Attribute("organisation".into()));
    assert_eq!(target(&preview, "row_index"), &Target::Ignore);
    assert_eq!(target(&preview, "criticality"), &Target::Ignore);
    assert_eq!(reason(&preview, "code"), "says the same as “subcategory”");
    warned(&preview, "No column holds the date");
    assert_eq!(read(&path, &preview).iter().filter(|r| r.outcome.is_ok()).count(), 5_930);
}

#[test]
fn requests_of_new_york_make_sense() {
    let Some((preview, path)) = looked_at("nyc311_sample.csv") else { return };
    for (heading, expected) in [
        ("unique_key", Target::Id),
        ("created_date", Target::At),
        ("agency_name", Target::Service),
        ("complaint_type", Target::Attribute("complaint_type".into())),
        ("descriptor", Target::Comment),
        ("borough", Target::Area),
        ("open_data_channel_type", Target::Channel),
        ("incident_address", Target::Ignore),
        ("resolution_description", Target::Ignore),
        ("closed_date", Target::Ignore),
    ] {
        assert_eq!(target(&preview, heading), &expected, "{heading}");
    }
    warned(&preview, "“descriptor” is taken for the comment because no other column holds more words");
    let rows = read(&path, &preview);
    let channels = |channel: Channel| rows.iter().flat_map(|r| &r.outcome).filter(|f| f.channel == channel).count();
    assert!(channels(Channel::Web) > 300 && channels(Channel::Phone) > 250 && channels(Channel::Other) > 5);
}

#[test]
fn the_workbook_of_the_regulator_is_said_to_hold_figures() {
    let Some((preview, _)) = looked_at("tsm_2024.xlsx") else { return };
    assert_eq!(preview.sheets.len(), 10);
    assert!(preview.format.contains("sheet “TSM24_LCRA_Perception”, headings in row 3"), "{}", preview.format);
    assert!(preview.warnings[0].contains("looks like feedback") && preview.warnings[0].contains("figures"));
    warned(&preview, "“[X]” (blank;");
    warned(&preview, "“[Z]” (not required;");
}

#[test]
fn surveys_complaints_petitions_and_counts_make_sense() {
    if let Some((preview, path)) = looked_at("gsa_touchpoints_sample.csv") {
        assert_eq!(target(&preview, "question_1"), &Target::Rating("overall".into()));
        assert_eq!(target(&preview, "question_4"), &Target::Comment);
        assert!(read(&path, &preview).iter().all(|r| r.outcome.is_ok()));
    }
    if let Some((preview, _)) = looked_at("cfpb_half.csv") {
        assert_eq!(target(&preview, "Consumer complaint narrative"), &Target::Comment);
        assert_eq!(target(&preview, "Product"), &Target::Service);
    }
    if let Some((preview, path)) = looked_at("banking77_train.csv") {
        assert_eq!(target(&preview, "text"), &Target::Comment);
        assert_eq!(target(&preview, "category"), &Target::Attribute("category".into()));
        assert_eq!(read(&path, &preview).len(), 10_003);
    }
    if let Some((preview, _)) = looked_at("uk_petitions_half.csv") {
        for heading in ["action", "background", "additional_details"] {
            assert_eq!(target(&preview, heading), &Target::Comment, "{heading}");
        }
        assert_eq!(target(&preview, "created_at"), &Target::At);
        assert_eq!(target(&preview, "gov_response_details"), &Target::Ignore);
    }
    if let Some((preview, _)) = looked_at("kcmo_survey/kcmo_mar_2022_safe.csv") {
        assert_eq!(target(&preview, "q1_01"), &Target::Rating("q1_01".into()));
        assert_eq!(target(&preview, "method"), &Target::Channel);
        warned(&preview, "Check them against the questionnaire");
        warned(&preview, "They are taken as “no answer”");
    }
    if let Some((preview, _)) = looked_at("fms_lad_month_2007_2017.csv") {
        assert!(preview.warnings[0].starts_with("Nothing in “fms_lad_month_2007_2017.csv” looks like feedback"));
        assert!(preview.warnings[0].contains("table of counts"));
    }
}
