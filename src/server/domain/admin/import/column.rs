//! The columns that an imported file may have.

use crate::server::data::Column;
use std::collections::HashMap;

/// Characters kept of a file name, and of the name of an unknown column.
pub(super) const NAME: usize = 40;

/// The first line of a file: where each known column is, and the names of unknown or repeated ones.
pub(super) struct Columns {
    pub(super) places: HashMap<Column, usize>,
    pub(super) count: usize,
    pub(super) unread: Vec<String>,
}

impl Columns {
    /// `None` without the column `phone_number`.
    pub(super) fn read(names: &[String]) -> Option<Self> {
        let mut columns = Self { places: HashMap::new(), count: names.len(), unread: Vec::new() };
        for (place, name) in names.iter().enumerate() {
            match name.to_lowercase().parse() {
                Ok(column) if !columns.places.contains_key(&column) => {
                    columns.places.insert(column, place);
                }
                _ => columns.unread.push(name.chars().take(NAME).collect()),
            }
        }
        columns.places.contains_key(&Column::PhoneNumber).then_some(columns)
    }
}
