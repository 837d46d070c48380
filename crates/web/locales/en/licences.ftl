# My licences, and the public check.

licences-lead = They count like paper. Show the QR code to have one checked.
licences-ended = No longer valid
licences-none = No licences yet
licences-none-text = Whatever you are granted appears here by itself.
licences-none-action = Find a service
licences-forever = without limit
licences-until = valid until { $date }
licences-from-to = { $from } to { $to }
licences-from-on = from { $from }, without limit
licences-facts = Details
licences-kind = Licence
licences-number = Number
licences-holder = Holder
licences-holder-code = Holder’s number
licences-issuer = Issued by
licences-issued = Issued on
licences-validity = Period
licences-identifier = Identifier
licences-qr-title = QR code to check this licence
licences-qr-text = Anyone can scan it to see whether the licence is genuine and in force; the signature can be checked without a network.
licences-check = Open the public check
licences-downloads = Download the licence
licences-pdf = PDF
licences-pdf-lt = PDF for archives
licences-ofd = OFD
licences-svg = Picture
licences-file = Signed data
licences-file-text = Each file carries a signature or the code: print it, or hand it to whoever needs it, who can verify it.

licences-public-title = Licence check
licences-check-ok = Passed
licences-check-bad = Failed
licences-checked-at = Checked { $moment }
licences-unknown = Unknown
licences-unknown-text = There is no such licence. Check that the address is complete; if you suspect a forgery, call 12345.
licences-broken = Not confirmed
licences-broken-text = The signature did not pass. Do not rely on it, and call 12345.
licences-sentence = { $standing ->
    [valid] Issued by this city, the signature is whole, and it is in force.
    [future] It has been issued, but is not in force yet.
    [expired] Its period of validity is over.
    [superseded] A newer one has taken its place: check that one.
    [suspended] It has been suspended: nothing may be done under it meanwhile.
    [revoked] It has been revoked and no longer counts.
   *[other] It has been cancelled and no longer counts.
  }
licences-ended-on = Date: { $date }.
licences-suspended-until = Suspended through { $date }.
licences-deemed-public = Deemed renewed (Administrative Licensing Law, article 50): it counts until the decision, at most through { $date }.
licences-says = What it says
licences-masked = Personal details are masked; the holder can show the whole licence.
licences-checks = What was checked
licences-online = See its present state
licences-genuine = Genuine
licences-genuine-over = Genuine, but not in force
licences-genuine-valid = Genuine and in force
licences-genuine-unknown = Genuine, but unknown whether in force
licences-genuine-suspended = Genuine, but suspended
licences-genuine-ended = Genuine, but no longer in force
licences-genuine-superseded = Genuine, but replaced by a newer licence
licences-as-of = Its state is that of { $moment }.
licences-as-of-unknown = The status list on this device is of { $moment } and has run out: whether the licence is in force now is unknown. Check again with a network.
licences-no-list = There is no status list for this licence on this device: whether it is in force now is unknown. Check again with a network.
licences-alone-title = Checking without a network
licences-alone-lead = Signature and state of a licence’s QR code are checked on this device, without a network.
licences-alone-scan = Scan the QR code on the licence with a camera and open its address, or paste the whole address with its # below. An address without # needs a network.
licences-alone-online = Check with a network
licences-false = Not genuine
licences-unchecked = Could not be checked
licences-false-text = Content and signature do not fit, or no trusted body signed it.
licences-file-genuine = The file is genuine and whole; this is its present state.
licences-file-elsewhere = The signature is genuine, but this city did not issue it. Ask the issuer for its state.
licences-qr-genuine = Signed by the issuer and unchanged. Whether it was revoked since, the online page tells.
licences-qr-over = Genuine, but not within its period of validity.
licences-qr-false = Content and signature do not fit, or no trusted body signed it.
licences-offline-title = The QR code’s signature, checked on this device
licences-reason = { $reason ->
    [fine] Signature and content fit; a trusted body signed it.
    [over] Signature and content fit, but today is outside its period of validity.
    [unreadable] The code is incomplete or of another kind.
    [untrusted] The signer is not on the trust list.
    [signature] Signature and content do not fit: somebody may have changed it.
    [issuer] The issuer is not the signer.
    [date] The day of issue lies outside the signer’s certificate.
    [other] The code belongs to another licence than this page.
   *[list] The trust list cannot be fetched now. Try again later.
  }

