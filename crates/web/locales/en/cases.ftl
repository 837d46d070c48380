# Applying and following cases.

cases-yes = Yes
cases-no = No
cases-saved = Saved
cases-saved-at = Saved { $time }
cases-not-saved = Not saved yet; it will be tried again when you are online
cases-go-on = Continue
cases-start = Begin
cases-save-go-on = Save and continue
cases-save-leave = Save and come back later
cases-back-to-check = Save and go back to checking
cases-to-tasks = Back to the task list
cases-part-pledge = Pledge
cases-part-materials = Documents
cases-part-check = Check and send
cases-begin-title = Apply: { $name }
cases-begin-as = In whose name do you apply?
cases-begin = Begin
cases-change-applicant = Change the applicant
cases-draft-waiting = You have an application in progress
cases-draft-go-on = Go on (saved { $moment })
cases-nobody-title = This is for: { $who }
cases-nobody-text = The registers know of no such applicant for whom you may act. If you registered just now, try again later, or ask at a window.
cases-before-title = Before you begin
cases-before-days = Time needed: { $days }
cases-before-materials = { $total_n ->
    [one] 1 document
   *[other] { $total_n } documents
  }{ $ready_n ->
    [0] {""}
   *[other] , of which { $ready_n } can come from registers
  }
cases-before-saved = Saved as you go: stop any time, go on on another device
cases-tasks-title = Task list
cases-applicant-is = Applicant: { $name }
cases-section-form = Fill in
cases-section-papers = Documents
cases-section-send = Send
cases-task-known = { $n ->
    [one] 1 answer is filled in already
   *[other] { $n } answers are filled in already
  }
cases-task-pledge = Choose the pledge or the ordinary procedure
cases-task-no-materials = All shared by registers or replaced by your pledge
cases-task-materials = { $n ->
    [one] 1 missing
   *[other] { $n } missing
  }
cases-task-check = Look it over before you send it
cases-sample-title = Worked example
cases-sample-text = Fill in the whole form from the example, then change it to fit you.
cases-sample-button = Fill with the example
cases-other-device = Go on on another device
cases-other-device-text = Scan the code or open the address, and sign in with the same account.
cases-delete-link = Delete this draft
cases-delete-title = Delete this draft?
cases-delete-text = Everything filled in for “{ $name }” will be gone for good.
cases-delete-button = Delete
cases-grown-title = Your answer added questions to this page
cases-grown-text = Please answer the new ones too.
cases-materials-ready = Already here
cases-materials-pledged = Replaced by your pledge
cases-materials-asked = Please upload
cases-materials-nothing = There is nothing you need to upload
cases-materials-pledge = { $n ->
    [one] With the pledge you need 1 document less.
   *[other] With the pledge you need { $n } documents less.
  }
cases-material-missing = Upload: { $name }.
cases-material-ready = Already here
cases-material-unanswered = The register did not answer; staff will check, nothing to hand in
cases-material-pledged = Replaced by the pledge; keep the original for inspection
cases-material-later = Hand it in after acceptance
cases-material-later-hint = What you do not have yet may follow. If you have an image, send it now and the final version later. No licence comes before.
cases-material-follows = Follows after acceptance
cases-material-image = Image now, final version later
cases-gaps-title = Promise to hand in the rest
cases-gaps-text = I promise to hand in the above by the day of the notice of acceptance. I know that the case is examined as usual and no licence comes before everything is in and checked; that without it the procedure ends at my own risk; and that this goes on the credit record.
cases-gaps-accept = I have read this and promise it
cases-gaps-missing = To hand things in later, tick that you promise it; otherwise upload them first.
cases-gaps-next = Hand in what is still to come
cases-gaps-owed = Accepted with gaps and under examination. Hand in by { $date }, that day included: { $names }. After it the procedure ends.
cases-gaps-owed-open = Still to come: { $names }. No licence comes before.
cases-gaps-page = Hand in what was to follow
cases-gaps-lead = The last day is { $date }; the day of arrival counts. You may hand it in bit by bit.
cases-gaps-lead-open = No licence comes before. You may hand it in bit by bit.
cases-gaps-window = Paper can also be brought to any general window.
cases-do-supply = Hand it in
cases-event-gaps = Accepted with gaps
cases-event-supplied = What was to follow was handed in
cases-event-gap-closed = What was handed in is in order
cases-event-gap-open = What was handed in does not do
cases-event-gap-reminded = Reminded of what is still to come
cases-material-none = Not given
cases-material-optional = Optional
cases-material-basis = Required by{" "}
cases-pledge-title = Choose how to apply
cases-pledge-lead = With the pledge you promise that you meet the conditions; the decision comes at once and is checked afterwards.
cases-pledge-outdated = The notice has changed. Please read and sign it again.
cases-pledge-question = How do you want to apply?
cases-pledge-yes = By pledge
cases-pledge-yes-hint = Time needed: { $days }. Fewer documents, checked afterwards
cases-pledge-no = By the ordinary procedure
cases-pledge-no-hint = Hand in every document; officials examine them first
cases-pledge-notice = The notice
cases-pledge-saves = With the pledge you need not hand in:
cases-pledge-source = Basis:{" "}
cases-pledge-promise = What you promise
cases-pledge-accept = I have read this and promise it
cases-pledge-sign = Save and continue
cases-signed-by = Signed by
cases-signer-for = { $party } (by { $person })
cases-check-title = Check before you send
cases-check-applicant = Applicant
cases-check-pledged = By pledge, signed
cases-check-ordinary = Ordinary procedure
cases-missing = { $n ->
    [one] 1 thing is missing
   *[other] { $n } things are missing
  }
