//! Trains the shipped models from the data in `training/`:
//! `cargo run --release -p commonweal-text --example train`.

mod recipes;

use std::path::Path;

use commonweal_text::train::{train, train_with_temperature, train_with_thresholds};
use recipes::*;

fn main() -> Result<(), Failure> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = here.join("training");
    let go = go_emotions(&data.join("goemotions_train.tsv.gz"))?;
    let v6 = nhs_v6(&data.join("nhs_v6.csv.gz"))?;
    let one = nhs_phase1(&data.join("nhs_phase1.csv.gz"))?;
    let own = service_phrases(&data.join("service_phrases.txt"))?;

    let mut examples = general_sentiment(&go, 9000, 6000);
    examples.extend(phrase_sentiment(&own));
    examples.extend(labelled_sentiment(one.rows.iter(), 0.3, 0.5));
    let general = examples.len();
    examples.extend(labelled_sentiment(v6.rows.iter(), 2.0, 0.5));
    let sources = [&go, &own, &one, &v6].map(|s| s.source.clone()).to_vec();
    let model = train_with_temperature(&sentiment_recipe(sources), &examples, |n| n >= general && n % 5 == 0)?;
    write(&here.join("models/sentiment.cwm"), &model.to_bytes())?;

    let model = train_with_thresholds(&emotion_recipe(vec![go.source.clone()]), &emotion_examples(&go), 5)?;
    write(&here.join("models/emotion.cwm"), &model.to_bytes())?;
    let _ = train;
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes)?;
    println!("{}: {} bytes", path.display(), bytes.len());
    Ok(())
}
