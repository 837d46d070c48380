//! Background jobs: duties that fall due, counters and messages from the journal, matters published or paused by another
//! process, checkpoints for the witness, the public log of licences, slots of appointments, contests,
//! messages that go out, reports of the carrier, expired sessions.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use service::{City, ServiceError};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::checkpoint;

/// Runs until the signal changes.
pub fn start(city: &City, witness: Option<PathBuf>, stop: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
    let duties = repeat(city.clone(), stop.clone(), Duration::from_secs(1), |city| async move {
        service::jobs::run_due(&city).await.map(|count| count > 0).map_err(Into::into)
    });
    let followers = repeat(city.clone(), stop.clone(), Duration::from_millis(500), |city| async move {
        service::journal::advance(&city).await.map(|count| count > 0).map_err(Into::into)
    });
    let calendar = repeat(city.clone(), stop.clone(), Duration::from_secs(2), |city| async move {
        service::calendar::refresh(&city).await.map(|_| false).map_err(Into::into)
    });
    let published = repeat(city.clone(), stop.clone(), Duration::from_millis(500), |city| async move {
        service::catalog::refresh(&city).await.map_err(Into::into)
    });
    let checkpoints = repeat(city.clone(), stop.clone(), Duration::from_secs(600), move |city| {
        let witness = witness.clone();
        async move { checkpoint::make(&city, witness.as_deref()).await.map(|_| false) }
    });
    let log =
        repeat(city.clone(), stop.clone(), LOG_PAUSE, |city| async move { keep_log(&city).await.map_err(Into::into) });
    let slots = repeat(city.clone(), stop.clone(), Duration::from_secs(1), |city| async move {
        service::halls::release(&city).await.map(|_| false).map_err(Into::into)
    });
    let contests = repeat(city.clone(), stop.clone(), Duration::from_secs(10), |city| async move {
        service::voice::hold(&city).await.map(|_| false).map_err(Into::into)
    });
    let outgoing = repeat(city.clone(), stop.clone(), Duration::from_secs(1), |city| async move {
        service::messages::send_due(&city).await.map(|count| count > 0).map_err(Into::into)
    });
    let mail = repeat(city.clone(), stop.clone(), Duration::from_secs(5), |city| async move {
        service::post::take_reports(&city).await.map(|count| count > 0).map_err(Into::into)
    });
    let expired = repeat(city.clone(), stop.clone(), Duration::from_secs(60), |city| async move {
        service::accounts::sweep(&city).await.map(|count| count > 0).map_err(Into::into)
    });
    vec![duties, followers, calendar, published, checkpoints, log, slots, contests, outgoing, mail, expired]
}

/// How long the public log waits before it looks for what is new: a small part of the merge delay.
const LOG_PAUSE: Duration = Duration::from_secs(5);

/// Enters what is new, and once that is done publishes a checkpoint over all of it.
async fn keep_log(city: &City) -> Result<bool, ServiceError> {
    match service::log::advance(city).await {
        Ok(0) => service::log::publish(city).await.map(|_| false),
        Ok(_) => Ok(true),
        // Another server of this city has entered the same.
        Err(ServiceError::Changed) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Calls `work` again at once while it finds something to do, else after a pause; errors are logged and tried again.
fn repeat<F, W>(city: City, mut stop: watch::Receiver<bool>, pause: Duration, work: W) -> JoinHandle<()>
where
    W: Fn(City) -> F + Send + Sync + 'static,
    F: Future<Output = Result<bool>> + Send,
{
    tokio::spawn(async move {
        while !*stop.borrow() {
            let busy = match work(city.clone()).await {
                Ok(busy) => busy,
                Err(error) => {
                    tracing::warn!(%error, "a background job failed and will be tried again");
                    false
                }
            };
            if !busy {
                tokio::select! {
                    () = sleep(pause) => {}
                    _ = stop.changed() => {}
                }
            }
        }
    })
}
