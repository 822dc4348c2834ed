//! How the clients of somebody who leaves or is away are dealt out to colleagues.

use std::collections::HashMap;

/// By what clients are dealt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deal {
    /// As many clients to each; those that pay most are spread.
    Count,
    /// As much MRR to each, as nearly as whole clients allow.
    Mrr,
}

/// A client to be dealt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dealt {
    /// What it pays a month, in cents.
    pub mrr_cents: i64,
    /// Commercial segment.
    pub segment: Option<String>,
}

/// Who receives each client: the index that its segment has a rule for; the others an index below `receivers`, as `deal`
/// says, those that pay most first. The same clients in the same order are dealt alike.
pub fn deal(clients: &[Dealt], receivers: usize, deal: Deal, segments: &HashMap<String, usize>) -> Vec<usize> {
    let mut out = vec![0; clients.len()];
    if receivers == 0 {
        return out;
    }
    let mut rest: Vec<usize> = Vec::new();
    for (i, client) in clients.iter().enumerate() {
        match client.segment.as_ref().and_then(|segment| segments.get(segment)) {
            Some(to) => out[i] = *to,
            None => rest.push(i),
        }
    }
    // Stable: equals stay in their order.
    rest.sort_by_key(|i| std::cmp::Reverse(clients[*i].mrr_cents));
    let mut held = vec![(0_i64, 0_usize); receivers];
    for (place, i) in rest.into_iter().enumerate() {
        let to = match deal {
            // There and back, so that the first does not always take the larger of two.
            Deal::Count => {
                let (round, at) = (place / receivers, place % receivers);
                if round % 2 == 0 { at } else { receivers - 1 - at }
            }
            Deal::Mrr => (0..receivers).min_by_key(|to| (held[*to].0, held[*to].1, *to)).unwrap_or(0),
        };
        held[to].0 += clients[i].mrr_cents;
        held[to].1 += 1;
        out[i] = to;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clients(of: &[(i64, &str)]) -> Vec<Dealt> {
        let client = |(mrr_cents, segment): &(i64, &str)| Dealt {
            mrr_cents: *mrr_cents,
            segment: Some((*segment).to_owned()).filter(|segment| !segment.is_empty()),
        };
        of.iter().map(client).collect()
    }

    #[test]
    fn clients_are_dealt_as_asked() {
        let some = clients(&[(100, "A"), (900, "B"), (500, ""), (300, "A"), (0, "B")]);
        let none = HashMap::new();
        let dealt = |how, segments: &HashMap<String, usize>| deal(&some, 2, how, segments);
        // 900, 500, 300, 100, 0: there and back.
        assert_eq!(dealt(Deal::Count, &none), [0, 0, 1, 1, 0]);
        // 900 against 500 + 300 + 100; the last goes to who has fewer.
        assert_eq!(dealt(Deal::Mrr, &none), [1, 0, 1, 1, 0]);
        let by_segment = HashMap::from([("A".to_owned(), 1)]);
        assert_eq!(dealt(Deal::Count, &by_segment), [1, 0, 1, 1, 1]);
        assert_eq!(deal(&some, 1, Deal::Mrr, &none), [0; 5]);
        assert_eq!(deal(&[], 3, Deal::Count, &none), Vec::<usize>::new());
    }

    proptest! {
        #[test]
        fn shares_are_even(mrr in proptest::collection::vec(0_i64..100_000, 0..60), receivers in 1_usize..6) {
            let clients: Vec<Dealt> = mrr.iter().map(|cents| Dealt { mrr_cents: *cents, segment: None }).collect();
            let counts = |dealt: &[usize]| (0..receivers).map(|r| dealt.iter().filter(|to| **to == r).count()).collect::<Vec<_>>();
            let by_count = counts(&deal(&clients, receivers, Deal::Count, &HashMap::new()));
            prop_assert!(by_count.iter().max().unwrap_or(&0) - by_count.iter().min().unwrap_or(&0) <= 1);
            let dealt = deal(&clients, receivers, Deal::Mrr, &HashMap::new());
            let sums: Vec<i64> = (0..receivers)
                .map(|r| dealt.iter().zip(&mrr).filter(|(to, _)| **to == r).map(|(_, cents)| cents).sum())
                .collect();
            // Nobody is ahead of another by more than one client.
            let largest = mrr.iter().max().copied().unwrap_or(0);
            prop_assert!(sums.iter().max().unwrap_or(&0) - sums.iter().min().unwrap_or(&0) <= largest);
        }
    }
}
