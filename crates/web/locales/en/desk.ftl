# Words of the pages for staff.

desk-home = My work
desk-walk-in = Walk-in
desk-identity = Prove identity
desk-reset = Reset a password
desk-watch = The watch
desk-studio = Matters
desk-all-done = Everything is done
desk-all-done-text = New cases line up here by their deadline.
desk-pile = { $pile ->
    [feedback] First look
    [accept] To accept
    [review] To review
    [inspect] On-site checks
    [decide] To decide
    [deliver] To hand over
   *[check] Later checks
  }
desk-pile-about = { $pile ->
    [feedback] Not filed yet: say once and completely what to improve.
    [accept] Without a notice within the legal time an application counts as accepted. Most urgent first.
    [review] Accepted: examine and give an opinion.
    [inspect] At least two officers inspect.
    [decide] Reviewed, waiting for the decision.
    [deliver] The result is ready to be handed over.
   *[check] Checks after automatic and pledged decisions, and reviews that applicants asked for.
  }
desk-pile-all = All
desk-pile-empty = Nothing to do here
desk-pile-empty-text = New cases line up here by their deadline.
desk-filter = Department
desk-filter-go = Filter
desk-col-matter = Matter
desk-col-received = Received
desk-col-department = Department
desk-col-condition = Condition
desk-col-cell = Required
desk-col-held = Held
desk-col-day = Day
desk-col-automation = Decided by
desk-col-version = Version
desk-left = { $n ->
    [0] due today
    [one] 1 working day left
   *[other] { $n } working days left
  }
desk-over = { $n ->
    [0] just past its date
    [one] { $n } working day over
   *[other] { $n } working days over
  }

desk-jump = On this page
desk-acts = What to do
desk-form = Answers
desk-materials = Materials
desk-no-materials = No materials were handed in.
desk-rules = What the rules said
desk-opinions = Opinions
desk-blockers = { $n ->
    [one] 1 thing is missing
   *[other] { $n } things are missing
  }
desk-origin = Came in by
desk-origin-word = { $origin ->
    [web] Web
    [window] Window
   *[api] Another system
  }
desk-pledge = Pledge
desk-pledge-signed = Signed (version { $version }, { $moment })
desk-licence = Licence
desk-guide = Guide of the matter
desk-matter-version = Matter, version { $version }
desk-changed-now = this correction
desk-changed = Somebody else has just changed this case. You now see the latest: check it, then send again.
desk-from-licence = Not asked for: licence { $number }
desk-from-elsewhere = Not asked for: licence { $number } of { $issuer }
desk-from-register = Not asked for: { $register }
desk-from-silence = The { $register } did not answer at filing: look yourself, then give a verdict
desk-to-look-at = To be looked at
desk-from-pledge = Replaced by the pledge
desk-from-later = Follows after acceptance
desk-gap-slot = Material that was to follow
desk-gap-result = What you found
desk-walk-later-title = Acceptance with gaps
desk-walk-later-text = The materials below may follow. With the tick, those that were not handed in are owed by the day of the notice of acceptance, and no licence comes before.
desk-walk-later = The applicant chose this and has signed the promise
desk-from-paper = Seen on paper at the window: { $note }
desk-unchecked = Not checked
desk-in-order = In order
desk-defective = Defective
desk-verdict = Verdict
desk-note = What is wrong
desk-note-missing = “{ $name }”: say what is wrong and how to correct it.
desk-verdict-missing = “{ $name }”: choose a verdict.
desk-rules-approve = Rules approve
desk-rules-refuse = Rules propose a refusal
desk-rules-manual = Rules leave it to people
desk-fired = Fired
desk-not-fired = Did not fire
desk-inputs = Data the rules used
desk-row-empty = This row has no conditions: it applies when no other does.