cases-send-title = Send
cases-send-declare = I confirm that all this is true and complete, and answer for it.
cases-send-by = Sent by { $name }
cases-send-automatic = If the conditions are met it is granted in seconds
cases-send = Send the application
cases-send-pre = Have it looked at first
cases-send-pre-text = An official comments first; you improve it and then file. It uses up none of the time limit.
cases-duplicate-title = The same application is already under way
cases-duplicate-text = No need to send it again. See:
cases-receipt-title = We have your application
cases-receipt-lead = The sealed receipt is ready whenever you need it.
cases-receipt-pre-title = Sent for a first look
cases-receipt-pre-lead = This is not filed yet. An official will send you comments.
cases-receipt-link = Receipt
cases-matter = Service
cases-department = Department
cases-phone = Telephone
cases-agent = Acting person
cases-received-at = Received
cases-answer-by = Answer due
cases-promise = Promised time
cases-promise-from = { $days } from acceptance
cases-provisional = {" "}(provisional: that year’s holidays are not announced yet)
cases-due = by 24:00, { $day }
cases-until = by { $date }
cases-received = received { $date }
cases-follow = Follow it
cases-ahead-pre-1 = An official looks at it and comments, usually within a day or two.
cases-ahead-pre-2 = You improve it and file it.
cases-ahead-rules = The automatic check did not pass on everything, so an official takes over. You need do nothing.
cases-ahead-filed-1 = By the date above you hear whether it is accepted; if something is lacking, you are told once and completely.
cases-ahead-filed-2 = If nobody tells you by then, it counts as accepted from the day of receipt.
cases-ahead-filed-3 = You get a message at every step.
cases-approved-title = Granted: { $name }
cases-approved-lead = You meet every condition. Your licence is in force.
cases-approved-lead-person = Your application is granted.
cases-approved-check = You signed a pledge: officials will check it by { $date }. Keep the papers at hand.
cases-decided-at = Decided
cases-decision-paper = Decision
cases-drafts = Not sent yet
cases-sent = Sent
cases-none = No cases yet
cases-none-text = Once you apply, you can follow it here.
cases-none-action = Find a service
cases-state-draft = Draft
cases-next-draft = Go on filling it in
cases-story = What happened
cases-papers = Sealed documents
cases-handed-in = What was handed in
cases-show-answers = Show answers and documents
cases-about = About
cases-more = More
cases-do-correct = Correct it
cases-do-correct-send = Hand in corrections
cases-do-revise = Change it
cases-do-revise-send = Save the changes
cases-do-file = File it
cases-do-withdraw = Withdraw
cases-do-licence = See the licence
cases-file-title = File the application?
cases-file-text = It will be handled from now on, and the clock starts.
cases-withdraw-title = Withdraw this application?
cases-withdraw-text = Handling ends. You may apply again at any time.
cases-withdraw-reason = Reason
cases-why-link = Why it was decided this way
cases-why-title = Why it was decided this way
cases-why-granted = Granted
cases-why-refused = Refused
cases-why-not-accepted = Not accepted
cases-why-open = Not decided yet
cases-why-pending = Officials are examining it. The reasons will stand here once it is decided.
cases-why-by-rules = { $department }, by published rules, { $moment }
cases-why-by-person = { $department }, by an official, { $moment }
cases-why-by-nobody = { $department }
cases-conditions = Condition by condition
cases-conditions-held = { $held_n } of { $total_n } held.
cases-rules-approve = Every condition was checked by published rules.
cases-rules-refuse = The check found a condition that is not met; an official decides.
cases-rules-manual = Some conditions could not be confirmed automatically, so officials look at them. That does not mean they are not met.
cases-held = Held
cases-not-held = Not confirmed
cases-value = Value used
cases-source = Source
cases-rule = The rule’s version
cases-rule-text = The rules are public; these numbers prove which version was used.
cases-rule-id = Rule
cases-rule-version = Version
cases-rule-fired = Rows that fired
cases-no-rules = Officials decide this matter
cases-no-rules-text = No automatic rules were used. The reasons stand above and in the decision.
cases-ask-title = Ask a person
cases-ask-text = You may have a person look at an automatic decision again (Personal Information Protection Law, article 24). Your licence stays as it is meanwhile.
cases-ask-label = What should they look at?
cases-ask-hint = For example: the registered address has changed
cases-ask = Ask a person
cases-asked-title = A person will look at it
cases-asked-text = You get an answer by { $date }.
cases-asked-confirmed = Reviewed by a person: the decision stands
cases-asked-changed = Reviewed by a person: the decision was wrong
cases-remedies = If you disagree
cases-remedies-text = You may choose either.
cases-remedy-reconsider = Administrative reconsideration
cases-remedy-sue = Lawsuit
cases-check-ok = Passed
cases-check-bad = Failed
cases-seal-good = The seal is valid, the content whole
cases-seal-bad = The seal did not pass
cases-document-text = Keep the signed file: anyone can verify that it was not changed.
cases-message-act = Your turn
cases-message-new = New
cases-messages-read = Mark all as read ({ $n })
cases-messages-none = No messages yet
cases-messages-none-text = Acceptance, corrections and decisions are announced here.
cases-correct-title = { $n ->
    [0] Change your application
    [one] 1 thing to change
   *[other] { $n } things to change
  }
