//! The limits that `make bench` compares Vouch with: what this machine, runtime and disk can do at most.
//!
//! - `limit serve FOLDER DATABASE` answers with the bytes that Vouch was seen to answer with. For each pair of files
//!   NAME.head and NAME.body in FOLDER, `/bare/NAME` sends them, and `/sql/NAME` first runs the one statement that the
//!   answer needs, for the session whose hash is in NAME.session.
//! - `limit insert FILE SECONDS` inserts one row after the other into a new database, each on disk before the next one,
//!   and prints how many it inserted in a second.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path as Route, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs};
use tokio::net::TcpListener;

// The same as in Vouch.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A session, its member, and the newest invitees as one JSON value.
const STATEMENT: &str = "
    SELECT json_array(sessions.data, members.id, members.phone, members.invite_code, members.invitees,
        (SELECT redemptions.invite_code FROM redemptions WHERE invitee_id = members.id),
        (SELECT json_group_array(json_array(id, phone, redeemed_at)) FROM
            (SELECT theirs.id, theirs.phone, redeemed_at FROM redemptions JOIN members AS theirs ON theirs.id = invitee_id
             WHERE inviter_id = members.id ORDER BY redeemed_at DESC, invitee_id DESC LIMIT 20)))
    FROM sessions JOIN members ON members.id = member_id
    WHERE id_hash = ? AND expires_at > 0 AND blocked_at IS NULL AND members.epoch = sessions.epoch";

/// What Vouch answered.
struct Answer {
    head: HeaderMap,
    body: Bytes,
    /// The hash of the session that it was an answer to.
    session: Option<Vec<u8>>,
}

impl Answer {
    fn send(&self) -> Response {
        (self.head.clone(), Body::from(self.body.clone())).into_response()
    }
}

struct Limit {
    answers: HashMap<String, Answer>,
    database: PathBuf,
}

thread_local! {
    /// Each thread of the runtime reads by itself: nothing is faster.
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", folder, database] => serve(Path::new(folder), Path::new(database)).await,
        ["insert", file, seconds] => insert(Path::new(file), Duration::from_secs_f64(seconds.parse()?)),
        _ => Err("expected: serve FOLDER DATABASE, or insert FILE SECONDS".into()),
    }
}

async fn serve(folder: &Path, database: &Path) -> Result<(), Box<dyn Error>> {
    let limit = Limit { answers: answers(folder)?, database: database.to_owned() };
    let routes = Router::new().route("/bare/{name}", get(bare)).route("/sql/{name}", get(sql));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("limit is at http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            eprintln!("limit: TCP_NODELAY could not be set: {error}");
        }
    });
    Ok(axum::serve(listener, routes.with_state(Arc::new(limit))).await?)
}

fn answers(folder: &Path) -> Result<HashMap<String, Answer>, Box<dyn Error>> {
    let mut answers = HashMap::new();
    for file in fs::read_dir(folder)? {
        let file = file?.path();
        let Some(name) = file.file_name().and_then(|name| name.to_str()?.strip_suffix(".head")) else { continue };
        let hash = file.with_extension("session");
        let answer = Answer {
            head: headers(&fs::read_to_string(&file)?)?,
            body: fs::read(file.with_extension("body"))?.into(),
            session: hash.exists().then(|| fs::read(hash)).transpose()?,
        };
        answers.insert(name.to_owned(), answer);
    }
    Ok(answers)
}

fn headers(text: &str) -> Result<HeaderMap, Box<dyn Error>> {
    let mut headers = HeaderMap::new();
    for line in text.lines() {
        let (name, value) = line.split_once(": ").ok_or("a header without a value")?;
        headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
    }
    Ok(headers)
}

async fn bare(State(limit): State<Arc<Limit>>, Route(name): Route<String>) -> Response {
    match limit.answers.get(&name) {
        Some(answer) => answer.send(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn sql(State(limit): State<Arc<Limit>>, Route(name): Route<String>) -> Response {
    let Some((answer, session)) = limit.answers.get(&name).and_then(|answer| Some((answer, answer.session.as_ref()?)))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match read(&limit.database, session) {
        Ok(Some(_)) => answer.send(),
        Ok(None) => StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn read(database: &Path, session: &[u8]) -> rusqlite::Result<Option<String>> {
    CONNECTION.with_borrow_mut(|connection| {
        let connection = match connection {
            Some(connection) => connection,
            None => connection.insert(Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?),
        };
        connection.prepare_cached(STATEMENT)?.query_row([session], |row| row.get(0)).optional()
    })
}

fn insert(file: &Path, time: Duration) -> Result<(), Box<dyn Error>> {
    let database = Connection::open(file)?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.execute_batch("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")?;
    let mut insert = database.prepare("INSERT INTO rows (text) VALUES ('as long as a use of a budget')")?;
    let begun = Instant::now();
    let mut inserted = 0_u32;
    while begun.elapsed() < time {
        insert.execute([])?;
        inserted += 1;
    }
    println!("{:.1}", f64::from(inserted) / begun.elapsed().as_secs_f64());
    Ok(())
}
