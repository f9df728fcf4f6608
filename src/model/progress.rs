//! What the page of a member's progress shows: plain data, with every text ready to be displayed.

pub struct ProgressView {
    /// How many have joined, as a sentence.
    pub total: String,
    /// What a period is called at the head of the list.
    pub period: &'static str,
    /// Oldest first; empty if nobody has joined.
    pub bars: Vec<BarView>,
    /// In the order of their numbers.
    pub milestones: Vec<MilestoneView>,
    /// `None` if the host wants no board.
    pub board: Option<BoardView>,
}

/// One period of the plot.
pub struct BarView {
    pub label: String,
    pub joined: String,
    /// In hundredths of the longest bar.
    pub length: u64,
}

pub struct MilestoneView {
    /// How many people it takes.
    pub people: String,
    /// What the host says about it.
    pub sentence: String,
    pub is_reached: bool,
}

pub struct BoardView {
    /// Most invitees first.
    pub rows: Vec<BoardRowView>,
    /// Whether the member wants to be on it.
    pub is_on_it: bool,
    /// Where the member is, as a sentence; empty if that is seen in the rows, or the member is not on it.
    pub own_place: String,
}

pub struct BoardRowView {
    /// Members with as many invitees are in the same place.
    pub place: String,
    /// Masked.
    pub phone: String,
    pub invitees: String,
    pub is_own: bool,
}
