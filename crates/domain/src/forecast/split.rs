//! Parts that add up: an amount shared out in proportion, to the last cent.

/// Shares `total` out in proportion to `weights` (negative ones count as nought), the cents left over going to the
/// largest remainders, the first one first. The parts always add up to `total`. Without any weight the first takes all.
///
/// ```
/// use essor_domain::forecast::split::share_out;
/// assert_eq!(share_out(100, &[1, 1, 1]), [34, 33, 33]);
/// assert_eq!(share_out(7, &[0, 0]), [7, 0]);
/// ```
pub fn share_out(total: i64, weights: &[i64]) -> Vec<i64> {
    let weight = |w: &i64| i128::from((*w).max(0));
    let sum: i128 = weights.iter().map(weight).sum();
    if sum == 0 {
        return weights.iter().enumerate().map(|(i, _)| if i == 0 { total } else { 0 }).collect();
    }
    let exact: Vec<i128> = weights.iter().map(|w| i128::from(total) * weight(w)).collect();
    let mut parts: Vec<i64> = exact.iter().map(|part| part.div_euclid(sum) as i64).collect();
    let left = total - parts.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(exact[*i].rem_euclid(sum)));
    for i in order.into_iter().take(left.max(0) as usize) {
        parts[i] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_add_up(total in 0..1_000_000_000_000_i64, weights in prop::collection::vec(-5..1_000_000_i64, 1..8)) {
            let parts = share_out(total, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            prop_assert!(parts.iter().all(|part| *part >= 0));
        }
    }
}
