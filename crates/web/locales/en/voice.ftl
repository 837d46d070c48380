# Rating: ratings, follow-ups of bad ones, published figures and contests.

voice-title = How people rate the services
voice-lead = What companies and citizens think of the services. Only totals are published, never who rated.
voice-of = Ratings: { $name }
voice-rate = Rate this service
voice-how = How satisfied are you with this service?
voice-service = The service
voice-place = Where
voice-finished = Done on
voice-number = Number of your ticket
voice-number-hint = As printed on it: A012
voice-tags = Tags
voice-tags-of = Why “{ $level }”
voice-text = In your own words
voice-phone = Telephone
voice-phone-hint = If we may call you back; only whoever handles it sees it
voice-protected = Whoever served you does not see who rates, and rating changes nothing about your business.
voice-send = Send the rating
voice-thanks = Thank you for rating
voice-thanks-text = Each service is rated once; yours counts now.
voice-thanks-order = We will look into it and call you within one working day if you left a way to. The order is { $number }.
voice-answered = Your bad rating was answered
voice-again-until = You may rate once more until { $until }.
voice-code = Code
voice-code-hint = Ten characters, from the message that said it is done
voice-code-unknown = There is no such code. Compare it with the message.
voice-enter = Rate by code
voice-enter-lead = When something is done, the message brings a code. With it you rate without signing in.
voice-enter-go = Go on
voice-level = Level
voice-levels = Ratings by level
voice-count = Ratings
voice-share = Share
voice-total = Ratings that count
voice-average = Average (of 10 points)
voice-star-level = Stars
voice-stars = { $n ->
    [one] { $n } star
   *[other] { $n } stars
  }
voice-rated-share = Services that were rated
voice-orders = Follow-ups of bad ratings
voice-order = Follow-up
voice-in-time = Answered in time
voice-few = few ratings
voice-few-text = Fewer than { $n } ratings in this month: to protect who rated, the levels are not published.
voice-month = { $month } { $year }
voice-months = Month
voice-departments = Departments
voice-places = Halls and centres
voice-contests = Contests
voice-winner = { $name } ({ $average } points, { $n } ratings)
voice-gone = left the service
voice-answers = What was done about bad ratings
voice-answers-none = Nothing was published yet.
voice-outcome = { $outcome ->
    [put-right] Put right
   *[explained] Explained
  }
voice-pile = { $pile ->
    [contact] To be contacted
    [answer] To be answered
   *[judge] To be reviewed
  }
voice-pile-empty = Nothing waits here
voice-pile-empty-text = A bad rating opens a follow-up, which appears here.
voice-orders-lead = Talk to the rater within one working day and answer within five; fifteen where things are complex, with a reason.
voice-opened = Came in
voice-due = Due
voice-contact-by = Contact by
voice-answer-by = Answer by
voice-provisional = { $date } (provisional)
voice-own = Ratings of my own work this month
voice-own-few = There are few ratings; to protect who rated they are not shown.
voice-said = What was said
voice-facts = The follow-up and the service
voice-steps = What was done
voice-next = Next step
voice-rater = Rater
voice-anonymous = Anonymous
voice-again = Rated again
voice-state = { $state ->
    [open] To be contacted
    [contacted] To be answered
    [claimed] Under review
    [answered] Answered
    [closed] Closed
   *[dismissed] Does not count
  }
voice-not-counted = Does not count
voice-late-contact = The rater was not contacted in time
voice-late-answer = It was not answered in time
voice-choose = Choose one.
voice-do = { $command ->
    [contact] Contact the rater
    [answer] Answer the rater
    [take-time] Take more time
    [claim] Hold it for a misrating
   *[judge] Review the misrating
  }
voice-do-about = { $command ->
    [contact] Talk to the rater first. Whoever cannot be reached after several attempts is answered without.
    [answer] Put right what is clear; explain where there is no basis for what is asked.
    [take-time] Once only, with a reason.
    [claim] With evidence; somebody else decides. If upheld, the rating does not count.
   *[judge] Compare the evidence, then decide.
  }
voice-words = { $command ->
    [contact] What was said
    [answer] Answer to the rater
    [take-time] Reason
    [claim] Evidence and reason
   *[judge] What you found
  }
voice-public = Publish the outcome, without the rater’s words
voice-choice-label = { $field ->
    [reached] Was the rater reached?
    [outcome] Outcome
    [ground] Ground
   *[upheld] Finding
  }
voice-choice = { $choice ->
    [reached-yes] Reached
    [reached-no] Not reached
    [outcome-put-right] Put right
    [outcome-explained] Explained
    [ground-mistaken] Rated by mistake
    [ground-malicious] Malicious
    [upheld-yes] A misrating: it does not count
   *[upheld-no] None: go on with the follow-up
  }
voice-codes = Codes for the windows
voice-codes-lead = Print them and put them up at the windows, for whoever was served.
voice-codes-scan = Scan to rate; your ticket number is enough
voice-watch = Ratings
voice-watch-lead = Ratings and follow-ups by department, star lists of windows and clerks.
voice-bad = Bad ones
voice-orders-in-time = Answered in time
voice-orders-too-late = Answered late
voice-orders-late = Dates missed
voice-orders-dismissed = Misratings
voice-windows = Windows by stars
voice-clerks = Clerks by stars
voice-nothing = There are not enough ratings in this month yet.
