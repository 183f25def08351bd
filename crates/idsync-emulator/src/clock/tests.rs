//! Time that is sped up, stopped and moved, seen at instants that need not be waited for.

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn starting(scale: f64, running: bool) -> Pace {
    Pace {
        start: Some(at("2026-05-01T10:00:00Z")),
        scale,
        running,
    }
}

fn shown_after(pace: Pace, seconds: u64) -> String {
    let setting = Setting::of(pace);
    let later = setting.since + Duration::from_secs(seconds);
    setting.now(later).to_string()
}

#[test]
fn a_fast_clock_shows_a_minute_for_each_second() {
    assert_eq!(
        shown_after(starting(60.0, true), 90),
        "2026-05-01T11:30:00Z"
    );
    assert_eq!(shown_after(starting(0.5, true), 90), "2026-05-01T10:00:45Z");
}

#[test]
fn a_stopped_clock_stands_still() {
    assert_eq!(
        shown_after(starting(60.0, false), 90),
        "2026-05-01T10:00:00Z"
    );
}

#[test]
fn a_clock_stays_at_the_end_of_its_reach() {
    let end = "2126-05-02T10:00:00Z";
    assert_eq!(
        shown_after(starting(MAX_TIME_SCALE, true), u64::MAX >> 8),
        end
    );
    let clock = Clock::new(starting(1.0, false)).unwrap();
    clock.advance(Duration::MAX);
    assert_eq!(clock.read().now, at(end));
}

#[test]
fn a_change_of_scale_does_not_move_what_is_shown() {
    let mut setting = Setting::of(starting(60.0, true));
    let later = setting.since + Duration::from_mins(1);
    let faster = Adjustment {
        scale: Some(3_600.0),
        ..Adjustment::default()
    };
    setting.adjust(faster, later);
    assert_eq!(setting.now(later), at("2026-05-01T11:00:00Z"));
    let hour_on = later + Duration::from_secs(1);
    assert_eq!(setting.now(hour_on), at("2026-05-01T12:00:00Z"));
}

#[test]
fn a_clock_that_starts_again_goes_on_from_where_it_stood() {
    let mut setting = Setting::of(starting(1.0, false));
    let later = setting.since + Duration::from_mins(1);
    let run = Adjustment {
        running: Some(true),
        ..Adjustment::default()
    };
    setting.adjust(run, later);
    assert_eq!(setting.now(later), setting.started);
}

#[test]
fn a_time_out_of_reach_is_refused_and_changes_nothing() {
    let clock = Clock::new(starting(1.0, false)).unwrap();
    let before = clock.read();
    for now in ["2026-05-01T09:59:59Z", "2126-05-02T10:00:01Z"] {
        let adjustment = Adjustment {
            now: Some(at(now)),
            scale: Some(2.0),
            running: Some(true),
        };
        let error = clock.adjust(adjustment).unwrap_err().to_string();
        assert!(error.contains("`now`") && error.contains(now), "{error}");
        assert_eq!(clock.read(), before);
    }
}

#[test]
fn a_scale_that_is_none_is_refused_by_name() {
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 100_001.0] {
        let error = Clock::new(starting(scale, true)).unwrap_err().to_string();
        assert!(error.contains("`scale`"), "{error}");
    }
}

#[test]
fn a_reset_takes_back_every_change() {
    let clock = Clock::new(starting(60.0, false)).unwrap();
    let before = clock.read();
    clock.advance(Duration::from_hours(5));
    let run = Adjustment {
        scale: Some(7.0),
        running: Some(true),
        ..Adjustment::default()
    };
    clock.adjust(run).unwrap();
    clock.reset();
    assert_eq!(clock.read(), before);
}
