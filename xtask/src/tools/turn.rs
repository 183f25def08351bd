//! Runs that would be in each other's way wait for one another.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::Path;

use super::Failure;

/// The turn of one run. It ends with this, and with the program, however that ends.
#[derive(Debug)]
pub struct Turn {
    _file: File,
}

impl Turn {
    /// Waits until no other run has its turn at `file`, and says so if it has to.
    pub(super) fn wait(file: &Path) -> Result<Self, Failure> {
        let failed =
            |error: io::Error| Failure::new(format!("{} cannot be used: {error}", file.display()));
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let opened = File::create(file).map_err(failed)?;
        match opened.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                // Nobody is left to tell when the reader has gone away.
                let _ = writeln!(
                    io::stderr(),
                    "waiting for another run, which holds {}",
                    file.display()
                );
                opened.lock().map_err(failed)?;
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        Ok(Self { _file: opened })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_second_waits_for_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("below").join("some.lock");
        let first = Turn::wait(&file).unwrap();
        let (said, heard) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                let _second = Turn::wait(&file).unwrap();
                said.send("mine").unwrap();
            });
            assert!(heard.recv_timeout(Duration::from_millis(50)).is_err());
            drop(first);
            assert_eq!(heard.recv().unwrap(), "mine");
        });
    }
}
