//! The page that shows the description of the API, and what the description says of the settings of a host.

sentences! {
    Api {
        // The page.
        needs_javascript,
        as_yaml,
        as_json,
        required,
        loading,
    } with {
        digits(least: u8, most: u8),
        uses_within(uses: u32, window: &str),
        both(one: &str, other: &str),
        limit_policy(example: &str),
        limit_left(example: &str),
    }
}
