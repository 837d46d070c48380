//! The queue between callers and the one writer of an engine.

use crate::error::StoreError;
use crate::plan::{Outcome, Work};
use tokio::sync::{mpsc, oneshot};

/// Most pieces of work in one durable commit.
pub(crate) const MAX_BATCH: usize = 256;
/// Callers beyond this wait at the door, which is what slows a flood down.
const QUEUE: usize = 1024;

pub(crate) type Reply = oneshot::Sender<Result<Outcome, StoreError>>;

/// A piece of work and where to answer.
#[derive(Debug)]
pub(crate) struct Job {
    pub work: Work,
    pub reply: Reply,
}

/// The callers' end.
#[derive(Debug, Clone)]
pub(crate) struct Lane(mpsc::Sender<Job>);

pub(crate) fn channel() -> (Lane, mpsc::Receiver<Job>) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    (Lane(sender), receiver)
}

impl Lane {
    /// Queues work and waits until it is durable or refused.
    pub(crate) async fn submit(&self, work: Work) -> Result<Outcome, StoreError> {
        let (reply, answer) = oneshot::channel();
        let stopped = || StoreError::Unavailable("the writer has stopped".to_owned());
        self.0.send(Job { work, reply }).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// True while the writer lives.
    pub(crate) fn is_open(&self) -> bool {
        !self.0.is_closed()
    }
}