desk-act = { $command ->
    [give-feedback] Give feedback
    [give-verdicts] Save the verdicts
    [correct-on-spot] Correct on the spot
    [accept] Accept
    [accept-with-gaps] Accept with gaps
    [check-gap] Check what arrived
    [receive-gap] Receive what was to follow
    [request-correction] One-time correction notice
    [decline-acceptance] Do not accept
    [give-opinion] Give an opinion
    [grant] Grant
    [return] Return to review
    [refuse] Refuse
    [pause] Begin a special procedure
    [resume] End the special procedure
    [extend] Extend the limit
    [deliver] Hand over
    [close] Close
    [answer-check] Record the check
   *[terminate] Terminate
  }
desk-act-about = { $command ->
    [give-feedback] List what to improve; an empty list means it can be filed.
    [correct-on-spot] Errors that the applicant, who is here, can correct at once need no notice (Administrative Licensing Law, article 32(1)(3)).
    [accept] Seals a notice of acceptance; the promised and the statutory clock start now.
    [accept-with-gaps] Seals a notice that names what is missing, the last day and what happens then. The clocks start; nothing can be granted before all is in.
    [check-gap] The applicant has handed it in. What does not do is owed again, by the same day.
    [receive-gap] The applicant brings paper to the window and you find it in order.
    [request-correction] Seals the one-time correction notice. There is only one, so list everything; the clock stands still meanwhile.
    [decline-acceptance] Seals a decision not to accept, with reasons and remedies.
    [give-opinion] The opinion goes with the case to the next step and stays on file.
    [grant] Seals a decision to grant in your name and makes the licence. It cannot be taken back.
    [return] Back to review; the clock goes on.
    [refuse] Seals a decision to refuse, with reasons and remedies (Administrative Licensing Law, article 38).
    [pause] Seals a notice that names the time needed; that time is not counted (article 45).
    [resume] The procedure is over; the clock runs again.
    [extend] Once only, with the approval of the head of the authority; the applicant is told why (article 42).
    [deliver] Once handed over, the case is closed.
    [close] The result was handed over; close the file.
    [answer-check] Record what this check found.
   *[terminate] No decision will be made; the case ends here.
  }
desk-done = { $command ->
    [give-feedback] The applicant has your feedback
    [give-verdicts] The verdicts are saved
    [correct-on-spot] Corrected on the spot
    [accept] Accepted; the notice is sealed
    [accept-with-gaps] Accepted with gaps; the notice is sealed
    [check-gap] What you found is recorded
    [receive-gap] Received
    [request-correction] The correction notice is sealed
    [decline-acceptance] The decision not to accept is sealed
    [give-opinion] Your opinion is on file
    [grant] Granted; the decision is sealed
    [return] Returned to review
    [refuse] The decision to refuse is sealed
    [pause] The clock stands still
    [resume] The clock runs again
    [extend] The limit is extended
    [deliver] Handed over
    [close] Closed
    [answer-check] The check is recorded
    [terminate] Terminated
    [walk-in] Received
   *[other] {""}
  }
desk-write = Fill in “{ $field }”.
desk-choose = Choose an answer for “{ $field }”.
desk-reason = Reason
desk-reasons = Reasons
desk-reasons-against = The last opinion proposes a refusal: granting needs reasons.
desk-points = { $list ->
    [feedback] What to improve
   *[correct] What must be corrected
  }
desk-point = point
desk-points-hint = { $list ->
    [feedback] One thing a point, and how to do it.
   *[correct] Filled in from your verdicts and from what is missing. Complete it, then seal it.
  }
desk-points-second = A notice is out already. Only new defects of what was newly handed in may be raised, each with its reason.
desk-points-half = “{ $field }”: every point needs what it is about and what to do. Remove the ones you do not need.
desk-points-none = “{ $field }”: list at least one point.
desk-point-about = About
desk-point-text = What is wrong and what to do
desk-point-new = Why it could not be seen the first time
desk-about-material = Material: { $name }
desk-about-field = Answer: { $name }
desk-new-defect = { $code ->
    [in-new-material] The new material itself is defective
    [contradicts-other] What was handed in contradicts another material
   *[expired-meanwhile] A document expired meanwhile
  }
