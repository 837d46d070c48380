# Halls, appointments, tickets and the queue.

halls-title = Places
halls-lead = Halls, service centres, micro windows, terminals and lockers: when they are open today and what they take.
halls-lead-matter = Where you can come for “{ $matter }”:
halls-none = No such place
halls-none-text = This matter is handled online. For questions call 12345.
halls-all = All places
halls-kind = { $kind ->
    [hall] Government service hall
    [centre] Service centre
    [micro-window] Micro window in a park
    [bank] Self-service terminal
   *[locker] 24-hour lockers
  }
halls-open-until = Open until { $time }
halls-open-day = Open day and night
halls-next-today = Closed now, opens today at { $time }
halls-next-day = Closed now, opens { $day } at { $time }
halls-closed = Closed for the time being
halls-today = Today
halls-hours = Hours
halls-hours-none = Closed
halls-hours-lead = Noon, weekend, holiday and seasonal service included. Hours change neither working days nor periods of the law.
halls-service = { $service ->
    [ordinary] Ordinary hours
    [noon] Noon service
    [weekend] Weekend service
    [holiday] Holiday service
    [season] Seasonal hours
    [evening] Evening
   *[around-the-clock] Day and night
  }
halls-day-class = { $kind ->
    [working] Working day
    [weekend] Day of rest
   *[holiday] Public holiday
  }
halls-address = Address
halls-phone = Telephone
halls-counters = What it takes
halls-windows = Windows { $windows }
halls-any-matter = Any matter of the city
halls-some-matters = { $n ->
    [one] { $n } matter
   *[other] { $n } matters
  }
halls-standard = Standard list
halls-feature = Feature list
halls-terminals = Terminals
halls-cells = Lockers
halls-cells-count = { $n ->
    [one] { $n } cell, day and night
   *[other] { $n } cells, day and night
  }
halls-waiting = Waiting now
halls-waiting-count = { $n ->
    [one] { $n } person waiting
   *[other] { $n } people waiting
  }
halls-waiting-minutes = about { $n } min
halls-waiting-none = Nobody waiting
halls-waiting-from = { $n ->
    [0] Estimated from the usual time of this counter
   *[other] Estimated from the last { $n } people served today
  }
halls-updated = From the queue at { $time }
halls-book = Book a visit
halls-book-text = Choose a time, bring what is listed, and it is done on the spot.
halls-take = Take a ticket
halls-take-text = When you are at the hall: your phone shows how many are before you.
halls-take-closed = The place is closed now, so there are no tickets.
halls-counter = Counter
halls-screen = Hall screen
halls-book-title = Book a visit
halls-book-matter = What is it about
halls-book-matter-go = Choose a time
halls-book-day = Choose a day
halls-book-day-free = { $n ->
    [0] full
   *[other] { $n } free
  }
halls-book-slot = Choose a time
halls-book-slot-free = { $n ->
    [one] { $n } place left
   *[other] { $n } places left
  }
halls-book-none = No free time on this day
halls-book-none-text = Choose another day or another place.
halls-book-next = The next day is released on { $moment }.
halls-book-who = In whose name
halls-book-ready = Is everything ready
halls-book-ready-hint = Tick what you have: it is checked when you come and the matter is done on the spot. You may book without; the window then knows what is missing.
halls-book-ready-none = You need not bring anything for this matter.
halls-book-rules = A missed appointment takes the place of somebody else: after { $missed } within { $within } days there is no booking online for { $barred } days. You may cancel until it begins.
halls-book-go = Book
halls-mine = My appointments
halls-mine-none = No appointments
halls-mine-none-text = Book a visit from the page of a matter or a place.
halls-code = Code
halls-code-text = Say these six digits at the reception and you get a number that goes first.
halls-when = When
halls-where = Where
halls-what = Matter
halls-at-counter = Counter
halls-for = For
halls-precheck = Have your papers checked before you come
halls-precheck-text = Upload them now: staff look at them and tell you what is still missing, so that one visit is enough.
halls-precheck-begin = Upload papers now
halls-precheck-state = { $points ->
    [0] Case { $number }: { $state }
    [one] Case { $number }: { $state }, { $points } point to settle
   *[other] Case { $number }: { $state }, { $points } points to settle
    }