cases-correct-lead = Hand in everything by { $date }. Only what is listed needs to change; this time does not count towards the limit.
cases-revise-lead = Improve it as suggested, then file it.
cases-correct-others = Everything else (need not change)
cases-correct-others-text = Change it only if you must.
cases-correct-untouched = Not changed yet: { $point }
cases-correct-confirm = I have checked these; they need no change, send it as it is
cases-current-files = Present files:
cases-clock-promised = Promised time
cases-clock-statutory = Statutory limit
cases-clock-answer = Time to accept
cases-clock-silence = No notice by then means accepted
cases-clock-yours = Your time to correct
cases-clock-correction = Waiting for your corrections; the time does not count
cases-clock-special = A special procedure: its time does not count
cases-who-system = The platform
cases-who-you = You
cases-who-window = Service window
cases-why-all-held = Every condition was checked, and all of them held.
cases-event-erased = The content of this entry was erased by law
cases-event-opened = You sent it for a first look
cases-event-feedback = An official commented
cases-event-feedback-fine = Nothing to improve: you can file it.
cases-event-revised = You changed the application
cases-event-filed = Received
cases-event-corrected = Corrected on the spot
cases-event-correction = Correction notice
cases-event-until = By { $date }
cases-event-resubmitted = You handed in corrections
cases-event-accepted = Accepted
cases-event-deemed = Deemed accepted
cases-event-deemed-text = No notice came within the legal time, so by law it counts as accepted from the day of receipt.
cases-event-rules = Automatic check done; officials take over
cases-event-inspected = On-site check done
cases-event-reviewed = Review done
cases-event-returned = Returned for another review
cases-event-paused = The clock stands still
cases-event-paused-text = { $name }, about { $n ->
    [one] 1 working day
   *[other] { $n } working days
  }
