# The rota, swaps, extended service and time off in lieu.

rota-title = Rota
rota-lead = Who is at which window on which day. Windows that the calendar says are open while nobody is there, and duties planned twice or wrongly, are flagged.
rota-overtime = Overtime and time off
rota-week-of = Week from { $date }
rota-before = Week before
rota-after = Week after
rota-show = Show
rota-week = Any day of the week
rota-flagged = Windows without anybody this week: { $gaps }. Duties that need a look: { $duties }.
rota-calm = Every open window of this week has somebody on duty.
rota-today = Today
rota-none = Nobody is planned
rota-mine = Mine
rota-gap = Window { $window } has nobody, { $span }
rota-gap-fill = Plan somebody
rota-duty = { $day }, { $span }, window { $window }
rota-window = { $window } · { $name }
rota-flag-two-windows = At window { $window } at the same time
rota-flag-elsewhere = On duty at { $place } at the same time
rota-flag-outside = Outside opening hours
rota-flag-not-theirs = May not serve this window
rota-plan = Plan a duty
rota-plan-go = Plan it
rota-copy = Copy the week before
rota-copied = { $n ->
    [0] The week before has nothing to copy, or this week is planned already.
   *[other] Duties copied from the week before: { $n }. Look at what is flagged.
  }
rota-remove = Remove
rota-day = Day
rota-from = From
rota-to = To
rota-time-hint = Such as 09:00
rota-member = Member of staff
rota-staff = Staff
rota-staff-none = The list is empty. Add the clerks first, then plan.
rota-staff-duties = Duties this week: { $n }
rota-any-counter = Any counter
rota-join = Add to the list
rota-join-go = Save
rota-login = Sign-in name
rota-counters = Counters they may serve
rota-counters-hint = None ticked means any. Saving somebody who is listed changes where they may serve.
rota-leave = Take off the list
rota-swaps = Swaps
rota-swaps-none = Nobody has asked for a swap this week.
rota-rule-head = A swap counts when the colleague has accepted and the head of the hall has confirmed it.
rota-rule-colleague = A swap counts as soon as the colleague accepts; the head of the hall sees it here.
rota-swap = Ask for a swap
rota-swap-go = Ask
rota-wish = How
rota-wish-give = { $name } takes it over
rota-wish-swap = Swap with { $name }: { $duty }
rota-swap-none = No colleague can take it over. Ask the head of the hall.
rota-swap-for = { $by } gives { $given } for { $to }’s { $back }
rota-swap-give = { $by }’s { $given } goes to { $to }
rota-swap-would-leave = Afterwards nobody would be there:
rota-swap-leaves = Nobody is there since:
rota-swap-state = { $state ->
    [asked] Waits for the colleague
    [accepted] Waits for the head
    [declined] Declined
    [withdrawn] Taken back
    [refused] Not confirmed
    [confirmed] In force
   *[lapsed] Lapsed: a duty has changed
  }
rota-answer = { $answer ->
    [accept] Accept
    [decline] Decline
    [withdraw] Take back
    [confirm] Confirm the swap
   *[refuse] Do not confirm
  }
rota-overtime-lead = A ticket taken before closing is served the same day. The minutes past closing are read from the queue; the head of the hall grants time off for them.
rota-own = My overtime and time off
rota-all = Staff of this place
rota-all-none = The list of staff is empty.
rota-worked-label = Served past closing
rota-open-label = Not granted yet
rota-granted-label = Time off granted
rota-taken-label = Time off taken
rota-minutes = { $n } min
rota-balance = { $n } min left
rota-entries = Latest entries
rota-entries-none = No entries yet.
rota-worked = { $day }, { $span }, { $place }, window { $window }: { $ticket }, { $n } min past closing
rota-granted-on = { $day }: { $n } min of time off granted
rota-taken-on = { $day }: { $n } min of time off taken
rota-because = { $words } ({ $reason })
rota-enter = Enter time off
rota-enter-go = Enter it
rota-kind-label = What
rota-kind = { $kind ->
    [granted] Grant time off
   *[taken] Time off was taken
  }
rota-minutes-label = Minutes
rota-reason = Reason
rota-reason-hint = Needed when more is granted than was worked past closing, or more is taken than is left, such as “duty on Saturday”.
rota-matters = Matters taken: { $n }
rota-remote = From afar
rota-opening-windows = Window { $windows }
