//! Sessions in the application's own database, under the hash of the cookie's value.
//!
//! tower-sessions names a session by 128 bits; here that is only a handle within one request, and the cookie holds a
//! [`Token`] of 256.

use super::{KEY, Login, Session};
use crate::server::clock::Timestamp;
use crate::server::data::SessionRow;
use crate::server::domain::Ports;
use crate::server::secrets::Token;
use crate::server::storage::StoreError;
use async_trait::async_trait;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

/// The idle lifetime of a session without a login: long enough to log in.
const ANONYMOUS_IDLE: Duration = Duration::from_hours(1);

/// The sessions of one request: the one that its cookie names, and the one that it may begin.
pub struct RequestSessions {
    ports: Arc<Ports>,
    tokens: Mutex<Vec<Token>>,
}

impl RequestSessions {
    /// The sessions of a request that presents this token.
    pub fn new(ports: Arc<Ports>, presented: Option<Token>) -> Self {
        Self { ports, tokens: Mutex::new(Vec::from_iter(presented)) }
    }

    /// The token of a session.
    pub fn token(&self, id: Id) -> Option<Token> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.iter().find(|token| handle(token) == id).cloned()
    }

    fn hash(&self, id: Id) -> Result<[u8; 32]> {
        let token = self.token(id).ok_or_else(|| Error::Backend("a session without a token".to_owned()))?;
        Ok(token.hash())
    }

    fn idle(&self, row: &SessionRow) -> Duration {
        if row.login.is_some() { self.ports.rules.limits.session.idle } else { ANONYMOUS_IDLE }
    }
}

/// What tower-sessions calls the session of a token: half of the token's hash, as in [`LoginId`](crate::server::data::LoginId).
pub fn handle(token: &Token) -> Id {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&token.hash()[..16]);
    Id(i128::from_le_bytes(bytes))
}

impl fmt::Debug for RequestSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestSessions")
    }
}

#[async_trait]
impl SessionStore for RequestSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let token = {
            let mut rng = self.ports.rng().map_err(|error| Error::Backend(format!("{error:?}")))?;
            Token::random(&mut *rng)
        };
        record.id = handle(&token);
        let row = row(record, token.hash())?;
        let now = self.ports.clock.now();
        if !self.ports.store.create_session(&row, now, now.plus(self.idle(&row))).await.map_err(backend)? {
            return Err(Error::Backend("a new session has the id of another".to_owned()));
        }
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).push(token);
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let row = row(record, self.hash(record.id)?)?;
        let expires_at = self.ports.clock.now().plus(self.idle(&row));
        let longest = Timestamp(0).plus(self.ports.rules.limits.session.life);
        if !self.ports.store.save_session(&row, expires_at, longest.0).await.map_err(backend)? {
            // It was ended meanwhile: its cookie is not to take the place of a newer one.
            self.tokens.lock().unwrap_or_else(PoisonError::into_inner).retain(|token| handle(token) != record.id);
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = self.ports.clock.now();
        let Some(data) = self.ports.store.load_session(&self.hash(*id)?, now).await.map_err(backend)? else {
            return Ok(None);
        };
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        // The row's own expiry has been checked; this one is overwritten before every save.
        let expiry_date = tower_sessions::cookie::time::OffsetDateTime::UNIX_EPOCH;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        match self.token(*id) {
            Some(token) => self.ports.store.delete_session(&token.hash()).await.map_err(backend),
            None => Ok(()),
        }
    }
}

fn row(record: &Record, id_hash: [u8; 32]) -> Result<SessionRow> {
    let session: Session = match record.data.get(KEY) {
        Some(value) => serde_json::from_value(value.clone()).map_err(|error| Error::Decode(error.to_string()))?,
        None => Session::default(),
    };
    let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
    Ok(SessionRow { id_hash, login: session.login.as_ref().map(Login::columns), data })
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn backend(error: StoreError) -> Error {
    Error::Backend(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::TestApp;
    use tower_sessions::cookie::time::OffsetDateTime;

    #[tokio::test]
    async fn a_session_that_was_ended_meanwhile_gives_no_cookie() {
        let app = TestApp::new().await;
        let ended = Token::random(&mut *app.rng().unwrap());
        let sessions = RequestSessions::new(app.state.ports.clone(), Some(ended.clone()));
        assert_eq!(sessions.token(handle(&ended)), Some(ended.clone()));
        let data = std::collections::HashMap::default();
        let record = Record { id: handle(&ended), data, expiry_date: OffsetDateTime::UNIX_EPOCH };
        sessions.save(&record).await.unwrap();
        assert_eq!(sessions.token(handle(&ended)), None);
    }
}