cases-event-resumed = The clock runs again
cases-event-late-promise = Past the promised date, still under way
cases-event-late-limit = Past the statutory date
cases-event-late-limit-text = Where no decision is made within the statutory time you may ask for reconsideration or go to court.
cases-event-extended = Extended once, by law
cases-event-granted = Granted
cases-event-granted-auto = Accepted and granted, by rules
cases-event-refused = Refused
cases-event-authority = Please apply to { $authority }
cases-event-not-accepted = Not accepted
cases-event-licence = The licence was made
cases-event-delivered = { $method ->
    [window] Handed over at the window
    [mail] Delivered by mail
    [locker] Taken from a locker
   *[other] Delivered online
  }
cases-event-closed = Closed
cases-event-withdrawn = You withdrew it
cases-event-terminated = Terminated
cases-event-check-ordered = { $kind ->
    [pledge] Your pledge will be checked
    [asked] A person will look at it
    [follow-up] Put right what the check found: it is looked at again
   *[other] Drawn for a later check
  }
cases-event-check-done = Check done
cases-ahead-file = You file it
cases-ahead-feedback = Waiting for comments
cases-ahead-revise = Please improve it, or file it
cases-ahead-accept = Answer: accepted or not
cases-ahead-correct = Please hand in corrections
cases-ahead-decision = Decision
cases-ahead-inspect = On-site check
cases-ahead-decide = Awaiting the decision
cases-ahead-review = Under review
cases-ahead-deliver = Ready for collection
cases-state = { $state ->
    [pre-review] First look
    [feedback] Comments given
    [filed] Received
    [correction] To correct
    [in-review] In review
    [granted] Granted
    [issued] To collect
    [delivered] Delivered
    [closed] Done
    [not-accepted] Not accepted
    [refused] Refused
    [withdrawn] Withdrawn
   *[other] Terminated
  }
cases-next = { $state ->
    [pre-review] Waiting for comments
    [feedback] Please read the comments
    [filed] Waiting to hear whether it is accepted
    [correction] Please correct it
    [in-review] Being examined; you need do nothing
    [granted] Ready to collect
    [issued] Ready to collect
    [delivered] All done
    [closed] All done
    [not-accepted] Not accepted: see why
    [refused] Refused: see the reasons
    [withdrawn] You withdrew it
   *[other] Handling has ended
  }
cases-next-text = { $state ->
    [pre-review] It is not filed yet and no clock is running.
    [feedback] Once improved and filed, handling begins.
    [filed] If something is lacking you are told once and completely; silence means acceptance.
    [correction] Change only what is listed and send it once. The clock stands still meanwhile.
    [in-review] You get a message when it is done or anything changes.
    [granted] You will be told when to collect it.
    [issued] Bring your identity card to the window.
    [delivered] The result was delivered.
    [closed] You can see the result any time.
    [not-accepted] Apply to the authority named there, or apply again with everything.
    [refused] If you disagree you may ask for reconsideration or sue.
    [withdrawn] You may apply again at any time.
   *[other] You may apply again.
  }
cases-document = { $state ->
    [receipt] Receipt of application
    [correction-notice] One-time correction notice
    [gap-acceptance] Notice of acceptance with gaps
    [acceptance] Notice of acceptance
    [deemed-acceptance] Notice of deemed acceptance
    [non-acceptance] Decision not to accept
    [combined] Acceptance and decision to grant
    [grant] Decision to grant
    [refusal] Decision to refuse
    [special-procedure] Notice of a special procedure
    [extension] Notice of extension
    [termination] Decision to end the procedure
   *[other] Document
  }
cases-number-later = (numbered when it is signed)
cases-paused = Clock paused
cases-next-paused = The clock is paused; you need do nothing
cases-next-paused-text = Now: { $name }, about { $n ->
    [one] 1 working day
   *[other] { $n } working days
  }. This time does not count towards the limit. You get a message when it ends.
cases-next-by = { $what } { $due }
cases-sample-files = In the demo city it also attaches files marked SPECIMEN.
cases-help-title = Need help?
cases-help-text = Ask the office by telephone:
cases-help-phone = Go on with your phone
cases-help-phone-text = Scan this with your phone and sign in with the same account: you can take photos of your papers there.
cases-renews = Renews licence
cases-amends = Changes licence
cases-event-renewal-deemed = Deemed renewed
cases-event-renewal-deemed-text = Nothing was decided before the licence expired, so it goes on counting (Administrative Licensing Law, article 50).
