# The public log of licences.

log-title = Public log of licences
log-first = Each licence that this city issues, and each change of its status, is written into a book that everybody can read: lines are only added, never changed, removed or dated back.
log-second = The book says nothing about the holder, only a fingerprint that nobody else can guess; with it holders can prove that their licence stands there.
log-third = Outside witnesses and anybody else can check the whole book at any time, so whoever forged, back-dated or quietly withdrew a licence, administrators of this platform included, would be seen.
log-newest = Newest checkpoint
log-origin = Log
log-size = Entries
log-signed = Signed
log-witness = Outside witness
log-witness-at = { $name } ({ $moment })
log-witnessed = Countersigned by an outside witness
log-unwitnessed = No outside witness yet
log-note = The checkpoint, word for word
log-none = The log has no checkpoint yet. Come back in a moment.
log-audit-title = Check it yourself
log-audit-text = This program checks the whole book, and compares it with what it saw the last time:
log-checkpoint = Checkpoint
log-keys = Keys of the log and its witnesses
log-link = Public log of licences
log-proof = Download the proof of the public log
log-proof-text = It proves that this licence stands in the public log. Hand it over together with the licence file.