licences-look-up-title = Check a licence
licences-look-up-lead = Is it genuine, and is it still in force? No account needed.
licences-what = Address from the QR code, or the content of a licence file
licences-what-hint = What scanning gives you, such as https://…/v/…
licences-file-label = Or choose the licence file
licences-file-hint = The PDF, OFD or signed data (.json) that the holder downloaded
licences-do-check = Check
licences-how-title = Three ways
licences-how-1 = Scan the QR code with your camera: the result opens at once
licences-how-2 = Upload the signed file you were given
licences-how-3 = An address with # is checked on your device and not sent to us
licences-roots = Download the roots to verify yourself
licences-deemed-title = Deemed renewed
licences-deemed-until = It counts on until the decision, at most through { $date }.
licences-renew-title = Renewal
licences-renew = Apply for renewal
licences-renew-by = Apply by { $date }. If you do and nothing is decided before it expires, it counts as renewed (Administrative Licensing Law, article 50).
licences-renew-late = The lawful date ({ $date }) has passed. You may still apply, but silence until the expiry then renews nothing.
licences-renew-text = To go on, apply before it expires (Administrative Licensing Law, article 50). What you wrote last time is filled in.
licences-renew-under-way = The renewal is under way:
licences-days-left = { $n ->
    [one] 1 day left
   *[other] { $n } days left
  }
licences-life = What became of it
licences-looks = Who looked at this licence
licences-looks-none = No member of staff has looked at it yet. Public checks show masked data and are not counted.
licences-looks-all = See all records

licences-share-title = Show and share
licences-share-lead = No photocopies: let somebody see this licence online, and always know who has looked.
licences-share-user = For whom
licences-share-user-hint = Full name of the body or person, such as: Hailan Bank, Jiangcheng branch
licences-share-purpose = What for
licences-share-purpose-hint = It may be used for nothing else, such as: opening a business account
licences-share-last = Last day of the link
licences-share-last-hint = For links only, at most 90 days; a use code always lasts 5 minutes
licences-share-code = Make a use code
licences-share-link = Make a link
licences-share-copy = Download a marked copy
licences-share-how = Three ways
licences-share-how-code = Use code: for 5 minutes, once, and only for the one you name
licences-share-how-link = Link: opens until its last day; you can take it back at any time
licences-share-how-copy = Marked copy: every page says for whom, for what and when; it has no signature and is not the original
licences-share-how-log = Every look is recorded; see “Who looked at this licence” on its page
licences-share-open = What is shared now
licences-share-open-none = No code or link can be used at the moment.
licences-share-until = until { $moment }
licences-share-withdraw = Take back
licences-share-once = This is shown once. After you leave the page it cannot be seen again; make a new one when needed.
licences-code = Use code
licences-link = Link
licences-code-done = Your use code is ready
licences-code-done-text = Let “{ $user }” scan or type it before { $until }.
licences-link-done = Your link is ready
licences-link-done-text = Send it to “{ $user }”; it opens until { $until }.
licences-use-title = Take a use code
licences-use-lead = Somebody shows you a use code? See the licence here instead of taking a photocopy.
licences-use-code-hint = 10 letters and digits; capitals do not matter
licences-use-verifier = Name of the user
licences-use-verifier-hint = As the holder wrote it when making the code
licences-use-go = Show the licence
licences-use-told = This uses the code up, and the holder sees when, by which account and for what.
licences-use-how = How it works
licences-use-stage = { $step ->
    [1] The holder names you and the purpose, and makes a use code
    [2] Scan it, or type it with your name within 5 minutes
   *[3] See the licence; if you must keep a copy, download the marked one now
  }
licences-shown-title = Shown by its holder
licences-shown-text = Only for “{ $user }” and for “{ $purpose }”, until { $until }. It may be used for nothing else.
licences-copies = Download a marked copy
licences-copies-text = A marked copy names user, purpose and date. It has no signature and is not the original; the online check tells whether the licence counts.
licences-share-open-page = Show and share
licences-use-how-word = { $how ->
    [material] Instead of a paper, case
    [code] Use code
    [link] Link
   *[fetch] Fetched by another system, case
  }
licences-looked = Looked at it
licences-use-link = Were you shown a use code?
licences-paper-source = Paper licence { $number }, confirmed at a window
licences-paper-lead = Typed from your paper licence at a window and compared with the original by a second person. It bears no signature or seal of this platform: keep the original.
