//! A file of Parquet, one row group at a time: typed columns, no table in memory.

use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

use jiff::Timestamp;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

/// The values of one column in a row group; those that may be missing belong to optional columns.
pub(super) enum Column {
    Text(Vec<ByteArray>),
    MaybeText(Vec<Option<String>>),
    Number(Vec<i64>),
    MaybeNumber(Vec<Option<i64>>),
    MaybeSmall(Vec<Option<i32>>),
    Truth(Vec<bool>),
}

impl Column {
    pub(super) fn texts(texts: impl Iterator<Item = String>) -> Self {
        Self::Text(texts.map(bytes).collect())
    }
}

fn bytes(text: String) -> ByteArray {
    ByteArray::from(text.into_bytes())
}

/// Microseconds since 1970 of a time in RFC 3339.
pub(super) fn micros(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_microsecond)
}

/// The file.
pub(super) struct Parquet(SerializedFileWriter<BufWriter<File>>);

impl Parquet {
    /// Begins it with a schema, and what its metadata says of it.
    pub(super) fn new(
        file: BufWriter<File>,
        schema: &str,
        about: &[(&str, String)],
    ) -> Result<Self, ParquetError> {
        let about =
            about.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone())).collect();
        let properties = WriterProperties::builder()
            .set_created_by(concat!("nhi ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(about))
            .build();
        let schema = Arc::new(parse_message_type(schema)?);
        SerializedFileWriter::new(file, schema, Arc::new(properties)).map(Self)
    }

    /// Adds a row group.
    pub(super) fn write(&mut self, columns: Vec<Column>) -> Result<(), ParquetError> {
        let mut group = self.0.next_row_group()?;
        for column in columns {
            let Some(mut writer) = group.next_column()? else {
                return Err(ParquetError::General("there are more columns than the schema has".to_owned()));
            };
            put(&mut writer, column)?;
            writer.close()?;
        }
        group.close().map(drop)
    }

    /// Ends it.
    pub(super) fn close(self) -> Result<(), ParquetError> {
        self.0.close().map(drop)
    }
}

fn put(writer: &mut SerializedColumnWriter<'_>, column: Column) -> Result<usize, ParquetError> {
    match column {
        Column::Text(values) => writer.typed::<ByteArrayType>().write_batch(&values, None, None),
        Column::MaybeText(values) => {
            let (levels, values) = split(values);
            let values: Vec<ByteArray> = values.into_iter().map(bytes).collect();
            writer.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)
        }
        Column::Number(values) => writer.typed::<Int64Type>().write_batch(&values, None, None),
        Column::MaybeNumber(values) => {
            let (levels, values) = split(values);
            writer.typed::<Int64Type>().write_batch(&values, Some(&levels), None)
        }
        Column::MaybeSmall(values) => {
            let (levels, values) = split(values);
            writer.typed::<Int32Type>().write_batch(&values, Some(&levels), None)
        }
        Column::Truth(values) => writer.typed::<BoolType>().write_batch(&values, None, None),
    }
}

/// Which values are there, and those.
fn split<T>(values: Vec<Option<T>>) -> (Vec<i16>, Vec<T>) {
    let levels = values.iter().map(|value| i16::from(value.is_some())).collect();
    (levels, values.into_iter().flatten().collect())
}
