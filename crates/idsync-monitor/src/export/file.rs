//! One Parquet file, which appears when it is complete.

use std::fs;
use std::mem;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use tempfile::NamedTempFile;

use super::ExportedFile;
use super::tables::Table;
use crate::store::Value;
use crate::{MonitorError, Shard};

/// Rows of a group, which are in memory at once.
const GROUP: usize = 20_000;

/// A file that is being written, beside its place.
pub(super) struct TableFile {
    writer: SerializedFileWriter<NamedTempFile>,
    file: ExportedFile,
    /// Those that are not written yet.
    group: Vec<Vec<Value>>,
}

impl TableFile {
    /// Begins a file of `folder`, which is created if necessary.
    pub(super) fn create(table: &Table, folder: &Path, shard: Shard) -> Result<Self, MonitorError> {
        fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
        refuse_other_parts(folder, shard)?;
        let name = format!("part-{}-of-{}.parquet", shard.index, shard.count);
        let path = folder.join(name);
        let mut builder = tempfile::Builder::new();
        // Readers of a lake skip names that begin with a dot.
        builder.prefix(".part-").suffix(".tmp");
        // Like every new file: who may read it is the decision of the user's umask.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temporary = builder.tempfile_in(folder);
        let temporary = temporary.map_err(|error| unwritable(folder, error))?;
        let schema = parse_message_type(table.schema).map_err(|error| unwritable(&path, error))?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
        let properties = Arc::new(properties.build());
        let writer = SerializedFileWriter::new(temporary, Arc::new(schema), properties);
        Ok(Self {
            writer: writer.map_err(|error| unwritable(&path, error))?,
            file: ExportedFile { path, rows: 0 },
            group: Vec::new(),
        })
    }

    /// Adds a row, with one value for each column.
    pub(super) fn push(&mut self, row: Vec<Value>) -> Result<(), MonitorError> {
        self.group.push(row);
        self.file.rows += 1;
        if self.group.len() >= GROUP {
            let written = self.write_group();
            written.map_err(|error| unwritable(&self.file.path, error))?;
        }
        Ok(())
    }

    /// Writes the rest. Gives the complete file, which is not at its place yet.
    pub(super) fn finish(mut self) -> Result<(NamedTempFile, ExportedFile), MonitorError> {
        if !self.group.is_empty() {
            let written = self.write_group();
            written.map_err(|error| unwritable(&self.file.path, error))?;
        }
        let Self { writer, file, .. } = self;
        let temporary = writer.into_inner();
        let temporary = temporary.map_err(|error| unwritable(&file.path, error))?;
        let synced = temporary.as_file().sync_all();
        synced.map_err(|error| unwritable(&file.path, error))?;
        Ok((temporary, file))
    }

    /// The schema decides how a value is written; each column is optional.
    fn write_group(&mut self) -> Result<(), ParquetError> {
        let rows = mem::take(&mut self.group);
        let mut group = self.writer.next_row_group()?;
        let mut position = 0;
        while let Some(mut column) = group.next_column()? {
            let cells = || rows.iter().filter_map(|row| row.get(position));
            let levels = cells().map(|cell| i16::from(*cell != Value::Null));
            let levels: Vec<_> = levels.collect();
            let numbers = cells().filter_map(|cell| match cell {
                Value::Integer(number) => Some(*number),
                _ => None,
            });
            match column.untyped() {
                ColumnWriter::Int64ColumnWriter(column) => {
                    let numbers: Vec<_> = numbers.collect();
                    column.write_batch(&numbers, Some(&levels), None)?;
                }
                ColumnWriter::BoolColumnWriter(column) => {
                    let flags: Vec<_> = numbers.map(|number| number != 0).collect();
                    column.write_batch(&flags, Some(&levels), None)?;
                }
                ColumnWriter::ByteArrayColumnWriter(column) => {
                    let texts = cells().filter_map(|cell| match cell {
                        Value::Text(text) => Some(ByteArray::from(text.as_str())),
                        _ => None,
                    });
                    let texts: Vec<_> = texts.collect();
                    column.write_batch(&texts, Some(&levels), None)?;
                }
                _ => return Err(ParquetError::NYI("a column of this type".to_owned())),
            }
            column.close()?;
            position += 1;
        }
        group.close()?;
        Ok(())
    }
}

/// Moves a file to its place, where it replaces an earlier one.
pub(super) fn publish(
    (temporary, file): (NamedTempFile, ExportedFile),
) -> Result<ExportedFile, MonitorError> {
    let placed = temporary.persist(&file.path);
    placed.map_err(|error| unwritable(&file.path, error.error))?;
    Ok(file)
}

/// Files of another number of shards hold the same rows: a reader would count them twice.
fn refuse_other_parts(folder: &Path, shard: Shard) -> Result<(), MonitorError> {
    let entries = fs::read_dir(folder).map_err(|error| unwritable(folder, error))?;
    let own = format!("-of-{}.parquet", shard.count);
    for name in entries.flatten().map(|entry| entry.file_name()) {
        let name = name.to_string_lossy();
        if name.starts_with("part-") && name.ends_with(".parquet") && !name.ends_with(&own) {
            let folder = folder.display();
            return Err(MonitorError::new(format!(
                "{folder} has {name}, of another number of shards: remove its files first, or give the same number"
            )));
        }
    }
    Ok(())
}

/// What went wrong is a cause from outside Parquet, or an error of Parquet itself.
fn unwritable(path: &Path, error: impl Into<ParquetError>) -> MonitorError {
    match error.into() {
        ParquetError::External(cause) => MonitorError::of_file(path, "written", cause),
        error => MonitorError::of_file(path, "written", error),
    }
}
