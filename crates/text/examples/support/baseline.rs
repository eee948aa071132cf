//! Owns what discovery is measured against: spherical k-means on TF-IDF, words by c-TF-IDF.

use std::collections::HashMap;

/// Stop words of scikit-learn ("english").
const STOP: &str = "a about above across after afterwards again against all almost alone along already also although always am \
among amongst amoungst amount an and another any anyhow anyone anything anyway anywhere are around as at back \
be became because become becomes becoming been before beforehand behind being below beside besides between \
beyond bill both bottom but by call can cannot cant co con could couldnt cry de describe detail do done down \
due during each eg eight either eleven else elsewhere empty enough etc even ever every everyone everything \
everywhere except few fifteen fifty fill find fire first five for former formerly forty found four from front \
full further get give go had has hasnt have he hence her here hereafter hereby herein hereupon hers herself \
him himself his how however hundred i ie if in inc indeed interest into is it its itself keep last latter \
latterly least less ltd made many may me meanwhile might mill mine more moreover most mostly move much must \
my myself name namely neither never nevertheless next nine no nobody none noone nor not nothing now nowhere \
of off often on once one only onto or other others otherwise our ours ourselves out over own part per perhaps \
please put rather re same see seem seemed seeming seems serious several she should show side since sincere \
six sixty so some somehow someone something sometime sometimes somewhere still such system take ten than that \
the their them themselves then thence there thereafter thereby therefore therein thereupon these they thick \
thin third this those though three through throughout thru thus to together too top toward towards twelve \
twenty two un under until up upon us very via was we well were what whatever when whence whenever where \
whereafter whereas whereby wherein whereupon wherever whether which while whither who whoever whole whom \
whose why will with within without would yet you your yours yourself yourselves";

/// Words in small letters of two or more letters.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace('’', "'")
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|w| w.trim_matches('\'').to_owned())
        .filter(|w| w.chars().count() >= 2)
        .collect()
}

/// Clusters of texts.
pub(crate) struct Baseline {
    pub(crate) cluster: Vec<u32>,
}

impl Baseline {
    /// Sublinear TF-IDF of words in at least three texts, of length 1; k-means++, at most 50 rounds.
    pub(crate) fn new(texts: &[&str], k: usize, seed: u64) -> Self {
        let points = tfidf(texts);
        let columns = points.iter().flatten().map(|(c, _)| *c + 1).max().unwrap_or(0);
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut chance = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let mut centres = vec![0.0f32; columns * k];
        let mut far = vec![1.0f64; points.len()];
        for c in 0..k {
            let mut left = chance() * far.iter().sum::<f64>();
            let pick = far
                .iter()
                .position(|d| {
                    left -= d;
                    left < 0.0
                })
                .unwrap_or(0);
            let mut row = vec![0.0f32; columns];
            for (column, w) in &points[pick] {
                centres[column * k + c] = *w;
                row[*column] = *w;
            }
            for (d, p) in far.iter_mut().zip(&points) {
                let near: f32 = p.iter().map(|(column, w)| row[*column] * w).sum();
                *d = d.min(f64::from(1.0 - near).max(0.0));
            }
        }
        let mut cluster = vec![u32::MAX; points.len()];
        let mut room = vec![0.0f32; k];
        for _ in 0..50 {
            let mut moved = 0;
            for (p, c) in points.iter().zip(&mut cluster) {
                room.fill(0.0);
                for (column, w) in p {
                    for (s, x) in room.iter_mut().zip(&centres[column * k..(column + 1) * k]) {
                        *s += w * x;
                    }
                }
                let best = (0..k).max_by(|a, b| room[*a].total_cmp(&room[*b])).unwrap_or(0) as u32;
                moved += usize::from(best != *c);
                *c = best;
            }
            if moved == 0 {
                break;
            }
            centres.fill(0.0);
            for (p, c) in points.iter().zip(&cluster) {
                for (column, w) in p {
                    centres[column * k + *c as usize] += w;
                }
            }
            let mut squares = vec![0.0f32; k];
            for row in centres.chunks_exact(k) {
                for (s, x) in squares.iter_mut().zip(row) {
                    *s += x * x;
                }
            }
            for row in centres.chunks_exact_mut(k) {
                for (x, s) in row.iter_mut().zip(&squares) {
                    *x /= s.sqrt().max(1e-9);
                }
            }
        }
        Self { cluster }
    }

    /// Ten words of each cluster by c-TF-IDF.
    pub(crate) fn words(&self, texts: &[&str], k: usize) -> Vec<Vec<String>> {
        let stop: Vec<&str> = STOP.split_whitespace().collect();
        let mut of: Vec<HashMap<String, f64>> = vec![HashMap::new(); k];
        let mut all: HashMap<String, f64> = HashMap::new();
        for (text, c) in texts.iter().zip(&self.cluster) {
            for word in words(text).into_iter().filter(|w| !stop.contains(&w.as_str())) {
                *all.entry(word.clone()).or_insert(0.0) += 1.0;
                *of[*c as usize].entry(word).or_insert(0.0) += 1.0;
            }
        }
        let mean = all.values().sum::<f64>() / k as f64;
        of.iter()
            .map(|counts| {
                let mut weighed: Vec<(f64, &String)> =
                    counts.iter().map(|(w, n)| (n * (1.0 + mean / all[w]).ln(), w)).collect();
                weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
                weighed.iter().take(10).map(|(_, w)| (*w).clone()).collect()
            })
            .collect()
    }
}

fn tfidf(texts: &[&str]) -> Vec<Vec<(usize, f32)>> {
    let stop: Vec<&str> = STOP.split_whitespace().collect();
    let counted: Vec<HashMap<String, f32>> = texts
        .iter()
        .map(|t| {
            let mut counts = HashMap::new();
            for w in words(t).into_iter().filter(|w| !stop.contains(&w.as_str())) {
                *counts.entry(w).or_insert(0.0) += 1.0;
            }
            counts
        })
        .collect();
    let mut df: HashMap<&str, f32> = HashMap::new();
    for w in counted.iter().flat_map(HashMap::keys) {
        *df.entry(w).or_insert(0.0) += 1.0;
    }
    let mut kept: Vec<(&str, f32)> = df.into_iter().filter(|(_, n)| *n >= 3.0).collect();
    kept.sort_by(|a, b| a.0.cmp(b.0));
    let n = texts.len() as f32;
    let columns: HashMap<&str, (usize, f32)> =
        kept.iter().enumerate().map(|(i, (w, d))| (*w, (i, ((1.0 + n) / (1.0 + d)).ln() + 1.0))).collect();
    counted
        .iter()
        .map(|counts| {
            let mut row: Vec<(usize, f32)> = counts
                .iter()
                .filter_map(|(w, n)| columns.get(w.as_str()).map(|(c, idf)| (*c, (1.0 + n.ln()) * idf)))
                .collect();
            row.sort_by_key(|(c, _)| *c);
            let length = row.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
            for (_, w) in &mut row {
                *w /= length;
            }
            row
        })
        .collect()
}