desk-ground-label = Ground
desk-ground = { $ground ->
    [not-needed] No licence is needed (article 32(1))
    [wrong-authority] Another authority decides (article 32(2))
    [still-lacking] The resubmission still lacks what the notice listed
   *[barred] Barred from applying again for now (article 78)
  }
desk-authority = Which authority decides
desk-authority-hint = Needed when another authority decides
desk-barred-since = Day of the decision that found false material (for article 78)
desk-barred-decision = Number of that decision (for article 78)
desk-lacking = Points of the notice that are still lacking
desk-lacking-hint = Only what the notice listed
desk-proposal = Proposal
desk-favourable = To grant
desk-unfavourable = To refuse
desk-opinion = Opinion
desk-findings = What was found
desk-officer = { $n ->
    [1] First officer
   *[other] Second officer
  }
desk-officers-hint = At least two officers inspect (article 34)
desk-procedure = Procedure
desk-days = Expected working days
desk-days-hint = Will stand in the notice
desk-days-wrong = “{ $field }”: enter a whole number from 1 to 365.
desk-method = How
desk-by-window = At the window
desk-by-download = Online
desk-check-kind = Which check
desk-check = { $kind ->
    [pledge] Check of the pledge
    [asked] Review that the applicant asked for
    [follow-up] Is it put right?
   *[sample] Sample of automatic approvals
  }
desk-check-result = Result
desk-check-stands = The decision stands, or everything is put right
desk-check-wrong = Wrong or untrue: to be put right and checked again; in grave cases revoke the licence

desk-who-applicant = Applicant
desk-feedback-fine = Nothing to improve: it can be filed.
desk-verdicts = { $n } materials checked, { $bad_n } defective
desk-event = { $kind ->
    [opened] Opened
    [feedback-given] Feedback
    [revised] Application changed
    [filed] Received
    [corrected-on-spot] Corrected on the spot
    [verdicts-given] Materials checked
    [correction-requested] Correction notice
    [resubmitted] Corrections handed in
    [not-accepted] Not accepted
    [accepted] Accepted
    [gaps-supplied] What was to follow has arrived
    [gap-checked] What arrived was checked
    [gaps-reminded] Reminded of what is to follow
    [deemed] No notice in time: deemed accepted
    [rules-ran] Rules left it to people
    [opinion-given] Opinion
    [returned] Returned to review
    [paused] Special procedure, the clock stands still
    [resumed] The clock runs again
    [extended] Extended
    [granted] Granted
    [granted-by-rules] Granted by rules
    [refused] Refused
    [check-ordered] A later check falls due
    [check-done] Check done
    [licence-issued] Licence made
    [delivered] Handed over
    [closed] Closed
    [withdrawn] Withdrawn by the applicant
    [terminated] Terminated
    [deadlines-recomputed] Holidays changed, deadlines computed anew
    [late-promise] Past the promised date
    [late-limit] Past the statutory date
    [late-delivery] Past the date for delivery
    [check-due] A check has fallen due
   *[erased] The content was erased by law
  }

desk-identity-lead = Ask for the original identity card. Send this only when person, card and account belong together.
desk-identity-login = Sign-in name of the applicant
desk-identity-code = Citizen number
desk-identity-seen = I have compared the person with the original card
desk-identity-go = Confirm the identity
desk-identity-done = The identity is confirmed
desk-identity-done-text = The applicant can now sign in and see their own cases and licences.

desk-watch-lead = Late, due soon, on time: from the department down to the case.
desk-watch-days = The last 14 days
desk-watch-offices = Departments
desk-figure = { $name ->
    [filed] Received
    [accepted] Accepted
    [granted] Granted
    [automatic] of these automatic
    [refused] Refused
    [deemed] Deemed accepted
    [opened-by-department] All cases
    [late-promise] Past the promise
    [late-limit] Past the legal limit
    [late-delivery] Delivered late
   *[check-due] Checks fallen due
  }
