//! Small-group suppression: a breakdown must not show, nor let anybody work out, the figures of a
//! group smaller than the body's minimum.
//!
//! Primary suppression hides counts from 1 to `minimum − 1`. Secondary (complementary) suppression
//! hides more cells along each line whose total is known, until what is hidden along it is either
//! nothing or at least two cells that together reach the minimum; otherwise total minus the rest
//! would give the hidden figure away. The smallest remaining cells are taken first.
//! (Statistics: Hundepool et al., *Statistical Disclosure Control*, 2012, ch. 4.)

/// Which cells of a table must be hidden. `counts[row][column]`; a list is a table of one row.
/// `row_totals_known` and `column_totals_known` say along which lines a reader knows the sum.
/// Zeros are shown, and are never taken as the complementary cell unless nothing else is left.
pub fn suppress(
    counts: &[Vec<u64>],
    minimum: u64,
    row_totals_known: bool,
    column_totals_known: bool,
) -> Vec<Vec<bool>> {
    let mut hidden: Vec<Vec<bool>> =
        counts.iter().map(|row| row.iter().map(|&c| c > 0 && c < minimum).collect()).collect();
    let columns = counts.iter().map(Vec::len).max().unwrap_or(0);
    loop {
        let mut changed = false;
        if row_totals_known {
            for (r, row) in counts.iter().enumerate() {
                let line: Vec<(usize, usize)> = (0..row.len()).map(|c| (r, c)).collect();
                changed |= complete(&line, counts, &mut hidden, minimum);
            }
        }
        if column_totals_known {
            for c in 0..columns {
                let line: Vec<(usize, usize)> =
                    (0..counts.len()).filter(|&r| c < counts[r].len()).map(|r| (r, c)).collect();
                changed |= complete(&line, counts, &mut hidden, minimum);
            }
        }
        if !changed {
            return hidden;
        }
    }
}

/// The same for a list whose total is known.
pub fn suppress_list(counts: &[u64], minimum: u64) -> Vec<bool> {
    suppress(&[counts.to_vec()], minimum, true, false).pop().unwrap_or_default()
}

/// Hides more cells of one line until the hidden ones can't be worked out. Tells whether it did.
fn complete(line: &[(usize, usize)], counts: &[Vec<u64>], hidden: &mut [Vec<bool>], minimum: u64) -> bool {
    let mut changed = false;
    loop {
        let out: Vec<u64> = line.iter().filter(|&&(r, c)| hidden[r][c]).map(|&(r, c)| counts[r][c]).collect();
        let safe = out.is_empty() || (out.len() >= 2 && out.iter().sum::<u64>() >= minimum);
        if safe {
            return changed;
        }
        // Zeros last: a hidden zero adds no protection by size, but does by number.
        let next =
            line.iter().filter(|&&(r, c)| !hidden[r][c]).min_by_key(|&&(r, c)| (counts[r][c] == 0, counts[r][c]));
        match next {
            Some(&(r, c)) => {
                hidden[r][c] = true;
                changed = true;
            }
            None => return changed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_small_group_takes_the_next_smallest_with_it() {
        assert_eq!(suppress_list(&[100, 3, 40, 0], 10), [false, true, true, false]);
    }

    #[test]
    fn small_groups_that_together_reach_the_minimum_protect_each_other() {
        assert_eq!(suppress_list(&[100, 6, 7], 10), [false, true, true]);
    }

    #[test]
    fn two_tiny_groups_take_a_third() {
        assert_eq!(suppress_list(&[100, 2, 3, 50], 10), [false, true, true, true]);
    }

    #[test]
    fn large_groups_and_zeros_are_shown() {
        assert_eq!(suppress_list(&[100, 10, 0], 10), [false, false, false]);
    }

    #[test]
    fn no_line_of_a_cross_table_hides_exactly_one_cell() {
        let counts = vec![vec![50, 3, 60], vec![40, 30, 20], vec![70, 80, 90]];
        let hidden = suppress(&counts, 10, true, true);
        for (r, row) in hidden.iter().enumerate() {
            assert_ne!(row.iter().filter(|h| **h).count(), 1, "row {r}");
        }
        for c in 0..3 {
            assert_ne!(hidden.iter().filter(|row| row[c]).count(), 1, "column {c}");
        }
        assert!(hidden[0][1]);
        assert!(!hidden[2][2]);
    }
}
