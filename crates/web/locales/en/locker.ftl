# Lockers: putting in, taking out, proxies.

locker-title = My locker
locker-lead = Lockers that are open day and night: collect the result of a case, or leave originals to be checked. Somebody else may come for you.
locker-none = Nothing in a locker
locker-none-text = You are told when a result is put into a locker; it then stands here.
locker-way = { $way ->
    [out] A result for you
   *[in] Originals from you
  }
locker-state = { $state ->
    [reserved] Cell kept free
    [stored] In the cell
    [overdue] There too long
    [taken] Taken
    [cleared] At the window
   *[lapsed] Never put in
  }
locker-cell = Cell { $cell }
locker-until = Until { $time }
locker-reserve-until = Put it in before { $time }
locker-taken-by = { $who ->
    [recipient] Taken by yourself
    [proxy] Taken by your proxy
   *[depositor] Put in
  }
locker-code = Code (shown this once)
locker-code-deposit = Code for putting in (shown this once)
locker-code-text = Type it at the locker and the door opens. Keep it to yourself.
locker-code-proxy = Code for { $name } alone
locker-get-code = Make a code
locker-new-code = A new code replaces the one before.
locker-proxy = Name of whoever comes for you
locker-proxy-go = Agree and make a code for this person
locker-proxy-off = Take the consent back
locker-deposit-title = Leave originals
locker-deposit-lead = Keep a cell free for one of your open cases and put them in in time.
locker-case = Number of the case
locker-place = Locker
locker-deposit-go = Keep a cell
locker-open-title = Lockers
locker-open-lead = Type the code of ten signs.
locker-open-code = Code
locker-open-go = Open the door
locker-opened = Door { $cell } is open
locker-opened-in = Put it in and close the door.
locker-opened-out = Take it and close the door.
locker-tile-text = Open a door with a code
locker-desk = Lockers
locker-desk-lead = Put in results, take out originals, see to what lies there too long and to broken cells. Each step is recorded.
locker-desk-none = Nothing lies there
locker-desk-clear = Back to the window
locker-desk-reason = Why
locker-desk-used = { $used } of { $cells } cells in use