desk-chart = In the last 14 days { $filed_n } received and { $granted_n } granted; the table below has every day
desk-studio-lead = { $n } matters, { $auto_n } of them decided automatically now.
desk-automatic = Rules
desk-automatic-paused = Rules, paused
desk-by-people = People
desk-code = Implementing code
desk-share = Share checked afterwards
desk-share-of = { $n }%
desk-switch-hint = Kept in the journal
desk-pause-title = Pause the automation
desk-pause-go = Pause now
desk-resume-title = Resume the automation
desk-resume-go = Resume

desk-walk-lead = Any window takes any matter. Choose the matter, then enter the applicant's number.
desk-walk-search = Find the matter
desk-walk-search-hint = In the applicant's words, such as: open a restaurant
desk-walk-search-go = Find
desk-walk-pick = Choose the matter
desk-walk-none = Nothing found. Try other words.
desk-walk-applicant = Applicant
desk-walk-code = Unified social credit code or citizen number
desk-walk-agent = Citizen number of the agent
desk-walk-agent-hint = When somebody else acts for the applicant
desk-walk-find = Look up
desk-walk-unknown = The register has no such number. Check it and look again.
desk-walk-silent = The register does not answer now. Try again later.
desk-walk-bad-code = Enter an 18-character credit code or citizen number.
desk-walk-kind = This matter is not open to this kind of applicant. Check the matter or the number.
desk-walk-paper-hint = What you saw, such as: original, 3 pages. Leave empty when there was none
desk-walk-ready = Not asked for
desk-walk-pledge = The applicant has read and signed the pledge
desk-walk-refresh = Update the questions from the answers
desk-walk-send = Take the application
desk-walk-other = Another matter
desk-walk-incomplete = Take it as it is; the one-time notice follows
desk-walk-duplicate = The same application is already being handled as case { $number }.

desk-licences = Licences
desk-find = Case number
desk-find-go = Find
desk-find-none = There is no case with this number. Check it and search again.
desk-received-on = Received { $day }
desk-tile-late = Late { $much }
desk-tile-near = Due soon { $much }
desk-risk = { $risk ->
    [high] Look closely
   *[watch] Take note
  }
desk-next = Next case
desk-previous = Previous case
desk-preview = Preview
desk-preview-must = Preview and sign
desk-all-in-order = All others in order
desk-precedents = Earlier decisions on this matter
desk-present-files = { $n ->
    [one] { $n } file on the case
   *[other] { $n } files on the case
  }
desk-present-none = Not handed in yet
desk-sign-title = Check before signing
desk-sign-lead = This is the whole text that will be signed. Signing seals and numbers it and serves it on the applicant; it cannot be taken back.
desk-sign-text = The number is given when you sign. What is signed is word for word what you see; if it changes meanwhile, you are asked to check it again.
desk-sign-who = Signed by
desk-sign-seal = Seal
desk-sign-to = Served on
desk-sign-go = Sign: { $act }
desk-sign-back = Go back and change
desk-sign-changed = The document changed while you were checking it. Check its present text below.
desk-on-spot-note = What was corrected
desk-on-spot-note-hint = Kept in the record of the case, for example: one digit of the telephone number
desk-on-spot-materials = Fill in only what is replaced now; everything else stays.
desk-on-spot-incomplete = What is still missing follows in the one-time notice
desk-on-spot-go = Save the correction
desk-walk-seen = Paper original seen
desk-walk-scan = Scan and upload
desk-walk-stage = { $stage ->
    [1] Find the matter in the applicant's own words
    [2] Enter the number: what the registers know is filled in
   *[3] Check, look at papers or scan them, take in
  }
desk-identity-stage = { $stage ->
    [1] Ask for the original identity card
    [2] Person, card and account must agree
   *[3] After that the applicant sees their own cases, licences and prefilled answers
  }
desk-light = { $light ->
    [late] Late
    [near] Due soon
    [on-time] On time
   *[paused] Paused
  }
