# Words of the layout and the kit. Messages of this file need no prefix.

brand = Yichuang
brand-kind = {" "}Government Services
skip-to-content = Skip to content
demo-title = Demo city
demo-text = Fictional, without legal force

nav-label = Main
tabbar-label = Bottom bar
nav-home = Home
nav-matters = Services
nav-cases = My cases
nav-licences = Licences
nav-verify = Verify
nav-messages = Messages
nav-unread = Unread messages:
nav-access = Who viewed my data
nav-desk = Desk
desk-name = Desk
sign-in = Sign in
sign-out = Sign out

size-elder = Larger type
size-standard = Standard type
contrast-high = High contrast
contrast-normal = Normal contrast
theme-auto = As the device
theme-light = Light
theme-dark = Dark
other-lang-name = 中文
other-lang-tag = zh-CN
other-lang-word = zh
display-title = Display
display-lead = Takes effect at once. This device remembers it for a year.
display-lang = Language
display-size = Type size
display-contrast = Contrast
display-theme = Background

footer-label = Footer
footer-promise = We do not ask for what the government already holds. One list of what is missing, on time, with a reason for every decision.
footer-access = Accessibility
footer-privacy = Personal data
footer-help = Having trouble? Call

back = Back
change = Change
copy = Copy
copied = Copied
print = Print
not-given = Not given
case-number = Case number
what-next = What happens next
show-all = Show all
list-separator = ,{" "}
free = Free
at-once = On the spot
working-days = { $n ->
    [one] { $n } working day
   *[other] { $n } working days
  }
calendar-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
  }
months = { $n ->
    [one] { $n } month
   *[other] { $n } months
  }
hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
  }
days-left = { $n ->
    [one] { $n } working day left
   *[other] { $n } working days left
  }

field-optional = (optional)
field-error = Error:{" "}
field-choose = Choose one
field-source = From { $source }
errors-in-form = { $n ->
    [one] There is { $n } thing to correct
   *[other] There are { $n } things to correct
  }
repeat-add = Add { $item }
repeat-add-more = Add another { $item }
repeat-remove = Remove

light-on-time = On time
light-near = Due soon
light-late = Overdue
light-paused = Paused
light-closed = Closed

task-done = Done
task-todo = Not started
task-started = In progress
task-wrong = Needs changes
task-blocked = Cannot start yet
task-waived = Nothing to do
tasks-progress = { $done_n } of { $total_n } done
steps-label = Steps
steps-of = Step { $at_n } of { $total_n }

timeline-expected = Expected
clock-running = Running
clock-paused = Paused
clock-met = On time
clock-before = { $state ->
    [late] Overdue by
    [paused] Stopped with
   *[other] {""}
  }
clock-after = { $state ->
    [late] { $n ->
        [one] working day
       *[other] working days
      }
    [met] { $n ->
        [0] working days: decided the same day
        [one] working day used
       *[other] working days used
      }
   *[other] { $n ->
        [0] working days left: due today
        [one] working day left
       *[other] working days left
      }
  }
clock-provisional = Provisional: the holidays of that year are not announced yet

pager-label = Pages
pager-first = Back to the first page
pager-next = Next page
pager-end = End of the list
crumbs-label = You are here

upload-send = Upload
upload-limits = { $formats }, up to { $n } MB. Drop a file here, or take a photo on a phone
upload-sending = Uploading
upload-done = Uploaded
upload-waiting = The connection is lost; the upload goes on when it is back
upload-failed = The upload failed. Please choose the file again
upload-resumed = Going on where it stopped
upload-too-big = The file is larger than { $n } MB. Please make it smaller

nav-more = More
keys-title = Keyboard
keys-walk = Down and up a list, Enter opens
keys-next = Next case, previous case
keys-material = To the next material without a verdict
keys-verdict = In order, defective
keys-save = Save verdicts
keys-find = Find
keys-leave = Leave a field
keys-letters = The letter beside an action opens it. Without scripts use your browser's access key with the same letter.
keys-on = Turn single keys on
keys-off = Turn single keys off
upload-choose = Choose files
