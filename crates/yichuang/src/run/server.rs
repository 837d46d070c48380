//! Serving a city over HTTP until it is told to stop.

use std::sync::Arc;

use anyhow::Result;
use service::City;
use tokio::net::TcpListener;
use tokio::sync::watch;
use web::app::{App, Limits, Options};

use super::folder::CityConfig;
use super::listen::{Answers, listen};
use super::unheard::Words;
use super::{jobs, open, peer, ways_out};

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
    for worker in workers {
        let _ = worker.await;
    }
    city.store().close().await;
    Ok(())
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
