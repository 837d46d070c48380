//! One person's tab.

use super::keys::key;
use super::wire::{Event, Wire};
use super::{BrowserError, PATIENCE, at};
use base64::Engine as _;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How often it is looked whether an element has stopped moving, and how long between two looks.
const LOOKS: u32 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Size of the window, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Touch, and viewport rules of phones.
    pub mobile: bool,
}

impl Screen {
    /// 390 × 844.
    pub const PHONE: Screen = Screen { width: 390, height: 844, mobile: true };
    /// 768 × 1024.
    pub const TABLET: Screen = Screen { width: 768, height: 1_024, mobile: false };
    /// 1440 × 900.
    pub const DESKTOP: Screen = Screen { width: 1_440, height: 900, mobile: false };
}

/// A tab in a context of its own.
pub struct Tab {
    wire: Wire,
    session: String,
    complaints: Arc<Mutex<Vec<String>>>,
}

impl Tab {
    pub(super) async fn open(wire: Wire, session: &str, screen: Screen) -> Result<Tab, BrowserError> {
        let tab = Tab { wire, session: session.to_owned(), complaints: Arc::default() };
        tab.collect_complaints();
        for domain in ["Page.enable", "Runtime.enable", "Network.enable", "Log.enable", "DOM.enable"] {
            tab.call(domain, json!({})).await?;
        }
        tab.screen(screen).await?;
        Ok(tab)
    }

    pub(super) async fn call(&self, method: &str, params: Value) -> Result<Value, BrowserError> {
        self.wire.call(&self.session, method, params).await
    }

    fn collect_complaints(&self) {
        let (mut events, session, complaints) =
            (self.wire.listen(), self.session.clone(), Arc::clone(&self.complaints));
        tokio::spawn(async move {
            while let Ok(event) = events.recv().await {
                let complaint = if event.session == session { complaint(&event) } else { None };
                if let (Some(complaint), Ok(mut list)) = (complaint, complaints.lock()) {
                    list.push(complaint);
                }
            }
        });
    }