halls-bring = Bring
halls-bring-missing = not ready yet
halls-bring-ready = ready
halls-state = { $state ->
    [booked] Expected
    [arrived] Came
    [missed] Missed
   *[cancelled] Cancelled
  }
halls-cancel = Cancel the appointment
halls-cancel-text = The place is free for others at once. It does not count as missed.
halls-ticket = My ticket
halls-ticket-state = { $state ->
    [waiting] Waiting
    [called] Being called
    [serving] At the window
    [held] Put aside
    [done] Done
    [missed] Passed over
    [cancelled] Given back
   *[expired] Expired
  }
halls-ticket-ahead = { $n ->
    [0] You are next
    [one] { $n } person before you
   *[other] { $n } people before you
  }
halls-ticket-wait = { $n ->
    [one] About { $n } minute to wait
   *[other] About { $n } minutes to wait
  }
halls-ticket-go = Go to window { $window }
halls-ticket-missed = Your number was called. Ask at the reception to be put back in the queue.
halls-ticket-held = Tell the window when you are back: you go on before the others.
halls-ticket-refresh = Refresh
halls-ticket-cancel = Give the number back
halls-screen-title = { $place }: queue
halls-screen-call = Number { $number }, window { $window }
halls-screen-window = Window
halls-screen-called = Now calling
halls-screen-none = Nobody is being called
halls-screen-waiting = Waiting
halls-screen-sound = Say numbers aloud
halls-screen-sound-off = Stop saying numbers
halls-screen-live = Live
halls-screen-polling = Updated every 5 seconds
halls-screen-lost = Connection lost, trying again
halls-screen-refresh = Refresh
halls-queue = Queue
halls-queue-lead = Choose your window and call the next number. Appointments and assisted numbers come first by themselves; each step is recorded.
halls-queue-place = Place
halls-queue-window = Window
halls-queue-open = Open the window
halls-queue-next = Call the next
halls-queue-nobody = Nobody is waiting
halls-queue-idle = This window is free
halls-queue-do = { $command ->
    [recall] Call again
    [serve] Begin
    [hold] Put aside
    [finish] Done
    [miss] Pass over
    [resume] Back to the queue
    [transfer] Transfer
   *[call] Call
  }
halls-queue-transfer = Transfer to
halls-queue-list = Waiting
halls-queue-held = Put aside
halls-queue-missed = Passed over
halls-queue-col-since = Taken
halls-class = { $kind ->
    [returned] Came back
    [assisted] Assisted
    [appointment] Appointment
   *[ordinary] Ordinary
  }
halls-times = { $n ->
    [one] called once
   *[other] called { $n } times
  }
halls-figures = Today
halls-figures-taken = Tickets
halls-figures-served = Served
halls-figures-missed = Passed over
halls-figures-kept = Appointments kept
halls-figures-not-kept = Appointments missed
halls-figures-waited = Average wait
halls-figures-minutes = { $n } min
halls-reception = Reception
halls-reception-lead = Check codes and give out numbers. Older people, people with disabilities and expectant mothers go first: tick the box.
halls-reception-code = Code of an appointment
halls-reception-code-hint = The six digits that the person says; empty without an appointment.
halls-reception-assisted = Goes first (older people, people with disabilities, expectant mothers)
halls-reception-go = Give out a number
halls-reception-given = Number given out
halls-reception-expected = Appointments today
halls-reception-expected-none = Nobody is expected today
halls-reception-missing = { $n ->
    [0] Everything is ready
    [one] { $n } paper is missing
   *[other] { $n } papers are missing
  }
