//! What is counted for the overview, per day and in total.

#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Counted {
    /// Members who joined.
    Members,
    Redemptions,
    /// Logins for which a first code was requested.
    LoginsBegun,
    /// Logins that succeeded. Each used one message.
    LoginsFinished,
    MessagesSent,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; <Counted as strum::VariantArray>::VARIANTS.len()]);

impl Counts {
    pub fn of(&self, what: Counted) -> u64 {
        self.0[what as usize]
    }

    pub fn add(&mut self, what: Counted, count: u64) {
        self.0[what as usize] += count;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyCount {
    /// Days since 1970 (UTC).
    pub day: i64,
    pub what: Counted,
    pub count: u64,
}
