# Mandates: an organisation lets a person act for it as clerk.

mandates-title = Clerks and mandates
mandates-lead = The legal representative can let a person act for the organisation as its clerk. It counts once that person has accepted, ends by itself, and can be taken back at any time.
mandates-link = Let somebody act for you, or see who lets you
mandates-mine = Mandates for me
mandates-mine-text = Once you accept you act as clerk: the organisation sees what you look at and do, and in public office you keep out of its affairs.
mandates-given = Clerks of my organisations
mandates-given-none = There is no clerk yet.
mandates-none = No mandates
mandates-none-text = The register names you as the representative of no organisation, and none has asked you to act for it.
mandates-new = Appoint a clerk
mandates-new-lead = Say who, what for, and from which day to which (Civil Code, article 165). At most { $months } months.
mandates-principal = Organisation
mandates-name = Name of the clerk
mandates-name-hint = As on the identity card
mandates-code = Identity number of the clerk
mandates-code-hint = To accept, they sign in with an account whose identity is proved
mandates-powers = What they may do
mandates-power = { $power ->
    [look] Look at licences and download them
    [share] Show and share licences (use codes, links, marked copies)
   *[apply] Apply, follow cases, book and take numbers, rate
  }
mandates-power-all = All of these
mandates-matters = Only these matters
mandates-matters-hint = None ticked means all. Narrows applications only; at most 20
mandates-matters-open = Only for some matters (optional)
mandates-only = Only: { $matters }
mandates-first = First day
mandates-last = Last day
mandates-last-hint = It ends by itself at midnight after this day
mandates-grant = Appoint
mandates-how = What follows
mandates-how-1 = It counts once they have accepted; before that they can do nothing.
mandates-how-2 = You can take it back at any time, at once, also on pages that are open.
mandates-how-3 = Each time they look at your licences it is recorded under “Who looked at my data”.
mandates-how-4 = A clerk cannot appoint others.
mandates-term = { $first } to { $last }
mandates-state = { $state ->
    [offered] To be accepted
    [future] Not begun
    [active] In force
    [revoked] Taken back
    [resigned] Given up
   *[over] Run out
  }
mandates-accept = Accept
mandates-decline = Decline
mandates-resign = Give up
mandates-revoke = Take back
mandates-of = { $clerk }, { $principal }
mandates-role = { $role ->
    [enterprise] Legal representative
    [organisation] Head
   *[individual-business] Proprietor
  }
mandates-clerk-until = Clerk, until { $date }
mandates-ground = by mandate, { $first } to { $last }
mandates-access-clerk = Clerk { $name }
mandates-access-list = List of licences
