# Signing in and up, one's own page.

accounts-sign-in-title = Sign in to Yichuang
accounts-login = Account
accounts-login-hint = Your mobile number, or the name you chose
accounts-login-new = Your mobile number, or 3 to 40 letters and digits
accounts-password = Password
accounts-password-hint = At least 8 characters; a sentence you remember is fine
accounts-no-account = No account yet?
accounts-have-account = Have an account already?
accounts-sign-up = Sign up
accounts-sign-up-title = Open an account
accounts-sign-up-lead = One account for everything, your own and your company’s.
accounts-help = Would you rather not do this online? Bring your identity card to any window.
accounts-demo-title = Try it with a demo account
accounts-demo-text = One click fills in name and password; then choose “Sign in”.
accounts-name = Name
accounts-name-hint = As on your identity card; write the dot in a minority name as “·”

accounts-me = My page
accounts-me-account = My account
accounts-me-more = More
accounts-identity = Identity
accounts-proved = Proved
accounts-unproved = Not proved
accounts-proved-how = { $how ->
    [window] at a window, { $code }
    [demo] by the demo provider, { $code }
    [provider] by an identity provider, { $code }
   *[other] { $code }
  }
accounts-prove = Prove my identity
accounts-acts-for = Organisations I may act for
accounts-acts-none = The register names you as the representative of no organisation.
accounts-acts-source = From the company register; it follows every change there.
accounts-link-cases = How far they are, and what to add
accounts-link-licences = The licences you hold
accounts-link-messages = Acceptance, corrections, decisions
accounts-link-access = Every look is recorded
accounts-link-display = Language, size, contrast

accounts-kind-person = Person
accounts-kind-enterprise = Company
accounts-kind-individual-business = Individual business
accounts-kind-organisation = Organisation
accounts-party-name = Name
accounts-party-kind = Kind
accounts-party-code = Number

accounts-passkeys = Passkeys
accounts-passkeys-lead = Sign in with your fingerprint, your face or your screen lock. Nothing to remember, and no false site can take it.
accounts-passkey = Passkey
accounts-passkey-sign-in = Sign in with a passkey
accounts-passkey-cancelled = Not done: it was cancelled, or this device has no passkey of yours. Try again, or use your password.
accounts-passkey-add = Add a passkey
accounts-passkey-name = Name
accounts-passkey-name-hint = So that you know which device it is
accounts-passkey-default = This device
accounts-passkey-none = Adding a passkey needs a browser that has them, with scripts on. Your password always works too.
accounts-passkey-stale = To be safe, sign in once more before adding one.
accounts-sign-in-again = Sign out and in again
accounts-passkey-used = Last used { $when }
accounts-passkey-unused = Added { $when }, not used yet
accounts-passkey-never = Not yet
accounts-passkey-added-at = Added
accounts-passkey-used-at = Last used
accounts-passkey-rename = Save the name
accounts-passkey-remove = Remove
accounts-passkey-remove-text = It will no longer sign you in. Delete the copy that your device keeps in the device’s password manager.
accounts-passkey-stopped = Stopped
accounts-passkey-stopped-text = Its counter went back, so it may have been copied. Remove it and add a new one.

accounts-providers = Identity providers
accounts-provider-sign-in = Sign in with { $name }
accounts-provider-prove = Prove it with { $name }
accounts-provider-unbound = Once bound, you can sign in with it
accounts-provider-since = Bound on { $date }
accounts-provider-bind = Bind
accounts-provider-unbind = Unbind
accounts-leaving = To your identity provider
accounts-leaving-text = Sign in with { $name }; then you come back here and it is bound.
accounts-leaving-go = Go to { $name }
accounts-unproved-unknown = The name and number from the provider do not fit the population register. Bring your identity card to a window.
accounts-unproved-elsewhere = Your identity is bound to another account. Sign in with that one, or bring your identity card to a window.

accounts-identity-title = Prove your identity
accounts-identity-lead = Once done, you never type your personal details again.
accounts-code = Citizen number
accounts-code-hint = 18 characters; the last may be an X
accounts-proved-title = Your identity is proved
accounts-proved-text = { $name }, { $code }
accounts-go-on = Continue
accounts-window-title = At a window
accounts-window-text = Bring your identity card to any service window. It takes a minute and costs nothing. Call first to ask where and when.
accounts-window-also = Any window does it too: bring your identity card.
accounts-why-title = What you gain
accounts-why-1 = Forms fill in what is already registered
accounts-why-2 = See your cases and licences, and those of organisations you act for
accounts-why-3 = Everyone who looks at your data is recorded

accounts-access-lead = Each time an official looks at cases or licences of yours, or of organisations you act for, it is recorded; so is each use of a licence instead of paper, by code, by link or by another system. These are the latest 200.
accounts-access-when = When
accounts-access-who = Office
accounts-access-what = What
accounts-access-case = Case
accounts-access-document = Document of case
accounts-access-licence = Licence
accounts-access-reset = Password reset at a window
accounts-access-system = The platform
accounts-access-window = Service window
accounts-access-link = Whoever has your link
accounts-access-person = a person ({ $name })
accounts-access-none = Nobody has looked at your data
accounts-access-none-text = When an official does, the time, the office and the reason appear here.

accounts-reset-link = Forgotten your password?
accounts-reset-title = Set a new password
accounts-reset-lead = Only you can reset your password: get a code at a window, then choose a new password here.
accounts-reset-code = Reset code
accounts-reset-code-hint = The 10 letters and digits from the window; capitals do not matter
accounts-reset-password = New password
accounts-reset-go = Set the new password
accounts-reset-done = Your new password is set
accounts-reset-done-text = Every device has been signed out. Sign in with the new password.
accounts-reset-how = How to get a code
accounts-reset-step = { $step ->
    [1] Bring your identity card to any service window
    [2] The clerk compares it with you and hands you a slip with your sign-in name and a code
   *[3] Come back here while the code is valid and choose a password; the code works once
  }
accounts-reset-return = Remembered it after all?
