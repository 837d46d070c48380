# Kiosks: registering, pages at the kiosk, signing in by phone, looking after them.

kiosk-title = Self-service terminal
kiosk-bar = Buttons of the terminal
kiosk-home = Home
kiosk-help = Help
kiosk-end = Finish
kiosk-end-name = Finish ({ $name })
kiosk-idle-title = Are you still there?
kiosk-idle-text = To protect you, the terminal signs out and forgets everything when nobody touches it.
kiosk-idle-seconds = seconds left
kiosk-idle-stay = Yes, go on
kiosk-lead = Choose what you have come for. Press “Finish” when you are done: nothing stays on this machine.
kiosk-signed-in = Signed in: { $name }
kiosk-matters = Apply
kiosk-matters-text = What this terminal offers, and all matters
kiosk-ticket = Take a ticket
kiosk-ticket-text = A number for the queue
kiosk-track = Follow
kiosk-track-text = By the number of an application
kiosk-licences = Print licences
kiosk-licences-text = Your own, after signing in
kiosk-cases = My applications
kiosk-cases-text = See, correct and print receipts, after signing in
kiosk-help-text = Call the staff, report a fault
kiosk-sign-in = Sign in
kiosk-no-printer = This terminal cannot print now: the printer is empty or broken and the staff know. Save it on your phone or print it at a window.
kiosk-unknown = This device is not registered
kiosk-unknown-text = Only registered devices work as terminals. An administrator registers it on the page “Terminals” and types the code here.
kiosk-code = Code
kiosk-code-hint = Ten letters and digits; it works once.
kiosk-enrol = Register this device
kiosk-enrol-failed = The browser could not make a key. Open this page over HTTPS and check the browser's version.
kiosk-enrol-script = Registering needs scripts: the browser makes the device's key, which never leaves it.
kiosk-connected = The device is connected
kiosk-connected-text = { $name } is registered as “{ $kind }” and reports by the device API.
kiosk-services = Print and look up
kiosk-standard = Standard list
kiosk-local = Local list of this place
kiosk-all-matters = Find any matter
kiosk-matters-title = What this terminal offers
kiosk-ticket-title = Take a ticket
kiosk-ticket-lead = Choose a counter.
kiosk-ticket-print = Print the ticket
kiosk-ticket-keep = Remember your number or print it: screen and voice will call it.
kiosk-ticket-at = Taken at { $time }
kiosk-track-title = Follow an application
kiosk-track-number = Number of the application
kiosk-track-number-hint = It stands on the receipt.
kiosk-track-tail = Last four signs of the applicant's number
kiosk-track-tail-hint = For a company: of its unified social credit code.
kiosk-track-go = Look up
kiosk-track-state = State
kiosk-track-received = Received
kiosk-track-due = Due
kiosk-track-paused = The clock stands still
kiosk-track-ended = Closed
kiosk-track-matter = Matter
kiosk-phone-title = Sign in with your phone
kiosk-phone-lead = Scan the code with your phone, sign in there and confirm. No password is typed here.
kiosk-phone-number = Both screens must show the same number
kiosk-phone-done = I have confirmed on my phone
kiosk-phone-not-yet = Nothing was confirmed on the phone yet, or the code is too old. Scan it again.
kiosk-phone-other = Sign in with a password
kiosk-phone-qr = Code for signing in by phone
kiosk-phone-address = Or open on the phone:
kiosk-at-title = Sign in at a terminal
kiosk-at-text = You will be signed in at this terminal. Make sure that you stand in front of it, and compare the number.
kiosk-at-warning = Never confirm a code that somebody has sent you: whoever stands at the terminal could then act in your name.
kiosk-at-place = Place
kiosk-at-device = Terminal
kiosk-at-number = Number on the terminal's screen
kiosk-at-go = Sign in there
kiosk-at-done = Signed in at the terminal
kiosk-at-done-text = Go on at the terminal. Press “Finish” there when you are done.
kiosk-at-gone = The code is too old or was used
kiosk-at-gone-text = Show a new one at the terminal and scan it again.
kiosk-help-title = Help
kiosk-help-lead = Press the button and somebody comes.
kiosk-help-call = Call the staff
kiosk-help-called = The staff are on their way.
kiosk-help-fault = Something wrong with the machine?
kiosk-help-reported = Reported, thank you.
kiosk-print = Print
kiosk-print-title = Print a licence
kiosk-print-text = This is the signed PDF. Take the paper with you and press “Finish”.
kiosk-print-frame = PDF of the licence
kiosk-print-open = Open the PDF
kiosk-device = { $kind ->
    [kiosk] Kiosk
    [screen] Hall screen
    [locker] Locker
   *[printer] Printer
  }
kiosk-fault = { $kind ->
    [paper] out of paper
    [printer] printer broken
    [cell] cell broken
    [reader] reader broken
   *[other] other fault
  }
kiosk-fault-part = { $fault } ({ $part })
kiosk-state = { $state ->
    [registered] Not enrolled
    [active] In use
   *[revoked] Revoked
  }
kiosk-desk = Terminals
kiosk-desk-lead = Registered devices by place, when each was heard last, and faults. Silent, broken and calling ones come first.
kiosk-desk-trouble = Needs somebody
kiosk-desk-calm = No terminal of the city needs anybody
kiosk-desk-place = Place
kiosk-desk-show = Show
kiosk-desk-none = No device is registered here
kiosk-desk-seen = Heard last { $time }
kiosk-desk-never = Not connected yet
kiosk-desk-silent = Silent
kiosk-desk-heard = Heard
kiosk-desk-calling = Calls for staff since { $time }
kiosk-desk-came = I am there
kiosk-desk-mended = Mended
kiosk-desk-since = { $fault } since { $time }
kiosk-desk-add = Register a device
kiosk-desk-kind = Kind
kiosk-desk-name = Name
kiosk-desk-name-hint = As staff will see it, for instance “East gate 1”.
kiosk-desk-terminal = Terminal in the place's list
kiosk-desk-terminal-none = Not in the list
kiosk-desk-go = Register
kiosk-desk-code = Code (shown this once)
kiosk-desk-code-text = Open /kiosk in the device's browser and type it. It works once, within { $minutes } minutes.
kiosk-desk-new-code = New code
kiosk-desk-revoke = Revoke
kiosk-desk-reason = Why it is revoked
kiosk-desk-watch = { $n ->
    [0] All terminals are well
    [one] { $n } terminal needs somebody
   *[other] { $n } terminals need somebody
  }