desk-light-none = No such cases
desk-light-none-text = Try another light, or go back to the watch.
desk-watch-lights = Lights
desk-watch-offices-text = Open cases by their clocks. Follow a department or a number to its cases.
desk-watch-export = Export CSV
desk-watch-calm = { $n ->
    [one] { $n } department with nothing open
   *[other] { $n } departments with nothing open
  }
desk-watch-counters = Counted from the record of every case, each case once.
desk-watch-table = Figures day by day
desk-studio-rules = Decided by rules
desk-studio-rules-text = What the rules clearly approve is granted at once; the rest goes to people. Can be paused at any time.
desk-pause-text = While paused, every new application goes to people. Decisions that were made stay as they are.
desk-resume-text = After that, applications that the rules clearly approve are granted at once again.
desk-licences-lead = Suspend, resume, revoke (Administrative Licensing Law, article 69) or cancel (article 70) licences of your department. The public page says so at once.
desk-licence-find = Find a licence
desk-licence-find-hint = Identifier, case number, holder's code, or the address behind the licence's QR code
desk-licence-none = Nothing found
desk-licence-none-text = Check the number. You see licences of your own department only.
desk-licence-public = Public page
desk-licence-ended = This licence has ended
desk-renews = (valid until { $date })
desk-licence-suspended = This licence is suspended
desk-suspended-until = Suspended through
desk-suspend-until = Last day of the suspension
desk-suspend-until-hint = It is in force again by itself afterwards. Leave empty where the decision names no term
desk-end-title = Correct, suspend, resume, revoke or cancel
desk-end = { $way ->
    [correct] Correct
    [suspend] Suspend
    [resume] Put back into force
    [revoke] Revoke
   *[cancel] Cancel
  }
desk-end-about = { $way ->
    [correct] The words on the licence differ from what was decided. A new version takes its place; number and period stay. Whatever needs a new decision is a change, not a correction.
    [suspend] A decision in force takes the licence away for a time. Meanwhile nothing may be done under it, and it stands in for no paper.
    [resume] Why it was suspended is settled; it counts again from now on.
    [revoke] The licence should not have been granted. Article 69 of the Administrative Licensing Law; it ends with the revocation.
   *[cancel] There is no reason any more for the licence to stand. Article 70 of the Administrative Licensing Law.
  }
desk-end-ground = Ground in law
desk-end-details = What happened
desk-end-details-hint = Facts, dates and the papers they rest on; kept for good
desk-end-sure = { $way ->
    [correct] I have compared the words with the decision. The new version counts at once
    [suspend] I have checked the decision. Suspension is public at once
    [resume] I have checked it. Everybody is told at once
    [revoke] I have checked it. Revocation is public at once and final
   *[cancel] I have checked it. Cancellation is public at once and final
  }
desk-end-unsure = Confirm first.

desk-holidays = Holidays
desk-holidays-lead = Import the State Council's notice here once it is out. Every open deadline is computed anew, and applicants whose date moves get a message.
desk-holidays-done = Imported
desk-holidays-last = Published up to
desk-holidays-moved = Cases whose dates moved
desk-holidays-published = Published years
desk-holidays-provisional = Provisional years
desk-holidays-imported = Imported { $date }
desk-holidays-import = Import
desk-holidays-source = Notice
desk-holidays-source-hint = For example: 国办发明电〔2026〕7号
desk-holidays-file = File
desk-holidays-file-hint = CSV with the columns date,kind,name: one line for each holiday or exchanged day.
desk-holidays-go = Import and compute deadlines anew

desk-reset-lead = For applicants who forgot their password. Compare the person with the original document, then give out a code.
desk-reset-code = Citizen number on the document
desk-reset-document = Document that you compared
desk-reset-seen = I have compared the person with the original document
desk-reset-go = Give out a code
desk-reset-stage = { $stage ->
    [1] Ask for the original document and look at the person
    [2] Give out the code and hand over the slip
   *[3] The applicant follows “Forgotten your password?” on the sign-in page
  }
