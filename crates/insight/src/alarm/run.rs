//! What several small p-values in a row are worth together.

/// Steps looked back over. A longer run is evident long before.
const LONGEST: usize = 24;

/// The evidence of a run that ends now: a p-value made of the p-values of the last steps,
/// the latest first.
///
/// For every length `r` the `r` last steps are all as small as their largest, `m_r`, which by
/// chance happens with probability `m_r^r`. Each length gets the share `1/2^r` of the error,
/// so the result is the smallest `(2 m_r)^r`, at most one. By Bonferroni's inequality it is a
/// p-value if the steps are independent; where calm and storm each last, as in hourly
/// volumes, it is smaller a little too often: on hourly tweets 1 % came about in 1.5 % of the
/// hours outside labelled windows, on monthly reports in 0.6 to 1.0 % of the months. A
/// lone step is worth twice its p-value: that is the price of seeing slow rises.
pub fn run_evidence(latest_first: impl IntoIterator<Item = f64>) -> f64 {
    let mut largest = 0.0_f64;
    let mut smallest_evidence = 1.0_f64;
    for (index, p) in latest_first.into_iter().take(LONGEST).enumerate() {
        largest = largest.max(p);
        if largest >= 0.5 {
            break;
        }
        smallest_evidence = smallest_evidence.min((2.0 * largest).powf(index as f64 + 1.0));
    }
    smallest_evidence
}
