//! Which columns a file of members may have.

use crate::server::data::Column;
use std::collections::HashMap;

/// Characters that are kept of the name of a file, and of a column.
pub(super) const NAME: usize = 40;

/// The names in the first line.
pub(super) struct Columns {
    pub(super) places: HashMap<Column, usize>,
    pub(super) count: usize,
    pub(super) unread: Vec<String>,
}

impl Columns {
    /// `None` without the column of the phones.
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
