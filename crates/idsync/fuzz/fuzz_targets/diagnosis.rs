//! Whatever text a run leaves behind, its diagnosis comes to an end and keeps within its bounds.

#![no_main]

use idsync::health::Diagnosis;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(diagnosis) = Diagnosis::of(text) else {
        return;
    };
    assert!(!diagnosis.summary.trim().is_empty());
    assert!(diagnosis.summary.chars().count() <= 200);
    assert!(diagnosis.objects.len() <= 20);
    let shown = diagnosis.objects.iter().chain([&diagnosis.summary]);
    assert!(shown.flat_map(|text| text.chars()).all(|c| !c.is_control()));
});
