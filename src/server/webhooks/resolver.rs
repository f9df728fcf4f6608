//! Finds the addresses of a host. The connection is made to what is found here and to nothing else, so a name cannot lead to
//! one address when it is checked and to another one when it is used.

use super::address::Reach;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

pub(super) struct Resolver(pub Reach);

/// A host has addresses, and none may be reached.
#[derive(Debug, thiserror::Error)]
#[error("the host has no permitted address")]
pub(super) struct Refused;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await?;
            let permitted: Vec<_> = found.filter(|address| reach.permits(address.ip())).collect();
            if permitted.is_empty() {
                return Err(Refused.into());
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}
