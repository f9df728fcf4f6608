//! Lists in pages.

/// The rows of a page, and the place where the next page begins, if there is one. Of `rows`, one more than `limit` was read.
pub fn page<T, P: ToString>(mut rows: Vec<T>, limit: u32, place: impl FnOnce(&T) -> P) -> (Vec<T>, Option<String>) {
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| has_more).map(|last| place(last).to_string());
    (rows, next)
}
