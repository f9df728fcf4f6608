//! Splitting lists into pages.

/// The rows of a page, and where the next page begins, if there is one. `rows` has one more than `limit` if there is.
pub fn page<T, P: ToString>(mut rows: Vec<T>, limit: u32, place: impl FnOnce(&T) -> P) -> (Vec<T>, Option<String>) {
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| has_more).map(|last| place(last).to_string());
    (rows, next)
}
