//! Which columns a file of members may have.

use super::NAME;
use std::collections::HashMap;

/// What an import reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The phone. Only erased members have none.
    PhoneNumber,
    /// The member's invite code; one is drawn where there is none.
    InviteCode,
    /// Codes that they had before, with blanks between.
    FormerInviteCodes,
    /// When they joined; now, where nothing is said.
    JoinedAt,
    /// Since when they are locked out.
    BlockedAt,
    /// When they were erased.
    ErasedAt,
    /// The foreign code they activated: of somebody in the file, or of a member.
    RedeemedCode,
    /// When; as they joined, where nothing is said.
    RedeemedAt,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::PhoneNumber,
        Self::InviteCode,
        Self::FormerInviteCodes,
        Self::JoinedAt,
        Self::BlockedAt,
        Self::ErasedAt,
        Self::RedeemedCode,
        Self::RedeemedAt,
    ];

    /// As it stands in the first line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PhoneNumber => "phone_number",
            Self::InviteCode => "invite_code",
            Self::FormerInviteCodes => "former_invite_codes",
            Self::JoinedAt => "joined_at",
            Self::BlockedAt => "blocked_at",
            Self::ErasedAt => "erased_at",
            Self::RedeemedCode => "redeemed_code",
            Self::RedeemedAt => "redeemed_at",
        }
    }

    /// What it means, for people.
    pub fn text(self) -> &'static str {
        match self {
            Self::PhoneNumber => {
                "The phone number. This column has to be there; only members who were erased have none."
            }
            Self::InviteCode => "The member's own invite code; without one, one is drawn.",
            Self::FormerInviteCodes => "Codes they had before, with blanks between.",
            Self::JoinedAt => "When they joined, as in 2026-03-31 or 2026-03-31T08:30:00Z; now, without it.",
            Self::BlockedAt => "Since when they are blocked.",
            Self::ErasedAt => "When they were erased.",
            Self::RedeemedCode => "The code they activated: that of somebody in the file, or of a member.",
            Self::RedeemedAt => "When they activated it; when they joined, without it.",
        }
    }
}

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
            match Column::ALL.into_iter().find(|column| column.as_str() == name.to_lowercase()) {
                Some(column) if !columns.places.contains_key(&column) => {
                    columns.places.insert(column, place);
                }
                _ => columns.unread.push(name.chars().take(NAME).collect()),
            }
        }
        columns.places.contains_key(&Column::PhoneNumber).then_some(columns)
    }
}
