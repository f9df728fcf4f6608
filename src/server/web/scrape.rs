//! `GET /metrics` for Prometheus, on an address of its own (`VOUCH_METRICS_LISTEN`), where visitors of the site do not come.

use crate::server::domain::Ports;
use crate::server::metrics;
use crate::server::start::StartError;
use crate::server::web::connections;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, PrometheusHandle};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// The text format of Prometheus.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";
/// How often times are moved into their buckets. Before, each takes memory of its own, also if nobody asks for them.
const SORTED_EVERY: Duration = Duration::from_secs(5);

/// Where Prometheus asks, and what it is answered.
pub struct Scrape {
    listener: TcpListener,
    kept: PrometheusHandle,
}

impl Scrape {
    /// Listens on the address; from now on the whole process counts.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn open(address: SocketAddr) -> Result<Self, StartError> {
        let listen_error = |source| StartError::Listen { setting: "VOUCH_METRICS_LISTEN", address, source };
        let listener = TcpListener::bind(address).await.map_err(listen_error)?;
        let recorder = metrics::recorder()?;
        let kept = recorder.handle();
        ::metrics::set_global_recorder(recorder).map_err(BuildError::from)?;
        Ok(Self { listener, kept })
    }

    /// Answers until `stop`.
    pub async fn serve(self, ports: Arc<Ports>, stop: impl Future<Output = ()>) {
        metrics::started(Duration::from_millis(ports.clock.wall().0.try_into().unwrap_or_default()));
        let Self { listener, kept } = self;
        let (asked, answering) = (kept.clone(), ports.clone());
        let router = Router::new().route("/metrics", get(async move || exposition(&answering, &asked)));
        tokio::select! {
            () = connections::serve(listener, router, &ports.rules.limits.http, stop) => {}
            () = sort(kept) => {}
        }
    }
}

fn exposition(ports: &Ports, kept: &PrometheusHandle) -> impl IntoResponse + use<> {
    let pool = ports.store.pool();
    metrics::pool(pool.busy, pool.idle);
    ([(CONTENT_TYPE, FORMAT)], kept.render())
}

async fn sort(kept: PrometheusHandle) {
    let mut rounds = tokio::time::interval(SORTED_EVERY);
    loop {
        rounds.tick().await;
        kept.run_upkeep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::data::Lock;
    use crate::server::storage::{Pool, Store};
    use crate::tests::TestApp;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::oneshot;

    async fn get(address: SocketAddr, path: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    /// The two connections of the pool are opened with the store; sqlx counts the first as busy until a task of its own
    /// has put it back.
    async fn pool_is_idle(store: &dyn Store) {
        let put_back = async {
            while store.pool() != (Pool { busy: 0, idle: 2 }) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), put_back).await.expect("an idle pool");
    }

    #[tokio::test]
    async fn only_metrics_are_answered_until_the_server_stops() {
        let recorder = metrics::recorder().unwrap();
        let _counting = ::metrics::set_default_local_recorder(&recorder);
        let app = TestApp::in_file().await;
        drop(app.store.begin(Lock::Nothing).await.unwrap());
        pool_is_idle(app.store.as_ref()).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let scrape = Scrape { listener, kept: recorder.handle() };
        let served = tokio::spawn(scrape.serve(app.state.ports.clone(), async { stopped.await.unwrap() }));

        let answer = get(address, "/metrics").await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("content-type: text/plain; version=0.0.4"), "{answer}");
        for line in [
            concat!("vouch_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
            "# TYPE vouch_writer_wait_seconds histogram",
            "process_start_time_seconds 1767225600",
            "vouch_pool_connections{state=\"busy\"} 0",
            "vouch_pool_connections{state=\"idle\"} 2",
        ] {
            assert!(answer.contains(line), "{line} is not in {answer}");
        }
        for other in ["/", "/login", "/metrics/x"] {
            assert!(get(address, other).await.unwrap().starts_with("HTTP/1.1 404"), "{other}");
        }

        stop.send(()).unwrap();
        served.await.unwrap();
        assert!(get(address, "/metrics").await.is_err());
    }

    #[tokio::test]
    async fn an_address_that_is_taken_is_said_with_its_setting() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let error = Scrape::open(taken.local_addr().unwrap()).await.err().unwrap();
        assert!(error.to_string().starts_with("VOUCH_METRICS_LISTEN: cannot listen on 127.0.0.1:"), "{error}");
    }
}