desk-reset-told = Each code is journalled, and the holder of the account is told.
desk-reset-done = The code is given out
desk-reset-done-text = Print it or copy it for the applicant. It is not shown again, and earlier codes no longer work.
desk-reset-slip = Password reset slip
desk-reset-login = Sign-in name
desk-reset-secret = Reset code
desk-reset-until = Valid until
desk-reset-where = Where to set the password
desk-reset-another = Another code
desk-licence-genuine = Signature verified
desk-licence-fetched = Fetched from
desk-licence-fetched-from = { $peer }, which called it valid at { $at }
desk-licence-false = Signature not confirmed

desk-seals = Electronic seals
desk-seals-lead = The seals of the bureaus: who may use them, until when, how they look, and who used them when.
desk-seals-none = No electronic seal yet
desk-seals-none-text = The first PDF or OFD of a licence makes one and puts it on record here.
desk-seal-number = Number of the seal
desk-seal-size = Diameter
desk-seal-millimetres = { $side } mm
desk-seal-edition = Standard
desk-seal-v4 = GB/T 38540-2020 (version 4)
desk-seal-v5 = GM/T 0031-2025 (version 5)
desk-seal-in-use = In use
desk-seal-retired = Retired
desk-seal-over = Expired
desk-seal-uses = Uses
desk-seal-uses-text = Each sealed file is put on record before it is handed out. Downloading the same file again is no new use.
desk-seal-when = When
desk-seal-who = Who
desk-seal-form = File
desk-seal-holder = Holder or agent
desk-seal-older = Earlier uses
desk-seal-unused = Not used yet
desk-seal-unused-text = Sealed files appear here.

desk-papers = Paper licences
desk-papers-lead = Enter a licence that its holder has on paper, and have a colleague compare it with the original. Once confirmed it stands for the paper, but it is no electronic licence of this platform.
desk-papers-find = The holder’s identity number or credit code
desk-papers-waiting = Waiting to be confirmed
desk-papers-found = Found
desk-papers-none = No paper licence waits
desk-papers-none-text = What a colleague has entered appears here for you to compare with the original.
desk-papers-unknown-text = No paper licence of this person or organisation was entered. Check the number.
desk-paper-enter = Enter a paper licence
desk-paper-enter-lead = Type what the original says and upload a scan. It counts once a colleague has compared it with the original.
desk-paper-go-on = Continue
desk-paper-send = Enter
desk-paper-correct = Correct
desk-paper-says = What the licence says
desk-paper-lines = Lines on its face
desk-paper-code = The holder’s number
desk-paper-issued = Day of issue
desk-paper-from = First day
desk-paper-to = Last day
desk-paper-to-hint = Leave it empty where it has no end.
desk-paper-scan = Scan of the original
desk-paper-scan-open = Open the scan
desk-paper-not-sealed = Typed from the paper at a window; without signature or seal of this platform.
desk-paper-entered-by = Entered
desk-paper-confirmed-by = Compared with the original
desk-paper-closed-by = Closed
desk-paper-reason = Reason
desk-paper-seen = I have compared it with the original, and they agree
desk-paper-look = See what was entered, and the scan
desk-paper-waits = Waiting for a colleague
desk-paper-waits-text = Whoever entered it does not confirm it.
desk-paper-state = { $state ->
    [entered] Paper · to be confirmed
    [confirmed] Paper · confirmed
    [rejected] Paper · not confirmed
   *[ended] Paper · ended
  }
desk-paper-do = { $step ->
    [confirm] Confirm
    [reject] Do not confirm
   *[end] End
  }
desk-paper-do-about = { $step ->
    [confirm] Once confirmed it stands for the paper.
    [reject] Original and entry differ, or there is no original.
   *[end] It was given back, withdrawn by its issuer or replaced, and counts no more.
  }
desk-paper-done = { $step ->
    [enter] Entered; a colleague compares it with the original
    [confirm] Confirmed
    [reject] Noted as not confirmed
    [correct] Corrected; it is to be compared with the original again
   *[end] Ended
  }
desk-from-entered-paper = Not asked for: paper licence { $number }, confirmed at a window
