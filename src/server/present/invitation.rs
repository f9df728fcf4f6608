//! What a share link says to whoever opens it, and what it has led to.

use crate::model::invite_code::{self, InviteCode};
use crate::model::page::OfflineView;
use crate::model::profile::{InvitationView, OfferView};
use crate::route;
use crate::server::data::{LinkCounts, Member};
use crate::server::domain::invitation::Invitation;
use crate::server::domain::phone;
use crate::server::images;
use crate::server::sentences;

/// `code` is what stands in the link, and `link` the whole address of the page. `is_member` tells whether the reader is logged in.
pub fn invitation(invitation: &Invitation, code: &str, link: String, is_member: bool) -> InvitationView {
    let words = sentences::service();
    let (text, without) = if is_member {
        (words.invitation_text_member, words.invitation_without_member)
    } else {
        (words.invitation_text, words.invitation_without)
    };
    let (heading, text) = match invitation {
        Invitation::By(inviter) => (words.invitation_by(&shown(inviter)), text.to_owned()),
        Invitation::Unknown => (words.invitation_unknown.to_owned(), without.to_owned()),
        Invitation::Busy => (words.invitation_busy.to_owned(), words.invitation_busy_text(&shortened(code))),
        Invitation::Blocked => (words.invitation_blocked.to_owned(), without.to_owned()),
        Invitation::Own => (words.invitation_own.to_owned(), words.invitation_own_text.to_owned()),
        Invitation::OfInvitee => (words.invitation_of_invitee.to_owned(), words.invitation_of_invitee_text.to_owned()),
        Invitation::Used { activated } => {
            (words.invitation_used(activated.as_str()), words.invitation_used_text.to_owned())
        }
    };
    let (action, href) = if is_member { (words.to_profile, route::PROFILE) } else { (words.join, route::LOGIN) };
    InvitationView { heading, text, action: action.to_owned(), href: href.to_owned(), link }
}

/// The number of an inviter within a sentence, whose lines must not break inside it.
fn shown(inviter: &Member) -> String {
    phone::masked(&inviter.phone).replace(' ', "\u{a0}").replace('-', "\u{2011}")
}

/// No longer than a code, whatever somebody has put into a link.
fn shortened(code: &str) -> String {
    code.chars().take(invite_code::LENGTH).collect()
}

/// What is kept for a time without a connection; `None` if the link has no QR code, which is too long for one then.
pub fn offline(code: &InviteCode, link: String) -> Option<OfflineView> {
    let qr_code = images::qr_code(&link).inspect_err(|error| tracing::error!(%error, "no QR code")).ok()?;
    Some(OfflineView { invite_code: code.to_string(), link, qr_code })
}

/// Offers a member as the inviter.
pub fn offer(inviter: &Member) -> OfferView {
    OfferView { sentence: sentences::service().invited_by(&shown(inviter)), code: inviter.invite_code.to_string() }
}

/// What became of those who opened a link; empty if nobody has.
pub fn link_counts(counts: LinkCounts) -> String {
    match counts.opened {
        0 => String::new(),
        opened => sentences::service().link_counts(opened, counts.logged_in, counts.redeemed),
    }
}
