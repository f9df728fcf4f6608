//! What a share link says to whoever opens it, and what it has led to.

use crate::model::profile::{InvitationView, OfferView};
use crate::route;
use crate::server::data::{LinkCounts, Member};
use crate::server::domain::invitation::Invitation;
use crate::server::domain::phone;
use crate::words;

/// `link` is the whole address of the page. `is_member` tells whether the reader is logged in.
pub fn invitation(invitation: &Invitation, link: String, is_member: bool) -> InvitationView {
    let words = words::service();
    let (heading, text) = match invitation {
        Invitation::By(inviter) => (words.invitation_by(&phone::masked(&inviter.phone)), words.invitation_text),
        Invitation::Unknown => (words.invitation_unknown.to_owned(), words.invitation_without),
        Invitation::Blocked => (words.invitation_blocked.to_owned(), words.invitation_without),
        Invitation::Own => (words.invitation_own.to_owned(), words.invitation_own_text),
        Invitation::Used { activated } => (words.invitation_used(activated.as_str()), words.invitation_used_text),
    };
    let (action, href) = if is_member { (words.to_profile, route::PROFILE) } else { (words.join, route::LOGIN) };
    InvitationView { heading, text: text.to_owned(), action: action.to_owned(), href: href.to_owned(), link }
}

/// Offers a member as the inviter.
pub fn offer(inviter: &Member) -> OfferView {
    OfferView {
        sentence: words::service().invited_by(&phone::masked(&inviter.phone)),
        code: inviter.invite_code.to_string(),
    }
}

/// What became of those who opened a link; empty if nobody has.
pub fn link_counts(counts: LinkCounts) -> String {
    match counts.opened {
        0 => String::new(),
        opened => words::service().link_counts(opened, counts.logged_in, counts.redeemed),
    }
}
