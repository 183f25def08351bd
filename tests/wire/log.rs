//! The log of one test.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::sync::Once;

use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::prelude::*;

thread_local! {
    static LOG: RefCell<Option<Log>> = const { RefCell::new(None) };
}

/// The events and spans of all crates at all levels.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<u8>>>);

impl Log {
    /// Collects the events of this thread, which runs one test.
    ///
    /// One subscriber serves all threads, since the interest in an event is cached for all of them.
    pub(crate) fn listen() -> Self {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            let is_heard = dynamic_filter_fn(|_, _| LOG.with_borrow(Option::is_some));
            let layer = layer().with_ansi(false).with_writer(|| ThreadLog);
            tracing_subscriber::registry()
                .with(layer.with_filter(is_heard))
                .init();
        });
        let log = Self::default();
        LOG.set(Some(log.clone()));
        log
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.borrow()).into_owned()
    }

    /// The only line about `event`.
    #[track_caller]
    pub(crate) fn line(&self, event: &str) -> String {
        let text = self.text();
        let lines: Vec<_> = text.lines().filter(|line| line.contains(event)).collect();
        assert_eq!(lines.len(), 1, "{event} is not once in\n{text}");
        lines[0].to_owned()
    }
}

/// Appends to the log of the thread.
struct ThreadLog;

impl io::Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow(|log| {
            if let Some(Log(log)) = log {
                log.borrow_mut().extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
