//! What Linux tells of the memory of a process.

use crate::tools::Failure;

/// A size of `/proc/PROCESS/status` in kilobytes, such as `VmRSS` or, for the most there ever was, `VmHWM`.
///
/// # Errors
///
/// [`Failure`] if the process has ended, or the system does not tell: only Linux does.
pub(crate) fn size(process: u32, name: &str) -> Result<u64, Failure> {
    let file = format!("/proc/{process}/status");
    let failed = |what: &str| Failure::new(format!("{file}: {what}"));
    let text = std::fs::read_to_string(&file).map_err(|error| failed(&error.to_string()))?;
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    let line = lines.into_iter().find(|(key, _)| *key == name);
    let digits = line.and_then(|(_, value)| value.split_whitespace().next());
    let size = digits.and_then(|digits| digits.parse().ok());
    size.ok_or_else(|| failed(&format!("it does not tell {name}")))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_never_took_less_than_it_takes() {
        let own = std::process::id();
        let now = size(own, "VmRSS").unwrap();
        assert!(now > 0 && size(own, "VmHWM").unwrap() >= now);
    }

    #[test]
    fn what_is_not_told_is_named() {
        let error = size(std::process::id(), "VmMoon").unwrap_err().to_string();
        assert!(error.ends_with("it does not tell VmMoon"), "{error}");
        assert!(size(u32::MAX, "VmRSS").is_err());
    }
}
