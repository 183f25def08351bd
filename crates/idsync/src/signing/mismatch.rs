//! Why a gateway came to another signature, as far as it tells.

/// What a gateway writes before the canonical request that it computed.
const ECHO: &str = "canonicalRequest:";

/// `message` without the echo, for people.
pub(crate) fn without_echo(message: &str) -> &str {
    message
        .split_once(ECHO)
        .map_or(message, |(before, _)| before.trim_end_matches([',', ' ']))
}

/// What differs between the canonical request that was signed and the one that a gateway's `message` echoes; `None`
/// if the message echoes none.
///
/// Values of headers are not shown, since some are secrets.
pub(crate) fn difference(signed: &str, message: &str) -> Option<String> {
    let (_, echo) = message.split_once(ECHO)?;
    // Gateways write the line breaks as such or as bars (inferred from messages that users posted).
    let separator = if echo.contains('\n') { '\n' } else { '|' };
    let received: Vec<_> = echo.trim().split(separator).collect();
    let signed: Vec<_> = signed.split('\n').collect();
    let first = signed
        .iter()
        .zip(&received)
        .position(|(ours, theirs)| ours != theirs);
    Some(match first {
        Some(line) => describe(line, &signed, &received),
        None if received.len() < signed.len() => {
            "as far as the service shows it, it computed over the same request: check the secret key".into()
        }
        None => "the service computed over the same request: the secret key is wrong".into(),
    })
}

/// Names the part of the canonical request that line number `line` belongs to.
fn describe(line: usize, signed: &[&str], received: &[&str]) -> String {
    let both = |what: &str| {
        let (ours, theirs) = (line_of(signed, line), line_of(received, line));
        format!("the {what} differs: signed {ours:?}, received {theirs:?}")
    };
    match line {
        0 => both("method"),
        1 => both("path"),
        2 => both("query"),
        _ => match line_of(signed, line).split_once(':') {
            Some((name, _)) => format!(
                "the header {name} differs from what was signed: something on the way changed it"
            ),
            None => both("list of signed headers or the hash of the body"),
        },
    }
}

fn line_of<'a>(lines: &[&'a str], line: usize) -> &'a str {
    lines.get(line).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED: &str =
        "GET\n/v2/p/\na=1\nhost:h\nx-security-token:SECRET\n\nhost;x-security-token\ne3b0";

    fn told(echo: &str) -> String {
        difference(
            SIGNED,
            &format!("verify aksk signature fail, canonicalRequest:{echo}"),
        )
        .unwrap()
    }

    #[test]
    fn the_first_part_that_differs_is_named() {
        for (change, to, expected) in [
            (
                "GET",
                "POST",
                "the method differs: signed \"GET\", received \"POST\"",
            ),
            ("/v2/p/", "/v2/q/", "the path differs"),
            ("a=1", "a=1&b=2", "the query differs"),
            ("host:h", "host:other", "the header host differs"),
            (
                "SECRET",
                "OTHERSECRET",
                "the header x-security-token differs",
            ),
            ("e3b0", "ffff", "the hash of the body differs"),
        ] {
            for echo in [
                SIGNED.replace(change, to),
                SIGNED.replace(change, to).replace('\n', "|"),
            ] {
                let told = told(&echo);
                assert!(
                    told.contains(expected) && !told.contains("SECRET"),
                    "{echo}: {told}"
                );
            }
        }
    }

    #[test]
    fn the_same_request_means_another_secret() {
        assert!(told(SIGNED).contains("the secret key is wrong"));
        assert!(told("GET|/v2/p/|a=1").contains("as far as"));
    }

    #[test]
    fn people_are_not_shown_the_echo() {
        assert_eq!(
            without_echo("verify fail, canonicalRequest:GET|/"),
            "verify fail"
        );
        assert_eq!(without_echo("ak not exist"), "ak not exist");
    }

    #[test]
    fn a_message_without_an_echo_tells_nothing() {
        assert_eq!(difference(SIGNED, "ak not exist"), None);
    }
}
