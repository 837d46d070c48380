home-title = What would you like to do today
home-question = What would you like to do today?
home-lead = Say it in your own words. You need not know what it is called.
home-search-label = What you would like to do, in your own words
home-search-hint = e.g. open a hair salon
home-search-button = Search
home-search-try = People ask for:
home-todo-title = Waiting for you
home-todo-none = Nothing is waiting for you
home-todo-none-text = Papers to add and decisions made will appear here.
home-welcome = Sign in to see what matters first
home-welcome-text = Papers to add, days coming up, licences just issued. You can look up any service without signing in.
home-sign-up = Sign up
home-hall-waiting = { $n ->
    [0] waiting: come any time
    [one] person waiting
   *[other] people waiting
  }
home-life-title = Start from what you need
home-all-matters = All { NUMBER($count) } services
home-for-person = For me and my family
home-for-company = For my shop or company
home-top-title = Most used services
home-how-title = One window, four steps
home-how-1 = Say what you need
home-how-1-text = See first whether you can, how long it takes and what it costs.
home-how-2 = Fill in only what we do not know
home-how-2-text = What is on record is filled in, with its source. Licences we issued need not be handed in again.
home-how-3 = Follow it like a parcel
home-how-3-text = Who has it, how many days are left, and what comes next.
home-how-4 = Get a licence anyone can check
home-how-4-text = Every decision gives its reasons; you can ask for a person to review an automatic one.
home-check-title = Verify a licence
home-todo-continue = Continue
home-todo-draft = Draft, saved { $when }
home-check-text = Scan the QR code on it with the camera of your phone and know at once whether it is genuine and still valid. You can also paste its address or choose the licence file.
home-check-go = Verify a licence
