//! Themes of any set of comments, without a list of themes given beforehand.
//!
//! [`discover`] groups comments and words each group by a phrase that people wrote. What an analyst then
//! decides ([`Discovery::rename`], [`Discovery::merge`], [`Discovery::split`], [`Discovery::drop_theme`]) is
//! remembered ([`Discovery::remember`]) and kept in the next run on more comments; what is accepted
//! ([`Discovery::accept`]) codes new comments one by one ([`CentroidCoder`]).
//!
//! The method, in short: equal and simple answers are set aside; long comments are cut into sentences;
//! each part is a static word vector beside TF-IDF; many small clusters (spherical k-means) are put
//! together by Ward's method and evened out; words and phrases are weighed by c-TF-IDF. What was
//! measured is in `training/vectors/README.md`.

mod assemble;
mod cluster;
mod coder;
mod corpus;
mod count;
mod edit;
mod kmeans;
mod label;
mod names;
mod segment;
mod simple;
mod space;
mod stopwords;
mod types;
mod ward;
mod words;

pub use coder::CentroidCoder;
pub use edit::{SplitError, UnknownTheme};
pub use simple::Kind;
pub use types::{AcceptedTheme, Assignment, Centroid, DiscoverInput, Discovery, Keyword, NamedTheme, Options, Theme};

use commonweal_domain::{Budget, Cancelled};
use commonweal_random::Random;

use assemble::Found;
use corpus::Corpus;
use space::Columns;

/// Topics at most when their number isn't given: more than this nobody reads.
const MAX: usize = 50;

/// Finds the themes of `comments`. Takes about a second for 20,000 short comments; comments that fit no theme
/// stay unassigned.
///
/// # Errors
/// [`Cancelled`] if the budget was.
pub fn discover(
    comments: &[DiscoverInput<'_>],
    options: &Options<'_>,
    budget: &Budget,
) -> Result<Discovery, Cancelled> {
    discover_at_most(comments, options, MAX, budget)
}

/// As [`discover`], with another bound on the number of topics when it isn't given.
fn discover_at_most(
    comments: &[DiscoverInput<'_>],
    options: &Options<'_>,
    most: usize,
    budget: &Budget,
) -> Result<Discovery, Cancelled> {
    let corpus = Corpus::new(comments, budget)?;
    let columns = Columns::new(&corpus);
    let mut random = Random::new(options.seed);
    let sample = cluster::Sample::draw(&corpus, &columns, &mut random);
    let range = how_many(sample.points.len(), options.min_size, most);
    let centres = cluster::topics(&sample, options.k, range, columns.len(), &mut random, budget)?;
    drop(sample);
    let found = Found::new(&corpus, &columns, centres, options, budget)?;
    budget.check()?;
    Ok(found.into_discovery(comments, options))
}

/// Between how many topics to choose for so many parts of comments: about as many as a person coding by hand
/// would set up, which grows far slower than the comments do.
fn how_many(parts: usize, min_size: usize, most: usize) -> (usize, usize) {
    let usual = 2.2 * (parts.max(1) as f32).powf(0.27);
    let most = most.min(parts / min_size.max(1)).max(1);
    let high = ((usual * 1.6) as usize).clamp(1, most);
    (((usual * 0.7) as usize).clamp(2, 40).min(high), high)
}
