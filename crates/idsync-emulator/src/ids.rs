//! Identifiers that look random and follow from the seed alone.

/// A starting point for the identifiers of one family: the same seed and label always give the same one.
pub(crate) fn salt(seed: u64, label: &str) -> u64 {
    // FNV-1a: labels differ in a letter or two, and `mix` spreads that over all bits later.
    let folded = label.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mix(seed, folded)
}

/// The `n`th value of the `SplitMix64` sequence that starts at `seed`.
pub(crate) fn mix(seed: u64, n: u64) -> u64 {
    let mut z = seed.wrapping_add(n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The `n`th identifier of a family as 32 hexadecimal digits, the form of project, workspace and task ids.
pub(crate) fn hex32(salt: u64, n: u64) -> String {
    format!("{:016x}{:016x}", mix(salt, n), mix(!salt, n))
}

/// The `n`th identifier of a family as a UUID of version 4, the form of cluster and record ids.
pub(crate) fn uuid(salt: u64, n: u64) -> String {
    let (high, low) = (mix(salt, n), mix(!salt, n));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48 & 0x3fff),
        low & 0xffff_ffff_ffff,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_differ_by_seed_label_and_number_and_have_their_form() {
        let mut ids: Vec<String> = Vec::new();
        for (seed, label) in [(1, "a"), (1, "b"), (2, "a")] {
            ids.extend((0..100).map(|n| uuid(salt(seed, label), n)));
        }
        assert!(ids.iter().all(|id| id.len() == 36 && &id[14..15] == "4"));
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 300);
        assert_eq!(hex32(salt(1, "a"), 0).len(), 32);
    }
}
