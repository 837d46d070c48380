catalog-title = All services
catalog-lead = Browse by topic or department, or search.
catalog-count = { $count ->
    [one] { NUMBER($count) } service
   *[other] { NUMBER($count) } services
  }
catalog-search-title = Search: { $q }
catalog-found = { $count ->
    [one] { NUMBER($count) } service for “{ $q }”
   *[other] { NUMBER($count) } services for “{ $q }”
  }
catalog-results = Results
catalog-nothing = Nothing found for “{ $q }”
catalog-nothing-text = Try other words: what you want to do (open a restaurant) or what you want to get (hygiene licence). Or call { $phone } and somebody will look it up with you.
catalog-see-all = See all services
catalog-filter-title = Narrow down
catalog-who = For whom
catalog-who-all = Anyone
catalog-who-person = People
catalog-who-company = Companies and organisations
catalog-topic = Topic
catalog-department = Department
catalog-any = All
catalog-apply-filter = Filter
catalog-clear = Clear
catalog-automatic = Decided by rules at once
catalog-visits = { $n ->
    [0] No visit
    [one] { $n } visit
   *[other] { $n } visits
  }
catalog-visits-long = { $n ->
    [0] No visit needed
    [one] { $n } visit to the hall
   *[other] { $n } visits to the hall
  }
catalog-months-valid = Valid for { $n } months
catalog-years-valid = { $n ->
    [one] Valid for { $n } year
   *[other] Valid for { $n } years
  }

catalog-can-title = Can I apply?
catalog-can-lead = Go through the list and tick what is true for you.
catalog-can-yes = All true: you can apply.
catalog-can-yes-text = Staff or rules will check it once more after you apply.
catalog-who-may = Who may apply:
catalog-kind-person = people
catalog-kind-enterprise = companies
catalog-kind-individual-business = sole traders
catalog-kind-organisation = organisations
catalog-strip-label = How long, how much, how many visits
catalog-strip-days = How long
catalog-strip-statutory = The law allows { $period }
catalog-strip-from = counted from { $start }
catalog-start-acceptance = acceptance
catalog-start-receipt = receipt of your papers
catalog-start-decision = the decision
catalog-start-notice = the notice
catalog-start-hearing = the notice of the hearing
catalog-start-expiry = the end of validity
catalog-strip-fee = How much
catalog-strip-visits = Visits
catalog-strip-result = You get
catalog-no-result = A notice of the result
catalog-electronic = Electronic licence
catalog-plus-special = { $n ->
    [one] With { $kind }, about { $n } working day more
   *[other] With { $kind }, about { $n } working days more
  }

catalog-pledge-title = Sign a pledge and get it at once
catalog-pledge-text = You pledge that you meet the conditions; the licence is issued first and checked on site within { $check }. You need not hand in:
catalog-materials-title = What to bring
catalog-materials-sum = { $total_n ->
    [one] { $total_n } item
   *[other] { $total_n } items
  }, { $ours_n ->
    [0] all from you
    [one] { $ours_n } of which we already have
   *[other] { $ours_n } of which we already have
  }
catalog-materials-none = Nothing to bring
catalog-materials-none-text = This service needs no papers. Filling in the form is enough.
catalog-tag-free = We have it
catalog-tag-licence = Licence on file
catalog-tag-upload = Upload
catalog-from-register = Taken from the { $register }
catalog-from-licence = Not needed when you hold a valid { $licence }; upload it otherwise
catalog-optional = Optional
catalog-when = Only if: { $condition }
catalog-when-plain = Only where it applies
catalog-may-follow = May follow after acceptance
catalog-pledgeable = Not needed with a pledge
catalog-sample = See a sample
catalog-formats = File types: { $formats }
catalog-material-basis = Why we may ask for it
catalog-flow-title = How it goes
catalog-flow-sentence = The procedure of { $name }
catalog-flow-you = You apply
catalog-flow-correction = One list of what is missing
catalog-flow-automatic = Rules decide at once
catalog-flow-day = { $n ->
    [one] { $n } working day
   *[other] { $n } working days
  }
catalog-flow-end = You get the result
catalog-faq-title = People ask
catalog-law-title = Legal basis
catalog-law-text = These provisions apply.
catalog-law-unverified = wording to be checked
catalog-law-local = local rule
catalog-fee-basis = Basis of the fee: { $basis }
catalog-promise-source = Source of the promise: { $source }
catalog-statutory-source = Source of the statutory period: { $source }
catalog-remedy-title = If you disagree
catalog-remedy-text = You may ask { $body } to reconsider the decision, or sue before { $court }. The decision states by when.
catalog-contact-title = Who handles it
catalog-phone-consult = Questions
catalog-phone-complaint = Complaints
catalog-sample-form = See a completed form
catalog-apply = Start
catalog-apply-short = Start
catalog-pledge-apply = Apply with a pledge
catalog-channels = Where to apply
catalog-channel-web = Computer
catalog-channel-mobile = Phone
catalog-channel-window = At a window
catalog-channel-mail = By post
catalog-channel-kiosk = Kiosk
catalog-code = Code of the service
catalog-special-inspection = an on-site check
catalog-special-expert-review = an expert review
catalog-special-hearing = a hearing
catalog-special-testing = testing
catalog-special-publicity = a public notice
catalog-special-examination = an examination
catalog-filter-for = For
catalog-filter-topic = Topic
catalog-filter-department = Department
catalog-for-person = People
catalog-for-company = Companies and organisations
catalog-sample-title = { $name }: sample
catalog-sample-lead = A completed example with invented data. You can start from it and change what is yours.
catalog-sample-materials = What each item must show
catalog-sample-apply = Start
catalog-sample-filled = (filled in for you)
catalog-filter-now = {": "}{ $filters }
