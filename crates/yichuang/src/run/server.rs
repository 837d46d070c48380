//! Serving a city over HTTP until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use service::City;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use web::app::{App, Limits, Options};

use super::folder::{CityConfig, Folder};
use super::listen::{Answers, listen};
use super::unheard::Words;
use super::{jobs, keys, open, peer, ways_out};

/// How long background work may take to end when the server is told to stop.
const WIND_UP: Duration = Duration::from_secs(5);

/// Serves until Ctrl-C or SIGTERM; requests under way are finished.
pub async fn serve(city: City, config: &CityConfig, listener: TcpListener) -> Result<()> {
    let options = Options {
        place: web::layout::City {
            name: config.city_name.clone(),
            district: config.district_name.clone(),
            hotline: "12345".into(),
        },
        client_header: config.client_header.clone(),
        secure_cookies: config.base_url.starts_with("https://"),
        limits: Limits::default(),
    };
    keys::keep_log_key(&Folder::at(city.settings().dir.clone()), city.keys())?;
    city.set_providers(open::providers(&config.providers)?);
    city.set_log_peers(config.log_peers()?);
    city.set_peers(peer::open(&city, &config.peers)?);
    city.set_senders(ways_out::open(&city, &config.messages)?);
    let (stop, stopped) = watch::channel(false);
    let workers = jobs::start(&city, config.witness_dir.clone(), &stopped);
    let app = App::new(city.clone(), options);
    let router = web::router(app.clone());
    let words: Words = Arc::new(move |status, heard| web::app::unheard(&app, status, heard));
    let told = async move {
        told_to_stop().await;
        let _ = stop.send(true);
    };
    listen(listener, Answers { router, words }, told).await;
    wind_up(workers, WIND_UP).await;
    city.store().close().await;
    Ok(())
}

/// Waits for background work to come to an end of its own, and cuts what does not: a checkpoint over millions of facts must not keep an
/// operator waiting. Nothing is lost by it, because each step of it is one commit and the rest is done after the next start.
async fn wind_up(workers: Vec<JoinHandle<()>>, patience: Duration) {
    let end = Instant::now() + patience;
    for mut worker in workers {
        if timeout_at(end, &mut worker).await.is_err() {
            tracing::warn!("background work is cut; it goes on after the next start");
            worker.abort();
            let _ = worker.await;
        }
    }
}

async fn told_to_stop() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[tokio::test]
    async fn work_that_does_not_end_is_cut_and_the_rest_is_waited_for() {
        let done = Arc::new(AtomicBool::new(false));
        let own = done.clone();
        let brief = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            own.store(true, Ordering::SeqCst);
        });
        let endless = tokio::spawn(std::future::pending());
        // The endless one stands first: it must not take the time of the other.
        wind_up(vec![endless, brief], Duration::from_millis(200)).await;
        assert!(done.load(Ordering::SeqCst));
    }
}
