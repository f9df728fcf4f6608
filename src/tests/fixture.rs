//! What tests read in the database and change in it, beside the rules.

use super::TestApp;
use crate::model::phone::Phone;
use crate::server::data::{AddMember, Member, MemberId};
use crate::server::domain::invite_code;

impl TestApp {
    /// One number out of the database, read beside the application.
    pub async fn count(&self, query: &'static str) -> i64 {
        let url = format!("sqlite:{}", self.folder.path().join("test.db").display());
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        let count = sqlx::query_scalar(query).fetch_one(&pool).await.unwrap();
        pool.close().await;
        count
    }

    /// Changes the database beside the application.
    pub async fn run(&self, statement: &'static str) {
        let url = format!("sqlite:{}", self.folder.path().join("test.db").display());
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        sqlx::query(statement).execute(&pool).await.unwrap();
        pool.close().await;
    }

    /// Like [`Self::run`], for what the database may refuse.
    pub async fn try_to_run(&self, statement: &'static str) -> sqlx::Result<()> {
        let url = format!("sqlite:{}", self.folder.path().join("test.db").display());
        let pool = sqlx::SqlitePool::connect(&url).await?;
        let done = sqlx::query(statement).execute(&pool).await.map(|_| ());
        pool.close().await;
        done
    }

    /// Moves all that was written out of the log of the database into its file.
    pub async fn settle(&self) {
        self.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
    }

    /// A member, without the detour of a login.
    pub async fn add(&self, phone: &str) -> Member {
        let phone = Phone::from_e164(phone).unwrap();
        let mut tx = self.store.begin().await.unwrap();
        let code = invite_code::generate(&mut *self.rng().unwrap());
        let AddMember::Added(member) = tx.add_member(&phone, &code, self.state.ports.clock.now()).await.unwrap() else {
            panic!("{code} is taken");
        };
        tx.commit().await.unwrap();
        member
    }

    /// The number of the member with this phone.
    pub async fn member_id(&self, phone: &str) -> MemberId {
        let phone = Phone::from_e164(phone).unwrap();
        self.store.member_with_phone(&phone).await.unwrap().expect("such a member")
    }

    /// Everything that the database's files hold.
    pub fn stored_bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }
}
