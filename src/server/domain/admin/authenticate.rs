//! Deciding who is an admin.

use super::actor::Admin;
use super::grants;
use crate::model::admin::{AdminResult, Refusal};
use crate::server::data::{GrantId, MemberId, Visitor};
use crate::server::domain::Ports;

/// `proven` is the grant whose second factor was used in this session. Using the second factor of an earlier grant is
/// not enough.
///
/// # Errors
/// `NotAnAdmin`, `SecondFactorRequired`.
pub async fn authenticate(
    ports: &Ports,
    visitor: &Visitor,
    member: MemberId,
    proven: Option<GrantId>,
) -> AdminResult<Admin> {
    let grant = grants::of_member(ports, member).await?;
    if ports.test_phone(&grant.phone).is_some() {
        return Err(Refusal::NotAnAdmin);
    }
    if proven != Some(grant.id) || grant.enrolled_at.is_none() {
        return Err(Refusal::SecondFactorRequired);
    }
    Ok(Admin { member, address: visitor.network.as_str().to_owned() })
}
