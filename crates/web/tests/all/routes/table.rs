//! The addresses in the order of the map. Words in braces stand for subjects that the scene makes.

/// One address with one method, as it is asked for.
pub struct Row {
    /// `METHOD /path`, with the subject's name after `=` where the path has a variable.
    pub line: &'static str,
}

impl Row {
    /// As the source declares it.
    pub fn route(&self) -> String {
        let mut route = String::new();
        let mut rest = self.line.split('?').next().unwrap();
        while let Some((before, after)) = rest.split_once('=') {
            route.push_str(before);
            rest = after.split_once('}').map_or("", |(_, rest)| rest);
            route.push('}');
        }
        route + rest
    }
}

macro_rules! rows {
    ($($line:literal)*) => { &[$(Row { line: $line }),*] };
}

/// What people ask for.
pub const PAGES: &[Row] = rows![
    "GET /"
    "GET /display"
    "GET /about/access"
    "GET /about/privacy"
    "GET /static/{hash=hash}/{*path=app.css}"
    "GET /matters"
    "GET /search"
    "GET /matters/{slug=public-place-hygiene}"
    "GET /matters/{slug=public-place-hygiene}/apply"
    "GET /matters/{slug=public-place-hygiene}/sample"
    "GET /matters/{slug=device-class3}/sample/{slot=organisation}"
    "GET /sign-in"
    "POST /sign-in"
    "POST /sign-in/passkey"
    "POST /sign-in/passkey/challenge"
    "GET /sign-in/reset"
    "POST /sign-in/reset"
    "GET /sign-in/with/{provider=none}"
    "GET /sign-in/with/{provider=none}/back"
    "GET /sign-up"
    "POST /sign-up"
    "POST /sign-out"
    "GET /me"
    "GET /me/identity"
    "POST /me/identity"
    "GET /me/access"
    "POST /me/links/{provider=none}"
    "POST /me/links/{provider=none}/remove"
    "POST /me/passkeys"
    "POST /me/passkeys/challenge"
    "GET /me/passkeys/{id=none}"
    "POST /me/passkeys/{id=none}"
    "POST /me/passkeys/{id=none}/remove"
    "GET /apply/{slug=public-place-hygiene}"
    "POST /apply/{slug=public-place-hygiene}"
    "GET /drafts/{id=draft}"
    "GET /drafts/{id=draft}/applicant"
    "POST /drafts/{id=draft}/applicant"
    "POST /drafts/{id=draft}/sample"
    "GET /drafts/{id=draft}/materials"
    "POST /drafts/{id=draft}/materials"
    "GET /drafts/{id=draft}/pledge"
    "POST /drafts/{id=draft}/pledge"
    "GET /drafts/{id=draft}/check"
    "POST /drafts/{id=draft}/check"
    "GET /drafts/{id=draft}/{step=step}"
    "POST /drafts/{id=draft}/{step=step}"
    "GET /drafts/{id=draft}/delete"
    "POST /drafts/{id=draft}/delete"
    "GET /cases"
    "GET /cases/{number=filed}"
    "GET /cases/{number=filed}/receipt"
    "GET /cases/{number=granted}/why"
    "POST /cases/{number=granted}/ask"
    "GET /cases/{number=filed}/file"
    "POST /cases/{number=filed}/file"
    "GET /cases/{number=filed}/withdraw"
    "POST /cases/{number=filed}/withdraw"
    "GET /cases/{number=filed}/correct"
    "POST /cases/{number=filed}/correct"
    "GET /documents/{id=document}"
    "GET /documents/{id=document}/file"
    "GET /messages"
    "POST /messages"
    "POST /uploads"
    "GET /uploads/{id=upload}"
    "HEAD /uploads/{id=upload}"
    "PATCH /uploads/{id=upload}"
    "GET /licences"
    "GET /licences/{id=licence}"
    "GET /licences/{id=licence}/{form=svg}"
    "GET /licences/{id=licence}/{form=ofd}"
    "GET /licences/{id=licence}/{form=no-such-form}"
    "GET /v"
    "POST /v"
    "GET /v/{public_id=public}"
    "GET /trust/qr.json"
    "GET /trust/roots.pem"
    "GET /desk"
    "GET /desk/walk-in"
    "POST /desk/walk-in"
    "GET /desk/identity"
    "POST /desk/identity"
    "GET /desk/reset"
    "POST /desk/reset"
    "GET /desk/licences"
    "GET /desk/licences/{id=licence}"
    "POST /desk/licences/{id=licence}"
    "GET /desk/{pile=accept}"
    "GET /desk/{pile=review}"
    "GET /desk/{pile=decide}"
    "GET /desk/cases/{number=filed}"
    "GET /desk/cases/{number=filed}/files/{upload=file}"
    "GET /desk/cases/{number=filed}/correct-on-spot"
    "POST /desk/cases/{number=filed}/correct-on-spot"
    "POST /desk/cases/{number=filed}/{command=give-verdicts}"
    "POST /desk/cases/{number=filed}/{command=request-correction}"
    "POST /desk/cases/{number=filed}/{command=accept}"
    "POST /desk/cases/{number=accepted}/{command=give-opinion}"
    "POST /desk/cases/{number=accepted}/{command=extend}"
    "POST /desk/cases/{number=accepted}/{command=grant}"
    "POST /desk/cases/{number=granted}/{command=deliver}"
    "POST /desk/cases/{number=granted}/{command=answer-check}"
    "GET /watch"
    "GET /watch/departments.csv"
    "GET /watch/{department=approval}"
    "GET /studio"
    "GET /studio/calendar"
    "POST /studio/calendar"
    "GET /studio/{slug=public-place-hygiene}"
    "POST /studio/{slug=public-place-hygiene}"
];

/// What other systems ask for.
pub const API: &[Row] = rows![
    "GET /healthz"
    "GET /readyz"
    "GET /metrics"
    "GET /openapi.json"
    "GET /api/v1/matters"
    "GET /api/v1/matters/{slug=public-place-hygiene}"
    "POST /api/v1/uploads"
    "HEAD /api/v1/uploads/{id=upload}"
    "PATCH /api/v1/uploads/{id=upload}"
    "GET /api/v1/uploads/{id=upload}"
    "GET /api/v1/cases"
    "GET /api/v1/cases?pile=accept"
    "GET /api/v1/cases?pile=no-such-pile"
    "POST /api/v1/cases"
    "GET /api/v1/cases/{number=filed}"
    "GET /api/v1/cases/{number=filed}/timeline"
    "POST /api/v1/cases/{number=filed}/{command=withdraw}"
    "POST /api/v1/cases/{number=filed}/{command=accept}"
    "POST /api/v1/cases/{number=accepted}/{command=grant}"
    "GET /api/v1/licences/{id=licence}"
    "GET /api/v1/licences/{id=licence}/{form=pdf}"
    "GET /api/v1/licences/{id=licence}/{form=no-such-form}"
    "GET /api/v1/licences/{id=licence}/status"
    "GET /api/v1/status-list"
    "GET /api/v1/status-list/{list=1}"
];
