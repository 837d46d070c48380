//! One WebSocket to the browser: commands with answers, and events for whoever listens.

use super::{BrowserError, PATIENCE, at};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// An event of a session.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub session: String,
    pub method: String,
    pub params: Value,
}

struct Command {
    session: String,
    method: String,
    params: Value,
    answer: oneshot::Sender<Value>,
}

/// A handle on the connection; clones share it.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    commands: mpsc::UnboundedSender<Command>,
    events: broadcast::Sender<Event>,
}

impl Wire {
    pub async fn connect(address: &str) -> Result<Wire, BrowserError> {
        // Screenshots of long pages are larger than the ordinary limits.
        let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let (socket, _) = tokio_tungstenite::connect_async_with_config(address, Some(config), false)
            .await
            .map_err(|error| BrowserError::Connection(error.to_string()))?;
        let (mut sink, mut stream) = socket.split();
        let (commands, mut inbox) = mpsc::unbounded_channel::<Command>();
        let (events, _) = broadcast::channel(4_096);
        let heard = events.clone();
        tokio::spawn(async move {
            let mut waiting: HashMap<u64, oneshot::Sender<Value>> = HashMap::new();
            let mut last = 0_u64;
            loop {
                tokio::select! {
                    command = inbox.recv() => {
                        let Some(command) = command else { break };
                        last += 1;
                        let mut message = json!({"id": last, "method": command.method, "params": command.params});
                        if !command.session.is_empty()
                            && let Some(fields) = message.as_object_mut()
                        {
                            fields.insert("sessionId".to_owned(), Value::String(command.session));
                        }
                        waiting.insert(last, command.answer);
                        if sink.send(Message::text(message.to_string())).await.is_err() { break }
                    }
                    message = stream.next() => {
                        let Some(Ok(message)) = message else { break };
                        let Ok(text) = message.into_text() else { continue };
                        let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
                        if let Some(id) = at(&value, "/id").as_u64() {
                            if let Some(answer) = waiting.remove(&id) { let _ = answer.send(value); }
                        } else {
                            let word = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                            let _ = heard.send(Event {
                                session: word("sessionId"),
                                method: word("method"),
                                params: at(&value, "/params").clone(),
                            });
                        }
                    }
                }
            }
        });
        Ok(Wire { commands, events })
    }

    /// Sends a command and waits for its result; an empty session means the browser itself.
    pub async fn call(&self, session: &str, method: &str, params: Value) -> Result<Value, BrowserError> {
        let (answer, answered) = oneshot::channel();
        let command = Command { session: session.to_owned(), method: method.to_owned(), params, answer };
        self.commands.send(command).map_err(|_| BrowserError::Connection("it is closed".to_owned()))?;
        let value = tokio::time::timeout(PATIENCE, answered)
            .await
            .map_err(|_| BrowserError::Timeout { what: method.to_owned(), seconds: PATIENCE.as_secs() })?
            .map_err(|_| BrowserError::Connection("it is closed".to_owned()))?;
        match at(&value, "/error/message").as_str() {
            Some(message) => Err(BrowserError::Refused { method: method.to_owned(), message: message.to_owned() }),
            None => Ok(at(&value, "/result").clone()),
        }
    }

    /// Everything from now on.
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }
}