    /// What the browser complained about since the last call: violations of the content security policy, uncaught
    /// errors, `console.error`. Answers with an error status are not complaints.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints.lock().map(|mut list| std::mem::take(&mut *list)).unwrap_or_default()
    }

    /// Changes the size of the window.
    pub async fn screen(&self, screen: Screen) -> Result<(), BrowserError> {
        let metrics = json!({
            "width": screen.width, "height": screen.height, "deviceScaleFactor": 1, "mobile": screen.mobile
        });
        self.call("Emulation.setDeviceMetricsOverride", metrics).await?;
        self.call("Emulation.setTouchEmulationEnabled", json!({"enabled": screen.mobile})).await?;
        Ok(())
    }

    /// Sets a media feature: `("prefers-color-scheme", "dark")`, `("prefers-reduced-motion", "reduce")`.
    pub async fn media(&self, name: &str, value: &str) -> Result<(), BrowserError> {
        self.call("Emulation.setEmulatedMedia", json!({"features": [{"name": name, "value": value}]})).await?;
        Ok(())
    }

    /// Shows the page as `"print"` or `"screen"` would.
    pub async fn medium(&self, medium: &str) -> Result<(), BrowserError> {
        self.call("Emulation.setEmulatedMedia", json!({"media": medium})).await?;
        Ok(())
    }

    /// Turns JavaScript off or on, from the next page.
    pub async fn javascript(&self, on: bool) -> Result<(), BrowserError> {
        self.call("Emulation.setScriptExecutionDisabled", json!({"value": !on})).await?;
        Ok(())
    }

    /// Cuts or restores the network.
    pub async fn offline(&self, offline: bool) -> Result<(), BrowserError> {
        let network = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.call("Network.emulateNetworkConditions", network).await?;
        Ok(())
    }

    /// Sets the clock of the pages that are opened from now on ahead, by so many seconds.
    pub async fn ahead(&self, seconds: u32) -> Result<(), BrowserError> {
        let source = format!("{{ const real = Date.now.bind(Date); Date.now = () => real() + {seconds}000; }}");
        self.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
        Ok(())
    }

    /// Limits the speed of the network, in bytes a second each way.
    pub async fn throttle(&self, bytes_per_second: u32) -> Result<(), BrowserError> {
        let network = json!({
            "offline": false, "latency": 0,
            "downloadThroughput": bytes_per_second, "uploadThroughput": bytes_per_second
        });
        self.call("Network.emulateNetworkConditions", network).await?;
        Ok(())
    }

    /// Whatever has an address like one of these gets no answer; `*` stands for anything, and no pattern lifts it.
    pub async fn block(&self, patterns: &[&str]) -> Result<(), BrowserError> {
        self.call("Network.setBlockedURLs", json!({"urls": patterns})).await?;
        Ok(())
    }

    /// Sends these headers with every request.
    pub async fn headers(&self, headers: Value) -> Result<(), BrowserError> {
        self.call("Network.setExtraHTTPHeaders", json!({"headers": headers})).await?;
        Ok(())
    }

    /// Opens an address and waits until the page has loaded.
    pub async fn goto(&self, address: &str) -> Result<(), BrowserError> {
        let mut events = self.wire.listen();
        let answer = self.call("Page.navigate", json!({"url": address})).await?;
        if let Some(error) = at(&answer, "/errorText").as_str() {
            return Err(BrowserError::Refused { method: format!("open {address}"), message: error.to_owned() });
        }
        // A link to a place on the same page loads nothing.
        if at(&answer, "/loaderId").is_null() {
            return Ok(());
        }
        self.until_loaded(&mut events, address).await
    }

    async fn until_loaded(
        &self,
        events: &mut tokio::sync::broadcast::Receiver<Event>,
        what: &str,
    ) -> Result<(), BrowserError> {
        let loaded = async {
            loop {
                match events.recv().await {
                    Ok(event) if event.session == self.session && event.method == "Page.loadEventFired" => return,
                    Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
                }
            }
        };
        timely(what, loaded).await
    }

    /// Clicks, presses or types by `act`, then waits for the page that it leads to.
    pub async fn follow<F>(&self, act: F) -> Result<(), BrowserError>
    where
        F: Future<Output = Result<(), BrowserError>>,
    {
        let mut events = self.wire.listen();
        act.await?;
        self.until_loaded(&mut events, "the next page").await
    }

    /// The value of a script expression; a promise is awaited.
    pub async fn eval(&self, script: &str) -> Result<Value, BrowserError> {
        let params = json!({"expression": script, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", params).await?;
        let thrown = at(&answer, "/exceptionDetails");
        if thrown.is_null() {
            return Ok(at(&answer, "/result/value").clone());
        }
        let message = at(thrown, "/exception/description").as_str().or(at(thrown, "/text").as_str());
        Err(BrowserError::Script(message.unwrap_or("unknown").to_owned()))
    }

    /// The address shown.
    pub async fn address(&self) -> Result<String, BrowserError> {
        let history = self.call("Page.getNavigationHistory", json!({})).await?;
        let current = at(&history, "/currentIndex").as_u64().unwrap_or(0);
        Ok(at(&history, &format!("/entries/{current}/url")).as_str().unwrap_or_default().to_owned())
    }

    /// The HTML of the page as it stands.
    pub async fn html(&self) -> Result<String, BrowserError> {
        let document = self.call("DOM.getDocument", json!({"depth": 0})).await?;
        let html = self.call("DOM.getOuterHTML", json!({"nodeId": at(&document, "/root/nodeId")})).await?;
        Ok(at(&html, "/outerHTML").as_str().unwrap_or_default().to_owned())
    }

    /// The words of the first element with this selector, trimmed.
    pub async fn text(&self, selector: &str) -> Result<String, BrowserError> {
        let object = self.call("DOM.resolveNode", json!({"nodeId": self.node(selector).await?})).await?;
        let params = json!({
            "objectId": at(&object, "/object/objectId"), "returnByValue": true,
            "functionDeclaration": "function() { return (this.innerText ?? this.textContent).trim() }"
        });
        let answer = self.call("Runtime.callFunctionOn", params).await?;
        Ok(at(&answer, "/result/value").as_str().unwrap_or_default().to_owned())
    }

    /// Whether an element is there now.
    pub async fn has(&self, selector: &str) -> Result<bool, BrowserError> {
        match self.node(selector).await {
            Ok(_) => Ok(true),
            Err(BrowserError::Missing(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn node(&self, selector: &str) -> Result<i64, BrowserError> {
        let document = self.call("DOM.getDocument", json!({"depth": 0})).await?;
        let params = json!({"nodeId": at(&document, "/root/nodeId"), "selector": selector});
        let found = self.call("DOM.querySelector", params).await?;
        match at(&found, "/nodeId").as_i64() {
            Some(node) if node != 0 => Ok(node),
            _ => Err(BrowserError::Missing(selector.to_owned())),
        }
    }

    /// Waits until an element is there.
    pub async fn wait_for(&self, selector: &str) -> Result<(), BrowserError> {
        let there = async {
            loop {
                // The document may be replaced between two commands; that is no reason to stop waiting.
                if matches!(self.has(selector).await, Ok(true)) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
        };
        timely(selector, there).await
    }

    /// Waits until a script expression is true.
    pub async fn wait_until(&self, script: &str) -> Result<(), BrowserError> {
        let holds = async {
            while !matches!(self.eval(script).await, Ok(Value::Bool(true))) {
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
        };
        timely(script, holds).await
    }

    /// Clicks in the middle of an element, after scrolling to it.
    pub async fn click(&self, selector: &str) -> Result<(), BrowserError> {
        let node = self.node(selector).await?;
        self.call("DOM.scrollIntoViewIfNeeded", json!({"nodeId": node})).await?;
        let quads = self.at_rest(node).await?;
        let corner = |index: usize| at(&quads, &format!("/quads/0/{index}")).as_f64();
        let (Some(x0), Some(y0), Some(x1), Some(y1)) = (corner(0), corner(1), corner(4), corner(5)) else {
            return Err(BrowserError::Missing(format!("visible {selector}")));
        };
        let (x, y) = (f64::midpoint(x0, x1), f64::midpoint(y0, y1));
        self.call("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": x, "y": y})).await?;
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", params).await?;
        }
        Ok(())
    }

    /// Where an element lies once it has stopped moving: what a script shows late pushes the rest down, and the click of a person
    /// who has not seen that goes astray.
    async fn at_rest(&self, node: i64) -> Result<Value, BrowserError> {
        let mut last = Value::Null;
        for _ in 0..LOOKS {
            let quads = self.call("DOM.getContentQuads", json!({"nodeId": node})).await?;
            if quads == last {
                return Ok(quads);
            }
            last = quads;
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Ok(last)
    }

    /// Presses a key: `Enter`, `Tab`, `Shift+Tab`, `Escape`, `Space`, arrows, or one character.
    pub async fn press(&self, name: &str) -> Result<(), BrowserError> {
        for kind in ["keyDown", "keyUp"] {
            let mut event = key(name);
            if let Some(fields) = event.as_object_mut() {
                fields.insert("type".to_owned(), json!(kind));
                if kind == "keyUp" {
                    fields.remove("text");
                }
            }
            self.call("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    /// Types into whatever has the focus: keys for what a keyboard has, an input method's commit for the rest.
    pub async fn type_text(&self, text: &str) -> Result<(), BrowserError> {
        for c in text.chars() {
            if c.is_ascii() && !c.is_ascii_control() {
                self.press(c.encode_utf8(&mut [0; 4])).await?;
            } else {
                self.call("Input.insertText", json!({"text": c.to_string()})).await?;
            }
        }
        Ok(())
    }

    /// Clicks into a field, clears it and types.
    pub async fn fill(&self, selector: &str, text: &str) -> Result<(), BrowserError> {
        self.click(selector).await?;
        let all = json!({"type": "keyDown", "key": "a", "code": "KeyA", "modifiers": 2, "commands": ["selectAll"]});
        self.call("Input.dispatchKeyEvent", all).await?;
        self.press("Backspace").await?;
        self.type_text(text).await
    }

    /// Chooses files in a file field.
    pub async fn choose_files(&self, selector: &str, files: &[&Path]) -> Result<(), BrowserError> {
        let files: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
        self.call("DOM.setFileInputFiles", json!({"nodeId": self.node(selector).await?, "files": files})).await?;
        Ok(())
    }

    /// A picture of the window, or of the whole page, as PNG.
    pub async fn screenshot(&self, path: &Path, whole: bool) -> Result<(), BrowserError> {
        let answer =
            self.call("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": whole})).await?;
        let failed = |reason: String| BrowserError::File { path: path.display().to_string(), reason };
        let data = base64::engine::general_purpose::STANDARD
            .decode(at(&answer, "/data").as_str().unwrap_or_default())
            .map_err(|error| failed(error.to_string()))?;
        std::fs::write(path, data).map_err(|error| failed(error.to_string()))
    }

    /// The page as it would be printed, as PDF.
    pub async fn pdf(&self, path: &Path) -> Result<(), BrowserError> {
        let answer = self.call("Page.printToPDF", json!({"printBackground": true, "preferCSSPageSize": true})).await?;
        let failed = |reason: String| BrowserError::File { path: path.display().to_string(), reason };
        let data = base64::engine::general_purpose::STANDARD
            .decode(at(&answer, "/data").as_str().unwrap_or_default())
            .map_err(|error| failed(error.to_string()))?;
        std::fs::write(path, data).map_err(|error| failed(error.to_string()))
    }
}

fn complaint(event: &Event) -> Option<String> {
    let params = &event.params;
    match event.method.as_str() {
        "Runtime.exceptionThrown" => {
            let details = at(params, "/exceptionDetails");
            let text = at(details, "/exception/description").as_str().or(at(details, "/text").as_str());
            Some(text.unwrap_or("an uncaught error").to_owned())
        }
        "Log.entryAdded" if at(params, "/entry/level") == "error" && at(params, "/entry/source") != "network" => {
            Some(at(params, "/entry/text").as_str().unwrap_or_default().to_owned())
        }
        "Runtime.consoleAPICalled" if at(params, "/type") == "error" => Some(at(params, "/args").to_string()),
        _ => None,
    }
}

async fn timely<F: Future>(what: &str, happens: F) -> Result<F::Output, BrowserError> {
    tokio::time::timeout(PATIENCE, happens)
        .await
        .map_err(|_| BrowserError::Timeout { what: what.to_owned(), seconds: PATIENCE.as_secs() })
}
