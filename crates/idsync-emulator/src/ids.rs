//! Identifiers that look random and follow from the seed alone.

/// Makes identifiers out of a seed and a label: the same pair always gives the same identifier.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ids {
    seed: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A starting point for the numbered identifiers of one family.
    pub(crate) fn salt(self, label: &str) -> u64 {
        // FNV-1a: labels differ in a letter or two, and `mix` spreads that over all bits later.
        let folded = label.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        mix(self.seed, folded)
    }

    /// 32 lower-case hexadecimal digits, the form of project, workspace and task ids.
    pub(crate) fn hex32(self, label: &str) -> String {
        hex32(self.salt(label), 0)
    }

    /// A UUID, the form of cluster and record ids.
    pub(crate) fn uuid(self, label: &str) -> String {
        uuid(self.salt(label), 0)
    }
}

/// The `n`th value of the `SplitMix64` sequence that starts at `seed`.
pub(crate) fn mix(seed: u64, n: u64) -> u64 {
    let mut z = seed.wrapping_add(n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The `n`th identifier of a family, as 32 hexadecimal digits.
pub(crate) fn hex32(salt: u64, n: u64) -> String {
    format!("{:016x}{:016x}", mix(salt, n), mix(!salt, n))
}

/// The `n`th identifier of a family, as a UUID of version 4.
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

/// Lower-case hexadecimal digits of `bytes`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| {
        char::from(if half < 10 {
            b'0' + half
        } else {
            b'a' + half - 10
        })
    };
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    let mut text = String::with_capacity(bytes.len() * 2);
    text.extend(digits.map(digit));
    text
}

/// The bytes that hexadecimal digits stand for; `None` for an odd number of digits or any other character.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks_exact(2)
        .map(|pair| {
            let value = |digit: &u8| {
                char::from(*digit)
                    .to_digit(16)
                    .and_then(|n| u8::try_from(n).ok())
            };
            Some(value(pair.first()?)? << 4 | value(pair.last()?)?)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_label_give_the_same_identifier_and_others_do_not() {
        assert_eq!(Ids::new(1).uuid("orders"), Ids::new(1).uuid("orders"));
        assert_ne!(Ids::new(1).uuid("orders"), Ids::new(2).uuid("orders"));
        assert_ne!(Ids::new(1).uuid("orders"), Ids::new(1).uuid("order"));
    }

    #[test]
    fn a_uuid_has_five_groups_a_version_and_a_variant() {
        for n in 0..200 {
            let id = uuid(7, n);
            let lengths: Vec<usize> = id.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
            assert_eq!(id.as_bytes()[14], b'4', "{id}");
            assert!(b"89ab".contains(&id.as_bytes()[19]), "{id}");
        }
    }

    #[test]
    fn hexadecimal_digits_are_read_back_and_anything_else_is_refused() {
        assert_eq!(unhex(&hex(&[0, 15, 255])), Some(vec![0, 15, 255]));
        assert_eq!(unhex("abc"), None);
        assert_eq!(unhex("+1zz"), None);
    }
}
